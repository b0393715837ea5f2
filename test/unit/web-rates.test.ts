// Rates from two replies, their history, and numbers as people read them.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import type { LinkStatus, Status } from '../../agent/src/contract/index.ts';
import { formatAgo, formatDuration, formatRate, formatTick, rateText } from '../../web/src/model/format.ts';
import { HISTORY_S, recall, remember, summarise, toColumns, toSamples, toSeries, toStack, windowS, type Sample } from '../../web/src/model/history.ts';
import { toRates } from '../../web/src/model/rates.ts';

const link = (name: string, more: Partial<LinkStatus> = {}): LinkStatus => ({
  name,
  line: 'wan',
  device: `pppoe-${name}`,
  state: 'up',
  ipv4: [],
  ipv6: [],
  uptimeS: 60,
  weight: 1,
  balanced: { ipv4: true, ipv6: true },
  rxBytes: 0,
  txBytes: 0,
  ...more,
});
const status = (atMs: number, ...links: LinkStatus[]): Status => ({
  version: '1',
  enabled: true,
  revision: 'r',
  last: null,
  atMs,
  links,
  groups: [],
  problems: [],
});

const rates = suite('rates');
const NONE = { downBps: null, upBps: null };

rates('are bits per second of the agent’s own clock, and their sum', () => {
  const before = status(1000, link('wan_01', { rxBytes: 1000, txBytes: 500 }), link('wan_02', { rxBytes: 0, txBytes: 0 }));
  const after = status(3000, link('wan_01', { rxBytes: 251_000, txBytes: 25_500, uptimeS: 62 }), link('wan_02', { rxBytes: 125_000, txBytes: 0, uptimeS: 62 }));
  const { links, total } = toRates(before, after);
  assert.equal(links.get('wan_01'), { downBps: 1_000_000, upBps: 100_000 });
  assert.equal(links.get('wan_02'), { downBps: 500_000, upBps: 0 });
  assert.equal(total, { downBps: 1_500_000, upBps: 100_000 });
});

const busy = link('wan_01', { rxBytes: 9_000_000, txBytes: 9_000_000 });
for (const [what, now] of [
  ['was dialed again: its counters began anew', link('wan_01', { rxBytes: 500, txBytes: 500 })],
  ['was dialed again and has counted further than before already', link('wan_01', { rxBytes: 9_500_000, txBytes: 9_500_000, uptimeS: 1 })],
  ['has another device', link('wan_01', { device: 'ppp7', rxBytes: 9_500_000, txBytes: 9_500_000 })],
  ['lost its device', { ...link('wan_01', { state: 'dialing' }), rxBytes: undefined, txBytes: undefined, device: undefined } as unknown as LinkStatus],
] as const) {
  rates(`there is none for a link that ${what}, and never a negative one`, () => {
    const { links, total } = toRates(status(1000, busy), status(2000, now));
    assert.equal(links.get('wan_01'), NONE);
    assert.equal(total, NONE);
  });
}

rates('the sum is that of the links that have one', () => {
  const before = status(0, busy, link('wan_02', { rxBytes: 0 }));
  const after = status(1000, link('wan_01', { rxBytes: 5 }), link('wan_02', { rxBytes: 125_000 }), link('wan_03', { rxBytes: 99 }));
  assert.is(toRates(before, after).total.downBps, 1_000_000);
});

for (const [what, before] of [
  ['the first reply', undefined],
  ['the same reply twice', status(2000, busy)],
  ['a reply after a reboot', status(900_000, busy)],
] as const) {
  rates(`there is none from ${what}`, () => assert.equal(toRates(before, status(2000, busy)).total, NONE));
}
rates.run();

const history = suite('history');
const sample = (atS: number, total: number | null, ...each: (number | null)[]): Sample => ({
  atS,
  total: { downBps: total, upBps: null },
  links: new Map(each.map((downBps, index) => [`wan_0${index + 1}`, { downBps, upBps: null }])),
});

history('keeps five minutes', () => {
  let kept: Sample[] = [];
  for (let atS = 1; atS <= 400; atS++) kept = remember(kept, atS, { links: new Map(), total: { downBps: atS, upBps: 0 } });
  assert.equal([kept.length, kept[0]?.atS, kept.at(-1)?.atS], [HISTORY_S, 101, 400]);
});

history('drops what lies ahead when the browser’s clock was set back', () => {
  const kept = remember([sample(1000, 1), sample(1001, 1)], 500, { links: new Map(), total: NONE });
  assert.equal(
    kept.map(({ atS }) => atS),
    [500],
  );
});

history('gives columns by link, with gaps where one was not measured', () => {
  const columns = toColumns([sample(1, 3, 1, 2), sample(2, 4, 4)], ['wan_01', 'wan_02'], 'downBps');
  assert.equal(columns, [
    [1, 2],
    [3, 4],
    [1, 4],
    [2, null],
  ]);
});

history('stacks the links so that the highest edge is the sum', () => {
  assert.equal(
    toStack([
      [1, 2, 3],
      [6, null, 4],
      [1, null, 4],
      [2, null, null],
      [3, null, 0],
    ]),
    [
      [1, 2, 3],
      [6, null, 4],
      [6, null, 4],
      [3, null, 4],
      [1, null, 4],
    ],
  );
});

history('shows a minute at first, then all there is, five minutes at most', () => {
  assert.equal(
    [windowS([]), windowS([sample(0, 1), sample(10, 1)]), windowS([sample(0, 1), sample(200, 1)]), windowS([sample(0, 1), sample(900, 1)])],
    [60, 60, 200, 300],
  );
});

history('gives each link one of six colours', () => assert.equal([0, 5, 6, 31].map(toSeries), [1, 6, 1, 2]));

history('sums up what was measured, and nothing where nothing was', () => {
  assert.equal(summarise([null, 2, 4, null, 9]), { least: 2, mean: 5, most: 9 });
  assert.is(summarise([null]), null);
});
history('is filled with what was recorded while nobody looked, and not where we looked ourselves', () => {
  const own = [sample(1000, null), sample(1001, 5), sample(1002, 6), sample(1060, 7)];
  const recorded = [sample(600, 1), sample(990, 1), sample(1001.4, 1), sample(1030, 1), sample(1070, 1)];
  assert.equal(
    recall(own, recorded, 1062).map(({ atS, total }) => [atS, total.downBps]),
    [
      [990, 1],
      [1001, 5],
      [1002, 6],
      [1030, 1],
      [1060, 7],
    ],
  );
  assert.equal(recall(own, [], 1062), own);
});

history('as the agent recorded it: bits, by the reader’s clock, links a step apart put in line, gaps kept', () => {
  const links = [
    { link: 'a', endMs: 100_000, rx: [1, 2, null], tx: [0, 0, null] },
    { link: 'b', endMs: 90_000, rx: [7, 8, 9], tx: [1, 1, 1] },
  ];
  const samples = toSamples({ span: '2h', atMs: 105_000, stepS: 10, links }, 5000);
  assert.equal(
    samples.map(({ atS, total, links: each }) => [atS, total.downBps, each.get('a')?.downBps, each.get('b')?.downBps]),
    [
      [4975, 72, 8, 64],
      [4985, 88, 16, 72],
      [4995, null, null, null],
    ],
  );
  assert.equal(toSamples({ span: '2h', atMs: 1, stepS: 10, links: [] }, 5000), []);
});

history('a long span is shown whole', () => assert.equal([windowS([], '2h'), windowS([], '7d'), windowS([], '5m')], [7200, 604_800, 60]));
history.run();

const format = suite('format');
for (const [bps, text] of [
  [null, '–'],
  [0, '0 bit/s'],
  [999.4, '999 bit/s'],
  [999.6, '1.00 kbit/s'],
  [9_674_000, '9.67 Mbit/s'],
  [9_996_000, '10.0 Mbit/s'],
  [99_960_000, '100 Mbit/s'],
  [999_700_000, '1.00 Gbit/s'],
  [123_456_000_000, '123 Gbit/s'],
  [1_234_000_000_000, '1234 Gbit/s'],
] as const) {
  format(`a rate of ${bps} is ${text}`, () => assert.is(rateText(bps), text));
}
format('a rate’s figure and unit are apart, for columns that line up', () => assert.equal(formatRate(1500), { figure: '1.50', unit: 'kbit/s' }));
for (const [bps, text] of [
  [0, '0'],
  [500_000, '500 kbit/s'],
  [2_500_000, '2.5 Mbit/s'],
  [20_000_000, '20 Mbit/s'],
] as const) {
  format(`an axis says ${text}`, () => assert.is(formatTick(bps), text));
}
for (const [seconds, text] of [
  [-3, '0 s'],
  [59.9, '59 s'],
  [60, '1 min 0 s'],
  [3599, '59 min 59 s'],
  [3600, '1 h 0 min'],
  [86_399, '23 h 59 min'],
  [90_000, '1 d 1 h'],
] as const) {
  format(`${seconds} seconds are ${text}`, () => assert.is(formatDuration(seconds), text));
}
for (const [seconds, text] of [
  [0.3, 'now'],
  [15, '−15 s'],
  [60, '−1 min'],
  [90, '−90 s'],
] as const) {
  format(`${seconds} s ago is ${text}`, () => assert.is(formatAgo(seconds), text));
}
format.run();

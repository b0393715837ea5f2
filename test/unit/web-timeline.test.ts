// The timeline and a link's history: merged, in order, by the reader's clock, filtered; curves, their table and their gaps.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import { eventKinds, type EventKind, type TimelineEvent } from '../../agent/src/contract/index.ts';
import { describeHappening, topicName } from '../../web/src/model/event-words.ts';
import { formatAgo, formatMoment, isoMoment } from '../../web/src/model/format.ts';
import { isBlank, timesOf, toCurves, toColumn } from '../../web/src/model/series.ts';
import {
  emptyTimeline,
  everything,
  isFiltered,
  linksIn,
  merge,
  select,
  sinceOf,
  toneOf,
  topics,
  type EventFilter,
  type Topic,
} from '../../web/src/model/timeline.ts';
import { useCatalog } from '../../web/src/t.ts';

const event = (upMs: number, kind: EventKind, link?: string): TimelineEvent => ({ kind, at: 1_700_000_000 + upMs / 1000, upMs, ...(link ? { link } : {}) });

const timeline = suite('timeline');
timeline('is newest first, and what is told again is there once', () => {
  const first = merge(emptyTimeline, { atMs: 5000, events: [event(1000, 'up', 'a'), event(1000, 'up', 'b'), event(3000, 'dead', 'a')] }, 100);
  const second = merge(first, { atMs: 9000, events: [event(3000, 'dead', 'a'), event(8000, 'alive', 'a')] }, 104);
  assert.equal(
    second.happenings.map(({ kind, link }) => `${kind} ${link}`),
    ['alive a', 'dead a', 'up b', 'up a'],
  );
  assert.is(new Set(second.happenings.map(({ key }) => key)).size, 4);
});

timeline('tells when by the reader’s clock, whatever the router’s says', () => {
  const { happenings } = merge(emptyTimeline, { atMs: 65_000, events: [{ ...event(5000, 'started'), at: 12 }] }, 1_000_000);
  assert.is(happenings[0]?.wallS, 999_940);
  const later = merge({ atMs: 65_000, happenings }, { atMs: 66_000, events: [{ ...event(5000, 'started'), at: 12 }] }, 1_000_055);
  assert.is(later.happenings[0]?.wallS, 999_940, 'what is known does not move');
});

timeline('begins anew when the router did', () => {
  const before = merge(emptyTimeline, { atMs: 900_000, events: [event(800_000, 'up', 'a')] }, 100);
  const after = merge(before, { atMs: 20_000, events: [event(9000, 'started')] }, 200);
  assert.equal(
    after.happenings.map(({ kind }) => kind),
    ['started'],
  );
});

timeline('asks for everything once, then for what is new, with some overlap', () => {
  assert.equal(sinceOf(emptyTimeline), {});
  const known = merge(emptyTimeline, { atMs: 9000, events: [event(1000, 'up', 'a'), event(8000, 'down', 'a')] }, 100);
  assert.equal(sinceOf(known), { since: 1_700_000_008 - 120 });
});

const { happenings } = merge(
  emptyTimeline,
  { atMs: 9000, events: [event(1, 'up', 'a'), event(2, 'dead', 'b'), event(3, 'config'), event(4, 'paused', 'a'), event(5, 'up', 'b')] },
  9,
);
const kindsOf = (filter: EventFilter) => select(happenings, filter, describeHappening).map(({ kind }) => kind);
for (const [filter, kinds] of [
  [everything, ['up', 'paused', 'config', 'dead', 'up']],
  [{ link: 'a', topic: '', text: '' }, ['paused', 'up']],
  [{ link: '', topic: 'dialing', text: '' }, ['up', 'up']],
  [{ link: 'b', topic: 'dialing', text: '' }, ['up']],
  [{ link: '', topic: 'service', text: '' }, ['config']],
  [{ link: 'c', topic: '', text: '' }, []],
  [{ link: '', topic: '', text: ' NO new connections ' }, ['paused']],
  [{ link: 'b', topic: '', text: 'is' }, ['up', 'dead']],
  [{ link: '', topic: 'service', text: 'connections' }, []],
] as const) {
  timeline(`is filtered by link “${filter.link}”, kind “${filter.topic}” and words “${filter.text}”`, () => {
    assert.equal(kindsOf(filter), [...kinds]);
    assert.is(isFiltered(filter), filter !== everything);
  });
}

timeline('offers links that are and links that something is told of, each once', () => {
  assert.equal(linksIn(happenings, ['b', 'wan_02']), ['a', 'b', 'wan_02']);
});

timeline('has each kind of event under just one topic, and a name for each topic', () => {
  assert.equal(Object.values(topics).flat().toSorted(), [...eventKinds].toSorted());
  assert.is(new Set((Object.keys(topics) as Topic[]).map(topicName)).size, 4);
  assert.equal([toneOf('dead'), toneOf('alive'), toneOf('config')], ['bad', 'good', 'plain']);
});

timeline('puts netifd’s codes into words, translates by the English sentence, and shows what it does not know', () => {
  const failed = { ...event(1, 'dial_failed', 'wan_02'), details: { reason: 'AUTH_TOPEER_FAILED' } };
  assert.is(describeHappening(failed), 'wan_02 could not be dialed: The provider refused the account.');
  assert.is(describeHappening({ ...failed, details: { reason: '<i>odd' } }), 'wan_02 could not be dialed: <i>odd.');
  assert.is(describeHappening(event(1, 'up', 'wan_02')), 'wan_02 is up.');
  assert.is(describeHappening({ ...event(1, 'up', 'wan_02'), kind: 'constructor' as EventKind }), 'wan_02 constructor');
  useCatalog({ '{link} was resumed.': '{link} läuft weiter.' });
  assert.is(describeHappening(event(1, 'resumed', 'wan_02')), 'wan_02 läuft weiter.');
  useCatalog({});
});

timeline('has moments in the reader’s language', () => {
  useCatalog({}, { tag: 'de' });
  assert.match(formatMoment(0), /197[0|9]|01\.01\.1970|31\.12\.1969/);
  useCatalog({}, { tag: 'en-US' });
  assert.match(formatMoment(1_700_000_000), /Nov 1[45], 2023/);
  useCatalog({});
  assert.equal([isoMoment(0), isoMoment(Number.POSITIVE_INFINITY)], ['1970-01-01T00:00:00.000Z', '']);
});
timeline.run();

const series = suite('series');
const history = { stepS: 10, endMs: 100_000, rx: [125_000, null, 250_000], tx: [0, null, 1000], loss: [0, null, 5], latencyMs: [12, null, 8.25] };
series('rates are bits, and gaps stay gaps', () => {
  const [down, up] = toCurves(history, 'rates');
  assert.equal([down.values, up.values, down.isDashed, up.isDashed], [[1_000_000, null, 2_000_000], [0, null, 8000], false, true]);
});
series('ends at the newest step', () => assert.equal(timesOf(history), [80, 90, 100]));
series('the table says now, least, mean and most', () => {
  assert.equal(toCurves(history, 'rates').map(toColumn)[0], { name: 'Download', cells: ['2.00 Mbit/s', '1.00 Mbit/s', '1.50 Mbit/s', '2.00 Mbit/s'] });
  assert.equal(toCurves(history, 'quality').map(toColumn), [
    { name: 'Latency', cells: ['8.3 ms', '8.3 ms', '10 ms', '12 ms'] },
    { name: 'Loss', cells: ['5 %', '0 %', '2.5 %', '5 %'] },
  ]);
  const nothing = { rx: [null], tx: [null], loss: [null], latencyMs: [null] };
  assert.equal(toCurves(nothing, 'quality').map(toColumn)[0]?.cells, ['–', '–', '–', '–']);
  assert.equal([isBlank(nothing), isBlank(history)], [true, false]);
});
for (const [seconds, text] of [
  [599, '−599 s'],
  [3600, '−1 h'],
  [5016, '−1 h 23 min'],
  [5400, '−90 min'],
  [302_400, '−3 d 12 h'],
  [7200, '−2 h'],
  [86_400, '−1 d'],
  [604_800, '−7 d'],
] as const) {
  series(`${seconds} s ago is ${text}`, () => assert.is(formatAgo(seconds), text));
}
series.run();

// The picture of the router: how each link's line is drawn, how wide, and where everything stands, from one link to many.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import type { LinkStatus } from '../../agent/src/contract/index.ts';
import { layOut, type Layout } from '../../web/src/model/picture-layout.ts';
import { describePicture, flowOf, widthBy, wordOf, type Flow } from '../../web/src/model/picture.ts';

const link = (more: Partial<LinkStatus> = {}): LinkStatus => ({
  name: 'wan_01',
  state: 'up',
  ipv4: [],
  ipv6: [],
  weight: 1,
  balanced: { ipv4: true, ipv6: true },
  probe: { ipv4: 'alive', ipv6: 'alive' },
  ...more,
});
const none = { ipv4: false, ipv6: false };

const flows = suite('flows');
for (const [what, it, flow, word] of [
  ['up and in use', link(), 'flows', undefined],
  ['up, in use, and not asked', link({ probe: { ipv4: 'unknown' } }), 'flows', undefined],
  ['dead in one family', link({ probe: { ipv4: 'alive', ipv6: 'dead' }, balanced: { ipv4: true, ipv6: false } }), 'part', undefined],
  ['without an answer', link({ probe: { ipv4: 'dead' }, balanced: none }), 'silent', 'no answer'],
  ['without an answer, and used because none has one', link({ probe: { ipv4: 'dead' } }), 'flows', undefined],
  ['paused', link({ rest: { kind: 'pause' }, balanced: none }), 'rests', 'paused'],
  ['draining', link({ rest: { kind: 'drain', sinceMs: 0, untilMs: 1 }, balanced: none }), 'rests', 'drains'],
  ['dialing', link({ state: 'dialing', balanced: none }), 'waits', 'dialing'],
  ['held', link({ state: 'down', held: { untilMs: 1, failures: 3, reason: 'HANGUP' }, balanced: none }), 'waits', 'waits'],
  ['not there yet', link({ state: 'absent', balanced: none }), 'waits', 'absent'],
  ['failed', link({ state: 'failed', balanced: none }), 'down', 'failed'],
  ['up, in no group with a default', link({ balanced: none }), 'idle', 'carries nothing'],
] as [string, LinkStatus, Flow, string | undefined][]) {
  flows(`one that is ${what} is drawn as ${flow}`, () => assert.equal([flowOf(it), wordOf(it)], [flow, word]));
}

flows('widths add up to the trunk’s, and what hardly flows is still seen', () => {
  const widthOf = widthBy(40e6, 26);
  assert.equal([widthOf(40e6), widthOf(10e6), widthOf(30e6)], [26, 6.5, 19.5]);
  assert.equal([widthOf(0), widthOf(80e6)], [1.5, 26]);
  assert.is(widthBy(1000, 26)(1000), 1.5, 'a kilobit is no flood');
});

flows('is told in words, with what is busiest and what is amiss', () => {
  const links = [link(), link({ name: 'wan_02' }), link({ name: 'wan_03', state: 'dialing', balanced: none })];
  const rate = (mbit: number) => ({ downBps: mbit * 1e6, upBps: 0 });
  const rates = {
    links: new Map([
      ['wan_01', rate(2)],
      ['wan_02', rate(6)],
    ]),
    total: rate(8),
  };
  assert.is(
    describePicture(links, rates),
    'The LAN reaches the internet by 3 links, among which the router balances. 2 carry traffic. Most goes by wan_02: 6.00 Mbit/s of 8.00 Mbit/s. wan_03: dialing. The table below has all of it.',
  );
  assert.is(describePicture([link()], undefined), 'The LAN reaches the internet by 1 link. 1 carries traffic. The table below has all of it.');
});
flows.run();

const layout = suite('layout');
const overlap = ({ places }: Layout): boolean =>
  places.some(({ station: a }, index) =>
    places.slice(index + 1).some(({ station: b }) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
  );

for (const width of [280, 328, 640, 800, 1048, 1600]) {
  for (const count of [1, 2, 8, 9, 32, 64]) {
    layout(`${count} links at ${width} px: all of them inside, none on another, and with room for their words`, () => {
      const it = layOut(count, width);
      assert.is(it.places.length, count);
      assert.not.ok(overlap(it));
      for (const { station } of it.places) {
        assert.ok(station.x >= 0 && station.x + station.width <= width && station.y >= 0 && station.y + station.height <= it.height);
        assert.ok(station.width >= 180, `${station.width} px`);
      }
      for (const { x, y } of [it.lan, it.router, it.internet]) {
        assert.ok(x >= it.radius && x + it.radius <= width && y >= it.radius && y + it.radius <= it.height);
      }
      assert.equal([it.isWide, it.isDense], [width >= 640, count > 8]);
    });
  }
}

layout('32 links take no more than a screen where it is wide', () => assert.ok(layOut(32, 1048).height <= 640));

layout('the left rail loses a link at each rung, the right one gains it', () => {
  const { trunks } = layOut(3, 328);
  assert.equal(
    trunks.map(({ from, to }) => [from, to]),
    [
      [0, 2],
      [0, 2],
      [1, 2],
      [2, 2],
      [0, 0],
      [0, 1],
      [0, 2],
    ],
  );
});
layout.run();

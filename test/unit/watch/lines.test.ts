// Lines as a whole: sessions renewed in turn before they grow old, and all dialed anew where too few are up.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import { judgeQuorum, newQuorum, type Quorum } from '../../../agent/src/watch/quorum.ts';
import { isWithin, nextToRotate, parseWindow, type Candidate } from '../../../agent/src/watch/rotation.ts';
import { Watcher } from '../../../agent/src/watch/watcher.ts';
import { FakeLoop } from '../../fake/loop.ts';
import { aDialedRouter, line } from '../../fake/scene.ts';
import { test } from '../../limit.ts';

const HOUR = 3_600_000;
const DAY = { everyMs: 24 * HOUR, window: undefined };
const link = (name: string, upSinceMs: number, fields: Partial<Candidate> = {}): Candidate => ({ name, isUp: true, isResting: false, upSinceMs, ...fields });

const rows: [name: string, links: Candidate[], nowMs: number, expected: string | undefined][] = [
  ['nobody is old', [link('a', 0), link('b', 0)], 23 * HOUR, undefined],
  ['the oldest is, some time before the limit', [link('a', HOUR), link('b', 0)], 23.8 * HOUR, 'b'],
  ['more links begin sooner', [link('a', 0), link('b', 0), link('c', 0), link('d', 0)], 23.3 * HOUR, 'a'],
  ['one at a time', [link('a', 0), link('b', 0, { isResting: true })], 25 * HOUR, undefined],
  ['not while another is down', [link('a', 0), link('b', 0, { isUp: false })], 25 * HOUR, undefined],
  ['a single link would leave nothing', [link('a', 0)], 25 * HOUR, undefined],
];
for (const [name, links, nowMs, expected] of rows) test(`renewing: ${name}`, () => assert.is(nextToRotate(links, nowMs, 0, DAY), expected));

test('eight links are all renewed within a day, each once, never two at once', () => {
  const links = Array.from({ length: 8 }, (_, at) => link(`l${at}`, 0));
  const renewed: [name: string, ageH: number][] = [];
  let busyUntil = 0;
  for (let now = 0; now < 48 * HOUR; now += 60_000) {
    if (now < busyUntil) continue;
    const name = nextToRotate(links, now, 0, DAY);
    const found = links.find((other) => other.name === name);
    if (!found) continue;
    renewed.push([found.name, (now - found.upSinceMs) / HOUR]);
    busyUntil = now + 600_000;
    found.upSinceMs = busyUntil;
  }
  assert.is(renewed.length, 16);
  assert.equal(new Set(renewed.slice(0, 8).map(([name]) => name)).size, 8);
  assert.ok(
    renewed.every(([, age]) => age < 24),
    renewed.map(([, age]) => age.toFixed(1)).join(' '),
  );
});

for (const [text, minute, expected] of [
  ['03:00-05:30', 180, true],
  ['03:00-05:30', 330, false],
  ['03:00-05:30', 179, false],
  ['22:00-02:00', 1380, true],
  ['22:00-02:00', 60, true],
  ['22:00-02:00', 120, false],
] as const) {
  test(`${text} at minute ${minute}`, () => {
    const window = parseWindow(text);
    assert.ok(window);
    assert.is(isWithin(minute, window), expected);
    assert.is(nextToRotate([link('a', 0), link('b', 0)], 30 * HOUR, minute, { ...DAY, window }), expected ? 'a' : undefined);
  });
}
test('a window that is none counts as none', () => {
  for (const text of ['', '3-5', '24:00-25:00', '03:00', undefined]) assert.is(parseWindow(text), undefined);
});

test('too few sessions for two minutes are all dialed anew, ever more seldom, and not while dials are refused', () => {
  const tries = (refused: boolean): number[] => {
    let quorum: Quorum = newQuorum;
    const at: number[] = [];
    for (let now = 0; now < 6 * HOUR; now += 10_000) {
      const step = judgeQuorum(quorum, now, 1, 3, refused);
      quorum = step.quorum;
      if (step.redialAll) at.push(now / 60_000);
    }
    return at;
  };
  assert.equal(tries(false), [2, 12, 32, 72, 152, 312]);
  assert.equal(tries(true), []);
  assert.equal(judgeQuorum({ belowSinceMs: 0, tries: 3, triedMs: 0 }, 1e9, 3, 3, false), { quorum: newQuorum, redialAll: false });
  assert.is(judgeQuorum({ belowSinceMs: 0, tries: 0, triedMs: 0 }, 1e9, 0, 0, false).redialAll, false);
});

test('the watcher drains an old link, and after its redial the next', () => {
  const router = aDialedRouter(line('sessions 2', 'rotate 1'));
  const loop = new FakeLoop(router);
  new Watcher(router.start(), loop).start();
  const drained: string[] = [];
  loop.says = (argv) => {
    if (argv[0] !== 'ubus') return { lines: [], exit: 0 };
    const [, name = ''] = /interface\.(\w+)$/.exec(argv[4] ?? '') ?? [];
    if (argv[5] === 'down') {
      drained.push(name);
      router.netifd.down(name);
    } else router.netifd.up(name);
    return { lines: [], exit: 0 };
  };
  loop.pass(0.7 * HOUR);
  assert.equal(drained, []);
  loop.pass(0.2 * HOUR);
  assert.equal(drained, ['wan_01', 'wan_02']);
  loop.pass(0.6 * HOUR);
  assert.is(drained.length, 2);
});

test('the watcher dials all of a line where too few are up', () => {
  const router = aDialedRouter(line('sessions 3', 'min_up 3'));
  const loop = new FakeLoop(router);
  new Watcher(router.start(), loop).start();
  loop.pass(200_000);
  assert.equal(loop.started, []);
  router.netifd.down('wan_03', 'CONNECT_FAILED');
  router.write('/var/run/multidial/heard', 'ifdown wan_03 \n');
  loop.signal('USR1');
  loop.pass(100_000);
  assert.equal(loop.started, []);
  loop.pass(60_000);
  assert.equal(
    loop.started.filter((call) => call.endsWith('down')).map((call) => call.split(' ')[4]),
    ['wan_01', 'wan_02', 'wan_03'].map((name) => `network.interface.${name}`),
  );
});

test('a watcher that comes after another goes on with the age of links, and tells of no new dial', () => {
  const router = aDialedRouter(line('sessions 2', 'rotate 1'));
  const first = router.start();
  const loop = new FakeLoop(router);
  new Watcher(first, loop).start();
  loop.pass(0.7 * HOUR);
  router.end(first.pid);
  const events = (router.files.read('/var/run/multidial/events') ?? '').split('"up"').length;
  const next = new FakeLoop(router);
  new Watcher(router.start(), next).start();
  next.pass(5000);
  assert.is((router.files.read('/var/run/multidial/events') ?? '').split('"up"').length, events);
  next.pass(0.2 * HOUR);
  assert.ok(next.started.some((call) => call.includes('wan_01') && call.endsWith('down')));
});

test.run();

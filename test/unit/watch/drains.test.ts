// Drains and pauses: a link without new connections is dialed again once its old ones are over, or when somebody resumes it.
import * as assert from 'uvu/assert';
import { multidial } from '../../fake/shell.ts';
import { test } from '../../limit.ts';
import { sharing, watching } from './scene.ts';

test('a drained link is dialed again once none of its connections is in use', () => {
  const scene = watching();
  let inUse = 2;
  const entry = (slot: number, state: string): string =>
    `tcp      6 431999 ${state} src=192.168.1.5 dst=192.0.2.1 sport=1 dport=2 mark=${slot * 0x1000000} use=1`;
  scene.loop.says = (argv) => ({
    exit: 0,
    lines: argv[0] === 'conntrack' ? [...Array.from({ length: inUse }, () => entry(2, 'ESTABLISHED')), entry(2, 'TIME_WAIT'), entry(3, 'ESTABLISHED')] : [],
  });
  assert.is(multidial(scene.router, 'drain', 'wan_02').exit, 0);
  assert.is(sharing(scene), '1 3');
  scene.loop.pass(20_000);
  assert.not.ok(scene.loop.started.some((call) => call.includes('wan_02')));
  inUse = 0;
  scene.loop.pass(5000);
  assert.equal(
    scene.loop.started.filter((call) => call.includes('wan_02')),
    ['ubus -t 10 call network.interface.wan_02 down', 'ubus -t 10 call network.interface.wan_02 up'],
  );
  multidial(scene.router, 'look');
  assert.is(sharing(scene), '1 2 3');
});

test('a drain ends at its deadline, and at a resume without a redial', () => {
  const scene = watching();
  scene.loop.says = () => ({ exit: 1, lines: [] });
  multidial(scene.router, 'drain', 'wan_02', '30');
  scene.loop.pass(25_000);
  assert.not.ok(scene.loop.started.some((call) => call.includes('wan_02')));
  scene.loop.pass(10_000);
  assert.ok(scene.loop.started.includes('ubus -t 10 call network.interface.wan_02 up'));
  scene.loop.started = [];
  multidial(scene.router, 'drain', 'wan_03', '30');
  multidial(scene.router, 'resume', 'wan_03');
  assert.is(sharing(scene), '1 2 3');
  scene.loop.pass(60_000);
  assert.not.ok(scene.loop.started.some((call) => call.includes('wan_03')));
});

test('without a watcher a drain is refused, a pause is not', () => {
  const scene = watching();
  scene.router.end(scene.pid);
  const refused = multidial(scene.router, 'drain', 'wan_02');
  assert.is(refused.exit, 1);
  assert.match(refused.output, /The watcher does not run/);
  assert.is(multidial(scene.router, 'pause', 'wan_02').exit, 0);
  assert.is(sharing(scene), '1 3');
  multidial(scene.router, 'resume', 'wan_02');
  assert.is(sharing(scene), '1 2 3');
});

test.run();

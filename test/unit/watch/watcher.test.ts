// The watcher on a router in memory: verdicts reach the routes, events are heard, dials are held back.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import { Watcher } from '../../../agent/src/watch/watcher.ts';
import { FakeLoop } from '../../fake/loop.ts';
import { aDialedRouter, line } from '../../fake/scene.ts';
import { multidial } from '../../fake/shell.ts';
import { test } from '../../limit.ts';
import { addressOf, event, hole, sharing, watching } from './scene.ts';

test('each link is asked from its own address, three targets each', () => {
  const scene = watching();
  assert.is(scene.loop.pings.length, 9);
  for (const link of ['wan_01', 'wan_02', 'wan_03']) {
    const address = addressOf(scene, link);
    assert.equal(
      scene.loop.pings.filter((ping) => ping.startsWith(`-I ${address} `)).map((ping) => ping.split(' ').at(-1)),
      ['223.5.5.5', '1.1.1.1', '8.8.8.8'],
    );
  }
});

test('a black hole leaves the balance within three seconds, and is back after five that it answers', () => {
  const scene = watching();
  hole(scene, 'wan_02');
  scene.loop.pass(3000);
  assert.is(sharing(scene), '1 3');
  scene.loop.pass(60_000);
  assert.is(sharing(scene), '1 3');
  hole(scene);
  scene.loop.pass(4500);
  assert.is(sharing(scene), '1 3');
  scene.loop.pass(2000);
  assert.is(sharing(scene), '1 2 3');
});

test('where nothing answers nothing changes', () => {
  const scene = watching();
  hole(scene, 'wan_01', 'wan_02', 'wan_03');
  scene.loop.pass(20_000);
  assert.is(sharing(scene), '1 2 3');
});

test('a session that has ended is silent, which is no verdict on the next one', () => {
  const scene = watching();
  hole(scene, 'wan_02');
  scene.loop.pass(500);
  scene.router.netifd.down('wan_02'); // and netifd’s event waits behind others
  scene.loop.pass(4000);
  scene.loop.answers = () => true;
  scene.router.netifd.up('wan_02');
  event(scene, 'ifup', 'wan_02');
  assert.is(sharing(scene), '1 2 3');
});

test('a link is not asked before its ifup has been through hotplug, however long that takes', () => {
  const scene = watching();
  for (const link of ['wan_01', 'wan_03']) event(scene, 'ifup', link);
  scene.router.netifd.down('wan_02');
  event(scene, 'ifdown', 'wan_02');
  scene.router.netifd.uptimeS = 1;
  scene.router.netifd.up('wan_02');
  event(scene, 'ifupdate', 'wan_03');
  hole(scene, 'wan_02'); // without a rule for its address its probes reach nothing
  scene.loop.pass(10_000);
  assert.is(scene.loop.pings.length, 6);
  hole(scene);
  event(scene, 'ifup', 'wan_02');
  assert.is(sharing(scene), '1 2 3');
});

test('where no target ever answers a redial ends nobody’s connections', () => {
  const scene = watching();
  hole(scene, 'wan_01', 'wan_02', 'wan_03');
  scene.loop.pass(20_000);
  scene.router.netifd.down('wan_01');
  event(scene, 'ifdown', 'wan_01');
  scene.loop.answers = () => false;
  scene.router.netifd.up('wan_01');
  event(scene, 'ifup', 'wan_01');
  for (let count = 0; count < 50; count++) {
    scene.loop.pass(100);
    multidial(scene.router, 'look');
    assert.is(sharing(scene), '1 2 3');
  }
});

test('the death of all pings is no verdict, and they are started again', () => {
  const scene = watching();
  for (let round = 0; round < 20; round++) {
    scene.loop.killPings();
    scene.loop.pass(2000);
    assert.is(sharing(scene), '1 2 3');
  }
  scene.loop.pass(30_000);
  assert.is(scene.loop.pings.length, 9);
});

test('a verdict counts only while the watcher lives', () => {
  const scene = watching();
  hole(scene, 'wan_02');
  scene.loop.pass(4000);
  multidial(scene.router, 'apply');
  assert.is(sharing(scene), '1 3');
  scene.router.end(scene.pid);
  multidial(scene.router, 'apply');
  assert.is(sharing(scene), '1 2 3');
});

test('events of the hook bring a run, the ones of several links together one', () => {
  const scene = watching();
  scene.router.netifd.down('wan_01');
  event(scene, 'ifdown', 'wan_01');
  assert.is(sharing(scene), '2 3');
  assert.is(scene.loop.pings.length, 6);
  scene.router.netifd.up('wan_01');
  scene.router.effects = [];
  scene.router.write('/var/run/multidial/heard', 'ifup wan_01 pppoe-wan_01\nifup wan_01 pppoe-wan_01\nifupdate wan_02 pppoe-wan_02\n');
  scene.loop.signal('USR1');
  scene.loop.signal('USR1');
  scene.loop.pass(3000);
  assert.is(sharing(scene), '1 2 3');
  assert.is(scene.router.effects.filter(({ what }) => what.includes('interface dump')).length, 1);
});

test('a carrier that comes or goes brings a run, other devices and repetitions do not', () => {
  const scene = watching();
  const runs = (text: string): number => {
    scene.router.effects = [];
    scene.loop.monitor(text);
    scene.loop.pass(1000);
    return scene.router.effects.filter(({ what }) => what.includes('interface dump')).length;
  };
  assert.is(runs('9: pppoe-wan_01: <POINTOPOINT,NOARP,UP,LOWER_UP> mtu 1492 qdisc noqueue state UNKNOWN group default'), 1);
  assert.is(runs('9: pppoe-wan_01: <POINTOPOINT,NOARP,UP,LOWER_UP> mtu 1492 qdisc fq_codel state UNKNOWN group default'), 0);
  assert.is(runs('Deleted 9: pppoe-wan_01: <POINTOPOINT,NOARP> mtu 1492 qdisc noop state DOWN group default'), 1);
  assert.is(runs('4: eth9@if3: <BROADCAST,NO-CARRIER> mtu 1500 qdisc noop state DOWN'), 0);
});

test('a wrong password is held back and tried again later, and a redial by hand is one try', () => {
  const scene = watching();
  const fail = (): void => {
    scene.router.netifd.down('wan_01', 'AUTH_TOPEER_FAILED');
    event(scene, 'ifup-failed', 'wan_01');
    scene.loop.pass(3000);
  };
  scene.router.netifd.answers = (name) => name !== 'wan_01';
  fail();
  fail();
  assert.equal(scene.loop.started, []);
  fail();
  assert.equal(scene.loop.started, ['ubus -t 10 call network.interface.wan_01 down']);
  scene.loop.pass(120_000);
  assert.equal(scene.loop.started.slice(1), ['ubus -t 10 call network.interface.wan_01 up']);
  fail();
  assert.equal(scene.loop.started.slice(2), ['ubus -t 10 call network.interface.wan_01 down']);
  multidial(scene.router, 'redial', 'wan_01');
  fail();
  assert.equal(scene.loop.started.slice(3), ['ubus -t 10 call network.interface.wan_01 down']);
});

test('a link that was held back and gets another password is dialed at once, and is as good as new', () => {
  const scene = watching();
  const { router, loop } = scene;
  const fail = (): void => {
    router.netifd.down('wan_01', 'AUTH_TOPEER_FAILED');
    event(scene, 'ifup-failed', 'wan_01');
    loop.pass(3000);
  };
  router.netifd.answers = (name) => name !== 'wan_01';
  for (let count = 0; count < 3; count++) fail();
  const password = (text: string): void => {
    router.write('/etc/config/multidial', `${line('sessions 3')}config link 'wan_01'\n\toption username 'u'\n\toption password '${text}'\n`);
    loop.started = [];
    multidial(router, 'apply');
    loop.pass(4000);
    assert.equal(loop.started, [], 'netifd reads it first');
    loop.pass(3000);
    assert.equal(loop.started, ['ubus -t 10 call network.interface.wan_01 up']);
  };
  password('another');
  for (let count = 0; count < 2; count++) fail();
  assert.is(loop.started.length, 1, 'it has its three tries');
  fail();
  assert.equal(loop.started.slice(1), ['ubus -t 10 call network.interface.wan_01 down']);
  password('the right one');
});

test('a hold goes on where the configuration changes something else', () => {
  const scene = watching();
  const { router, loop } = scene;
  router.netifd.answers = (name) => name !== 'wan_01';
  for (let count = 0; count < 3; count++) {
    router.netifd.down('wan_01', 'AUTH_TOPEER_FAILED');
    event(scene, 'ifup-failed', 'wan_01');
    loop.pass(3000);
  }
  loop.started = [];
  router.write('/etc/config/multidial', `${line('sessions 3')}config link 'wan_02'\n\toption username 'u'\n\toption password 'p'\n`);
  multidial(router, 'apply');
  loop.pass(30_000);
  assert.equal(loop.started, []);
});

test('a link that was held back is dialed when the watcher ends, or when the next one begins after a kill', () => {
  for (const how of ['stop', 'kill']) {
    const scene = watching();
    for (let count = 0; count < 3; count++) {
      scene.router.netifd.down('wan_01', 'AUTH_TOPEER_FAILED');
      event(scene, 'ifup-failed', 'wan_01');
      scene.loop.pass(2000);
    }
    scene.loop.started = [];
    if (how === 'stop') scene.watcher.stop();
    else {
      scene.router.end(scene.pid);
      new Watcher(scene.router.start(), scene.loop).start();
    }
    scene.loop.pass(100);
    assert.equal(scene.loop.started, ['ubus -t 10 call network.interface.wan_01 up'], how);
  }
});

test('what the configuration says not to watch is not asked', () => {
  const off = watching(`config globals\n\toption watch '0'\n${line('sessions 2')}`);
  assert.equal(off.loop.pings, []);
  const some = watching(
    `${line('sessions 3')}config probe 'none'\n\tlist link 'wan_02'\n\toption disabled '1'\nconfig probe 'rest'\n\tlist target '192.0.2.9'\n\toption interval '7'\n`,
  );
  assert.equal(
    some.loop.pings.map((ping) => ping.replace(/-I \S+ /, '')),
    ['-i 7 192.0.2.9', '-i 7 192.0.2.9'],
  );
});

test('a note of another version, or none that can be read, does no harm', () => {
  const router = aDialedRouter(line('sessions 2'));
  for (const text of ['{"links":[]}', '{', '', 'null']) {
    router.write('/var/run/multidial/watched', text);
    const loop = new FakeLoop(router);
    const process = router.start();
    new Watcher(process, loop).start();
    loop.pass(2000);
    assert.is(loop.pings.length, 6, text);
    router.end(process.pid);
  }
});

test('while it runs a status is one process and no more than 4 kB for eight links, and says the same', () => {
  const scene = watching(line('sessions 8', 'ipv6 nat'));
  const ask = (): { text: string; asked: string[]; groups: unknown; balanced: unknown } => {
    const { output, effects } = multidial(scene.router, 'status', '--json');
    const status = JSON.parse(output);
    const balanced = status.links.map((link: { balanced: unknown }) => link.balanced);
    return { text: output, asked: effects.map(({ what }) => what), groups: status.groups, balanced };
  };
  scene.router.netifd.down('wan_03', 'HANGUP');
  event(scene, 'ifdown', 'wan_03');
  const noted = ask();
  assert.equal(noted.asked, ['ubus -t 10 call network.interface dump']);
  assert.ok(noted.text.length <= 4096, `${noted.text.length} bytes`);
  // Its device goes, and nobody has looked yet.
  scene.router.netifd.down('wan_04');
  // And another's is made anew: the kernel has taken its nexthop away with the old one.
  scene.router.netifd.down('wan_05');
  scene.router.netifd.up('wan_05');
  const sooner = ask();
  scene.router.end(scene.pid);
  const asked = ask();
  assert.is(asked.asked.length, 2);
  assert.equal([sooner.groups, sooner.balanced], [asked.groups, asked.balanced]);
});

test('nothing is left running when it ends, and nothing grows through a thousand events', () => {
  const scene = watching();
  for (let count = 0; count < 1000; count++) {
    const name = `wan_0${(count % 3) + 1}`;
    if (count % 2) scene.router.netifd.up(name);
    else scene.router.netifd.down(name);
    event(scene, count % 2 ? 'ifup' : 'ifdown', name);
  }
  assert.ok(scene.loop.pings.length <= 9);
  assert.ok(scene.loop.timers < 20, `${scene.loop.timers} timers`);
  scene.watcher.stop();
  scene.loop.pass(100);
  assert.equal(scene.loop.pings, []);
});

test.run();

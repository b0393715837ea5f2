// The status: states and reasons of links, who carries what, and what the page needs to know of the last run.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import type { LinkStatus, Status } from '../../../agent/src/contract/index.ts';
import type { Router } from '../../fake/router.ts';
import { aDialedRouter, aRouter, line } from '../../fake/scene.ts';
import { multidial, rpc } from '../../fake/shell.ts';
import { test } from '../../limit.ts';

const statusOf = (router: Router) => rpc(router, 'status').reply as unknown as Status;
const linkOf = (router: Router, name = 'wan_02') => statusOf(router).links.find((link) => link.name === name) as LinkStatus;
const dialed = (...options: string[]) => aDialedRouter(line('sessions 2', ...options));

test('a link that is up tells its device, addresses, uptime, bytes and what it carries', () => {
  const { ipv4, ipv6, ...rest } = linkOf(dialed('ipv6 nat', 'weight 3'));
  assert.equal(rest, {
    name: 'wan_02',
    line: 'wan',
    device: 'pppoe-wan_02',
    state: 'up',
    uptimeS: 70,
    weight: 3,
    balanced: { ipv4: true, ipv6: true },
    rxBytes: 1000,
    txBytes: 500,
  });
  assert.match(ipv4.join(), /^10\.\d+\.\d+\.\d+$/);
  assert.match(ipv6.join(), /^2001:db8:/);
});

const stateRows: [title: string, change: (router: Router) => void, state: string, reason: string | undefined][] = [
  ['a hang-up', (router) => router.netifd.down('wan_02', 'HANGUP'), 'dialing', 'HANGUP'],
  ['a refused password', (router) => router.netifd.down('wan_02', 'AUTH_TOPEER_FAILED'), 'failed', 'AUTH_TOPEER_FAILED'],
  ['a missing device', (router) => router.netifd.down('wan_02', 'NO_DEVICE'), 'failed', 'NO_DEVICE'],
  ['a device that could not be made', (router) => router.netifd.down('wan_02', 'DEVICE_CLAIM_FAILED'), 'failed', 'DEVICE_CLAIM_FAILED'],
  ['dialing anew', (router) => router.netifd.down('wan_02'), 'dialing', undefined],
  ['an interface that netifd does not know', (router) => router.netifd.interfaces.delete('wan_02'), 'absent', undefined],
];

for (const [title, change, state, reason] of stateRows) {
  test(`after ${title} the link is ${state} and carries nothing, the other one all`, () => {
    const router = dialed();
    change(router);
    multidial(router, 'hotplug');
    const link = linkOf(router);
    assert.equal([link.state, link.reason?.code, link.balanced, link.rxBytes], [state, reason, { ipv4: false, ipv6: false }, undefined]);
    assert.equal(
      statusOf(router).groups.map((group) => [group.route, group.members]),
      [['present', [{ link: 'wan_01', weight: 1 }]]],
    );
  });
}

test('with no link left nothing is shared, and it says what is left', () => {
  const router = dialed();
  for (const name of ['wan_01', 'wan_02']) router.netifd.down(name, 'HANGUP');
  multidial(router, 'hotplug');
  assert.equal(
    statusOf(router).groups.map((group) => group.route),
    ['none'],
  );
});

test('a balanced route that is gone is told as fallback while netifd’s own defaults stand', () => {
  const router = dialed();
  router.kernel.deleteNexthop(77_104_001);
  const status = statusOf(router);
  assert.equal([status.groups[0]?.route, status.groups[0]?.members, linkOf(router).balanced.ipv4], ['fallback', [], false]);
});

test('a system without nexthop objects shares by a classic route', () => {
  const router = aRouter(line('sessions 2', 'weight 2'));
  router.kernel.knowsNexthops = false;
  multidial(router, 'apply');
  router.settle();
  multidial(router, 'hotplug');
  const { groups } = statusOf(router);
  assert.equal(groups, [
    {
      group: 'default',
      family: 'ipv4',
      prefix: '0.0.0.0/0',
      route: 'present',
      kind: 'multipath',
      members: [
        { link: 'wan_01', weight: 2 },
        { link: 'wan_02', weight: 2 },
      ],
    },
  ]);
});

test('the last run’s revision differs while a run is due', () => {
  const router = aRouter(line('sessions 2'));
  const fresh = statusOf(router);
  assert.equal([fresh.version, fresh.enabled, fresh.last, fresh.links], ['0.0.0-test', true, null, []]);
  multidial(router, 'apply');
  const applied = statusOf(router);
  assert.equal([applied.last?.revision, applied.last?.ok, applied.last?.atS], [applied.revision, true, 60]);
  router.config('multidial', line('sessions 3'));
  const due = statusOf(router);
  assert.not.equal(due.revision, due.last?.revision);
  assert.match(multidial(router, 'status').output, /^The configuration was changed since the last run: multidial apply\n/);
});

test('a revision tells nothing of the content, and is none without a file', () => {
  const router = aRouter(line());
  assert.match(statusOf(router).revision, /^[0-9a-z]+-[0-9a-z]+-[0-9a-z]+$/);
  router.files.remove('/etc/config/multidial');
  const status = statusOf(router);
  assert.equal([status.revision, status.problems.map(({ code }) => code)], ['none', ['config_missing']]);
});

test('a run that is cut off in its note is no last run', () => {
  const router = dialed();
  router.write('/var/run/multidial/last-run', '{"revision":"x","ok"');
  assert.is(statusOf(router).last, null);
});

test('names the problems of now: configuration, defaults that win, a netifd that does not answer', () => {
  const router = dialed('zone x');
  router.kernel.addDevice('usb0');
  router.kernel.setRoute(
    {
      family: 'ipv4',
      destination: 'default',
      source: undefined,
      table: 254,
      metric: 0,
      protocol: 4,
      group: undefined,
      legs: [{ device: 'usb0', gateway: '192.0.2.1', weight: 1 }],
    },
    false,
  );
  assert.equal(
    statusOf(router).problems.map((problem) => problem.code),
    ['option_unknown', 'default_outranks'],
  );
  router.broken.set('ubus -t', { exit: 0, stdout: 'nonsense' });
  assert.ok(statusOf(router).problems.some((problem) => problem.code === 'reply_unreadable'));
});

test('for people it prints a table, the shares, and how to begin', () => {
  const router = dialed('weight 3');
  const [head, first, , group] = multidial(router, 'status').output.split('\n');
  assert.match(head ?? '', /^link {7}state {22}carries {4}wgt uptime {4}addresses$/);
  assert.match(first ?? '', /^wan_01 {5}up {24} IPv4 {9}3 00:01:10 {2}10\./);
  assert.is(group, 'default 0.0.0.0/0: wan_01:3 wan_02:3');
  assert.match(multidial(aRouter('config globals\n'), 'status').output, /^No links\. Describe a line/m);
  assert.match(multidial(aRouter("config globals\n\toption enabled '0'\n"), 'status').output, /^multidial is disabled\. Enable it:/);
});

for (const [options, expected] of [
  ['', undefined],
  ["\toption flow_offloading '0'\n\toption flow_offloading_hw '1'\n", undefined],
  ["\toption flow_offloading '1'\n", 'software'],
  ["\toption flow_offloading '1'\n\toption flow_offloading_hw '1'\n", 'hardware'],
] as const) {
  test(`says where counters can’t be trusted: ${expected ?? 'nowhere'}`, () => {
    const router = dialed();
    router.config('firewall', `config defaults\n${options}\n${router.files.read('/etc/config/firewall')}`);
    assert.is(statusOf(router).offload, expected);
    assert.is(/Flow offloading/.test(multidial(router, 'status').output), expected !== undefined);
  });
}

test('what the watcher, and people, say of links stands beside netifd’s word', () => {
  const router = dialed();
  const told = (what: string, value: unknown): void => router.write(`/var/run/multidial/${what}`, JSON.stringify(value));
  told('live', { atMs: router.nowMs - 900, links: { wan_01: { ipv4: 'dead', holdS: 10, loss: 100 }, wan_02: { ipv4: 'alive', ipv6: 'dead' } } });
  told('resting', { wan_02: { kind: 'pause' } });
  assert.equal([linkOf(router, 'wan_01').probe, linkOf(router).rest], [{ ipv4: 'dead', holdS: 10, loss: 100 }, { kind: 'pause' }]);
  const text = multidial(router, 'status').output;
  assert.match(text, /wan_01 +up, no answer /);
  assert.match(text, /wan_02 +up, no answer in IPv6, paused /);
  told('held', { wan_01: { interface: 'wan_01', untilMs: router.nowMs + 95_000, failures: 3, reason: 'AUTH_TOPEER_FAILED' } });
  assert.match(multidial(router, 'status').output, /wan_01 +held 00:01:35 AUTH_TOPEER_FAILED /);
  told('live', { atMs: router.nowMs - 6000, links: { wan_01: { ipv4: 'dead' } } });
  assert.is(linkOf(router, 'wan_01').probe, undefined, 'what is old is nobody’s any more');
  router.write('/var/run/multidial/live', '{"atMs":');
  assert.is(linkOf(router, 'wan_01').probe, undefined);
});

test.run();

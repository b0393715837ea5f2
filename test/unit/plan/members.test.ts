// Who takes part in a balance, and who lives: links from network, groups from the configuration, legs from netifd.
import * as assert from 'uvu/assert';
import type { Group } from '../../../agent/src/config/parse.ts';
import type { NetifdInterface } from '../../../agent/src/observe/netifd.ts';
import { liveLegs, planBalances, planLinks, type Link } from '../../../agent/src/plan/members.ts';
import { aConfig, aGroup, aLine, aLink, aSetting, anInterface, toPackage } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const session = (name: string, slot: number, line = 'wan', more = '') =>
  `config interface '${name}'\n\toption metric '${7000 + slot}'\n\toption multidial '${line}'\n${more}\n`;
const network = toPackage(`config interface 'lte'\n\toption proto 'dhcp'\n\n${session('wan_01', 1)}${session('wan_02', 2)}`);
const names = (links: readonly Link[]) => links.map((link) => link.name);

test('sessions that stand in network take part, with the weight of line or link', () => {
  const config = aConfig({ lines: [aLine({ weight: 2 })], links: [aSetting('wan_02', { weight: 5 })] });
  const { links, problems } = planLinks(config, network);
  assert.equal(links, [aLink('wan_01', 1, { weight: 2 }), aLink('wan_02', 2, { weight: 5 })]);
  assert.equal(problems, []);
});

test('a disabled link is left out, a disabled multidial leaves out all', () => {
  const config = aConfig({ lines: [aLine()], links: [aSetting('wan_01', { disabled: true })] });
  assert.equal(names(planLinks(config, network).links), ['wan_02']);
  assert.equal(planLinks({ ...config, enabled: false }, network), { links: [], problems: [] });
});

test('a frozen line keeps its links, a line that is gone does not', () => {
  assert.equal(names(planLinks(aConfig({ frozen: ['wan'] }), network).links), ['wan_01', 'wan_02']);
  assert.equal(names(planLinks(aConfig(), network).links), []);
});

test('only what is ours and has a slot is a session', () => {
  const odd = toPackage(
    "config interface 'a'\n\toption metric '7001'\n\nconfig interface 'b'\n\toption metric '5'\n\toption multidial 'wan'\n\nconfig device 'c'\n\toption metric '7003'\n\toption multidial 'wan'\n",
  );
  assert.equal(planLinks(aConfig({ lines: [aLine()] }), odd).links, []);
});

test('IPv6 is shared where the section says NAT, not where prefixes go to the LAN', () => {
  const both = toPackage(
    session('wan_01', 1, 'wan', "\toption ipv6 'auto'\n\toption delegate '0'\n") + session('wan_02', 2, 'wan', "\toption ipv6 'auto'\n\toption delegate '1'\n"),
  );
  assert.equal(
    planLinks(aConfig({ lines: [aLine()] }), both).links.map((link) => link.balances6),
    [true, false],
  );
});

test('an interface of somebody else’s takes part under its link’s name, slots from the top', () => {
  const config = aConfig({
    lines: [aLine()],
    links: [aSetting('mobile', { interface: 'lte', weight: 4 }), aSetting('off', { interface: 'lte', disabled: true })],
  });
  const { links } = planLinks(config, network);
  assert.equal(links.at(-1), aLink('mobile', 191, { interface: 'lte', device: undefined, line: undefined, weight: 4 }));
  assert.is(links.length, 3);
});

test('an interface of somebody else’s takes part in IPv6 by NAT or natively where its device is known', () => {
  const tunnels = toPackage("config interface 'wg0'\n\toption proto 'wireguard'\n\nconfig interface 'lte'\n\toption proto 'dhcp'\n");
  const setting = (name: string, ipv6: 'off' | 'nat' | 'native') => aSetting(name, { interface: name === 'lte' ? 'lte' : 'wg0', ipv6 });
  const { links } = planLinks(aConfig({ links: [setting('a', 'off'), setting('b', 'nat'), setting('c', 'native'), setting('lte', 'nat')] }), tunnels);
  assert.equal(
    links.map(({ name, balances6, masquerades6 }) => [name, balances6, masquerades6]),
    [
      ['a', false, false],
      ['b', true, true],
      ['c', true, false],
      ['lte', false, false],
    ],
  );
});

test('a dialed session is not counted twice when a link section names it as its interface', () => {
  const config = aConfig({ lines: [aLine()], links: [aSetting('wan_02', { interface: 'wan_02', weight: 3 })] });
  assert.equal(planLinks(config, network).links, [aLink('wan_01', 1), aLink('wan_02', 2, { weight: 3 })]);
});

test('link sections that name nothing are told', () => {
  const config = aConfig({
    lines: [aLine()],
    links: [aSetting('wan_09'), aSetting('x', { interface: 'nope' })],
  });
  assert.equal(
    planLinks(config, network).problems.map(({ code, section }) => [code, section]),
    [
      ['link_unknown', 'link.wan_09'],
      ['interface_missing', 'link.x'],
    ],
  );
});

const links = [aLink('wan_01', 1, { balances6: true }), aLink('wan_02', 2), aLink('mobile', 191, { line: undefined })];
const group = (fields: Partial<Group> = {}): Group => aGroup('g', { dest: ['0.0.0.0/0'], ...fields });
const balances = (...groups: Group[]) => {
  const planned = planBalances(aConfig({ groups }), links);
  return {
    shared: planned.balances.map((balance) => [balance.group.name, balance.index, balance.family, balance.prefix, names(balance.links)]),
    problems: planned.problems.map(({ code, section, details }) => [code, section, details]),
  };
};

test('without groups all links share both defaults, IPv6 only those that balance it', () => {
  assert.equal(balances(), {
    shared: [
      ['default', 1, 'ipv4', '0.0.0.0/0', ['wan_01', 'wan_02', 'mobile']],
      ['default', 1, 'ipv6', '::/0', ['wan_01']],
    ],
    problems: [],
  });
});

test('a group takes whole lines and single links, and names those that it does not find', () => {
  assert.equal(balances(group({ links: ['wan', 'nope'] }), group({ name: 'h', links: ['mobile', 'wan_02'], dest: ['10.0.0.0/8'] })), {
    shared: [
      ['g', 1, 'ipv4', '0.0.0.0/0', ['wan_01', 'wan_02']],
      ['h', 2, 'ipv4', '10.0.0.0/8', ['wan_02', 'mobile']],
    ],
    problems: [['member_unknown', 'group.g', { name: 'nope' }]],
  });
});

test('a prefix belongs to the first group that names it, the second is told', () => {
  assert.equal(balances(group(), group({ name: 'h', dest: ['10.0.0.0/8', '0.0.0.0/0'] })), {
    shared: [
      ['g', 1, 'ipv4', '0.0.0.0/0', ['wan_01', 'wan_02', 'mobile']],
      ['h', 2, 'ipv4', '10.0.0.0/8', ['wan_01', 'wan_02', 'mobile']],
    ],
    problems: [['prefix_taken', 'group.h', { prefix: '0.0.0.0/0', group: 'g' }]],
  });
});

const DHCP = { pointToPoint: false, l3Device: 'usb0', routes: [{ target: '0.0.0.0', mask: 0, nexthop: '192.0.2.1' }] };
const legRows: [title: string, entry: Partial<NetifdInterface>, leg: [device: string, gateway: string | undefined] | undefined][] = [
  ['a PPPoE session needs no gateway', {}, ['pppoe-wan_01', undefined]],
  ['an Ethernet interface has one', DHCP, ['usb0', '192.0.2.1']],
  ['an interface that is down', { up: false }, undefined],
  ['a session whose default netifd has not set yet', { routes: [] }, undefined],
  ['an interface with other routes only', { routes: [{ target: '10.0.0.0', mask: 8, nexthop: '10.0.0.1' }] }, undefined],
  ['an interface without a device', { l3Device: undefined }, undefined],
  ['a gateway with words in it', { ...DHCP, routes: [{ target: '0.0.0.0', mask: 0, nexthop: '1.1.1.1 metric 1' }] }, undefined],
  ['a device name with words in it', { l3Device: 'a b' }, undefined],
  ['a tunnel without a default', { proto: 'wireguard', l3Device: 'wg0', pointToPoint: false, routes: [] }, ['wg0', undefined]],
  ['a tunnel without an address', { proto: 'wireguard', l3Device: 'wg0', pointToPoint: false, ipv4: [], routes: [] }, undefined],
  ['a route through no gateway', { ...DHCP, routes: [{ target: '0.0.0.0', mask: 0, nexthop: '0.0.0.0' }] }, ['usb0', undefined]],
];

for (const [title, entry, leg] of legRows) {
  test(`${title}: ${leg ? 'lives' : 'is left out'}`, () => {
    const found = liveLegs([aLink('wan_01', 1)], 'ipv4', [anInterface('wan_01', entry)], () => true);
    assert.equal(
      found.map(({ device, gateway }) => [device, gateway]),
      leg ? [leg] : [],
    );
  });
}

test('a device without carrier is left out, and legs come by slot', () => {
  const some = [aLink('wan_03', 3), aLink('wan_01', 1), aLink('wan_02', 2)];
  const interfaces = ['wan_03', 'wan_01', 'wan_02'].map((name) => anInterface(name));
  const legs = liveLegs(some, 'ipv4', interfaces, (device) => device !== 'pppoe-wan_02');
  assert.equal(
    legs.map((leg) => leg.slot),
    [1, 3],
  );
});

test('IPv6 of a session stands in the interface that netifd made over its device', () => {
  const route = { target: '::', mask: 0, nexthop: 'fe80::9' };
  const made = anInterface('wan_01_6', { proto: 'dhcpv6', l3Device: 'pppoe-wan_01', routes: [route] });
  const session6 = [aLink('wan_01', 1, { balances6: true })];
  const gateways = (...interfaces: NetifdInterface[]) => liveLegs(session6, 'ipv6', interfaces, () => true).map((leg) => leg.gateway);
  assert.equal(gateways(anInterface('wan_01'), made), ['fe80::9']);
  assert.equal(gateways(anInterface('wan_01'), { ...made, routes: [{ ...route, nexthop: '::' }] }), [undefined]);
  // As pppd spells the peer, and not as the kernel will: otherwise it would be set anew in each run.
  assert.equal(gateways(anInterface('wan_01'), { ...made, routes: [{ ...route, nexthop: 'FE80::0000:0000:0000:0009' }] }), ['fe80::9']);
  assert.equal(gateways(anInterface('wan_01'), { ...made, routes: [{ ...route, nexthop: 'fe80::9 dev lo' }] }), []);
  assert.equal(gateways(anInterface('wan_01'), { ...made, up: false }), []);
  assert.equal(gateways(anInterface('wan_01', { up: false }), made), []);
  assert.equal(gateways(anInterface('wan_01'), { ...made, l3Device: 'pppoe-wan_02' }), []);
});

test.run();

// The nft table: connections keep their link, pins and groups choose one, and local IPv6 addresses are masqueraded.
import * as assert from 'uvu/assert';
import type { Group, Pin } from '../../../agent/src/config/parse.ts';
import type { Leg, Link } from '../../../agent/src/plan/members.ts';
import { renderRuleset, type Spread } from '../../../agent/src/plan/ruleset.ts';
import { chooseTargets } from '../../../agent/src/plan/steering.ts';
import { Nft } from '../../fake/nft.ts';
import { aConfig, aGroup, aLeg, aLink, aPin } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const LINKS = [aLink('wan_01', 1), aLink('wan_02', 2)];
const six = { balances6: true, masquerades6: true };

type Given = { links?: Link[]; groups?: Group[]; pins?: Pin[]; legs?: Leg[]; legs6?: Leg[]; isPacket?: boolean };

/** The ruleset of a configuration whose first group has these legs. */
function rulesetOf({ links = LINKS, groups = [], pins = [], legs = [aLeg(1), aLeg(2)], legs6 = [], isPacket = false }: Given): string {
  const targets = chooseTargets(aConfig({ groups, pins }), links);
  const spreads = targets.groups.map(
    ({ group, index, mark }): Spread => ({
      group,
      index,
      mark,
      isPacket: isPacket && group.mode === 'packet',
      legs: { ipv4: legs, ipv6: legs6 },
      prefixes: group.dest,
    }),
  );
  const text = renderRuleset({ links, targets, spreads, devicesOf: (name) => (name === 'lan' ? 'br-lan' : undefined) });
  const { exit, stderr } = new Nft().load(text);
  assert.equal([exit, stderr], [0, ''], text);
  return text;
}

/** The lines of a chain; undefined where there is none. */
function chain(text: string, name: string): string[] | undefined {
  const lines = text.split('\n');
  const from = lines.indexOf(`\tchain ${name} {`);
  return from < 0 ? undefined : lines.slice(from + 1, lines.indexOf('\t}', from)).map((line) => line.trim());
}

const names = (text: string): string[] => [...text.matchAll(/^\tchain (\w+) \{$/gm)].map(([, name]) => name ?? '');

test('without links there is no ruleset', () => {
  assert.is(rulesetOf({ links: [] }), '');
});

test('a link whose device is not known alone needs none', () => {
  assert.is(rulesetOf({ links: [aLink('lte', 191, { line: undefined, device: undefined, balances6: true })] }), '');
});

test('a connection gets the mark of the link that it leaves by, and is given it on its way', () => {
  const text = rulesetOf({});
  assert.equal(chain(text, 'postrouting'), [
    'type filter hook postrouting priority mangle + 1; policy accept;',
    'meta skgid 77001-77191 meta skgid . oifname != { 77001 . "pppoe-wan_01", 77002 . "pppoe-wan_02" } drop',
    'ct mark & 0xff000000 == 0 oifname vmap { "pppoe-wan_01" : goto keep_1, "pppoe-wan_02" : goto keep_2 }',
  ]);
  const restore = 'ct mark & 0xff000000 vmap { 0x01000000 : goto mark_1, 0x02000000 : goto mark_2 }';
  assert.equal(chain(text, 'prerouting'), [
    'type filter hook prerouting priority mangle + 1; policy accept;',
    'iifname { "pppoe-wan_01", "pppoe-wan_02" } goto arrive',
    restore,
  ]);
  assert.equal(chain(text, 'output'), [
    'type route hook output priority mangle + 1; policy accept;',
    'meta skgid vmap { 77001 : goto mark_1, 77002 : goto mark_2 }',
    restore,
  ]);
  assert.equal(chain(text, 'keep_1'), ['ct mark set ct mark & 0x00ffffff | 0x01000000']);
  assert.equal(chain(text, 'mark_2'), ['meta mark set meta mark & 0x00ffffff | 0x02000000']);
});

test('one that comes in by a link gets its mark, and no mark that leads it out again', () => {
  const text = rulesetOf({});
  assert.equal(chain(text, 'arrive'), [
    'ct direction original ct mark & 0xff000000 == 0 iifname vmap { "pppoe-wan_01" : goto keep_1, "pppoe-wan_02" : goto keep_2 }',
  ]);
});

test('only the highest byte of marks is touched', () => {
  const text = rulesetOf({ pins: [aPin('p', 'none'), aPin('q', 'wan_01', { strict: true })], groups: [aGroup('g', { sticky: 'client' })] });
  const sets = [...text.matchAll(/mark set (.*)$/gm)].map(([, value]) => value ?? '');
  assert.ok(sets.length > 6);
  for (const value of sets) assert.match(value, /^(meta|ct) mark & 0x00ffffff \| 0x[0-9a-f]{2}000000$/);
});

test('pins choose for new connections, in their order, before groups', () => {
  const pins = [aPin('voip', 'wan_02', { destPort: ['5060'], proto: ['udp'], src: ['192.168.1.7/32'] }), aPin('rest', 'wan_01', { dest: ['198.51.100.0/24'] })];
  const text = rulesetOf({ pins, groups: [aGroup('g', { sticky: 'client' })] });
  assert.is(chain(text, 'prerouting')?.at(-1), 'ct state new ct direction original goto choose');
  assert.equal(chain(text, 'choose'), [
    'meta nfproto ipv4 ip saddr 192.168.1.7/32 meta l4proto udp th dport 5060 goto mark_2',
    'meta nfproto ipv4 ip daddr 198.51.100.0/24 goto mark_1',
    'meta nfproto ipv4 goto group_192',
    'meta nfproto ipv6 ip6 saddr fc00::/7 goto group_192',
  ]);
});

test('the router’s own packets follow pins that can mean them, and stick to no link', () => {
  const pins = [
    aPin('tv', 'wan_02', { in: ['lan'] }),
    aPin('box', 'wan_02', { mac: ['02:00:00:00:00:01'] }),
    aPin('dns', 'wan_01', { dest: ['198.51.100.53/32'] }),
  ];
  const text = rulesetOf({ pins, groups: [aGroup('g', { sticky: 'client' })] });
  assert.equal(chain(text, 'choose_own'), ['meta nfproto ipv4 ip daddr 198.51.100.53/32 goto mark_1']);
  assert.equal(chain(text, 'choose')?.length, 7);
});

test('a pin to a group takes the group’s own table, or its own choice where it has one', () => {
  const pins = [aPin('p', 'g', { dest: ['198.51.100.0/24'] })];
  assert.equal(chain(rulesetOf({ pins, groups: [aGroup('g', { dest: ['10.0.0.0/8'] })] }), 'choose'), [
    'meta nfproto ipv4 ip daddr 198.51.100.0/24 goto mark_192',
  ]);
  assert.is(
    chain(rulesetOf({ pins, groups: [aGroup('g', { dest: ['10.0.0.0/8'], sticky: 'site' })] }), 'choose')?.[0],
    'meta nfproto ipv4 ip daddr 198.51.100.0/24 goto group_192',
  );
});

test('a pin to none and a strict one hold their mark, whatever the packet leaves by', () => {
  const text = rulesetOf({ pins: [aPin('out', 'none', { dest: ['10.0.0.0/8'] }), aPin('vpn', 'wan_01', { strict: true, dest: ['192.0.2.0/24'] })] });
  assert.equal(chain(text, 'choose'), ['meta nfproto ipv4 ip daddr 10.0.0.0/8 goto hold_254', 'meta nfproto ipv4 ip daddr 192.0.2.0/24 goto hold_192']);
  assert.equal(chain(text, 'hold_192'), ['ct mark set ct mark & 0x00ffffff | 0xc0000000', 'meta mark set meta mark & 0x00ffffff | 0xc0000000']);
  assert.match(chain(text, 'prerouting')?.[2] ?? '', /0xfe000000 : goto mark_254, 0xc0000000 : goto mark_192/);
});

test('what is pinned strictly is dropped rather than let out by another link', () => {
  const text = rulesetOf({ pins: [aPin('vpn', 'wan_01', { strict: true }), aPin('again', 'wan_01', { strict: true, src: ['10.0.0.1/32'] })] });
  assert.equal(
    chain(text, 'postrouting')?.filter((line) => line.startsWith('ct mark') && line.includes('drop')),
    ['ct mark & 0xff000000 == 0xc0000000 oifname { "pppoe-wan_02" } drop'],
  );
});

test('clients stick to a link, or each pair of client and site does, with another seed in each group', () => {
  const text = rulesetOf({
    groups: [aGroup('g', { sticky: 'client' }), aGroup('h', { sticky: 'site', dest: ['10.0.0.0/8'] })],
    legs6: [aLeg(2)],
  });
  const [four, sixth] = chain(text, 'group_192') ?? [];
  assert.match(four ?? '', /^meta nfproto ipv4 jhash ip saddr mod 256 seed 0xc0000000 vmap \{ .*goto mark_1.*goto mark_2/);
  assert.is(sixth, 'meta nfproto ipv6 jhash ip6 saddr mod 256 seed 0xc0000000 vmap { 0-255 : goto mark_2 }');
  assert.match(chain(text, 'group_193')?.[0] ?? '', /^meta nfproto ipv4 jhash ip saddr \. ip daddr mod 256 seed 0xc1000000 vmap /);
});

test('a sticky group whose links are all down leaves it to the routes', () => {
  const text = rulesetOf({ groups: [aGroup('g', { sticky: 'client' })], legs: [] });
  assert.equal(chain(text, 'group_192'), []);
});

test('groups by destination, the longest prefix first; one that is only a route stands in the way of the others', () => {
  const groups = [aGroup('all', { sticky: 'client', dest: ['0.0.0.0/0'] }), aGroup('office', { dest: ['10.0.0.0/8', '10.9.0.0/16'] })];
  assert.equal(chain(rulesetOf({ groups }), 'choose'), ['ip daddr 10.9.0.0/16 accept', 'ip daddr 10.0.0.0/8 accept', 'meta nfproto ipv4 goto group_192']);
});

test('a sticky group means local IPv6 sources; others to its prefix are left to the routes, and to no shorter prefix’s group', () => {
  const packet = aGroup('tunnels', { mode: 'packet', dest: ['::/0'] });
  const groups = [packet, aGroup('office', { sticky: 'site', dest: ['2001:db8::/32', '10.0.0.0/8'] })];
  const text = rulesetOf({ groups, isPacket: true });
  assert.equal(chain(text, 'choose'), [
    'ip6 daddr 2001:db8::/32 ip6 saddr fc00::/7 goto group_193',
    'ip6 daddr 2001:db8::/32 accept',
    'ip daddr 10.0.0.0/8 goto group_193',
    'meta nfproto ipv6 goto group_192',
  ]);
  assert.equal(chain(text, 'choose_own'), ['ip6 daddr 2001:db8::/32 accept', 'ip daddr 10.0.0.0/8 accept', 'meta nfproto ipv6 goto group_192']);
});

const PACKET = aGroup('p', { mode: 'packet', dest: ['0.0.0.0/0'] });
const weighted = [aLeg(1), aLeg(2, { weight: 2 })];

test('packets go in turn by weight, also those of connections that are known, but only of this side', () => {
  const text = rulesetOf({ groups: [PACKET], legs: weighted, isPacket: true });
  assert.equal(chain(text, 'group_192'), [
    'ct mark set ct mark & 0x00ffffff | 0xc0000000',
    'ct direction reply accept',
    'meta nfproto ipv4 numgen inc mod 3 vmap { 0 : goto mark_2, 1 : goto mark_1, 2 : goto mark_2 }',
  ]);
  assert.match(chain(text, 'prerouting')?.[2] ?? '', /0xc0000000 : goto group_192/);
  assert.equal(chain(text, 'choose'), ['meta nfproto ipv4 goto group_192']);
  assert.equal(chain(text, 'choose_own'), ['meta nfproto ipv4 goto group_192']);
});

test('or by chance', () => {
  const text = rulesetOf({ groups: [{ ...PACKET, spread: 'random' }], legs: weighted, isPacket: true });
  assert.is(chain(text, 'group_192')?.at(-1), 'meta nfproto ipv4 numgen random mod 3 vmap { 0 : goto mark_1, 1-2 : goto mark_2 }');
});

test('a group that may not spread packets is a route as any other', () => {
  assert.equal(names(rulesetOf({ groups: [PACKET], legs: weighted })), names(rulesetOf({})));
});

test('names the devices of the links that masquerade IPv6, up or not, and no others', () => {
  const text = rulesetOf({ links: [aLink('wan_01', 1, six), aLink('wan_02', 2, { balances6: true }), aLink('wan_03', 3, six)] });
  const local = 'oifname { "pppoe-wan_01", "pppoe-wan_03" } ip6 saddr fc00::/7';
  assert.equal(chain(text, 'srcnat')?.[1], `${local} masquerade`);
  assert.equal(chain(text, 'leak')?.[1], `${local} ct state invalid drop`);
  assert.is(chain(rulesetOf({}), 'srcnat'), undefined);
});

test('a chain stands before those that go to it, and none stands twice', () => {
  const text = rulesetOf({
    groups: [aGroup('g', { sticky: 'client' }), aGroup('h', { dest: ['10.0.0.0/8'] })],
    pins: [aPin('a', 'g'), aPin('b', 'h'), aPin('c', 'none'), aPin('d', 'wan_01', { strict: true })],
  });
  assert.equal(new Set(names(text)).size, names(text).length);
  for (const [name, at] of names(text).map((other, index) => [other, index] as const)) {
    const targets = [...(chain(text, name) ?? []).join('\n').matchAll(/goto (\w+)/g)].map(([, target]) => names(text).indexOf(target ?? ''));
    assert.ok(
      targets.every((target) => target >= 0 && target < at),
      name,
    );
  }
});

test('loaded twice it stands once, beside the tables of others', () => {
  const nft = new Nft();
  nft.load('add table inet fw4\n');
  for (let round = 0; round < 2; round++) assert.is(nft.load(rulesetOf({ links: [aLink('wan_01', 1, six)] })).exit, 0);
  assert.equal([...nft.tables.keys()].toSorted(), ['fw4', 'multidial']);
  assert.is(nft.list('multidial').stdout.match(/masquerade/g)?.length, 1);
});

test.run();

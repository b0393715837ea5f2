// The parsers of what netifd and ip print, on texts that the real ones printed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { destinationOf, KERNEL_QUERY, parseKernel, parseRules6, RULES6_QUERY } from '../../../agent/src/observe/kernel.ts';
import { parseDump } from '../../../agent/src/observe/netifd.ts';
import { liveLegs } from '../../../agent/src/plan/members.ts';
import { aLink, aRule } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures/observe', name), 'utf8');
const interfaces = parseDump(fixture('dump.json')) ?? [];
const kernel = parseKernel(fixture('ip.txt'));

test('reads a session as netifd tells it', () => {
  assert.equal(
    interfaces.find((entry) => entry.name === 'wan1'),
    {
      name: 'wan1',
      proto: 'pppoe',
      up: true,
      pending: false,
      autostart: true,
      l3Device: 'pppoe-wan1',
      uptimeS: 66,
      ipv4: ['10.67.1.23'],
      ipv6: ['fe80::105c:7aff:2857:d3b0'],
      pointToPoint: true,
      routes: [{ target: '0.0.0.0', mask: 0, nexthop: '10.67.0.1' }],
      dns: ['10.67.0.53', '10.67.0.54'],
      reason: undefined,
    },
  );
});

test('reads why a session does not come up', () => {
  const refused = interfaces.find((entry) => entry.name === 'wan3');
  assert.equal(
    [refused?.up, refused?.pending, refused?.l3Device, refused?.uptimeS, refused?.ipv4, refused?.reason],
    [false, true, undefined, undefined, [], { subsystem: 'pppoe', code: 'AUTH_TOPEER_FAILED' }],
  );
});

test('finds the legs of a real session in both families', () => {
  const links = [aLink('wan1', 1, { balances6: true }), aLink('wan3', 3, { balances6: true })];
  const legs = (family: 'ipv4' | 'ipv6') => liveLegs(links, family, interfaces, () => true).map((leg) => [leg.device, leg.gateway]);
  assert.equal(legs('ipv4'), [['pppoe-wan1', undefined]]);
  assert.equal(legs('ipv6'), [['pppoe-wan1', 'fe80::59e7:d53c:e9c4:6451']]);
});

test('a LAN is no point-to-point interface', () => {
  const lan = interfaces.find((entry) => entry.name === 'lan');
  assert.equal([lan?.pointToPoint, lan?.ipv4, lan?.routes], [false, ['10.77.0.1'], []]);
});

const noDump = ['', 'Command failed: Not found', '[]', '{}', '{"interface":{}}', 'null', '{"interface":[{"interface":"lan"', '5'];
for (const text of noDump) {
  test(`${JSON.stringify(text)} is no dump`, () => {
    assert.is(parseDump(text), undefined);
  });
}

test('odd entries of a dump are passed over or read as empty', () => {
  const entry = { interface: 'a', up: 'yes', errors: [{}], route: [{ target: '::' }, null], 'ipv4-address': 'none', uptime: '5' };
  const [found, ...more] = parseDump(JSON.stringify({ interface: [null, 5, {}, entry] })) ?? [];
  assert.equal([found?.name, found?.up, found?.reason, found?.routes, found?.ipv4, found?.uptimeS, more], ['a', false, undefined, [], [], undefined, []]);
});

/** Routes of the answer by what tells them apart. */
const routes = (kernel?.routes ?? []).map((route) => [
  route.family,
  route.destination,
  route.metric,
  route.protocol,
  route.table,
  route.nexthopId ?? route.legs.map((leg) => `${leg.device} ${leg.gateway ?? '-'} ${leg.weight}`).join(' + '),
]);
const has = (...row: unknown[]) =>
  assert.ok(
    routes.some((route) => JSON.stringify(route) === JSON.stringify(row)),
    JSON.stringify(row),
  );

test('tells the routes of both families, tables and owners apart', () => {
  has('ipv4', 'default', 7, 77, 254, 77_104_001);
  has('ipv6', 'default', 7, 77, 254, 77_106_001);
  has('ipv4', 'default', 7001, 4, 254, 'pppoe-wan_01 10.67.0.1 1');
  has('ipv4', '10.9.0.0/16', 0, 0, 100, 'usb0 - 1');
  has('ipv4', '10.5.0.0/16', 7, 77, 254, 'pppoe-wan_01 - 2 + usb0 192.0.2.1 1');
  has('ipv6', 'default', 512, 0, 254, 'pppoe-wan_01 fe80::1 1');
});

test('a source-specific default carries its source, an IPv4 route over IPv6 its gateway', () => {
  assert.is(kernel?.routes.find((route) => route.metric === 512)?.source, '2001:db8:1::/64');
  const over6 = kernel?.routes.find((route) => route.destination === '10.7.0.0/16');
  assert.equal([over6?.family, over6?.legs[0]?.gateway], ['ipv4', 'fe80::9']);
});

test('reads nexthops and groups, a weight of 1 where none is written', () => {
  const nexthop = (id: number) => kernel?.nexthops?.find((other) => other.id === id);
  assert.equal(nexthop(77_004_191), { id: 77_004_191, protocol: 77, device: 'usb0', gateway: '192.0.2.1', members: undefined });
  assert.equal(nexthop(77_104_001)?.members, [
    { id: 77_004_001, weight: 3 },
    { id: 77_004_002, weight: 1 },
    { id: 77_004_191, weight: 1 },
  ]);
  assert.equal(nexthop(12), { id: 12, protocol: 0, device: 'lo', gateway: undefined, members: undefined });
});

test('an ip without nexthops answers routes and rules', () => {
  const old = parseKernel(fixture('ip-without-nexthop.txt'));
  assert.is(old?.nexthops, undefined);
  assert.ok(old?.routes.some((route) => route.destination === 'default'));
  assert.equal(
    old?.rules.map(({ preference, table }) => [preference, table]),
    [
      [0, 255],
      [32766, 254],
      [32767, 253],
    ],
  );
});

for (const text of ['', 'ip: unrecognized option: N', '[{"dst":"default"', '{}\n[]', 'null']) {
  test(`${JSON.stringify(text)} is no answer of ip`, () => {
    assert.is(parseKernel(text), undefined);
    assert.is(parseRules6(text), undefined);
  });
}

test('an empty kernel is an answer', () => {
  assert.equal(parseKernel('[]\n[]\n[]\n[]\n'), { routes: [], unreachable: [], rules: [], nexthops: [] });
  assert.is(parseKernel('[]\n[]\n[]\n')?.nexthops, undefined, 'without the last line');
  assert.is(parseKernel('[]\n[]\n'), undefined, 'without rules');
});

test('asks for nexthops last, since an ip without them answers nothing there', () => {
  assert.equal(KERNEL_QUERY.split('\n'), ['route show table all type unicast', 'route show table all type unreachable', 'rule show', 'nexthop show', '']);
  assert.is(RULES6_QUERY, 'rule show\n');
});

test('reads what refuses, in any table', () => {
  const refusing = (kernel?.unreachable ?? []).map(({ family, destination, table, metric, protocol }) => [family, destination, table, metric, protocol]);
  assert.equal(refusing, [
    ['ipv4', 'default', 77_200, 4_278_198_272, 77],
    ['ipv4', '10.0.0.0/8', 254, 8, 77],
    ['ipv6', 'default', 77_200, 4_278_198_272, 77],
  ]);
});

test('reads rules of both families with what ours have, and leaves out those with more', () => {
  assert.equal(parseRules6('[]\n'), []);
  assert.equal(
    [...(kernel?.rules ?? []), ...(parseRules6(fixture('ip-6.txt')) ?? [])],
    [
      { family: 'ipv4', preference: 0, table: 255, protocol: 0 },
      { family: 'ipv4', preference: 4000, not: true, mark: 0, table: 254, suppress: 0, protocol: 77 },
      aRule(4001, { mark: 1, table: 77_001 }),
      aRule(4301, { from: '10.0.0.1', table: 77_001 }),
      aRule(4302, { to: '10.0.0.0/8', suppress: 8 }),
      aRule(4400, { from: '192.0.2.0/24', table: 100, protocol: 0 }),
      aRule(32766, { protocol: 0 }),
      aRule(32767, { table: 253, protocol: 0 }),
      { family: 'ipv6', preference: 0, table: 255, protocol: 0 },
      aRule(4191, { family: 'ipv6', mark: 191, table: 77_191 }),
      aRule(4301, { family: 'ipv6', from: '2001:db8::1', table: 77_001 }),
      aRule(32766, { family: 'ipv6', protocol: 0 }),
    ],
  );
});

test('main is found by its name too, as an old ip calls it', () => {
  const tables = parseKernel('[]\n[]\n[{"priority":1,"src":"all","table":"main"},{"priority":2,"src":"all","table":"mine"}]\n')?.rules;
  assert.equal(
    tables?.map(({ table }) => table),
    [254, 0],
  );
});

test('a prefix is found again as ip prints it', () => {
  const rows = { '0.0.0.0/0': 'default', '::/0': 'default', '10.0.0.0/8': '10.0.0.0/8', '192.0.2.1/32': '192.0.2.1', '2001:db8::1/128': '2001:db8::1' };
  for (const [prefix, printed] of Object.entries(rows)) assert.is(destinationOf(prefix), printed);
  assert.is(destinationOf('2001:db8::/32'), '2001:db8::/32');
});

test.run();

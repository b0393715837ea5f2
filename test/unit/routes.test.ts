// `multidial routes`: whose each route, rule and nexthop is, what ours are for, and a reply that stays small beside others' thousands.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import { describe, methods, purposes, renderRoutes, toRoutesParts } from '../../agent/src/contract/index.ts';
import type { Owner, RouteEntry, RoutesReply, RuleEntry } from '../../agent/src/contract/index.ts';
import { KERNEL_QUERY, RULES6_QUERY } from '../../agent/src/observe/kernel.ts';
import { runIp } from '../fake/ip.ts';
import type { Router } from '../fake/router.ts';
import { aDialedRouter, line } from '../fake/scene.ts';
import { changesOf, multidial, rpc } from '../fake/shell.ts';
import { test } from '../limit.ts';

const section = (type: string, name: string, options: [string, string][]): string =>
  [
    `config ${type} '${name}'`,
    ...options.map(([option, value]) => `\t${option.startsWith('+') ? 'list' : 'option'} ${option.replace('+', '')} '${value}'`),
    '',
  ].join('\n');

const EVERYTHING = [
  line('sessions 2', 'ipv6 nat'),
  section('group', 'all', [
    ['+dest', '0.0.0.0/0'],
    ['+dest', '::/0'],
    ['+dest', '10.9.0.0/16'],
    ['last_resort', 'unreachable'],
  ]),
  section('pin', 'tv', [
    ['use', 'all'],
    ['+dest', '203.0.113.0/24'],
  ]),
  section('pin', 'work', [
    ['use', 'wan_01'],
    ['strict', '1'],
    ['+dest', '198.51.100.0/24'],
  ]),
  section('pin', 'bank', [
    ['use', 'none'],
    ['+dest', '192.0.2.0/24'],
  ]),
].join('\n');

const replyOf = (router: Router): RoutesReply => rpc(router, 'routes').reply as unknown as RoutesReply;
const said = (entry: { purpose?: RouteEntry['purpose'] } | undefined): string => entry?.purpose?.text ?? '';

/** The answers of ip with more of somebody else's in them: routes, refusals, rules of IPv4, nexthops; and rules of IPv6. */
function beside(router: Router, more: { routes?: object[]; unreachable?: object[]; rules?: object[]; nexthops?: object[] }, rules6: object[] = []): void {
  const add = (text: string, lists: object[][]): string =>
    text
      .trim()
      .split('\n')
      .map((each, at) => `${JSON.stringify([...(JSON.parse(each) as object[]), ...(lists[at] ?? [])])}\n`)
      .join('');
  const four = add(runIp(router.kernel, ['-N', '-j', '-batch', '-'], KERNEL_QUERY).stdout, [
    more.routes ?? [],
    more.unreachable ?? [],
    more.rules ?? [],
    more.nexthops ?? [],
  ]);
  const six = add(runIp(router.kernel, ['-6', '-N', '-j', '-batch', '-'], RULES6_QUERY).stdout, [rules6]);
  router.onEffect = ({ what }) => {
    if (what.startsWith('ip -force')) router.broken.set('ip -force', { exit: 0, stdout: what.includes(' -6 ') ? six : four });
  };
}

test('three processes are asked and nothing is changed', () => {
  const { exit, effects } = multidial(aDialedRouter(EVERYTHING), 'routes');
  assert.is(exit, 0);
  assert.equal(
    effects.map(({ what }) => what),
    ['ubus -t 10 call network.interface dump', 'ip -force -N -j -batch -', 'ip -force -6 -N -j -batch -'],
  );
  assert.equal(changesOf(effects), []);
  assert.is(methods.routes.access, 'read');
});

const routeRows: [family: RouteEntry['family'], table: number, destination: string, metric: number, says: RegExp][] = [
  ['ipv4', 254, 'default', 7, /^The IPv4 default of group all/],
  ['ipv6', 254, 'default', 7, /^The IPv6 default of group all/],
  ['ipv4', 254, 'default', 8, /^Refuses what group all has while none of its links lives/],
  ['ipv4', 254, 'default', 7001, /^The own default of link wan_01/],
  ['ipv4', 77_002, 'default', 7, /^The way by link wan_02/],
  ['ipv6', 77_001, 'default', 7, /^The way by link wan_01/],
  ['ipv4', 77_192, 'default', 7, /^The way by group all, for pins: tv\.$/],
  ['ipv4', 77_193, 'default', 7, /^The way by wan_01, for strict pins: work\.$/],
  ['ipv4', 77_193, 'default', 4_278_198_272, /^Refuses what strict pins send by wan_01/],
  ['ipv4', 77_254, 'default', 7, /never balanced: bank\.$/],
  ['ipv4', 77_255, '10.9.0.0/16', 7, /^Group all shares what goes there/],
];

test('each route of ours says what it is for', () => {
  const { routes, left, problems } = replyOf(aDialedRouter(EVERYTHING));
  for (const [family, table, destination, metric, says] of routeRows) {
    const found = routes.find((route) => route.family === family && route.table === table && route.destination === destination && route.metric === metric);
    assert.match(said(found), says, `${family} ${destination} in ${table}`);
    assert.is(found?.owner, metric > 7000 && metric < 8000 ? 'netifd' : 'ours');
  }
  assert.equal([left, problems], [{ routes: 0, rules: 0, nexthops: 0 }, []]);
  assert.equal(
    routes.filter(({ owner, purpose }) => owner === 'ours' && (!purpose || purpose.code === 'leftover')),
    [],
  );
});

test('each rule and nexthop of ours says what it is for, and the kernel’s own are told apart', () => {
  const { rules, nexthops } = replyOf(aDialedRouter(EVERYTHING));
  const rule = (preference: number): RuleEntry | undefined => rules.find((each) => each.family === 'ipv4' && each.preference === preference);
  const rows: [number, RegExp][] = [
    [4000, /^Longer prefixes of table main/],
    [4001, /mark of link wan_01/],
    [4192, /mark of group all .* tv\.$/],
    [4193, /^What strict pins give to wan_01 .* work\.$/],
    [4254, /never balanced .* bank\.$/],
    [4302, /^What comes from an address of link wan_02/],
    [4701, /^A prefix of a group/],
  ];
  for (const [preference, says] of rows) assert.match(said(rule(preference)), says, `${preference}`);
  assert.equal([rule(0)?.owner, rule(32_766)?.owner], ['kernel', 'kernel']);
  const said4 = (id: number): string => said(nexthops?.find((each) => each.id === id));
  assert.equal([said4(77_004_002), said4(77_106_001)], ['Link wan_02 in IPv4.', 'The links of group all in IPv6.']);
  const used = [...rules, ...(nexthops ?? [])].filter(({ purpose }) => purpose?.code === 'leftover');
  assert.equal(used, []);
});

const route = (more: object): object => ({ dst: '10.50.0.0/16', dev: 'pppoe-wan_01', flags: [], ...more });
const ownerRows: [title: string, route: object, owner: Owner, name?: string][] = [
  ['static over an interface of netifd’s', route({ protocol: '4' }), 'netifd', 'wan_01'],
  ['an address’ prefix on such an interface', route({ protocol: '2' }), 'netifd', 'wan_01'],
  ['an address’ prefix elsewhere', route({ dev: 'docker0', protocol: '2' }), 'kernel'],
  ['static over somebody’s device', route({ dev: 'tun0', protocol: '4' }), 'foreign'],
  ['by hand over an interface of netifd’s', route({}), 'foreign', 'wan_01'],
  ['by a routing daemon', route({ protocol: '186' }), 'foreign', 'wan_01'],
  ['with our number in a table that is not ours', route({ protocol: '77', table: '100' }), 'foreign', 'wan_01'],
  ['as an ip of old names protocols', route({ protocol: 'static' }), 'netifd', 'wan_01'],
];
for (const [title, more, owner, name] of ownerRows) {
  test(`a route ${title} is ${owner}`, () => {
    const router = aDialedRouter(EVERYTHING);
    beside(router, { routes: [more] });
    const found = replyOf(router).routes.find(({ destination }) => destination === '10.50.0.0/16');
    assert.equal([found?.owner, found?.interface], [owner, name]);
  });
}

test('rules of network’s sections and tables are netifd’s, ours that nothing asks for are left over, others’ foreign', () => {
  const router = aDialedRouter(EVERYTHING);
  const more = ["\nconfig rule\n\toption lookup '100'\n", "\nconfig rule6\n\toption priority '600'\n", "\nconfig interface 'x'\n\toption ip4table '9'\n"].join(
    '',
  );
  router.config('network', (router.files.read('/etc/config/network') ?? '') + more);
  const rules = [
    { priority: 1, src: 'all', table: '100' },
    { priority: 2, src: 'all', dst: '10.0.0.0', dstlen: 8, table: '100' },
    { priority: 10_000, src: '10.1.1.1', table: '9' },
    { priority: 90_011, src: 'all', iif: 'lo', table: '9' },
    { priority: 4150, src: 'all', fwmark: '0x96000000', fwmask: '0xff000000', table: '77150', protocol: '77' },
    { priority: 102, src: 'all', action: '7' },
  ];
  beside(router, { rules }, [
    { priority: 600, src: 'all', table: '5' },
    { priority: 10_000, src: 'fe80::1', table: '9' },
  ]);
  const found = replyOf(router).rules;
  const owner = (family: string, preference: number) => found.find((rule) => rule.family === family && rule.preference === preference)?.owner;
  assert.equal(
    [1, 2, 10_000, 90_011, 4150, 102].map((preference) => owner('ipv4', preference)),
    ['netifd', 'foreign', 'netifd', 'netifd', 'ours', 'foreign'],
  );
  assert.equal([owner('ipv6', 600), owner('ipv6', 10_000)], ['netifd', 'foreign']);
  assert.match(said(found.find(({ preference }) => preference === 4150)), /^Nothing asks for it now/);
  assert.ok(renderRoutes(replyOf(router), describe).includes('foreign 102: from all unreachable\n'));
});

test('a full BGP table does not make the reply larger than ubus and a page can carry; ours and defaults are never what is left out', () => {
  const router = aDialedRouter(EVERYTHING);
  const small = replyOf(router);
  const many = Array.from({ length: 50_000 }, (_, at) =>
    route({ dst: `${20 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.0/24`, gateway: '192.0.2.254', dev: 'eth7', protocol: '186' }),
  );
  const nexthops = Array.from({ length: 9000 }, (_, at) => ({ id: 100 + at, gateway: '192.0.2.254', dev: 'eth7', protocol: '186', flags: [] }));
  beside(router, { routes: [...many, route({ dst: 'default', gateway: '192.0.2.254', dev: 'eth7', metric: 20, protocol: '186' })], nexthops });
  const { text, reply } = rpc(router, 'routes');
  const { routes, left, nexthops: hops } = reply as unknown as RoutesReply;
  assert.ok(text.length < 300_000, `${text.length} bytes`);
  assert.is(routes.length + left.routes, small.routes.length + many.length + 1);
  assert.is((hops?.length ?? 0) + left.nexthops, (small.nexthops?.length ?? 0) + nexthops.length);
  assert.equal(
    routes.filter(({ owner }) => owner === 'ours'),
    small.routes.filter(({ owner }) => owner === 'ours'),
  );
  assert.ok(routes.some(({ owner, destination, metric }) => owner === 'foreign' && destination === 'default' && metric === 20));
  assert.ok(left.routes > 40_000);
  assert.match(multidial(router, 'routes').output, new RegExp(`^${left.routes} more routes of others are not shown\\.$`, 'm'));
});

test('parts are by family and table, main first and ours before others’, and the text has a line for each', () => {
  const router = aDialedRouter(EVERYTHING);
  beside(router, { routes: [route({ table: '100' })] });
  const parts = toRoutesParts(replyOf(router));
  assert.equal(
    parts.filter(({ family, kind }) => family === 'ipv4' && kind === 'routes').map(({ table }) => table),
    [254, 77_001, 77_002, 77_192, 77_193, 77_254, 77_255, 100],
  );
  assert.equal([...new Set(parts.map(({ kind }) => kind))], ['routes', 'rules', 'nexthops']);
  const text = multidial(router, 'routes').output;
  assert.match(
    text,
    /^IPv4 routes, table main:\n {2}ours {4}default nhid 77104001 nexthop dev pppoe-wan_01 weight 1 nexthop .* metric 7 proto 77 {2}# The IPv4/m,
  );
  assert.match(text, /^ {2}ours {4}4000: not fwmark 0\/0xff000000 lookup main suppress_prefixlength 0 {2}# /m);
  assert.match(text, /^ {2}foreign 10\.50\.0\.0\/16 dev pppoe-wan_01 {2}# interface wan_01$/m);
  assert.equal(JSON.parse(multidial(router, 'routes', '--json').output), replyOf(router));
});

test('what can’t be asked is told, and the rest is shown', () => {
  const silent = aDialedRouter(EVERYTHING);
  silent.broken.set('ubus -t', { exit: 7, stderr: 'Request timed out\n' });
  const found = replyOf(silent);
  assert.equal([found.problems.map(({ code }) => code), found.routes.some(({ owner }) => owner === 'ours')], [['command_failed'], true]);
  const blind = aDialedRouter(EVERYTHING);
  blind.broken.set('ip -force', { exit: 1, stderr: 'ip: invalid option\u001b[2J\n' });
  const { exit, output } = multidial(blind, 'routes');
  assert.equal([exit, output], [1, '\nerror: ip route failed with exit code 1: ip: invalid option?[2J\n'.trimStart()]);
  const old = aDialedRouter(EVERYTHING);
  old.kernel.knowsNexthops = false;
  assert.is(replyOf(old).nexthops, null);
});

test('a configuration that can’t be read leaves the purposes that the last good one gave', () => {
  const router = aDialedRouter(EVERYTHING);
  router.config('multidial', "config line 'wan\n");
  const { routes, problems } = replyOf(router);
  assert.match(said(routes.find(({ table }) => table === 77_192)), /for pins: tv/);
  assert.equal(
    problems.map(({ code }) => code),
    ['config_unreadable'],
  );
});

for (const [code, sentence] of Object.entries(purposes)) {
  test(`${code} is a sentence`, () => {
    assert.match(sentence, /^[A-Z].*\.$/);
    assert.not.match(sentence, /[^ -~’]| {2}|'t\b|'s\b/);
  });
}

test.run();

// Random routers and configurations from a seed, and the state of a router as something to compare.
import { parseUci, renderUci } from './uci.ts';
import { Router } from './router.ts';
import type { Route } from './kernel.ts';
import type { Rule } from './rules.ts';

export type Random = { below: (limit: number) => number; chance: (percent: number) => boolean; pick: <T>(items: readonly T[]) => T };

/** mulberry32: small, and the same everywhere. */
export function numbers(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return { below, chance: (percent) => below(100) < percent, pick: (items) => items[below(items.length)] as never };
}

const option = (name: string, value: string): string => `\toption ${name} '${value.replaceAll("'", "'\\''")}'\n`;
const maybe = (random: Random, percent: number, text: () => string): string => (random.chance(percent) ? text() : '');

const PREFIXES = ['0.0.0.0/0', '::/0', '10.0.0.0/8', '198.51.100.7/32', '203.0.113.9/24', '2001:DB8:0:0::/32', '2001:db8::1/128', 'fd00::1/8'];

function randomLine(random: Random, name: string): string {
  return [
    `config line '${name}'\n`,
    option('device', random.pick(['wan', 'wan', 'wan', 'wan', 'wan', 'eth0.2', 'gone'])),
    maybe(random, 95, () => option('sessions', random.pick(['1', '2', '2', '2', '3', '3', '3', '5', '5', random.pick(['0', '65'])]))),
    maybe(random, 90, () => option('username', random.pick(['user@isp', "o'neil", 'a b', 'ä"#$(x)\\']))),
    maybe(random, 25, () => option('adopt', random.pick(['adsl', 'adsl', 'usb', 'nope']))),
    maybe(random, 97, () => option('password', random.pick(['secret', "p'w", ' ']))),
    maybe(random, 20, () => option('mtu', random.pick(['1480', '1500', '']))),
    maybe(random, 20, () => option('keepalive', '5 1')),
    maybe(random, 30, () => option('weight', random.pick(['1', '3', '255']))),
    maybe(random, 60, () => option('ipv6', random.pick(['off', 'nat', 'native']))),
    maybe(random, 10, () => option('disabled', '1')),
  ].join('');
}

function randomLink(random: Random, name: string): string {
  return [
    `config link '${name}'\n`,
    maybe(random, 40, () => option('interface', random.pick(['usb', 'tun', 'lan', 'nope', 'wan_01']))),
    maybe(random, 60, () => option('weight', random.pick(['2', '2', '9', '9', '0']))),
    maybe(random, 25, () => option('username', random.pick(['other@isp', 'x\ty']))),
    maybe(random, 20, () => option('password', 'otherwise')),
    maybe(random, 30, () => option('ipv6', random.pick(['nat', 'off', 'native']))),
    maybe(random, 20, () => option('disabled', '1')),
  ].join('');
}

function randomGroup(random: Random, name: string): string {
  const items = (kind: string, from: readonly string[], most: number): string =>
    Array.from({ length: random.below(most + 1) }, () => `\tlist ${kind} '${random.pick(from)}'\n`).join('');
  return `config group '${name}'\n${items('link', ['wan', 'b', 'wan_01', 'wan_02', 'm', 't', 'ghost'], 3)}${items('dest', PREFIXES, 4)}${[
    maybe(random, 30, () => option('hash', random.pick(['l3', 'l4']))),
    maybe(random, 35, () => option('mode', random.pick(['packet', 'packet', 'flow']))),
    maybe(random, 30, () => option('spread', random.pick(['random', 'nth']))),
    maybe(random, 40, () => option('sticky', random.pick(['client', 'client', 'site', 'site', 'off', 'never']))),
    maybe(random, 30, () => option('last_resort', random.pick(['unreachable', 'unreachable', 'system']))),
  ].join('')}`;
}

/** A pin with any matches to any target, also to some that are not there. */
function randomPin(random: Random, name: string): string {
  const items = (kind: string, percent: number, from: readonly string[]): string =>
    maybe(random, percent, () => Array.from({ length: 1 + random.below(2) }, () => `\tlist ${kind} '${random.pick(from)}'\n`).join(''));
  return [
    `config pin '${name}'\n`,
    option('use', random.pick(['wan_01', 'wan_02', 'b_01', 'm', 't', 'g', 'g', 'h', 'default', 'none', 'none', 'ghost'])),
    maybe(random, 35, () => option('strict', '1')),
    items('src', 30, ['192.168.1.7', '192.168.1.0/24', 'fd00::7', '2001:DB8:0::/48']),
    items('dest', 30, [...PREFIXES.slice(2), ...PREFIXES.slice(2), '203.0.113.5', '2001:db8::9', '300.1.1.1']),
    items('proto', 25, [...Array<string>(5).fill('tcp'), 'udp', 'udp', 'icmp', '47', '256']),
    items('src_port', 15, ['5060', '1-1024']),
    items('dest_port', 30, ['443', '443', '80', '80', '1-1024', '8000-8099', '8000-8099', '0']),
    items('in', 25, ['lan', 'usb', 'ghost']),
    items('name', 20, ['example.org', 'example.net', 'Cdn.example.org', 'a b']),
    items('mac', 20, ['02:00:00:00:00:01', '0A:00:00:00:00:02']),
    maybe(random, 10, () => option('disabled', '1')),
  ].join('');
}

/** The text of /etc/config/multidial; about one in three has something wrong in it. */
export function randomConfig(random: Random): string {
  const sections = [
    maybe(
      random,
      60,
      () => `config globals${random.pick(['', " 'globals'"])}\n${maybe(random, 30, () => option('enabled', random.pick(['0', '1', '1', 'x'])))}`,
    ),
    maybe(random, 90, () => randomLine(random, 'wan')),
    maybe(random, 40, () => randomLine(random, 'b')),
    maybe(random, 30, () => randomLink(random, 'wan_02')),
    maybe(random, 30, () => randomLink(random, 'm')),
    maybe(random, 35, () => randomGroup(random, 'g')),
    maybe(random, 20, () => randomGroup(random, 'h')),
    maybe(random, 20, () => randomLink(random, 't')),
    maybe(random, 35, () => randomPin(random, 'p')),
    maybe(random, 25, () => randomPin(random, 'q')),
    maybe(random, 15, () => randomPin(random, 'r')),
    maybe(random, 3, () => "config line 'open\n"),
  ];
  return sections.filter(Boolean).join('\n');
}

const lan = (random: Random): string =>
  `config interface 'lan'\n\toption device 'br-lan'\n\toption proto 'static'\n${maybe(random, 10, () => option('gateway', ''))}`;
const usb = `\nconfig interface 'usb'\n\toption device 'usb0'\n\toption proto 'static'\n\toption metric '50'\n\toption gateway '192.0.2.1'\n`;
const adsl = (random: Random): string =>
  [
    `\nconfig interface 'adsl'\n\toption device 'eth0'\n\toption proto 'pppoe'\n`,
    option('username', 'lent@isp'),
    maybe(random, 80, () => option('password', 'lent')),
    maybe(random, 40, () => option('metric', random.pick(['5', '20', '7001']))),
    maybe(random, 50, () => option('ipv6', random.pick(['0', '1', 'auto']))),
    maybe(random, 20, () => option('delegate', '0')),
  ].join('');
const tun = `\nconfig interface 'tun'\n\toption proto 'wireguard'\n\toption metric '60'\n`;
const clash = `\nconfig interface 'b_01'\n\toption proto 'none'\n`;

function zone(random: Random): string {
  const networks = random.pick(['', "\tlist network 'wan'\n\tlist network 'wan6'\n", "\toption network 'wan wan6'\n"]);
  return `config zone\n\toption name 'lan'\n\nconfig zone${random.pick(['', " 'w'"])}\n\toption name 'wan'\n${networks}\toption masq '1'\n\nconfig rule\n\toption name 'x'\n`;
}

const dhcp = (random: Random): string =>
  `config dnsmasq\n\nconfig dhcp 'lan'\n\toption interface 'lan'\n${maybe(random, 80, () => option('ra', random.pick(['server', 'relay', 'hybrid'])))}${maybe(random, 30, () => option('ra_default', random.pick(['0', '1', '2'])))}`;

/** A route of somebody else's. */
const foreign = (fields: Partial<Route>): Route => ({
  family: 'ipv4',
  destination: 'default',
  source: undefined,
  table: 254,
  metric: 0,
  protocol: 3,
  group: undefined,
  legs: [{ device: 'usb0', gateway: '192.0.2.9', weight: 1 }],
  ...fields,
});

/** Rules of somebody else's, also among our preferences; one without a protocol tells nobody whose it is. */
function addForeignRules(router: Router, random: Random): void {
  const own = { protocol: router.kernel.rules.keepsProtocol ? 3 : 0 };
  const rules: Rule[] = [
    { preference: 100, from: '192.168.7.0/24', table: 100, protocol: 0 },
    { preference: 4000, table: 100, protocol: 0 },
    { preference: 4300, to: '192.0.2.53', table: 101, protocol: 0 },
    { preference: 4001, mark: 0x1000000, mask: 0xff000000, table: 102, ...own },
    { preference: 4650, mark: 0x1, mask: 0xff, table: 254, protocol: 0 },
    { preference: 4999, from: '192.168.8.1', table: 254, protocol: 0 },
    ...(router.kernel.rules.keepsProtocol ? [{ preference: 4701, mark: 0, mask: 0xff000000, not: true, table: 254, suppress: 0, protocol: 3 } as const] : []),
  ];
  for (const rule of rules) if (random.chance(25)) router.kernel.rules.add('ipv4', rule);
  if (random.chance(25)) router.kernel.rules.add('ipv6', { preference: 4400, from: '2001:db8:7::/48', table: 100, ...own });
}

export function randomRouter(random: Random): Router {
  const router = new Router();
  router.addPort('br-lan', '94:83:c4:a0:11:5c');
  router.addPort('wan', '94:83:c4:a0:11:5e');
  router.addPort('eth0', '94:83:c4:a0:11:5d');
  router.addPort('usb0', '02:00:00:00:00:01');
  router.kernel.knowsNexthops = random.chance(80);
  if (random.chance(10)) router.files.remove('/usr/sbin/nft');
  for (const path of router.settings.keys()) router.settings.set(path, random.pick(['0', '0', '1']));
  if (random.chance(10)) router.settings.delete('/proc/sys/net/ipv6/fib_multipath_hash_policy');
  router.config(
    'network',
    `${lan(random)}${maybe(random, 60, () => usb)}${maybe(random, 50, () => adsl(random))}${maybe(random, 30, () => tun)}${maybe(random, 10, () => clash)}`,
  );
  router.config('firewall', random.chance(90) ? zone(random) : 'config zone\n\toption name lan\n');
  if (random.chance(90)) router.config('dhcp', dhcp(random));
  router.config('multidial', randomConfig(random));
  router.kernel.rules.keepsProtocol = random.chance(85);
  const [resolvers, more] = [random.pick([[], ['198.51.100.53'], ['198.51.100.53', '2001:db8::53']]), random.chance(30)];
  router.netifd.resolversOf = (name) => [...resolvers, ...(more ? [`198.51.100.${name.length}${name.at(-1)?.replace(/\D/, '0') ?? ''}`] : [])];
  router.netifd.answers = (name) => !name.endsWith('_03');
  router.netifd.reload();
  if (router.netifd.interfaces.has('adsl')) router.netifd.up('adsl');
  if (router.netifd.interfaces.has('usb') && random.chance(80)) router.netifd.up('usb');
  if (router.netifd.interfaces.has('tun') && random.chance(80)) router.netifd.up('tun');
  addForeignRules(router, random);
  if (router.kernel.knowsNexthops) router.kernel.setNexthop(12, { family: 'ipv4', device: 'usb0', gateway: undefined, protocol: 3 }, false);
  if (random.chance(20)) router.kernel.setRoute(foreign({ metric: random.pick([0, 5, 7, 9]) }), false);
  if (random.chance(20)) router.kernel.setRoute(foreign({ table: 100 }), false);
  if (random.chance(20)) router.kernel.setRoute(foreign({ destination: '10.0.0.0/8', metric: random.pick([0, 7]) }), false);
  router.nft.tables.set('fw4', 'x\n');
  return router;
}

/** Links come and go, as they do. */
export function shake(router: Router, random: Random): void {
  for (const [name, { up, options }] of [...router.netifd.interfaces]) {
    if (options.get('proto') !== 'pppoe' || random.chance(50)) continue;
    if (up) router.netifd.down(name, 'HANGUP');
    else router.netifd.up(name);
  }
}

const TAGGED = (options: ReadonlyMap<string, unknown>): boolean => options.has('multidial');

/** Options of others that we may set and give back. */
const mayBeOurs = (pack: string, section: string | undefined, option: string): boolean =>
  (pack === 'firewall' && option === 'network') ||
  option === 'ra_default' ||
  (section === 'adsl' && ['metric', 'ipv6', 'sourcefilter', 'delegate'].includes(option));

/** By protocol; of a kernel that keeps none, by a table of ours or main with a range. */
const isOurRule = ({ protocol, table, suppress }: Rule): boolean =>
  protocol === 77 || (protocol === 0 && ((table > 77_000 && table <= 77_255) || (table === 254 && suppress !== undefined)));

/** What is not ours: uci sections without our names and notes, routes, rules and nexthops of other protocols, tables. */
export function foreignOf(router: Router): { uci: unknown; routes: unknown; rules: unknown; nexthops: unknown; tables: unknown } {
  const sectionsOf = (pack: string) =>
    parseUci(router.files.read(`/etc/config/${pack}`) ?? '')
      .filter((section) => section.type !== 'multidial' && !TAGGED(section.options))
      .map(({ type, id, options }) => [type, id, [...options].filter(([name]) => !mayBeOurs(pack, id, name))]);
  const isOfLinks = (device: string | undefined): boolean => device?.startsWith('pppoe-') === true;
  return {
    uci: ['network', 'firewall', 'dhcp'].map(sectionsOf),
    routes: router.kernel.routes.filter((route) => route.protocol !== 77 && !isOfLinks(route.legs[0]?.device)),
    rules: [router.kernel.rules.ipv4, router.kernel.rules.ipv6].map((rules) => rules.filter((rule) => !isOurRule(rule))),
    nexthops: [...router.kernel.nexthops].filter(([, nexthop]) => nexthop.protocol !== 77),
    tables: [...router.nft.tables].filter(([name]) => name !== 'multidial'),
  };
}

/** Names in the firewall's zones that look like links of ours, but are no interfaces. */
export function strayNames(router: Router): string[] {
  const sectionsOf = (pack: string) => parseUci(router.files.read(`/etc/config/${pack}`) ?? '');
  const interfaces = sectionsOf('network').map((section) => section.id);
  const named = sectionsOf('firewall').flatMap(({ options }) => [options.get('network') ?? []].flat().join(' ').split(' '));
  return named.filter((name) => /_\d\d$/.test(name) && !interfaces.includes(name));
}

const byText = (items: readonly unknown[]): string[] => items.map((item) => JSON.stringify(item)).toSorted();

/** A table as nft reads it: the order of its sets and chains says nothing, and depends on what was there before. */
const partsOf = ([name, text]: [string, string]): unknown => [name, text.split(/^(?=\t\w)/m).toSorted()];

/** Everything that lasts: uci as libuci reads it, our files, rules, routes and nexthops without their order, settings, ruleset. */
export function stateOf(router: Router): unknown {
  const uci = ['network', 'firewall', 'dhcp'].map((pack) => renderUci(parseUci(router.files.read(`/etc/config/${pack}`) ?? '')));
  return {
    uci,
    files: [...router.files.all()].filter(([path]) => path.startsWith('/etc/') && !/^\/etc\/config\/(network|firewall|dhcp|multidial)$/.test(path)),
    routes: byText(router.kernel.routes),
    rules: [router.kernel.rules.ipv4, router.kernel.rules.ipv6].map(byText),
    nexthops: byText([...router.kernel.nexthops]),
    settings: [...router.settings],
    tables: byText([...router.nft.tables].map(partsOf)),
  };
}

/** Another router in the same state, for one and the same moment lived through differently. */
export function copyOf(router: Router): Router {
  const copy = new Router();
  for (const [path, text] of router.files.all()) {
    copy.files.makeDirectory(path.slice(0, path.lastIndexOf('/')), 0o755);
    copy.files.write(path, text, router.files.modeOf(path) ?? 0o644);
  }
  if (!router.files.read('/usr/sbin/nft')) if (!router.files.stat('/usr/sbin/nft')) copy.files.remove('/usr/sbin/nft');
  copy.files.sync();
  copy.kernel.devices = structuredClone(router.kernel.devices);
  copy.kernel.nexthops = structuredClone(router.kernel.nexthops);
  copy.kernel.routes = structuredClone(router.kernel.routes);
  copy.kernel.rules.ipv4 = structuredClone(router.kernel.rules.ipv4);
  copy.kernel.rules.ipv6 = structuredClone(router.kernel.rules.ipv6);
  copy.kernel.rules.keepsProtocol = router.kernel.rules.keepsProtocol;
  copy.kernel.knowsNexthops = router.kernel.knowsNexthops;
  copy.nft.tables = new Map(router.nft.tables);
  copy.settings = new Map(router.settings);
  copy.netifd.interfaces = structuredClone(router.netifd.interfaces);
  copy.netifd.stopped = new Set(router.netifd.stopped);
  copy.netifd.answers = router.netifd.answers;
  copy.netifd.resolversOf = router.netifd.resolversOf;
  copy.reloads = [...router.reloads];
  return copy;
}

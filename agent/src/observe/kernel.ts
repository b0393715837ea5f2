// Routes, nexthops and rules of both families, from one `ip -N -j -batch -` and one with -6, which rules need.
import type { Family } from '../contract/index.ts';
import { markByte } from '../owned.ts';

export type Leg = { device: string; gateway: string | undefined; weight: number };

/** One unicast route. `destination` is a prefix or `default`; `source` only on source-specific IPv6 routes. */
export type Route = {
  family: Family;
  destination: string;
  source: string | undefined;
  table: number;
  metric: number;
  protocol: number;
  nexthopId: number | undefined;
  legs: Leg[];
};

/** One nexthop object; a group has `members`, anything else a device. */
export type Nexthop = {
  id: number;
  protocol: number;
  device: string | undefined;
  gateway: string | undefined;
  members: { id: number; weight: number }[] | undefined;
};

/** One policy rule, as far as ours have anything. `mark` is the byte that is ours. */
export type Rule = {
  family: Family;
  preference: number;
  not?: boolean;
  from?: string;
  to?: string;
  mark?: number;
  table: number;
  suppress?: number;
  protocol: number;
};

/** `nexthops` is undefined where ip or the kernel knows no nexthop objects. `unreachable` are routes that refuse. */
export type Kernel = { routes: Route[]; unreachable: Route[]; rules: Rule[]; nexthops: Nexthop[] | undefined };

/** Input for `ip -N -j -batch -`. Nexthops come last: where there are none, only that line stays without an answer. */
export const KERNEL_QUERY = 'route show table all type unicast\nroute show table all type unreachable\nrule show\nnexthop show\n';
/** Input for `ip -6 -N -j -batch -`: rules of IPv6, which a line alone can't ask for. */
export const RULES6_QUERY = 'rule show\n';

const MAIN_TABLE = 254;
/** A table that an ip without -N calls by its name: main is never named, so it is another one. */
const NAMED_TABLE = 0;
/** Protocols as an ip without -N calls them. */
const PROTOCOLS = new Map<unknown, number>([
  ['kernel', 2],
  ['boot', 3],
  ['static', 4],
  ['ra', 9],
]);

type Json = { [key: string]: unknown };
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: unknown, otherwise: number): number => {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : NaN;
  return Number.isInteger(number) ? number : otherwise;
};

function gatewayOf(entry: Json): string | undefined {
  const via = entry['via'];
  return textOf(entry['gateway']) ?? (isObject(via) ? textOf(via['host']) : undefined);
}

const toLeg = (entry: Json): Leg => ({ device: textOf(entry['dev']) ?? '', gateway: gatewayOf(entry), weight: numberOf(entry['weight'], 1) });

function toRoute(entry: Json): Route | undefined {
  const destination = textOf(entry['dst']) ?? '';
  if (!/^(?:default|[0-9a-f.:]+(?:\/\d+)?)$/.test(destination)) return undefined; // it may become a word of an ip line
  const legs = objects(entry['nexthops']);
  // Both families say "default"; only IPv6 routes carry a preference.
  const family: Family = 'pref' in entry || destination.includes(':') ? 'ipv6' : 'ipv4';
  return {
    family,
    destination,
    source: textOf(entry['from']),
    table: entry['table'] === undefined ? MAIN_TABLE : numberOf(entry['table'], NAMED_TABLE),
    metric: numberOf(entry['metric'], 0),
    protocol: numberOf(entry['protocol'], PROTOCOLS.get(entry['protocol']) ?? 0),
    nexthopId: entry['nhid'] === undefined ? undefined : numberOf(entry['nhid'], 0),
    legs: legs.length ? legs.map(toLeg) : [toLeg(entry)],
  };
}

function toNexthop(entry: Json): Nexthop {
  return {
    id: numberOf(entry['id'], 0),
    protocol: numberOf(entry['protocol'], 0),
    device: textOf(entry['dev']),
    gateway: gatewayOf(entry),
    members: Array.isArray(entry['group'])
      ? objects(entry['group']).map((member) => ({ id: numberOf(member['id'], 0), weight: numberOf(member['weight'], 1) }))
      : undefined,
  };
}

const LEG = /(,"gateway":"[^"]*")?dev (\S+) weight (\d+) ,"flags":\[[^\]]*\]/g;
const LEGS = new RegExp(`(${LEG.source})+`, 'g');

/** The legs of a multipath route as JSON: iproute2 before 5.4 prints them as words in the middle of it. */
const mend = (line: string): string => line.replace(LEGS, (legs) => `,"nexthops":[${legs.replace(LEG, ',{"flags":[]$1,"dev":"$2","weight":$3}').slice(1)}]`);

const isText = (value: unknown): value is string => typeof value === 'string';
const prefixOf = (address: unknown, length: unknown): string | undefined =>
  isText(address) && address !== 'all' ? `${address}${typeof length === 'number' ? `/${length}` : ''}` : undefined;

/** Undefined for a rule with a selector that none of ours has: it is somebody else's. */
function toRule(entry: Json, family: Family): Rule | undefined {
  const known = ['priority', 'not', 'src', 'srclen', 'dst', 'dstlen', 'fwmark', 'fwmask', 'table', 'suppress_prefixlen', 'protocol'];
  if (Object.keys(entry).some((key) => !known.includes(key))) return undefined;
  const hasMark = 'fwmark' in entry;
  const mark = hasMark ? markByte(numberOf(entry['fwmark'], -1), numberOf(entry['fwmask'], 0xffffffff)) : undefined;
  if (hasMark && mark === undefined) return undefined;
  const from = prefixOf(entry['src'], entry['srclen']);
  const to = prefixOf(entry['dst'], entry['dstlen']);
  return {
    family,
    preference: numberOf(entry['priority'], 0),
    ...('not' in entry ? { not: true } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(mark === undefined ? {} : { mark }),
    table: numberOf(entry['table'], entry['table'] === 'main' ? MAIN_TABLE : NAMED_TABLE),
    ...('suppress_prefixlen' in entry ? { suppress: numberOf(entry['suppress_prefixlen'], 0) } : {}),
    protocol: numberOf(entry['protocol'], 0),
  };
}

/** Parses the answers, rules of IPv4 alone: one JSON array a query line. Returns undefined when one is not, or too few came. */
export function parseKernel(text: string): Kernel | undefined {
  const answers = arraysOf(text);
  if (!answers) return undefined;
  const [routes, unreachable, rules, nexthops] = answers;
  if (!routes || !unreachable || !rules) return undefined;
  return {
    routes: routes.flatMap((entry) => toRoute(entry) ?? []),
    unreachable: unreachable.flatMap((entry) => toRoute(entry) ?? []),
    rules: rules.flatMap((entry) => toRule(entry, 'ipv4') ?? []),
    nexthops: nexthops?.map(toNexthop),
  };
}

/** Parses the answer to the query for IPv6 rules. */
export function parseRules6(text: string): Rule[] | undefined {
  const [rules] = arraysOf(text) ?? [];
  return rules?.flatMap((entry) => toRule(entry, 'ipv6') ?? []);
}

function arraysOf(text: string): Json[][] | undefined {
  const answers: Json[][] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    try {
      const answer: unknown = JSON.parse(mend(line));
      if (!Array.isArray(answer)) return undefined;
      answers.push(objects(answer));
    } catch {
      return undefined; // busybox ip, or an answer cut in half
    }
  }
  return answers;
}

/** The prefix as ip prints it: both families write `default` for the whole, and a single address without its length. */
export const destinationOf = (prefix: string): string =>
  prefix === '0.0.0.0/0' || prefix === '::/0' ? 'default' : prefix.replace(prefix.includes(':') ? /\/128$/ : /\/32$/, '');
export const MAIN = MAIN_TABLE;

// Routes and nexthops of both families, from one `ip -N -j -batch -`.
import type { Family } from '../contract/index.ts';

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

/** `nexthops` is undefined where ip or the kernel knows no nexthop objects. */
export type Kernel = { routes: Route[]; nexthops: Nexthop[] | undefined };

/** Input for `ip -N -j -batch -`. The table of routes comes first: without nexthop support only that is answered. */
export const KERNEL_QUERY = 'route show table all type unicast\nnexthop show\n';

const MAIN_TABLE = 254;
/** A table that an ip without -N calls by its name: main is never named, so it is another one. */
const NAMED_TABLE = 0;

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
    protocol: numberOf(entry['protocol'], 0),
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

/** Parses the answer: one JSON array a query line. Returns undefined when the first is not one. */
export function parseKernel(text: string): Kernel | undefined {
  const answers: unknown[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    try {
      answers.push(JSON.parse(mend(line)));
    } catch {
      return undefined; // busybox ip, or an answer cut in half
    }
  }
  const [routes, nexthops] = answers;
  if (!Array.isArray(routes)) return undefined;
  return {
    routes: objects(routes).flatMap((entry) => toRoute(entry) ?? []),
    nexthops: Array.isArray(nexthops) ? objects(nexthops).map(toNexthop) : undefined,
  };
}

/** The prefix as ip prints it: both families write `default` for the whole, and a single address without its length. */
export const destinationOf = (prefix: string): string =>
  prefix === '0.0.0.0/0' || prefix === '::/0' ? 'default' : prefix.replace(prefix.includes(':') ? /\/128$/ : /\/32$/, '');
export const MAIN = MAIN_TABLE;

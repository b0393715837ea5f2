// What the kernel has of routes, rules and nexthops, whose each is, and what ours are for: reply of `multidial routes`.
import { fill } from './fill.ts';
import type { Problem } from './problem.ts';
import type { Family } from './status.ts';

/** `kernel`: what it has by itself, as its three rules and the prefixes of devices that are no interface of netifd's. */
export type Owner = 'ours' | 'netifd' | 'kernel' | 'foreign';

export type PurposeCode =
  | 'shared_default'
  | 'shared_prefix'
  | 'last_resort'
  | 'table_link'
  | 'table_group'
  | 'table_strict'
  | 'table_strict_end'
  | 'table_never'
  | 'fallback'
  | 'rule_main'
  | 'rule_link'
  | 'rule_group'
  | 'rule_strict'
  | 'rule_never'
  | 'rule_source'
  | 'rule_resolver'
  | 'rule_prefix'
  | 'nexthop_link'
  | 'nexthop_group'
  | 'leftover';

/** What something is there for: as code and details, for who translates it, and as `text` in English, with the details filled in. */
export type Purpose = { code: PurposeCode; details: Record<string, string | string[]>; text: string };

/** `interface`: netifd's, of the device. */
export type Owned = { owner: Owner; interface?: string | undefined; purpose?: Purpose | undefined };

/** `weight` where there are several. */
export type Hop = { device: string; gateway?: string | undefined; weight?: number | undefined };

/** `destination` is a prefix or `default`. `refuses`: it answers “unreachable” and leads nowhere. */
export type RouteEntry = Owned & {
  family: Family;
  destination: string;
  source?: string | undefined;
  table: number;
  metric: number;
  /** 2 is the kernel, 4 netifd, 77 multidial; 0 was not told, as with a route that a person added. */
  protocol: number;
  nexthop?: number | undefined;
  refuses?: true | undefined;
  hops: Hop[];
};

/** `selectors` are words as ip has them; none: it matches everything. `suppress`: shorter prefixes of the table do not count. */
export type RuleEntry = Owned & {
  family: Family;
  preference: number;
  selectors: string[];
  table?: number | undefined;
  goto?: number | undefined;
  suppress?: number | undefined;
  refuses?: true | undefined;
};

export type NexthopEntry = Owned & {
  id: number;
  device?: string | undefined;
  gateway?: string | undefined;
  members?: { id: number; weight: number }[] | undefined;
};

/**
 * Reply of `routes`. Each list has ours first, then netifd's, the kernel's, others' defaults and the rest of others'; what
 * would make the reply too large, as a full BGP table does, is only counted in `left`. `nexthops` is null where there are none.
 */
export type RoutesReply = {
  routes: RouteEntry[];
  rules: RuleEntry[];
  nexthops: NexthopEntry[] | null;
  left: { routes: number; rules: number; nexthops: number };
  problems: Problem[];
};

/** One English sentence each. */
export const purposes: Record<PurposeCode, string> = {
  shared_default: 'The {family} default of group {group}: its links share new connections.',
  shared_prefix: 'Group {group} shares what goes there.',
  last_resort: 'Refuses what group {group} has while none of its links lives (option last_resort).',
  table_link: 'The way by link {link}: for its connections, its addresses and its resolvers.',
  table_group: 'The way by group {group}, for pins: {pins}.',
  table_strict: 'The way by {use}, for strict pins: {pins}.',
  table_strict_end: 'Refuses what strict pins send by {use} while that has no link: {pins}.',
  table_never: 'The best default of others: for pins that are never balanced: {pins}.',
  fallback: 'The own default of link {link}: for when nothing is balanced.',
  rule_main: 'Longer prefixes of table main come first; its defaults do not count here.',
  rule_link: 'What has the mark of link {link} takes its table.',
  rule_group: 'What has the mark of group {group} takes its table, for pins: {pins}.',
  rule_strict: 'What strict pins give to {use} takes a table of its own: {pins}.',
  rule_never: 'What is never balanced takes a table of its own: {pins}.',
  rule_source: 'What comes from an address of link {link} leaves by it.',
  rule_resolver: 'A resolver that only some links have named is asked by link {link}.',
  rule_prefix: 'A prefix of a group: shared by the routes of that table.',
  nexthop_link: 'Link {link} in {family}.',
  nexthop_group: 'The links of group {group} in {family}.',
  leftover: 'Nothing asks for it now: the next run takes it away.',
};

/** A purpose with its sentence. */
export const toPurpose = (code: PurposeCode, details: Purpose['details'] = {}): Purpose => ({ code, details, text: fill(purposes[code], details) });

/** The kernel's own tables by their names. */
const TABLES: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', 255: 'local' };
export const tableName = (table: number): string => TABLES[table] ?? String(table);

/** Pairs of a word and its value, without those that have none. */
const pairs = (words: Record<string, string | number | undefined>): string[] =>
  Object.entries(words).flatMap(([word, value]) => (value === undefined || value === '' ? [] : [`${word} ${value}`]));

const viaOf = ({ device, gateway, weight }: Hop): string => pairs({ via: gateway, dev: device, weight }).join(' ');

/** A route in the words of ip, without its table. */
export function routeWords({ destination, source, metric, protocol, nexthop, refuses, hops }: RouteEntry): string {
  const via = hops.map(viaOf).filter(Boolean);
  return [
    ...(refuses ? ['unreachable'] : []),
    destination,
    ...pairs({ from: source, nhid: nexthop }),
    ...(via.length > 1 ? via.map((hop) => `nexthop ${hop}`) : via),
    ...pairs({ metric: metric || undefined, proto: protocol || undefined }),
  ].join(' ');
}

/** A rule in the words of ip. */
export function ruleWords({ preference, selectors, table, goto, suppress, refuses }: RuleEntry): string {
  const target = table !== undefined ? `lookup ${tableName(table)}` : goto !== undefined ? `goto ${goto}` : refuses ? 'unreachable' : 'nop';
  return [`${preference}:`, ...(selectors.length > 0 ? selectors : ['from all']), target, ...pairs({ suppress_prefixlength: suppress })].join(' ');
}

/** A nexthop in the words of ip. */
export function nexthopWords({ id, device = '', gateway, members }: NexthopEntry): string {
  const group = members?.map((member) => (member.weight === 1 ? `${member.id}` : `${member.id},${member.weight}`)).join('/');
  return `id ${id} ${group === undefined ? viaOf({ device, gateway }) || 'blackhole' : `group ${group}`}`;
}

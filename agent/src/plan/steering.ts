// Which mark, table and rule takes traffic to which link: pure bookkeeping between configuration, links and what lives.
import type { Config, Group, Pin } from '../config/parse.ts';
import { toAddress } from '../contract/index.ts';
import type { Family, Problem } from '../contract/index.ts';
import { MAIN } from '../observe/kernel.ts';
import type { Kernel, Rule } from '../observe/kernel.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import { FIRST_TARGET_MARK, LAST_RESORT_METRIC, LAST_TARGET_MARK, NEVER_MARK, PREFERENCE, PREFIX_TABLE, PROTOCOL, tableOf } from '../owned.ts';
import { groupsOf, membersIn } from './members.ts';
import type { Legs } from './legs.ts';
import type { Balance, Leg, Link } from './members.ts';
import { refusalAt } from './routes.ts';
import type { Refusal, Wish } from './routes.ts';
import { inFamily } from './rules.ts';
import type { RuleShape } from './rules.ts';

/** What a pin can ask for, with the mark that stands for it. A strict target without links refuses everything. */
export type Target =
  | { kind: 'link'; mark: number; link: Link }
  | { kind: 'group'; mark: number; group: Group; index: number }
  | { kind: 'strict'; mark: number; links: Link[]; group: { group: Group; index: number } | undefined }
  | { kind: 'never'; mark: number };

/** `isAvoided`: its link is dead or rests, so new traffic goes on as if no pin were there. */
export type PinnedTraffic = { pin: Pin; target: Target; isAvoided: boolean };

/** Everything that has a mark. */
export type Targets = { groups: { group: Group; index: number; mark: number }[]; pins: PinnedTraffic[]; problems: Problem[] };

export const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];
export const wholeOf = (family: Family): string => (family === 'ipv4' ? '0.0.0.0/0' : '::/0');

/** Gives groups and strict targets their marks, in the order of the configuration. */
export function chooseTargets(config: Config, links: readonly Link[], isAvoided: (link: string) => boolean = () => false): Targets {
  const problems: Problem[] = [];
  let next = FIRST_TARGET_MARK;
  const take = (section: string): number | undefined => {
    if (next <= LAST_TARGET_MARK) return next++;
    if (!problems.some(({ code }) => code === 'slots_exhausted'))
      problems.push({ code: 'slots_exhausted', severity: 'error', section, details: { max: LAST_TARGET_MARK - FIRST_TARGET_MARK + 1 } });
    return undefined;
  };
  // A group of connections to its own prefixes is a route and needs no mark.
  const isMarked = (group: Group): boolean => group.mode === 'packet' || group.sticky !== 'off' || config.pins.some((pin) => pin.use === group.name);
  const groups = (links.length ? groupsOf(config) : []).map((group, at) => {
    const mark = isMarked(group) ? take(`group.${group.name}`) : undefined;
    // Without a mark left its connections are shared like any other's.
    const plain: Group = { ...group, mode: 'flow', sticky: 'off' };
    return { group: mark === undefined ? plain : group, index: at + 1, mark: mark ?? 0 };
  });
  const strict = new Map<string, Target | undefined>();
  const targetOf = (pin: Pin): Target | undefined => {
    if (pin.use === 'none') return { kind: 'never', mark: NEVER_MARK };
    const link = links.find((other) => other.name === pin.use);
    const found = groups.find(({ group, mark }) => group.name === pin.use && mark > 0);
    if (!link && !found) {
      problems.push({
        code: 'pin_target_unknown',
        severity: pin.strict ? 'error' : 'warning',
        section: `pin.${pin.name}`,
        option: 'use',
        details: { name: pin.use },
      });
      if (!pin.strict) return undefined;
    }
    if (pin.strict) {
      if (!strict.has(pin.use)) {
        const mark = take(`pin.${pin.name}`);
        const members = link ? [link] : found ? membersIn(found.group, links, 'ipv4') : [];
        strict.set(pin.use, mark === undefined ? undefined : { kind: 'strict', mark, links: members, group: link ? undefined : found });
      }
      return strict.get(pin.use);
    }
    if (link) return { kind: 'link', mark: link.slot, link };
    return found && { kind: 'group', mark: found.mark, group: found.group, index: found.index };
  };
  const pins = (links.length ? config.pins : []).flatMap((pin): PinnedTraffic[] => {
    const target = targetOf(pin);
    return target ? [{ pin, target, isAvoided: target.kind === 'link' && isAvoided(target.link.name) }] : [];
  });
  return { groups, pins, problems };
}

export type Live = { interfaces: readonly NetifdInterface[]; kernel: Kernel; legs: Legs };

/** The table for "never balance": the best default that is not ours. */
function ownDefault(kernel: Kernel, family: Family): Wish[] {
  const defaults = kernel.routes.filter(
    (route) => route.family === family && route.table === MAIN && route.destination === 'default' && route.protocol !== PROTOCOL && route.source === undefined,
  );
  const [best] = defaults.toSorted((a, b) => a.metric - b.metric);
  const hop = best?.legs[0];
  if (!hop || hop.device === '') return [];
  return [
    {
      family,
      prefix: wholeOf(family),
      table: tableOf(NEVER_MARK),
      owner: 'pin',
      legs: [{ link: '', slot: 0, weight: 1, device: hop.device, gateway: hop.gateway }],
      by: 'plain',
    },
  ];
}

/** All tables: balanced prefixes, one for each link, and those of groups and strict targets that a pin asks for. */
export function planTables(
  links: readonly Link[],
  balances: readonly Balance[],
  targets: Targets,
  { kernel, legs }: Live,
): { wishes: Wish[]; refusals: Refusal[] } {
  const wishes: Wish[] = [];
  const refusals: Refusal[] = [];
  for (const { group, index, family, prefix, links: members } of balances) {
    const table = prefix === wholeOf(family) ? MAIN : PREFIX_TABLE;
    wishes.push({ family, prefix, table, owner: `group.${group.name}`, legs: legs.shared(members, family), by: { group: index } });
    if (group.isLastResort && members.length) refusals.push(refusalAt(family, table, prefix, LAST_RESORT_METRIC));
  }
  for (const family of FAMILIES) {
    const whole = (mark: number, owner: string, legs: Leg[], by: Wish['by']): void => {
      wishes.push({ family, prefix: wholeOf(family), table: tableOf(mark), owner, legs, by });
    };
    for (const leg of legs.up(links, family)) whole(leg.slot, `link.${leg.link}`, [leg], 'link');
    const seen = new Set<number>();
    for (const { pin, target } of targets.pins) {
      if (seen.has(target.mark)) continue;
      seen.add(target.mark);
      const owner = `pin.${pin.name}`;
      if (target.kind === 'never') wishes.push(...ownDefault(kernel, family));
      else if (target.kind === 'group') whole(target.mark, owner, legs.shared(membersIn(target.group, links, family), family), { group: target.index });
      else if (target.kind === 'strict') {
        const { group } = target;
        whole(
          target.mark,
          owner,
          group ? legs.shared(membersIn(group.group, links, family), family) : legs.alive(target.links, family),
          group ? { group: group.index } : 'link',
        );
        refusals.push(refusalAt(family, tableOf(target.mark)));
      }
    }
  }
  return { wishes, refusals };
}

const lengthOf = (prefix: string): number => Number(prefix.split('/')[1]);

/** Main's own prefixes, without its defaults, go before a table of ours wherever somebody's address decides. */
const behindMain = (rule: Omit<RuleShape, 'table'>, at: number, suppress: number): RuleShape => ({ ...rule, preference: at, table: MAIN, suppress });

/** Two rules each, in our range of preferences. */
export const MOST_PREFIXES = (PREFERENCE.last + 1 - PREFERENCE.prefixes) / 2;

/** Balanced prefixes that need rules. */
export const ruledPrefixes = (balances: readonly Balance[], family: Family): string[] =>
  balances.filter((balance) => balance.family === family && balance.prefix !== wholeOf(family) && balance.links.length > 0).map(({ prefix }) => prefix);

/** Rules for balanced prefixes, the longest first; each only behind what main has for longer ones. */
function prefixRules(balances: readonly Balance[]): Rule[] {
  return FAMILIES.flatMap((family) => {
    const sorted = ruledPrefixes(balances, family).toSorted((a, b) => lengthOf(b) - lengthOf(a) || (a < b ? -1 : 1));
    return sorted.slice(0, MOST_PREFIXES).flatMap((prefix, at): Rule[] => {
      const preference = PREFERENCE.prefixes + 2 * at;
      const to = prefix.replace(/\/(32|128)$/, (whole) => (whole === (family === 'ipv4' ? '/32' : '/128') ? '' : whole));
      return [
        inFamily(family, behindMain({ preference, to }, preference, lengthOf(prefix))),
        inFamily(family, { preference: preference + 1, to, table: PREFIX_TABLE }),
      ];
    });
  });
}

const familyOf = (address: string): Family => (address.includes(':') ? 'ipv6' : 'ipv4');

/** Interfaces over a link's device: its own, and the one that netifd makes for IPv6. */
const interfacesOf = (link: Link, interfaces: readonly NetifdInterface[]): NetifdInterface[] => {
  const device = interfaces.find((entry) => entry.name === link.interface && entry.up)?.l3Device;
  return device === undefined ? [] : interfaces.filter((entry) => entry.up && entry.l3Device === device);
};

/** Addresses of a link now, without link-local ones. */
export const addressesOf = (link: Link, interfaces: readonly NetifdInterface[]): string[] => [
  ...new Set(interfacesOf(link, interfaces).flatMap((entry) => [...entry.ipv4, ...entry.ipv6].flatMap(globalAddress))),
];

/** Addresses of whatever is up and no link. */
export function addressesOfOthers(links: readonly Link[], interfaces: readonly NetifdInterface[]): string[] {
  const ours = new Set(links.flatMap((link) => interfacesOf(link, interfaces)));
  return interfaces.filter((entry) => entry.up && !ours.has(entry)).flatMap((entry) => [...entry.ipv4, ...entry.ipv6].flatMap(globalAddress));
}

/** A peer has a say in it, and it becomes a word of an ip line. */
const globalAddress = (text: string): string[] => {
  const address = toAddress(text);
  return address === undefined || /^fe[89ab]/.test(address) ? [] : [address];
};

/** Rules of one kind for addresses: at `first` main's own prefixes, behind it each address's link. */
const addressRules = (first: number, side: 'from' | 'to', entries: readonly { address: string; slot: number }[]): Rule[] =>
  entries.flatMap(({ address, slot }): Rule[] => [
    inFamily(familyOf(address), behindMain({ preference: first, [side]: address }, first, 0)),
    inFamily(familyOf(address), { preference: first + slot, [side]: address, table: tableOf(slot) }),
  ]);

/** All rules. Without nft nothing has a mark, and an address decides alone. */
export function wantedRules(links: readonly Link[], balances: readonly Balance[], targets: Targets, live: Live, hasMarks: boolean): Rule[] {
  if (links.length === 0) return [];
  const slotsOf = (legsOf: Legs['up']) => new Map(FAMILIES.map((family) => [family, new Set(legsOf(links, family).map((leg) => leg.slot))]));
  const [up, alive] = [slotsOf(live.legs.up), slotsOf(live.legs.alive)];
  const isUp = (link: Link, family: Family): boolean => up.get(family)?.has(link.slot) ?? false;
  const lives = (link: Link, family: Family): boolean => alive.get(family)?.has(link.slot) ?? false;
  const own = links.flatMap((link) => addressesOf(link, live.interfaces).map((address) => ({ address, slot: link.slot, link })));
  const sources = own.filter(({ address, link }, at) => isUp(link, familyOf(address)) && own.findIndex((other) => other.address === address) === at);
  const asked = links.flatMap((link) =>
    interfacesOf(link, live.interfaces).flatMap((entry) => entry.dns.flatMap(globalAddress).map((address) => ({ address, slot: link.slot, link }))),
  );
  // Which link asks a resolver that all that live have named is no matter.
  const isShared = (address: string): boolean =>
    links.every((link) => !lives(link, familyOf(address)) || asked.some((entry) => entry.address === address && entry.link === link));
  const resolvers = asked.filter(
    ({ address, link }, at) =>
      lives(link, familyOf(address)) &&
      !isShared(address) &&
      asked.findIndex((other) => other.address === address && lives(other.link, familyOf(address))) === at,
  );
  const marks = hasMarks ? [...new Set([...links.map((link) => link.slot), ...targets.pins.map(({ target }) => target.mark)])] : [];
  const marked = FAMILIES.flatMap((family) => [
    ...(marks.length ? [inFamily(family, { preference: PREFERENCE.main, not: true, mark: 0, table: MAIN, suppress: 0 })] : []),
    ...marks.map((mark) => inFamily(family, { preference: PREFERENCE.marks + mark, mark, table: tableOf(mark) })),
  ]);
  return [...marked, ...addressRules(PREFERENCE.sources, 'from', sources), ...addressRules(PREFERENCE.resolvers, 'to', resolvers), ...prefixRules(balances)];
}

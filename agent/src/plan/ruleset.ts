// Our nft table as text: connections keep their link, pins and groups choose one, local IPv6 addresses are masqueraded.
import { HEX_MASK, HEX_REST, hexMark, MAX_SLOT, NFT_TABLE, ONCE_MORE_MARK, probeGid } from '../owned.ts';
import type { Group } from '../config/parse.ts';
import type { Family } from '../contract/index.ts';
import { bucketOf } from './jhash.ts';
import type { Leg, Link } from './members.ts';
import { renderMatches } from './matches.ts';
import type { InterfaceDevices } from './matches.ts';
import { setName } from './names.ts';
import { rotation, shares } from './spread.ts';
import { wholeOf } from './steering.ts';
import type { PinnedTraffic, Target, Targets } from './steering.ts';

/** A group as the ruleset needs it: its living legs by family, and the prefixes that it really has. */
export type Spread = { group: Group; index: number; mark: number; isPacket: boolean; legs: Record<Family, Leg[]>; prefixes: string[] };

export type RulesetInput = { links: readonly Link[]; targets: Targets; spreads: readonly Spread[]; devicesOf: InterfaceDevices };

const quoted = (devices: readonly string[]): string => `{ ${devices.map((device) => `"${device}"`).join(', ')} }`;
const vmap = (entries: readonly (readonly [key: string, verdict: string])[]): string =>
  `vmap { ${entries.map(([key, verdict]) => `${key} : ${verdict}`).join(', ')} }`;

type Chain = { name: string; lines: string[] };
const hook = (type: string, point: string, priority: string): string => `type ${type} hook ${point} priority ${priority}; policy accept;`;

const UNMARKED = `ct mark & ${HEX_MASK} == 0`;
const setMark = (what: 'meta' | 'ct', mark: number): string => `${what} mark set ${what} mark & ${HEX_REST} | ${hexMark(mark)}`;

/** Masquerading by names of devices that may not be up, so that a redial changes nothing in it. */
function nat66(links: readonly Link[]): Chain[] {
  const devices = links.flatMap((link) => (link.masquerades6 && link.device !== undefined ? [link.device] : []));
  if (devices.length === 0) return [];
  return [
    { name: 'srcnat', lines: [hook('nat', 'postrouting', 'srcnat'), `oifname ${quoted(devices)} ip6 saddr fc00::/7 masquerade`] },
    // What conntrack does not know (a late packet of a closed connection) is not masqueraded and would leave as it is.
    { name: 'leak', lines: [hook('filter', 'forward', 'filter'), `oifname ${quoted(devices)} ip6 saddr fc00::/7 ct state invalid drop`] },
  ];
}

/** Where a target's new traffic goes on. */
function chainOf(target: Target, spreads: readonly Spread[]): string {
  switch (target.kind) {
    case 'link':
      return `mark_${target.mark}`;
    case 'group':
      return spreads.some((spread) => spread.mark === target.mark && isSpecial(spread)) ? `group_${target.mark}` : `mark_${target.mark}`;
    default:
      return `hold_${target.mark}`;
  }
}

/** Does the kernel's own choice among the nexthops not do? */
export const isSpecial = (spread: Spread): boolean => spread.isPacket || spread.group.sticky !== 'off';

/** Chooses a link for each packet, or for each client; where no link lives the routes decide. */
function groupChain(spread: Spread): Chain {
  const { group, mark, isPacket, legs } = spread;
  const lines = isPacket ? [setMark('ct', mark), 'ct direction reply accept'] : [];
  for (const family of ['ipv4', 'ipv6'] as const) {
    if (legs[family].length === 0) continue;
    const [protocol, ip] = family === 'ipv4' ? ['ipv4', 'ip'] : ['ipv6', 'ip6'];
    const toLeg = (leg: Leg): string => `goto mark_${leg.slot}`;
    if (isPacket && group.spread === 'nth') {
      const turns = rotation(legs[family]);
      lines.push(`meta nfproto ${protocol} numgen inc mod ${turns.length} ${vmap(turns.map((leg, at) => [`${at}`, toLeg(leg)]))}`);
      continue;
    }
    const { total, ranges } = shares(legs[family], isPacket);
    const key = isPacket ? `numgen random mod ${total}` : `jhash ${ip} saddr${group.sticky === 'site' ? ` . ${ip} daddr` : ''} mod ${total}`;
    // A number for each family and group, or clients would fall on the same links everywhere.
    lines.push(
      `meta nfproto ${protocol} ${key}${isPacket ? '' : ` seed ${hexMark(mark)}`} ${vmap(ranges.map(({ from, to, leg }) => [from === to ? `${from}` : `${from}-${to}`, toLeg(leg)]))}`,
    );
  }
  return { name: `group_${mark}`, lines };
}

/** The link's mark that a sticky group's chain gives to a connection, reckoned as nft does. */
export function stickyMark({ group, mark, legs }: Spread, src: string, dst: string): number | undefined {
  const { total, ranges } = shares(legs[src.includes(':') ? 'ipv6' : 'ipv4'], false);
  const bucket = bucketOf(group.sticky === 'site' ? [src, dst] : [src], Number(hexMark(mark)), total);
  return ranges.find(({ from, to }) => bucket >= from && bucket <= to)?.leg.slot;
}

const lengthOf = (prefix: string): number => Number(prefix.split('/')[1]);

/** Groups by destination, the longest prefix first; needed only where one of them is more than a route. */
function byDestination(spreads: readonly Spread[]): string[] {
  if (!spreads.some(isSpecial)) return [];
  const entries = spreads.flatMap((spread) => spread.prefixes.map((prefix) => ({ prefix, spread })));
  return entries
    .toSorted((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix))
    .flatMap(({ prefix, spread }) => {
      const six = prefix.includes(':');
      const isWhole = prefix === wholeOf(six ? 'ipv6' : 'ipv4');
      const match = isWhole ? `meta nfproto ${six ? 'ipv6' : 'ipv4'}` : `${six ? 'ip6' : 'ip'} daddr ${prefix}`;
      if (!isSpecial(spread)) return [`${match} accept`];
      if (!six || spread.isPacket) return [`${match} goto group_${spread.mark}`];
      // Addresses that a provider gave leave by that provider's link, and by no group's of a shorter prefix.
      return [`${match} ip6 saddr fc00::/7 goto group_${spread.mark}`, ...(isWhole ? [] : [`${match} accept`])];
    });
}

/**
 * For a connection of the router itself the kernel takes the source of IPv6 from the first member of a group, and then sends
 * by any of them. Routed once more with another mark, it leaves by the link that has its source.
 */
const onceMore = (links: readonly Link[]): string[] =>
  links.some((link) => link.balances6) ? [`ip6 daddr != { fe80::/10, ff00::/8 } ${UNMARKED} ${setMark('meta', ONCE_MORE_MARK)}`] : [];

/**
 * A probe whose link has just gone would go on by another one, with an address that is not its own: what was new when it left by
 * its link is masqueraded no more.
 */
function probeGuard(links: readonly Link[]): string {
  const own = links.map((link) => `${probeGid(link.slot)} . "${link.device}"`).join(', ');
  return `meta skgid ${probeGid(1)}-${probeGid(MAX_SLOT)} meta skgid . oifname != { ${own} } drop`;
}

/** A strict target's traffic never leaves by another link, whatever the routes say for a moment. */
function guards(targets: Targets, links: readonly Link[]): string[] {
  const seen = new Set<number>();
  return targets.pins.flatMap(({ target }) => {
    if (target.kind !== 'strict' || seen.has(target.mark)) return [];
    seen.add(target.mark);
    const others = links.flatMap((link) => (target.links.includes(link) || link.device === undefined ? [] : [link.device]));
    return others.length ? [`ct mark & ${HEX_MASK} == ${hexMark(target.mark)} oifname ${quoted(others)} drop`] : [];
  });
}

/**
 * Chains for marks. A connection gets its link's mark when its first packet leaves by that link, or comes in by it, and
 * every later one from this side is given it before it is routed. What comes in by a link never is: it is routed to the LAN.
 */
function steering({ links, targets, spreads, devicesOf }: RulesetInput): Chain[] {
  const known = links.filter((link) => link.device !== undefined);
  if (known.length === 0) return [];
  const devices = known.map((link) => `${link.device}`);
  const held = [...new Set(targets.pins.filter(({ target }) => target.kind === 'strict' || target.kind === 'never').map(({ target }) => target.mark))];
  const special = spreads.filter(isSpecial);
  const groupMarks = targets.pins.flatMap(({ target }) => (target.kind === 'group' ? [target.mark] : []));
  const marks = [...new Set([...links.map((link) => link.slot), ...groupMarks])];
  const keep = `oifname ${vmap(known.map((link) => [`"${link.device}"`, `goto keep_${link.slot}`]))}`;
  const restore = `ct mark & ${HEX_MASK} ${vmap([
    ...links.map((link): [string, string] => [hexMark(link.slot), `goto mark_${link.slot}`]),
    ...held.map((mark): [string, string] => [hexMark(mark), `goto mark_${mark}`]),
    ...special.filter(({ isPacket }) => isPacket).map(({ mark }): [string, string] => [hexMark(mark), `goto group_${mark}`]),
  ])}`;
  const verdictOf = ({ target, isAvoided }: PinnedTraffic): string => (isAvoided ? 'accept' : `goto ${chainOf(target, spreads)}`);
  const choice = [
    ...targets.pins.flatMap((pinned) => renderMatches(pinned.pin, devicesOf).map((match) => `${match.text}${verdictOf(pinned)}`.trim())),
    ...byDestination(spreads),
  ];
  const ownChoice = [
    ...targets.pins.flatMap((pinned) =>
      renderMatches(pinned.pin, devicesOf)
        .filter((match) => !match.isForwardedOnly)
        .map((match) => `${match.text}${verdictOf(pinned)}`.trim()),
    ),
    ...byDestination(spreads.map((spread) => (spread.isPacket ? spread : { ...spread, group: { ...spread.group, sticky: 'off' as const } }))),
  ];
  // A probe goes by its link, whatever else is said of its packets.
  const ofProbes = `meta skgid ${vmap(links.map((link) => [`${probeGid(link.slot)}`, `goto mark_${link.slot}`]))}`;
  const isNew = 'ct state new ct direction original';
  return [
    {
      name: 'prerouting',
      lines: [
        hook('filter', 'prerouting', 'mangle + 1'),
        `iifname ${quoted(devices)} goto arrive`,
        restore,
        ...(choice.length ? [`${isNew} goto choose`] : []),
      ],
    },
    { name: 'arrive', lines: [`ct direction original ${UNMARKED} iifname ${vmap(known.map((link) => [`"${link.device}"`, `goto keep_${link.slot}`]))}`] },
    {
      name: 'output',
      lines: [hook('route', 'output', 'mangle + 1'), ofProbes, restore, ...onceMore(links), ...(ownChoice.length ? [`${isNew} goto choose_own`] : [])],
    },
    { name: 'postrouting', lines: [hook('filter', 'postrouting', 'mangle + 1'), probeGuard(known), ...guards(targets, links), `${UNMARKED} ${keep}`] },
    ...(choice.length ? [{ name: 'choose', lines: choice }] : []),
    ...(ownChoice.length ? [{ name: 'choose_own', lines: ownChoice }] : []),
    ...special.map(groupChain),
    ...held.map((mark): Chain => ({ name: `hold_${mark}`, lines: [setMark('ct', mark), setMark('meta', mark)] })),
    ...known.map((link): Chain => ({ name: `keep_${link.slot}`, lines: [setMark('ct', link.slot)] })),
    ...[...marks, ...held].map((mark): Chain => ({ name: `mark_${mark}`, lines: [setMark('meta', mark)] })),
  ];
}

/**
 * The ruleset for `nft -f`, or '' where nothing needs one. Its own table, since fw4 flushes its own on every ifup; made
 * anew in one transaction.
 */
export function renderRuleset(input: RulesetInput): string {
  const chains = [...nat66(input.links), ...steering(input)];
  if (chains.length === 0) return '';
  // A chain stands before those that go to it.
  const isBase = (chain: Chain): boolean => chain.lines[0]?.startsWith('type ') ?? false;
  const ordered = [...chains.filter((chain) => !isBase(chain)).toReversed(), ...chains.filter(isBase)];
  const named = input.targets.pins.flatMap(({ pin }) => (pin.names.length ? [pin] : []));
  const sets = named.flatMap((pin) =>
    (['ipv4', 'ipv6'] as const).map((family) => `\tset ${setName(pin, family)} {\n\t\ttype ${family}_addr; flags timeout; timeout 1d;\n\t}\n`),
  );
  const body = ordered.map(({ name, lines }) => `\tchain ${name} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`);
  // What dnsmasq has put into sets must outlive a change of the rules and a load of fw4.
  const before = sets.length ? `flush table inet ${NFT_TABLE}` : `delete table inet ${NFT_TABLE}`;
  return `add table inet ${NFT_TABLE}\n${before}\ntable inet ${NFT_TABLE} {\n${sets.join('')}${body.join('')}}\n`;
}

// Settings to the kernel's addresses, routes and rules: each a line that adds it and a line that takes it back, for `ip -batch`.
import type { Kernel } from '../kernel.ts';
import type { Address, Route, Settings } from './settings.ts';
import { broadcastOf, networkOf } from './settings.ts';

export type Family = 4 | 6;

/** One thing in the kernel. Two pieces with the same `add` are the same thing. */
export type Piece = { family: Family; add: string; remove: string };

/** What an interface's section says about where routes go. */
export type Placement = {
  ifindex: number;
  metric: number;
  ip4table: number | undefined;
  ip6table: number | undefined;
  defaultroute: boolean;
};

const route = (family: Family, what: string, verb = 'replace'): Piece => ({ family, add: `route ${verb} ${what}`, remove: `route del ${what}` });
const rule = (family: Family, what: string): Piece => ({ family, add: `rule add ${what}`, remove: `rule del ${what}` });

/** With a metric or a table the kernel's own connected route would be the wrong one: it is suppressed and netifd writes its own. */
function address4(address: Address, device: string, { metric, ip4table }: Placement): Piece[] {
  if (address.external) return [];
  const cidr = `${address.address}/${address.mask}`;
  const isOwn = metric > 0 || ip4table !== undefined;
  if (device === 'lo') return []; // it keeps its address, see device.ts
  const flags = isOwn ? ' noprefixroute' : '';
  const table = ip4table === undefined ? '' : ` table ${ip4table}`;
  const pieces = [
    {
      family: 4 as const,
      add: `addr replace ${cidr} brd ${broadcastOf(address.address, address.mask)} dev ${device}${flags}`,
      remove: `addr del ${cidr} dev ${device}`,
    },
  ];
  if (!isOwn || address.mask === 32) return pieces;
  return [
    ...pieces,
    route(4, `${networkOf(address.address, address.mask)}/${address.mask} dev ${device} proto static scope link${metric ? ` metric ${metric}` : ''}${table}`),
  ];
}

function address6({ address, mask, external }: Address, device: string, { metric, ip6table }: Placement): Piece[] {
  if (external) return [];
  const cidr = `${address}/${mask}`;
  const isOwn = (metric > 0 || ip6table !== undefined) && mask < 128;
  const piece: Piece = { family: 6, add: `addr replace ${cidr} dev ${device} nodad${isOwn ? ' noprefixroute' : ''}`, remove: `addr del ${cidr} dev ${device}` };
  const table = ip6table === undefined ? '' : ` table ${ip6table}`;
  // The kernel makes the network of it: it takes an IPv6 route with host bits.
  return isOwn ? [piece, route(6, `${cidr} dev ${device} proto static metric ${metric || 1024}${table}`)] : [piece];
}

/** netifd creates or REPLACES: a foreign route with the same destination, table and metric is overwritten. */
function toRoute(item: Route, device: string, placement: Placement): Piece[] {
  if (item.mask === 0 && !placement.defaultroute && !item.isConfigured) return [];
  const family = item.target.includes(':') ? 6 : 4;
  const table = item.table ?? (family === 4 ? placement.ip4table : placement.ip6table);
  const isForSome = item.source !== (family === 4 ? '0.0.0.0/0' : '::/0');
  const words = [
    item.type,
    `${item.target}/${item.mask}`,
    isForSome && family === 6 && `from ${item.source}`,
    item.nexthop && `via ${item.nexthop}`,
    !item.type && `dev ${device}`,
    `proto ${item.proto ?? 'static'}`,
    // For IPv4 a section's `source` is the address to send from.
    isForSome && family === 4 && `src ${item.source.split('/')[0]}`,
    (item.metric ?? placement.metric) > 0 && `metric ${item.metric ?? placement.metric}`,
    table !== undefined && `table ${table}`,
    item.mtu !== undefined && `mtu ${item.mtu}`,
    item.isOnlink && 'onlink',
  ];
  return [route(family, words.filter(Boolean).join(' '))];
}

/** The rules of an interface with its own table; `iif lo` sends what the router itself sends there too, for IPv4 only. */
function tableRules(settings: Settings, { ifindex, ip4table, ip6table }: Placement): Piece[] {
  const of = (family: Family, table: number | undefined, addresses: Address[]): Piece[] =>
    table === undefined
      ? []
      : addresses.flatMap(({ address, mask }) => [
          rule(family, `pref 10000 from ${address} lookup ${table}`),
          rule(family, `pref 20000 to ${address}/${mask} lookup ${table}`),
        ]);
  return [
    ...of(4, ip4table, settings.ipv4),
    ...(ip4table === undefined ? [] : [rule(4, `pref ${90000 + ifindex} iif lo lookup ${ip4table}`)]),
    ...of(6, ip6table, settings.ipv6),
  ];
}

/** A network of its own out of a prefix: the address without the kernel's route, and a /64 (or longer) that is netifd's. */
function assignment(item: Settings['assignments'][number], device: string): Piece[] {
  const cidr = `${item.local}/${item.mask}`;
  return [
    { family: 6, add: `addr replace ${cidr} dev ${device} noprefixroute nodad`, remove: `addr del ${cidr} dev ${device}` },
    route(6, `${item.address}/${Math.max(item.mask, 64)} dev ${device} proto static metric 1024`),
  ];
}

/** Everything an interface with these settings and these routes of sections has in the kernel, in the order it is to be added. */
export function toPieces(settings: Settings, placement: Placement, routes: readonly Route[]): Piece[] {
  const device = settings.l3Device;
  return [
    ...settings.ipv4.flatMap((address) => address4(address, device, placement)),
    ...settings.ipv6.flatMap((address) => address6(address, device, placement)),
    ...settings.assignments.flatMap((item) => assignment(item, device)),
    // Before the routes: a gateway in another table is found by them.
    ...tableRules(settings, placement),
    ...[...routes, ...settings.routes].flatMap((item) => toRoute(item, device, placement)),
  ];
}

/** The ULA prefix as a whole leads nowhere, so that an unused part of it does not leave by the default. */
export const unreachable = (prefix: string): Piece => ({
  family: 6,
  add: `route replace unreachable ${prefix} dev lo proto static metric 2147483647`,
  remove: `route del unreachable ${prefix} dev lo proto static metric 2147483647`,
});

/** Brings the kernel from `before` to `after`: new things first, so a swap leaves no gap, then what is gone, last in first out. */
export async function applyPieces(kernel: Kernel, before: readonly Piece[], after: readonly Piece[], log: (line: string) => void): Promise<void> {
  const has = (pieces: readonly Piece[], piece: Piece) => pieces.some((other) => other.add === piece.add);
  const added = after.filter((piece) => !has(before, piece));
  const removed = before.filter((piece) => !has(after, piece)).reverse();
  for (const family of [4, 6] as const) {
    // A rule of IPv6 is one only for `ip -6`: a line in a batch can't say it, so it is one batch a family.
    const lines = [
      ...added.filter((piece) => piece.family === family).map((piece) => piece.add),
      ...removed.filter((piece) => piece.family === family).map((piece) => piece.remove),
    ];
    if (lines.length === 0) continue;
    // -force: a route that went with its device is no reason to leave the next one.
    const outcome = await kernel.run(['ip', `-${family}`, '-force', '-batch', '-'], `${lines.join('\n')}\n`);
    if (outcome.code !== 0 && added.length > 0) log(`netifd: ip: ${outcome.stderr.trim()}`);
  }
}

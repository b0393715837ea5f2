// `status`: links, groups and counters now, from two processes and files.
import type { Config } from '../config/parse.ts';
import type { GroupRoute, LinkHold, LinkStatus, Problem, Status } from '../contract/index.ts';
import { readLastRun } from '../last-run.ts';
import { destinationOf, MAIN } from '../observe/kernel.ts';
import type { Kernel } from '../observe/kernel.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import { readCounters } from '../observe/files.ts';
import { stateOf } from '../observe/netifd.ts';
import { observe } from '../observe/observe.ts';
import { groupId, nexthopId, PREFIX_TABLE, PROTOCOL, ROUTE_METRIC } from '../owned.ts';
import { groupsOf, membersIn, planBalances, planLinks } from '../plan/members.ts';
import type { Balance, Link } from '../plan/members.ts';
import { findOutranking } from '../plan/outranked.ts';
import { mayBePacket } from '../plan/packet.ts';
import { wholeOf } from '../plan/steering.ts';
import { readConfig } from '../reconcile.ts';
import { readRevision } from '../revision.ts';
import type { System } from '../system.ts';
import { version } from '../version.ts';
import { readHeld, readLive, readResting } from '../watched.ts';
import type { Held } from '../watched.ts';

const tableFor = ({ family, prefix }: Balance): number => (prefix === wholeOf(family) ? MAIN : PREFIX_TABLE);

/** Members of a balance as the kernel has them, by link name. */
function membersInKernel(balance: Balance, kernel: Kernel, interfaces: readonly NetifdInterface[]): Set<string> {
  const route = kernel.routes.find(
    (other) =>
      other.protocol === PROTOCOL &&
      other.table === tableFor(balance) &&
      other.metric === ROUTE_METRIC &&
      other.family === balance.family &&
      other.destination === destinationOf(balance.prefix),
  );
  if (!route) return new Set();
  const group = kernel.nexthops?.find((nexthop) => nexthop.id === groupId(balance.family, balance.index));
  const ids = new Set(group?.members?.map((member) => member.id) ?? []);
  const devices = new Set(route.legs.map((leg) => leg.device));
  const deviceOf = (link: Link): string => interfaces.find((entry) => entry.name === link.interface)?.l3Device ?? '';
  const isIn = (link: Link): boolean => (route.nexthopId === undefined ? devices.has(deviceOf(link)) : ids.has(nexthopId(balance.family, link.slot)));
  return new Set(balance.links.filter(isIn).map((link) => link.name));
}

function groupStatus(balance: Balance, kernel: Kernel, members: ReadonlySet<string>): GroupRoute {
  const fallback = kernel.routes.some(
    (route) =>
      route.family === balance.family &&
      route.table === MAIN &&
      route.protocol !== PROTOCOL &&
      route.source === undefined &&
      route.destination === destinationOf(balance.prefix),
  );
  return {
    group: balance.group.name,
    family: balance.family,
    prefix: balance.prefix,
    route: members.size ? 'present' : fallback ? 'fallback' : 'none',
    kind: kernel.nexthops === undefined ? 'multipath' : 'nexthop',
    members: balance.links.filter((link) => members.has(link.name)).map(({ name, weight }) => ({ link: name, weight })),
  };
}

type Watchers = { live: ReturnType<typeof readLive>; resting: ReturnType<typeof readResting>; held: ReturnType<typeof readHeld> };
const toHold = ({ untilMs, failures, reason }: Held): LinkHold => ({ untilMs: Math.round(untilMs), failures, reason });

function linkStatus(system: System, link: Link, interfaces: readonly NetifdInterface[], balanced: LinkStatus['balanced'], watched: Watchers): LinkStatus {
  const entry = interfaces.find((other) => other.name === link.interface);
  const device = entry?.l3Device;
  const sixes = device === undefined ? [] : interfaces.filter((other) => other.l3Device === device).flatMap((other) => other.ipv6);
  const state = stateOf(entry);
  return {
    name: link.name,
    ...(link.line === undefined ? {} : { line: link.line }),
    ...(device === undefined ? {} : { device }),
    state,
    ...(state !== 'up' && entry?.reason ? { reason: entry.reason } : {}),
    ipv4: entry?.ipv4 ?? [],
    ipv6: [...new Set(sixes)].filter((address) => !address.toLowerCase().startsWith('fe80')),
    ...(entry?.uptimeS === undefined ? {} : { uptimeS: entry.uptimeS }),
    weight: link.weight,
    balanced,
    ...(watched.live[link.name] ? { probe: watched.live[link.name] } : {}),
    ...(watched.resting[link.name] ? { rest: watched.resting[link.name] } : {}),
    ...(watched.held[link.name] ? { held: toHold(watched.held[link.name] as Held) } : {}),
    ...(device === undefined ? {} : readCounters(system, device)),
  };
}

/** What is going on now. Problems are those of the configuration and of defaults that outrank ours. */
export function readStatus(system: System): Status {
  const { config, problems } = readConfig(system);
  const observed = observe(system, 'unasked');
  const shown: Config = config.broken ? { ...config, enabled: false } : config;
  const { links, problems: missing } = planLinks(shown, observed.packages.network);
  const { balances, problems: unknown } = planBalances(shown, links);
  const kernel = observed.live?.kernel ?? { routes: [], unreachable: [], rules: [], nexthops: [] };
  const interfaces = observed.live?.interfaces ?? [];
  const inKernel = balances.map((balance) => ({ balance, members: membersInKernel(balance, kernel, interfaces) }));
  const carries = (link: Link, family: 'ipv4' | 'ipv6'): boolean =>
    inKernel.some(({ balance, members }) => balance.family === family && members.has(link.name));
  const { firewall } = observed.packages;
  const refused = links.length ? groupsOf(shown).flatMap((group) => mayBePacket(group, (family) => membersIn(group, links, family), firewall).problems) : [];
  const found: Problem[] = [...problems, ...observed.problems, ...missing, ...unknown, ...refused, ...(links.length ? findOutranking(kernel, interfaces) : [])];
  const watchers = { live: readLive(system), resting: readResting(system), held: readHeld(system) };
  return {
    version,
    enabled: config.enabled,
    revision: readRevision(system),
    last: readLastRun(system),
    atMs: system.nowMs(),
    links: links.map((link) => linkStatus(system, link, interfaces, { ipv4: carries(link, 'ipv4'), ipv6: carries(link, 'ipv6') }, watchers)),
    groups: inKernel.filter(({ balance }) => balance.links.length > 0).map(({ balance, members }) => groupStatus(balance, kernel, members)),
    problems: found,
  };
}

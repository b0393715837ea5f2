// `status`: links, groups and counters now, from files and one process, two where no watcher keeps notes true.
import type { Config, Group } from '../config/parse.ts';
import type { GroupRoute, LinkHold, LinkReason, LinkStatus, Problem, Status } from '../contract/index.ts';
import { readLastRun } from '../last-run.ts';
import { destinationOf, MAIN } from '../observe/kernel.ts';
import type { Kernel } from '../observe/kernel.ts';
import type { NetifdInterface, NetifdRoute } from '../observe/netifd.ts';
import { hasCarrier, readCounters, readIfindex, readPackages } from '../observe/files.ts';
import { stateOf } from '../observe/netifd.ts';
import { observeLive, observeNetifd } from '../observe/observe.ts';
import { groupId, nexthopId, PREFIX_TABLE, PROTOCOL, ROUTE_METRIC } from '../owned.ts';
import { groupsOf, membersIn, planBalances, planLinks } from '../plan/members.ts';
import type { Balance, Link } from '../plan/members.ts';
import { findOutranking } from '../plan/outranked.ts';
import { findUneven, mayBePacket } from '../plan/packet.ts';
import { wholeOf } from '../plan/steering.ts';
import { readConfig } from '../reconcile.ts';
import { readRevision } from '../revision.ts';
import type { System } from '../system.ts';
import { scalarOf } from '../uci/package.ts';
import type { UciPackage } from '../uci/package.ts';
import { version } from '../version.ts';
import { readHeld, readLive, readResting, readWatched, watcherPid } from '../watched.ts';
import type { Held, SharedNote, Watched } from '../watched.ts';

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

const hasOtherRoute = ({ family, prefix }: Balance, { routes }: Kernel): boolean =>
  routes.some(
    (route) =>
      route.family === family &&
      route.table === MAIN &&
      route.protocol !== PROTOCOL &&
      route.source === undefined &&
      route.destination === destinationOf(prefix),
  );

function groupStatus({ group, family, prefix, links }: Balance, members: ReadonlySet<string>, hasFallback: boolean, isClassic: boolean): GroupRoute {
  return {
    group: group.name,
    family,
    prefix,
    route: members.size ? 'present' : hasFallback ? 'fallback' : 'none',
    kind: isClassic ? 'multipath' : 'nexthop',
    members: links.filter((link) => members.has(link.name)).map(({ name, weight }) => ({ link: name, weight })),
  };
}

const NO_KERNEL: Kernel = { routes: [], unreachable: [], rules: [], nexthops: [] };

function askBoth(system: System): { interfaces: NetifdInterface[] | undefined; kernel: Kernel | undefined; problems: Problem[] } {
  const { live, problems } = observeLive(system, 'unasked');
  return { interfaces: live?.interfaces, kernel: live?.kernel, problems };
}

/** What a request to hang up left behind says nothing of a link that is dialed anew: netifd makes it itself when a port comes up. */
function reasonOf(entry: NetifdInterface | undefined, state: LinkStatus['state']): LinkReason | undefined {
  const isOver = state === 'up' || (state === 'dialing' && entry?.reason?.code === 'USER_REQUEST');
  return isOver ? undefined : entry?.reason;
}

type Watchers = { live: ReturnType<typeof readLive>; resting: ReturnType<typeof readResting>; held: ReturnType<typeof readHeld> };
const toHold = ({ untilMs, failures, reason }: Held): LinkHold => ({ untilMs: Math.round(untilMs), failures, reason });

function linkStatus(system: System, link: Link, interfaces: readonly NetifdInterface[], balanced: LinkStatus['balanced'], watched: Watchers): LinkStatus {
  const entry = interfaces.find((other) => other.name === link.interface);
  const device = entry?.l3Device;
  const sixes = device === undefined ? [] : interfaces.filter((other) => other.l3Device === device).flatMap((other) => other.ipv6);
  const state = stateOf(entry);
  const reason = reasonOf(entry, state);
  return {
    name: link.name,
    ...(link.line === undefined ? {} : { line: link.line }),
    ...(device === undefined ? {} : { device }),
    state,
    ...(reason ? { reason } : {}),
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

/** Who shares what, and what wins over it. */
type Shares = { members: Map<Balance, Set<string>>; isClassic: boolean; hasFallback: (balance: Balance) => boolean; outranked: Problem[] };

/** As the kernel has it. */
function sharesInKernel(balances: readonly Balance[], kernel: Kernel, interfaces: readonly NetifdInterface[]): Shares {
  return {
    members: new Map(balances.map((balance) => [balance, membersInKernel(balance, kernel, interfaces)])),
    isClassic: kernel.nexthops === undefined,
    hasFallback: (balance) => hasOtherRoute(balance, kernel),
    outranked: findOutranking(kernel, interfaces),
  };
}

/** As the last run left it, but for links whose device has gone since, or is another: while a watcher lives each change brings a run. */
function sharesAsNoted(system: System, balances: readonly Balance[], { links, shared, outranked }: Watched, interfaces: readonly NetifdInterface[]): Shares {
  const isThere = (link: Link): boolean => {
    const device = interfaces.find((entry) => entry.name === link.interface && entry.up)?.l3Device;
    const noted = links.find(({ name }) => name === link.name);
    // Without a watcher's word on links, as with `watch 0`, the device's name must do.
    const isSame = noted === undefined || (device !== undefined && noted.ifindex === readIfindex(system, device));
    return device !== undefined && isSame && hasCarrier(system, device);
  };
  const noteOf = ({ group, family, prefix }: Balance): SharedNote | undefined =>
    shared.find((note) => note.group === group.name && note.family === family && note.prefix === prefix);
  const membersOf = (balance: Balance): string[] =>
    balance.links.filter((link) => noteOf(balance)?.links.includes(link.name) && isThere(link)).map(({ name }) => name);
  const isWhole = ({ target, mask, source }: NetifdRoute, family: Balance['family']): boolean =>
    mask === 0 && (family === 'ipv4' ? target === '0.0.0.0' : target === '::' && source === undefined);
  return {
    members: new Map(balances.map((balance) => [balance, new Set(membersOf(balance))])),
    isClassic: shared.some(({ kind }) => kind === 'multipath'),
    hasFallback: ({ family, prefix }) =>
      prefix === wholeOf(family) && interfaces.some((entry) => entry.up && entry.routes.some((route) => isWhole(route, family))),
    outranked,
  };
}

function offloadIn(firewall: UciPackage): Pick<Status, 'offload'> {
  const defaults = firewall.find((section) => section.type === 'defaults');
  if (scalarOf(defaults, 'flow_offloading') !== '1') return {};
  return { offload: scalarOf(defaults, 'flow_offloading_hw') === '1' ? 'hardware' : 'software' };
}

/** What keeps a group from spreading packets, or makes it a bad idea. */
function complain(group: Group, links: readonly Link[], firewall: UciPackage, live: Watchers['live']): Problem[] {
  const { isPacket, problems } = mayBePacket(group, (family) => membersIn(group, links, family), firewall);
  return isPacket ? [...problems, ...findUneven(group, membersIn(group, links, 'ipv4'), (name) => live[name]?.latencyMs)] : problems;
}

/** What is going on now. Problems are those of the configuration and of defaults that outrank ours. */
export function readStatus(system: System): Status {
  const { config, problems } = readConfig(system);
  const { packages, problems: unread } = readPackages(system);
  const shown: Config = config.broken ? { ...config, enabled: false } : config;
  const { links, problems: missing } = planLinks(shown, packages.network);
  const { balances, problems: unknown } = planBalances(shown, links);
  const noted = watcherPid(system) === undefined ? undefined : readWatched(system);
  const asked = noted ? { ...observeNetifd(system), kernel: undefined } : askBoth(system);
  const { interfaces = [], kernel = NO_KERNEL } = asked;
  const { members, isClassic, hasFallback, outranked } = noted
    ? sharesAsNoted(system, balances, noted, interfaces)
    : sharesInKernel(balances, kernel, interfaces);
  const carries = (link: Link, family: 'ipv4' | 'ipv6'): boolean =>
    balances.some((balance) => balance.family === family && members.get(balance)?.has(link.name));
  const watchers = { live: readLive(system), resting: readResting(system), held: readHeld(system) };
  const refused = links.length ? groupsOf(shown).flatMap((group) => complain(group, links, packages.firewall, watchers.live)) : [];
  const found: Problem[] = [...problems, ...unread, ...asked.problems, ...missing, ...unknown, ...refused, ...(links.length ? outranked : [])];
  return {
    version,
    enabled: config.enabled,
    revision: readRevision(system),
    last: readLastRun(system),
    atMs: system.nowMs(),
    ...offloadIn(packages.firewall),
    links: links.map((link) => linkStatus(system, link, interfaces, { ipv4: carries(link, 'ipv4'), ipv6: carries(link, 'ipv6') }, watchers)),
    groups: balances
      .filter((balance) => balance.links.length > 0)
      .map((balance) => groupStatus(balance, members.get(balance) ?? new Set(), hasFallback(balance), isClassic)),
    problems: found,
  };
}

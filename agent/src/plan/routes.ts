// Balanced routes: the nexthops, groups and routes that are missing or too many in the kernel.
import type { Family, Problem } from '../contract/index.ts';
import { destinationOf, MAIN } from '../observe/kernel.ts';
import type { Kernel, Nexthop, Route } from '../observe/kernel.ts';
import { groupId, isOurNexthop, nexthopId, PROTOCOL, ROUTE_METRIC } from '../owned.ts';
import type { Balance, Leg } from './members.ts';

/** One line of `ip -batch`. `nexthop` without a gateway in IPv6 needs `ip -6`, which no batch line can say. */
export type RouteStep =
  | { op: 'nexthop'; family: Family; id: number; device: string; gateway: string | undefined }
  | { op: 'group'; id: number; members: { id: number; weight: number }[] }
  | { op: 'route'; family: Family; prefix: string; group: number }
  | { op: 'multipath'; family: Family; prefix: string; legs: Leg[] }
  | { op: 'route-delete'; family: Family; prefix: string }
  | { op: 'nexthop-delete'; id: number };

/** A balance with the legs that live; an empty one has no route. */
export type Wanted = { balance: Balance; legs: Leg[] };

const isOurRoute = (route: Route): boolean => route.protocol === PROTOCOL && route.table === MAIN;

const routeOf = (kernel: Kernel, { family, prefix }: Balance): Route | undefined =>
  kernel.routes.find((route) => isOurRoute(route) && route.family === family && route.destination === destinationOf(prefix) && route.metric === ROUTE_METRIC);

function isSameNexthop(present: Nexthop | undefined, leg: Leg): boolean {
  return present !== undefined && present.device === leg.device && present.gateway === leg.gateway;
}

function isSameGroup(present: Nexthop | undefined, wanted: readonly { id: number; weight: number }[]): boolean {
  const members = present?.members;
  return members?.length === wanted.length && wanted.every(({ id, weight }) => members.some((member) => member.id === id && member.weight === weight));
}

/** Additions first: members, then groups, then routes; what is too many goes afterwards. */
function planNexthops(wanted: readonly Wanted[], kernel: Kernel, present: readonly Nexthop[]): RouteStep[] {
  const byId = new Map(present.filter((nexthop) => nexthop.protocol === PROTOCOL).map((nexthop) => [nexthop.id, nexthop]));
  const members: RouteStep[] = [];
  const groups: RouteStep[] = [];
  const routes: RouteStep[] = [];
  const needed = new Set<number>();
  for (const { balance, legs } of wanted) {
    if (legs.length === 0) continue;
    const { family, prefix } = balance;
    for (const leg of legs) {
      const id = nexthopId(family, leg.slot);
      if (!needed.has(id) && !isSameNexthop(byId.get(id), leg)) members.push({ op: 'nexthop', family, id, device: leg.device, gateway: leg.gateway });
      needed.add(id);
    }
    const group = groupId(family, balance.index);
    const list = legs.map((leg) => ({ id: nexthopId(family, leg.slot), weight: leg.weight }));
    if (!needed.has(group) && !isSameGroup(byId.get(group), list)) groups.push({ op: 'group', id: group, members: list });
    needed.add(group);
    // A group that has vanished took its routes along.
    if (routeOf(kernel, balance)?.nexthopId !== group || !byId.has(group)) routes.push({ op: 'route', family, prefix, group });
  }
  const stale = [...byId.values()].filter((nexthop) => isOurNexthop(nexthop.id) && !needed.has(nexthop.id));
  // Groups before their members: a group that loses its last member takes the route with it unasked.
  const gone = stale.toSorted((a, b) => Number(b.members !== undefined) - Number(a.members !== undefined));
  return [...members, ...groups, ...routes, ...gone.map((nexthop): RouteStep => ({ op: 'nexthop-delete', id: nexthop.id }))];
}

function isSameMultipath(present: Route | undefined, legs: readonly Leg[]): boolean {
  // A route of one leg has no weight.
  const isSame = (leg: Leg, other: Route['legs'][number]): boolean =>
    other.device === leg.device && other.gateway === leg.gateway && (legs.length === 1 || other.weight === leg.weight);
  return present?.legs.length === legs.length && legs.every((leg) => present.legs.some((other) => isSame(leg, other)));
}

/** Without nexthop objects: classic multipath routes. An IPv6 leg must have a gateway there. */
function planMultipath(wanted: readonly Wanted[], kernel: Kernel): { steps: RouteStep[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const steps = wanted.flatMap(({ balance, legs }): RouteStep[] => {
    const usable = balance.family === 'ipv6' && legs.length > 1 ? legs.filter((leg) => leg.gateway !== undefined) : legs;
    if (usable.length < legs.length) problems.push({ code: 'multipath6_needs_gateway', severity: 'warning' });
    if (usable.length === 0 || isSameMultipath(routeOf(kernel, balance), usable)) return [];
    return [{ op: 'multipath', family: balance.family, prefix: balance.prefix, legs: usable }];
  });
  return { steps, problems };
}

function staleRoutes(wanted: readonly Wanted[], kernel: Kernel): RouteStep[] {
  return kernel.routes.filter(isOurRoute).flatMap((route): RouteStep[] => {
    const needed = wanted.some(
      ({ balance, legs }) =>
        legs.length > 0 && balance.family === route.family && destinationOf(balance.prefix) === route.destination && route.metric === ROUTE_METRIC,
    );
    const prefix = route.destination === 'default' ? (route.family === 'ipv4' ? '0.0.0.0/0' : '::/0') : route.destination;
    return needed ? [] : [{ op: 'route-delete', family: route.family, prefix }];
  });
}

/** A route of somebody else's with our prefix and our metric: `replace` would take it away, so we don't. */
const isTaken = (balance: Balance, kernel: Kernel): Route | undefined =>
  kernel.routes.find(
    (route) =>
      route.protocol !== PROTOCOL &&
      route.table === MAIN &&
      route.source === undefined &&
      route.family === balance.family &&
      route.destination === destinationOf(balance.prefix) &&
      route.metric === ROUTE_METRIC,
  );

/** Steps that bring the kernel to the wanted balances; none when it is there already. */
export function planRoutes(all: readonly Wanted[], kernel: Kernel): { steps: RouteStep[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const wanted = all.filter(({ balance }) => {
    const taken = isTaken(balance, kernel);
    if (!taken) return true;
    problems.push({
      code: 'metric_taken',
      severity: 'error',
      section: `group.${balance.group}`,
      details: { family: balance.family === 'ipv4' ? 'IPv4' : 'IPv6', device: taken.legs[0]?.device ?? '', metric: ROUTE_METRIC },
    });
    return false;
  });
  const classic = kernel.nexthops === undefined ? planMultipath(wanted, kernel) : undefined;
  if (classic && wanted.some(({ legs }) => legs.length > 0)) problems.push({ code: 'nexthop_unsupported', severity: 'warning' });
  const steps = classic ? classic.steps : planNexthops(wanted, kernel, kernel.nexthops ?? []);
  // Deleting a route before the nexthops under it: `nexthop del` would take it along, and then this line would fail.
  const deletions = steps.filter((step) => step.op === 'nexthop-delete');
  const additions = steps.filter((step) => step.op !== 'nexthop-delete');
  return { steps: [...additions, ...staleRoutes(wanted, kernel), ...deletions], problems: [...problems, ...(classic?.problems ?? [])] };
}

const viaOf = (leg: { device: string; gateway: string | undefined }): string =>
  leg.gateway === undefined ? `dev ${leg.device}` : `via ${leg.gateway} dev ${leg.device}`;

/** The line of `ip -batch` for a step. */
export function renderRouteStep(step: RouteStep): string {
  const tail = `metric ${ROUTE_METRIC} proto ${PROTOCOL}`;
  switch (step.op) {
    case 'nexthop':
      return `nexthop replace id ${step.id} ${viaOf(step)} proto ${PROTOCOL}`;
    case 'group':
      return `nexthop replace id ${step.id} group ${step.members.map(({ id, weight }) => (weight === 1 ? `${id}` : `${id},${weight}`)).join('/')} proto ${PROTOCOL}`;
    case 'route':
      return `route replace ${step.prefix} nhid ${step.group} ${tail}`;
    case 'multipath': {
      const [only, ...more] = step.legs;
      if (only && more.length === 0) return `route replace ${step.prefix} ${viaOf(only)} ${tail}`;
      return `route replace ${step.prefix} ${tail} ${step.legs.map((leg) => `nexthop ${viaOf(leg)} weight ${leg.weight}`).join(' ')}`;
    }
    case 'route-delete':
      return `route del ${step.prefix} ${tail}`;
    case 'nexthop-delete':
      return `nexthop del id ${step.id}`;
    default:
      return step satisfies never;
  }
}

/** Steps that only `ip -6` can take: made first, since groups name them. */
export const needsSix = (step: RouteStep): boolean => step.op === 'nexthop' && step.family === 'ipv6' && step.gateway === undefined;

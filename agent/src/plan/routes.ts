// Routes of ours: the nexthops, groups and routes that are missing or too many in the kernel.
import type { Family, Problem } from '../contract/index.ts';
import { destinationOf, MAIN } from '../observe/kernel.ts';
import type { Kernel, Nexthop, Route } from '../observe/kernel.ts';
import { groupId, isOurNexthop, isOurTable, LAST_METRIC, nexthopId, PROTOCOL, ROUTE_METRIC } from '../owned.ts';
import type { Leg } from './members.ts';

/** One line of `ip -batch`. `nexthop` without a gateway in IPv6 needs `ip -6`, which no batch line can say. */
export type RouteStep =
  | { op: 'nexthop'; family: Family; id: number; device: string; gateway: string | undefined }
  | { op: 'group'; id: number; members: { id: number; weight: number }[] }
  | ({ op: 'route'; nexthop: number } & RouteKey)
  | ({ op: 'legs'; legs: Hop[] } & RouteKey)
  | ({ op: 'unreachable' } & RouteKey)
  | ({ op: 'route-delete' } & RouteKey)
  | { op: 'nexthop-delete'; id: number };

type Hop = Pick<Leg, 'device' | 'gateway' | 'weight'>;
export type RouteKey = { family: Family; prefix: string; table: number; metric: number };

/**
 * A route that should stand. `group` is the place of the group whose nexthops it shares, `link` that it goes by its one leg,
 * `plain` the same without nexthop objects: the route of somebody else's device, which is not ours to make a nexthop of.
 * Without legs there is none. `owner` is the section that complaints are about.
 */
export type Wish = {
  family: Family;
  prefix: string;
  table: number;
  owner: string;
  legs: Leg[];
  by: { group: number } | 'link' | 'plain';
};

/** A route that refuses, at the end of a table or where no link lives. */
export type Refusal = RouteKey;

const isOurRoute = (route: Route): boolean => route.protocol === PROTOCOL && (route.table === MAIN || isOurTable(route.table));

const isAt = (route: Route, { family, prefix, table }: Omit<RouteKey, 'metric'>, metric: number): boolean =>
  route.family === family && route.table === table && route.metric === metric && route.destination === destinationOf(prefix);

const routeOf = (kernel: Kernel, wish: Wish): Route | undefined => kernel.routes.find((route) => isOurRoute(route) && isAt(route, wish, ROUTE_METRIC));

function isSameNexthop(present: Nexthop | undefined, leg: Leg): boolean {
  return present !== undefined && present.device === leg.device && present.gateway === leg.gateway;
}

function isSameGroup(present: Nexthop | undefined, wanted: readonly { id: number; weight: number }[]): boolean {
  const members = present?.members;
  return members?.length === wanted.length && wanted.every(({ id, weight }) => members.some((member) => member.id === id && member.weight === weight));
}

const keyOf = ({ family, prefix, table }: Wish): RouteKey => ({ family, prefix, table, metric: ROUTE_METRIC });

/** Additions first: members, then groups, then routes; what is too many goes afterwards. */
function planNexthops(wishes: readonly Wish[], kernel: Kernel, present: readonly Nexthop[]): RouteStep[] {
  const byId = new Map(present.filter((nexthop) => nexthop.protocol === PROTOCOL).map((nexthop) => [nexthop.id, nexthop]));
  const members: RouteStep[] = [];
  const groups: RouteStep[] = [];
  const routes: RouteStep[] = [];
  const needed = new Set<number>();
  for (const wish of wishes) {
    const { family, legs, by } = wish;
    const [only] = legs;
    if (!only) continue;
    if (by === 'plain') {
      if (!isSameLegs(routeOf(kernel, wish), legs)) routes.push({ op: 'legs', ...keyOf(wish), legs });
      continue;
    }
    for (const leg of legs) {
      const id = nexthopId(family, leg.slot);
      if (!needed.has(id) && !isSameNexthop(byId.get(id), leg)) members.push({ op: 'nexthop', family, id, device: leg.device, gateway: leg.gateway });
      needed.add(id);
    }
    const target = by === 'link' ? nexthopId(family, only.slot) : groupId(family, by.group);
    if (by !== 'link') {
      const list = legs.map((leg) => ({ id: nexthopId(family, leg.slot), weight: leg.weight }));
      if (!needed.has(target) && !isSameGroup(byId.get(target), list)) groups.push({ op: 'group', id: target, members: list });
      needed.add(target);
    }
    // A nexthop that has vanished took its routes along.
    if (routeOf(kernel, wish)?.nexthopId !== target || !byId.has(target)) routes.push({ op: 'route', ...keyOf(wish), nexthop: target });
  }
  const stale = [...byId.values()].filter((nexthop) => isOurNexthop(nexthop.id) && !needed.has(nexthop.id));
  // Groups before their members: a group that loses its last member takes the route with it unasked.
  const gone = stale.toSorted((a, b) => Number(b.members !== undefined) - Number(a.members !== undefined));
  return [...members, ...groups, ...routes, ...gone.map((nexthop): RouteStep => ({ op: 'nexthop-delete', id: nexthop.id }))];
}

function isSameLegs(present: Route | undefined, legs: readonly Hop[]): boolean {
  // A route of one leg has no weight.
  const isSame = (leg: Hop, other: Route['legs'][number]): boolean =>
    other.device === leg.device && other.gateway === leg.gateway && (legs.length === 1 || other.weight === leg.weight);
  return present?.nexthopId === undefined && present?.legs.length === legs.length && legs.every((leg) => present.legs.some((other) => isSame(leg, other)));
}

/** Without nexthop objects: classic multipath routes. An IPv6 leg must have a gateway there. */
function planMultipath(wishes: readonly Wish[], kernel: Kernel): { steps: RouteStep[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const steps = wishes.flatMap((wish): RouteStep[] => {
    const { family, legs } = wish;
    const usable = family === 'ipv6' && legs.length > 1 ? legs.filter((leg) => leg.gateway !== undefined) : legs;
    if (usable.length < legs.length && problems.length === 0) problems.push({ code: 'multipath6_needs_gateway', severity: 'warning' });
    if (usable.length === 0 || isSameLegs(routeOf(kernel, wish), usable)) return [];
    return [{ op: 'legs', ...keyOf(wish), legs: usable }];
  });
  return { steps, problems };
}

const prefixOf = (route: Route): string => (route.destination === 'default' ? (route.family === 'ipv4' ? '0.0.0.0/0' : '::/0') : route.destination);

const deletionOf = (route: Route): RouteStep => ({
  op: 'route-delete',
  family: route.family,
  prefix: prefixOf(route),
  table: route.table,
  metric: route.metric,
});

function staleRoutes(wishes: readonly Wish[], kernel: Kernel): RouteStep[] {
  const isNeeded = (route: Route): boolean => wishes.some((wish) => wish.legs.length > 0 && isAt(route, wish, ROUTE_METRIC));
  return kernel.routes.filter((route) => isOurRoute(route) && !isNeeded(route)).map(deletionOf);
}

/** Refusals to add before the routes that they stand behind, and those to take away once there are better routes. */
function planRefusals(refusals: readonly Refusal[], kernel: Kernel): { added: RouteStep[]; gone: RouteStep[] } {
  const present = kernel.unreachable.filter(isOurRoute);
  const isThere = (refusal: Refusal): boolean => present.some((route) => isAt(route, refusal, refusal.metric));
  const added = refusals.filter((refusal) => !isThere(refusal)).map((refusal): RouteStep => ({ op: 'unreachable', ...refusal }));
  const gone = present.filter((route) => !refusals.some((refusal) => isAt(route, refusal, refusal.metric))).map(deletionOf);
  return { added, gone };
}

/** A route of somebody else's with our prefix and our metric: `replace` would take it away, so we don't. */
const isTaken = (wish: Wish, kernel: Kernel): Route | undefined =>
  kernel.routes.find((route) => route.protocol !== PROTOCOL && route.source === undefined && isAt(route, wish, ROUTE_METRIC));

/** Steps that bring the kernel to the wanted routes; none when it is there already. */
export function planRoutes(all: readonly Wish[], refusals: readonly Refusal[], kernel: Kernel): { steps: RouteStep[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const wishes = all.filter((wish) => {
    const taken = isTaken(wish, kernel);
    if (!taken) return true;
    const family = wish.family === 'ipv4' ? 'IPv4' : 'IPv6';
    problems.push({
      code: 'metric_taken',
      severity: 'error',
      section: wish.owner,
      details: { family, device: taken.legs[0]?.device ?? '', metric: ROUTE_METRIC },
    });
    return false;
  });
  const classic = kernel.nexthops === undefined ? planMultipath(wishes, kernel) : undefined;
  if (classic && wishes.some(({ legs }) => legs.length > 0)) problems.push({ code: 'nexthop_unsupported', severity: 'warning' });
  const steps = classic ? classic.steps : planNexthops(wishes, kernel, kernel.nexthops ?? []);
  const { added, gone } = planRefusals(refusals, kernel);
  // Deleting a route before the nexthops under it: `nexthop del` would take it along, and then this line would fail.
  const deletions = steps.filter((step) => step.op === 'nexthop-delete');
  const additions = steps.filter((step) => step.op !== 'nexthop-delete');
  return { steps: [...added, ...additions, ...staleRoutes(wishes, kernel), ...gone, ...deletions], problems: [...problems, ...(classic?.problems ?? [])] };
}

const viaOf = (hop: { device: string; gateway: string | undefined }): string =>
  hop.gateway === undefined ? `dev ${hop.device}` : `via ${hop.gateway} dev ${hop.device}`;

const tailOf = ({ table, metric }: RouteKey): string => `${table === MAIN ? '' : `table ${table} `}metric ${metric} proto ${PROTOCOL}`;

/** The line of `ip -batch` for a step. */
export function renderRouteStep(step: RouteStep): string {
  switch (step.op) {
    case 'nexthop':
      return `nexthop replace id ${step.id} ${viaOf(step)} proto ${PROTOCOL}`;
    case 'group':
      return `nexthop replace id ${step.id} group ${step.members.map(({ id, weight }) => (weight === 1 ? `${id}` : `${id},${weight}`)).join('/')} proto ${PROTOCOL}`;
    case 'route':
      return `route replace ${step.prefix} nhid ${step.nexthop} ${tailOf(step)}`;
    case 'legs': {
      const [only, ...more] = step.legs;
      if (only && more.length === 0) return `route replace ${step.prefix} ${viaOf(only)} ${tailOf(step)}`;
      return `route replace ${step.prefix} ${tailOf(step)} ${step.legs.map((leg) => `nexthop ${viaOf(leg)} weight ${leg.weight}`).join(' ')}`;
    }
    case 'unreachable':
      return `route replace unreachable ${step.prefix} ${tailOf(step)}`;
    case 'route-delete':
      return `route del ${step.prefix} ${tailOf(step)}`;
    case 'nexthop-delete':
      return `nexthop del id ${step.id}`;
    default:
      return step satisfies never;
  }
}

/** Steps that only `ip -6` can take: made first, since groups name them. */
export const needsSix = (step: RouteStep): boolean => step.op === 'nexthop' && step.family === 'ipv6' && step.gateway === undefined;

/** The end of a table that must not fall through to the next rule. */
export const refusalAt = (family: Family, table: number, prefix = family === 'ipv4' ? '0.0.0.0/0' : '::/0', metric = LAST_METRIC): Refusal => ({
  family,
  prefix,
  table,
  metric,
});

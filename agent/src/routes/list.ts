// Routes, rules and nexthops as the reply has them: ours first, and no more of others' than a reply can carry.
import type { NexthopEntry, Owner, RouteEntry, RoutesReply, RuleEntry } from '../contract/index.ts';
import type { PolicyRule } from '../doctor/rules.ts';
import type { Kernel, Nexthop, Route } from '../observe/kernel.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import { PROTOCOL } from '../owned.ts';
import type { UciPackage } from '../uci/package.ts';
import { interfacesByDevice, ownerOfRoute, ruleOwners } from './owners.ts';
import { fallbackOf, purposeOfNexthop, purposeOfRoute, purposeOfRule } from './purposes.ts';
import type { Known } from './purposes.ts';

const OWNERS: readonly Owner[] = ['ours', 'netifd', 'kernel', 'foreign'];

/** Of each list as JSON: ubus carries 1 MB, and a page should not have to draw more than some hundreds. */
const MOST_BYTES = 100_000;

/** Makes entries in order of rank until the list is full; what comes after is counted. A full BGP table costs no more than that. */
function take<T, E>(items: readonly T[], rankOf: (item: T) => number, toEntry: (item: T) => E): { entries: E[]; left: number } {
  const ranked: T[][] = Array.from({ length: 2 * OWNERS.length }, () => []);
  for (const item of items) ranked[rankOf(item)]?.push(item);
  const entries: E[] = [];
  let room = MOST_BYTES;
  for (const item of ranked.flat()) {
    const entry = toEntry(item);
    room -= JSON.stringify(entry).length + 1;
    if (room < 0) break;
    entries.push(entry);
  }
  return { entries, left: items.length - entries.length };
}

const rankOfOwner = (owner: Owner, isFirst = false): number => 2 * OWNERS.indexOf(owner) + (isFirst ? 0 : 1);

type Found = { route: Route; refuses: boolean };

function toRouteEntry(known: Known, byDevice: ReadonlyMap<string, string>, { route, refuses }: Found): RouteEntry {
  const owner = ownerOfRoute(route, byDevice);
  const purpose = owner === 'ours' ? purposeOfRoute(known, route, refuses) : owner === 'netifd' ? fallbackOf(known, route) : undefined;
  const name = owner === 'netifd' || owner === 'foreign' ? byDevice.get(route.legs[0]?.device ?? '') : undefined;
  return {
    owner,
    interface: name,
    purpose,
    family: route.family,
    destination: route.destination,
    source: route.source,
    table: route.table,
    metric: route.metric,
    protocol: route.protocol,
    nexthop: route.nexthopId,
    refuses: refuses || undefined,
    hops: route.legs.map(({ device, gateway, weight }) => ({ device, gateway, weight: route.legs.length > 1 ? weight : undefined })),
  };
}

const toRuleEntry = (known: Known, owner: Owner, rule: PolicyRule): RuleEntry => ({
  owner,
  purpose: owner === 'ours' ? purposeOfRule(known, rule) : undefined,
  family: rule.family,
  preference: rule.preference,
  selectors: rule.selectors,
  table: rule.table,
  goto: rule.goto,
  suppress: rule.suppress,
  refuses: rule.refuses || undefined,
});

const toNexthopEntry = (known: Known, { protocol, ...nexthop }: Nexthop): NexthopEntry => ({
  owner: protocol === PROTOCOL ? 'ours' : 'foreign',
  purpose: protocol === PROTOCOL ? purposeOfNexthop(known, nexthop.id) : undefined,
  ...nexthop,
});

export type Seen = { kernel: Kernel; rules: readonly PolicyRule[]; interfaces: readonly NetifdInterface[]; network: UciPackage };

export function listRoutes({ kernel, rules, interfaces, network }: Seen, known: Known): Omit<RoutesReply, 'problems'> {
  const byDevice = interfacesByDevice(interfaces);
  const ruleOwner = ruleOwners(network);
  const all = [...kernel.routes.map((route): Found => ({ route, refuses: false })), ...kernel.unreachable.map((route): Found => ({ route, refuses: true }))];
  const routes = take(
    all,
    ({ route }) => rankOfOwner(ownerOfRoute(route, byDevice), route.destination === 'default'),
    (found) => toRouteEntry(known, byDevice, found),
  );
  const ruled = take(
    rules,
    (rule) => rankOfOwner(ruleOwner(rule)),
    (rule) => toRuleEntry(known, ruleOwner(rule), rule),
  );
  const nexthops = take(
    kernel.nexthops ?? [],
    ({ protocol }) => rankOfOwner(protocol === PROTOCOL ? 'ours' : 'foreign'),
    (nexthop) => toNexthopEntry(known, nexthop),
  );
  return {
    routes: routes.entries,
    rules: ruled.entries,
    nexthops: kernel.nexthops ? nexthops.entries : null,
    left: { routes: routes.left, rules: ruled.left, nexthops: nexthops.left },
  };
}

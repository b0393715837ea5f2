// `network.interface.NAME status` and dump: keys, their order and their presence as netifd prints them.
import type { Address, Assignment, Route, Settings } from './settings.ts';
import type { Updated } from '../hotplug.ts';

/** All that a status is made of. */
export type Snapshot = {
  name: string;
  up: boolean;
  pending: boolean;
  available: boolean;
  autostart: boolean;
  dynamic: boolean;
  proto: string;
  device: string | undefined;
  upSince: number;
  updated: ReadonlySet<Updated>;
  ip4table: number | undefined;
  ip6table: number | undefined;
  metric: number;
  dnsMetric: number;
  delegation: boolean;
  defaultroute: boolean;
  settings: Settings | undefined;
  errors: readonly { subsystem: string; code: string }[];
};

const UPDATED_ORDER: readonly Updated[] = ['addresses', 'routes', 'prefixes', 'data'];

const secondsTo = (until: number, now: number): number => Math.max(0, Math.round((until - now) / 1000));

function renderAddress({ address, mask, ptpaddress, preferredUntil, validUntil }: Address, now: number): Record<string, unknown> {
  return {
    address,
    mask,
    ...(ptpaddress === undefined ? {} : { ptpaddress }),
    ...(preferredUntil === undefined ? {} : { preferred: secondsTo(preferredUntil, now) }),
    ...(validUntil === undefined ? {} : { valid: secondsTo(validUntil, now) }),
  };
}

function renderRoute({ target, mask, nexthop, metric, table, validUntil, source }: Route, now: number): Record<string, unknown> {
  return {
    target,
    mask,
    nexthop: nexthop ?? (target.includes(':') ? '::' : '0.0.0.0'),
    ...(metric === undefined ? {} : { metric }),
    ...(table === undefined ? {} : { table }),
    ...(validUntil === undefined ? {} : { valid: secondsTo(validUntil, now) }),
    source,
  };
}

const renderAssignment = ({ address, mask, local }: Assignment): Record<string, unknown> => ({
  address,
  mask,
  'local-address': { address: local, mask },
});

function renderSettings(snapshot: Snapshot, settings: Settings, now: number): Record<string, unknown> {
  const { ip4table, ip6table } = snapshot;
  const updated = UPDATED_ORDER.filter((item) => snapshot.updated.has(item));
  const isActive = (route: Route) => route.mask !== 0 || route.isConfigured || snapshot.defaultroute;
  return {
    ...(updated.length > 0 ? { updated } : {}),
    ...(ip4table === undefined ? {} : { ip4table }),
    ...(ip6table === undefined ? {} : { ip6table }),
    metric: snapshot.metric,
    dns_metric: snapshot.dnsMetric,
    delegation: snapshot.delegation,
    'ipv4-address': settings.ipv4.map((address) => renderAddress(address, now)),
    'ipv6-address': settings.ipv6.map((address) => renderAddress(address, now)),
    'ipv6-prefix': [],
    'ipv6-prefix-assignment': settings.assignments.map(renderAssignment),
    route: settings.routes.filter(isActive).map((route) => renderRoute(route, now)),
    'dns-server': settings.dns,
    'dns-search': [],
    neighbors: [],
    inactive: {
      'ipv4-address': [],
      'ipv6-address': [],
      route: settings.routes.filter((route) => !isActive(route)).map((route) => renderRoute(route, now)),
      'dns-server': [],
      'dns-search': [],
      neighbors: [],
    },
  };
}

/** One interface. `l3_device`, `uptime` and everything of the IP layer stand there only while it is up. */
export function renderStatus(snapshot: Snapshot, now: number): Record<string, unknown> {
  const { up, pending, available, autostart, dynamic, proto, device, settings, errors } = snapshot;
  const isUp = up && settings !== undefined;
  return {
    up,
    pending,
    available,
    autostart,
    dynamic,
    ...(isUp ? { uptime: Math.floor((now - snapshot.upSince) / 1000), l3_device: settings.l3Device } : {}),
    proto,
    ...(device === undefined ? {} : { device }),
    ...(isUp ? renderSettings(snapshot, settings, now) : {}),
    data: {},
    ...(errors.length > 0 ? { errors } : {}),
  };
}

export const renderDump = (snapshots: readonly Snapshot[], now: number): Record<string, unknown> => ({
  interface: snapshots.map((snapshot) => ({ interface: snapshot.name, ...renderStatus(snapshot, now) })),
});

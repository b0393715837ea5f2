// netifd's view of interfaces, from the reply of `ubus call network.interface dump`.
import type { LinkReason, LinkState } from '../contract/index.ts';

/** `source`: it is only for packets from this prefix; in IPv4 the kernel makes nothing of it. */
export type NetifdRoute = { target: string; mask: number; nexthop: string; source?: string };

/** The parts of one interface's status that we read; `l3Device` and addresses only while it is up. */
export type NetifdInterface = {
  name: string;
  proto: string;
  up: boolean;
  pending: boolean;
  autostart: boolean;
  l3Device: string | undefined;
  uptimeS: number | undefined;
  ipv4: string[];
  ipv6: string[];
  /** Prefixes that were delegated to it; absent without any. */
  prefixes6?: string[];
  /** True when an IPv4 address has a peer: a point-to-point device needs no gateway. */
  pointToPoint: boolean;
  routes: NetifdRoute[];
  /** Its resolvers. */
  dns: string[];
  reason: LinkReason | undefined;
};

type Json = { [key: string]: unknown };
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const addressesOf = (value: unknown): string[] => objects(value).flatMap((entry) => textOf(entry['address']) ?? []);

function routesOf(entry: Json): NetifdRoute[] {
  return objects(entry['route']).flatMap((route): NetifdRoute[] => {
    const target = textOf(route['target']);
    const nexthop = textOf(route['nexthop']);
    const source = target?.includes(':') ? textOf(route['source']) : undefined;
    if (target === undefined || nexthop === undefined) return [];
    return [{ target, mask: Number(route['mask'] ?? 0), nexthop, ...(source === undefined || source === '::/0' ? {} : { source }) }];
  });
}

function toInterface(entry: Json): NetifdInterface | undefined {
  const name = textOf(entry['interface']);
  if (name === undefined) return undefined;
  const [error] = objects(entry['errors']);
  const code = textOf(error?.['code']);
  const prefixes6 = addressesOf(entry['ipv6-prefix']);
  return {
    name,
    proto: textOf(entry['proto']) ?? '',
    up: entry['up'] === true,
    pending: entry['pending'] === true,
    autostart: entry['autostart'] !== false,
    l3Device: textOf(entry['l3_device']),
    uptimeS: typeof entry['uptime'] === 'number' ? entry['uptime'] : undefined,
    ipv4: addressesOf(entry['ipv4-address']),
    ipv6: addressesOf(entry['ipv6-address']),
    ...(prefixes6.length ? { prefixes6 } : {}),
    pointToPoint: objects(entry['ipv4-address']).some((address) => textOf(address['ptpaddress']) !== undefined),
    routes: routesOf(entry),
    dns: Array.isArray(entry['dns-server']) ? entry['dns-server'].filter((item): item is string => typeof item === 'string') : [],
    reason: code === undefined ? undefined : { subsystem: textOf(error?.['subsystem']) ?? '', code },
  };
}

/** Parses the dump. Returns undefined when the text is not the reply we know. */
export function parseDump(text: string): NetifdInterface[] | undefined {
  let reply: unknown;
  try {
    reply = JSON.parse(text);
  } catch {
    return undefined; // cut off or not JSON: the caller reports which command said it
  }
  if (!isObject(reply) || !Array.isArray(reply['interface'])) return undefined;
  const found = objects(reply['interface']).flatMap((entry) => toInterface(entry) ?? []);
  return found.length || !reply['interface'].length ? found : undefined;
}

/** Errors after which netifd dials again and again in vain until somebody mends the cause. */
const LASTING = new Set(['AUTH_TOPEER_FAILED', 'OPTION_ERROR', 'NO_DEVICE', 'DEVICE_CLAIM_FAILED', 'INVALID_PROTO', 'MISSING_USERNAME']);

/** One word for what netifd says of an interface; undefined where it knows none of that name. */
export function stateOf(entry: NetifdInterface | undefined): LinkState {
  if (!entry) return 'absent';
  if (entry.up) return 'up';
  if (entry.reason && LASTING.has(entry.reason.code)) return 'failed';
  return entry.pending || entry.autostart ? 'dialing' : 'down';
}

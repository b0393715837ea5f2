// What a protocol found out for an interface: addresses, routes, name servers; and IPv4 arithmetic on them.

export type Address = {
  address: string;
  mask: number;
  ptpaddress?: string;
  /** IPv6 lifetimes as times of the kernel port's clock, in ms; absent lasts for ever. */
  preferredUntil?: number;
  validUntil?: number;
  /** Somebody else has put it on the device (pppd, or the kernel by SLAAC): netifd lists it and leaves it alone. */
  external?: boolean;
};

export type Route = {
  target: string;
  mask: number;
  nexthop?: string;
  /** Only where the route has one of its own; else the interface's counts. */
  metric?: number;
  /** A table of the route's own section. */
  table?: number;
  validUntil?: number;
  mtu?: number;
  /** `blackhole`, `unreachable` and the like, which have no device. */
  type?: string;
  /** A route protocol of its own instead of static. */
  proto?: string;
  isOnlink?: boolean;
  /** It stands in a section of its own, not in what the protocol found out. */
  isConfigured?: boolean;
  /** The sources it is for: `0.0.0.0/0` and `::/0` are all. */
  source: string;
};

/** A piece of a prefix that the interface got for its own network. */
export type Assignment = { address: string; mask: number; local: string };

export type Settings = {
  l3Device: string;
  ipv4: Address[];
  ipv6: Address[];
  assignments: Assignment[];
  routes: Route[];
  dns: string[];
};

export const noSettings = (l3Device: string): Settings => ({ l3Device, ipv4: [], ipv6: [], assignments: [], routes: [], dns: [] });

export const defaultRoute4 = (nexthop: string): Route => ({ target: '0.0.0.0', mask: 0, nexthop, source: '0.0.0.0/0' });

const toNumber = (address: string): number => address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
const toAddress = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
const maskBits = (mask: number): number => (mask === 0 ? 0 : (0xffffffff << (32 - mask)) >>> 0);

export const networkOf = (address: string, mask: number): string => toAddress((toNumber(address) & maskBits(mask)) >>> 0);
export const broadcastOf = (address: string, mask: number): string => toAddress((toNumber(address) | ~maskBits(mask)) >>> 0);

/** `255.255.255.0` or `24` to 24. */
export function toMaskLength(netmask: string): number {
  if (!netmask.includes('.')) return Number(netmask);
  return toNumber(netmask).toString(2).replaceAll('0', '').length;
}

/** `ADDRESS[/MASK]` with the mask that stands elsewhere as the default. */
export function parseCidr(text: string, otherwise: number): { address: string; mask: number } {
  const [address = '', mask] = text.split('/');
  return { address, mask: mask === undefined ? otherwise : toMaskLength(mask) };
}

/** What differs between two settings; everything there is, when there was nothing. */
export function differences(old: Settings | undefined, fresh: Settings): Set<'addresses' | 'routes'> {
  const key = (settings: Settings | undefined, part: 'addresses' | 'routes'): string => {
    if (!settings) return '';
    const { ipv4, ipv6, assignments, routes } = settings;
    // Lifetimes run and are no change.
    const plain = [...ipv4, ...ipv6].map(({ address, mask, ptpaddress }) => [address, mask, ptpaddress]);
    if (part === 'addresses') return plain.length + assignments.length === 0 ? '' : JSON.stringify([plain, assignments]);
    return routes.length === 0 ? '' : JSON.stringify(routes.map(({ target, mask, nexthop, source }) => [target, mask, nexthop, source]));
  };
  return new Set((['addresses', 'routes'] as const).filter((part) => key(old, part) !== key(fresh, part)));
}

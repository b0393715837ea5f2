// proto dhcpv6 on a PPPoE session (NAME_6): addresses that the kernel makes from router advertisements, and the routes odhcp6c would ask for.
import type { Kernel } from '../kernel.ts';
import type { Interface, Proto } from './interface.ts';
import { noSettings } from './settings.ts';
import type { Address, Settings } from './settings.ts';

/** odhcp6c's metric for a default route of medium preference; not the interface's. */
const RA_METRIC = 512;

const CONF = '/proc/sys/net/ipv6/conf';

/**
 * Lets the kernel take addresses, but no routes, from advertisements on a forwarding router: what odhcp6c does in user
 * space. Set as soon as the device is seen, since the kernel solicits a router right after its link-local is there.
 */
export function acceptAdvertisements(kernel: Kernel, device: string): void {
  kernel.write(`${CONF}/${device}/accept_ra_defrtr`, '0');
  kernel.write(`${CONF}/${device}/accept_ra`, '2');
}

type KernelAddress = { local?: string; prefixlen?: number; scope?: string; tentative?: boolean; preferred_life_time?: number; valid_life_time?: number };

/** `ip -j -6 addr show` to the addresses that count. A lifetime of 2^32-1 is for ever. */
export function parseAddresses(json: string, now: number): Address[] {
  const devices = json.trim() ? (JSON.parse(json) as { addr_info?: KernelAddress[] }[]) : [];
  const until = (seconds: number | undefined) => (seconds === undefined || seconds === 0xffffffff ? undefined : now + seconds * 1000);
  return devices
    .flatMap((device) => device.addr_info ?? [])
    .filter(({ scope, tentative, local }) => scope === 'global' && !tentative && local)
    .map(({ local = '', prefixlen = 64, preferred_life_time, valid_life_time }) => {
      const preferredUntil = until(preferred_life_time);
      const validUntil = until(valid_life_time);
      return {
        address: local,
        mask: prefixlen,
        external: true,
        ...(preferredUntil === undefined ? {} : { preferredUntil }),
        ...(validUntil === undefined ? {} : { validUntil }),
      };
    });
}

/** Where a NAME_6 stands: the device of the session and the router behind it. */
export type Uplink = { device: string; router: string };

export class Dhcpv6 implements Proto {
  readonly forceLink = true;
  readonly #kernel: Kernel;
  readonly #uplinkOf: (iface: Interface) => Uplink | undefined;
  readonly #running = new Set<Interface>();

  constructor(kernel: Kernel, uplinkOf: (iface: Interface) => Uplink | undefined) {
    this.#kernel = kernel;
    this.#uplinkOf = uplinkOf;
  }

  /** Pending until an advertisement has come, for ever if none does. */
  async setup(iface: Interface): Promise<void> {
    this.#running.add(iface);
    const uplink = this.#uplinkOf(iface);
    if (uplink) acceptAdvertisements(this.#kernel, uplink.device);
    void this.look(iface);
  }

  async teardown(iface: Interface): Promise<string | undefined> {
    this.#running.delete(iface);
    return undefined;
  }

  /** Addresses may have changed on the session's device. */
  async look(iface: Interface): Promise<void> {
    const uplink = this.#uplinkOf(iface);
    if (!uplink || !this.#running.has(iface)) return;
    const { code, stdout } = await this.#kernel.run(['ip', '-j', '-6', 'addr', 'show', 'dev', uplink.device, 'scope', 'global']);
    const now = this.#kernel.now();
    const addresses = code === 0 ? parseAddresses(stdout, now) : [];
    if (addresses.length === 0 || !this.#running.has(iface)) return;
    await iface.linkUp(this.#settings(iface, uplink, addresses));
  }

  /** With sourcefilter a default for each prefix, so traffic from it can leave only here; without, one plain default that the last session to write it has. */
  #settings(iface: Interface, { device, router }: Uplink, addresses: Address[]): Settings {
    const isFiltered = iface.config.options.flag('sourcefilter', true);
    const toRoute = (address: Address | undefined) => ({
      target: '::',
      mask: 0,
      nexthop: router,
      metric: RA_METRIC,
      ...(address?.preferredUntil === undefined ? {} : { validUntil: address.preferredUntil }),
      source: isFiltered && address ? `${address.address}/${address.mask}` : '::/0',
    });
    return { ...noSettings(device), ipv6: addresses, routes: isFiltered ? addresses.map(toRoute) : [toRoute(addresses[0])] };
  }
}

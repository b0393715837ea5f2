// The protocols without a process: static, whose addresses stand in the config, and none, which has none.
import type { Interface, Proto } from './interface.ts';
import { defaultRoute4, noSettings, parseCidr, toMaskLength } from './settings.ts';
import type { Assignment, Settings } from './settings.ts';

/**
 * The interface's share of the ULA prefix: the first network of `ip6assign` bits. netifd shares a prefix out among all
 * who ask; here the first one (the LAN) gets the first network, which is what it gets there too.
 */
function toAssignments(iface: Interface, ulaPrefix: string | undefined): Assignment[] {
  const mask = iface.config.options.number('ip6assign');
  const [network] = ulaPrefix?.split('/') ?? [];
  if (mask === undefined || !network) return [];
  return [{ address: network, mask, local: `${network}1` }];
}

export function staticSettings(iface: Interface, ulaPrefix: string | undefined): Settings {
  const { options } = iface.config;
  const netmask = toMaskLength(options.text('netmask') ?? '32');
  const gateway = options.text('gateway');
  const gateway6 = options.text('ip6gw');
  return {
    ...noSettings(iface.device),
    ipv4: options.list('ipaddr').map((text) => parseCidr(text, netmask)),
    ipv6: options.list('ip6addr').map((text) => parseCidr(text, 128)),
    assignments: toAssignments(iface, ulaPrefix),
    routes: [...(gateway ? [defaultRoute4(gateway)] : []), ...(gateway6 ? [{ target: '::', mask: 0, nexthop: gateway6, source: '::/0' }] : [])],
    dns: options.list('dns'),
  };
}

/** Up as soon as the device is there, carrier or not: only network.device tells that the cable is out. */
export const createStatic = (ulaPrefix: () => string | undefined): Proto => ({
  forceLink: true,
  async setup(iface) {
    void iface.linkUp(staticSettings(iface, ulaPrefix()));
  },
  teardown: async () => undefined,
});

export const createNone = (): Proto => ({
  forceLink: false,
  async setup(iface) {
    void iface.linkUp(noSettings(iface.device));
  },
  teardown: async () => undefined,
});

// `network.device status`: what sysfs and procfs tell of a device, in netifd's keys and their order.
import type { Kernel } from '../kernel.ts';
import type { Devices } from './device.ts';

const COUNTERS = [
  'collisions',
  'rx_frame_errors',
  'tx_compressed',
  'multicast',
  'rx_length_errors',
  'tx_dropped',
  'rx_bytes',
  'rx_missed_errors',
  'tx_errors',
  'rx_compressed',
  'rx_over_errors',
  'tx_fifo_errors',
  'rx_crc_errors',
  'rx_packets',
  'tx_heartbeat_errors',
  'rx_dropped',
  'tx_aborted_errors',
  'tx_packets',
  'rx_errors',
  'tx_bytes',
  'tx_window_errors',
  'rx_fifo_errors',
  'tx_carrier_errors',
];

/** IFF_UP, IFF_PROMISC, IFF_MULTICAST of <linux/if.h>. */
const UP = 0x1;
const PROMISC = 0x100;
const MULTICAST = 0x1000;

/** Ethernet has link modes; what drives them here is virtual and names none. */
const ETHTOOL = {
  'link-advertising': [],
  'link-partner-advertising': [],
  'link-supported': [],
  speed: '10000F',
  autoneg: false,
  'flow-control': { autoneg: true, supported: [], 'link-advertising': [], 'link-partner-advertising': [], negotiated: [] },
  'hw-tc-offload': false,
};

function kernelSettings(kernel: Kernel, name: string): Record<string, unknown> {
  const read = (path: string): number => Number(kernel.read(path)?.trim() ?? 0);
  const v4 = (file: string) => read(`/proc/sys/net/ipv4/conf/${name}/${file}`);
  const v6 = (file: string) => read(`/proc/sys/net/ipv6/conf/${name}/${file}`);
  const neigh = (version: 4 | 6, file: string) => read(`/proc/sys/net/ipv${version}/neigh/${name}/${file}`);
  const flags = read(`/sys/class/net/${name}/flags`);
  return {
    mtu: read(`/sys/class/net/${name}/mtu`),
    mtu6: v6('mtu'),
    macaddr: kernel.read(`/sys/class/net/${name}/address`)?.trim() || '00:00:00:00:00:00',
    txqueuelen: read(`/sys/class/net/${name}/tx_queue_len`),
    ipv6: v6('disable_ipv6') === 0,
    ip6segmentrouting: v6('seg6_enabled') === 1,
    promisc: (flags & PROMISC) !== 0,
    rpfilter: v4('rp_filter'),
    acceptlocal: v4('accept_local') === 1,
    igmpversion: v4('force_igmp_version'),
    mldversion: v6('force_mld_version'),
    neigh4reachabletime: neigh(4, 'base_reachable_time_ms'),
    neigh6reachabletime: neigh(6, 'base_reachable_time_ms'),
    neigh4gcstaletime: neigh(4, 'gc_stale_time'),
    neigh6gcstaletime: neigh(6, 'gc_stale_time'),
    neigh4locktime: neigh(4, 'locktime'),
    dadtransmits: v6('dad_transmits'),
    multicast: (flags & MULTICAST) !== 0,
    sendredirects: v4('send_redirects') === 1,
    drop_v4_unicast_in_l2_multicast: v4('drop_unicast_in_l2_multicast') === 1,
    drop_v6_unicast_in_l2_multicast: v6('drop_unicast_in_l2_multicast') === 1,
    drop_gratuitous_arp: v4('drop_gratuitous_arp') === 1,
    drop_unsolicited_na: v6('drop_unsolicited_na') === 1,
    arp_accept: v4('arp_accept') === 1,
  };
}

/**
 * One device; undefined when nobody knows it. One that is only named in the config says so with `present` false;
 * a session's device is external, since pppd made it.
 */
export function renderDevice(kernel: Kernel, devices: Devices, name: string, isExternal: boolean): Record<string, unknown> | undefined {
  const sys = `/sys/class/net/${name}`;
  const type = devices.typeOf(name);
  if (!kernel.isThere(sys)) return isExternal || devices.names().includes(name) ? { external: isExternal, present: false, type } : undefined;
  const parent = devices.parentOf(name);
  const ports = devices.portsOf(name);
  return {
    external: isExternal,
    present: true,
    type,
    up: (Number(kernel.read(`${sys}/flags`)) & UP) !== 0,
    carrier: devices.hasCarrier(name),
    auth_status: false,
    ...(parent === undefined ? {} : { parent }),
    ...(ports.length > 0 ? { 'bridge-members': ports } : {}),
    ...(isExternal ? {} : { ...ETHTOOL, devtype: type === 'bridge' ? 'bridge' : 'ethernet' }),
    ...kernelSettings(kernel, name),
    gro: isExternal,
    statistics: Object.fromEntries(COUNTERS.map((counter) => [counter, Number(kernel.read(`${sys}/statistics/${counter}`)?.trim() ?? 0)])),
  };
}

// The protocols netifd knows and the options each accepts, as `network get_proto_handlers` lists them; a reload asks the same table what matters.

type Handler = {
  validate: Record<string, string>;
  immediate: boolean;
  no_device: boolean;
  init_available: boolean;
  renew_available: boolean;
  force_link_default: boolean;
  last_error: boolean;
  teardown_on_l3_link_down: boolean;
  no_task: boolean;
};

const SCRIPTED = {
  immediate: false,
  no_device: false,
  init_available: false,
  renew_available: false,
  force_link_default: false,
  last_error: false,
  teardown_on_l3_link_down: false,
  no_task: false,
};

export const PROTO_HANDLERS: Readonly<Record<string, Handler>> = {
  dhcpv6: {
    validate: {
      reqaddress: 'or("try","force","none")',
      reqprefix: 'or("auto","no",range(0, 64))',
      clientid: 'string',
      reqopts: 'list(uinteger)',
      noslaaconly: 'bool',
      forceprefix: 'bool',
      extendprefix: 'bool',
      norelease: 'bool',
      ip6prefix: 'list(ip6addr)',
      iface_dslite: 'string',
      zone_dslite: 'string',
      iface_map: 'string',
      zone_map: 'string',
      zone: 'string',
      ifaceid: 'ip6addr',
      sourcefilter: 'bool',
      delegate: 'bool',
      soltimeout: 'uinteger',
      verbose: 'bool',
    },
    ...SCRIPTED,
    renew_available: true,
  },
  pppoe: {
    validate: {
      username: 'string',
      password: 'string',
      keepalive: 'string',
      keepalive_adaptive: 'bool',
      demand: 'uinteger',
      pppd_options: 'string',
      connect: 'file',
      disconnect: 'file',
      ipv6: 'string',
      authfail: 'bool',
      mtu: 'uinteger',
      pppname: 'string',
      unnumbered: 'string',
      reqprefix: 'string',
      persist: 'bool',
      maxfail: 'uinteger',
      holdoff: 'uinteger',
      sourcefilter: 'bool',
      delegate: 'bool',
      norelease: 'bool',
      ac: 'string',
      service: 'string',
      ac_mac: 'string',
      host_uniq: 'string',
      padi_attempts: 'uinteger',
      padi_timeout: 'uinteger',
    },
    ...SCRIPTED,
    last_error: true,
  },
  static: {
    validate: {
      ipaddr: 'ip4addr',
      ip6addr: 'ip6addr',
      netmask: 'netmask',
      broadcast: 'ipaddr',
      ptpaddr: 'ip4addr',
      gateway: 'ip4addr',
      ip6gw: 'ip6addr',
      ip6prefix: 'ip6addr',
      ip6deprecated: 'bool',
    },
    ...SCRIPTED,
    immediate: true,
    force_link_default: true,
  },
};

/** Options outside the protocols that make an interface start anew when they change. */
const GENERIC = ['proto', 'device', 'ifname', 'force_link', 'delegate', 'ip6assign', 'ip6hint'];

/**
 * The options of a protocol whose change costs the session. Everything else netifd either swaps in silence (metric,
 * ip4table, defaultroute, dns) or does not know at all (our own tag).
 */
export function restartingOptions(proto: string): string[] {
  // ip6table is handed to NAME_6 at its birth, so for pppoe it takes a redial.
  return [...GENERIC, ...Object.keys(PROTO_HANDLERS[proto]?.validate ?? {}), ...(proto === 'pppoe' ? ['ip6table'] : [])];
}

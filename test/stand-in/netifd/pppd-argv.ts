// The command line of pppd as netifd's ppp.sh puts it together from an interface's options.
import { join } from 'node:path';
import type { InterfaceConfig } from './config.ts';

export type PppdCommand = {
  /** The program, with a loader in front where it is not the system's own. */
  argv: readonly string[];
  /** The PPPoE plugin: a name that pppd looks up, or a path. */
  plugin: string;
};

/**
 * What OpenWrt's pppd does without being told, by a patch or by its /etc/ppp/options: ask no name and no password of
 * the peer (Debian's does once there is a default route), and take whatever address it gets.
 */
const OPENWRT_DEFAULTS = ['noauth', 'noipdefault', 'noaccomp', 'nopcomp'];

export type Ipv6Mode = 'off' | 'link-local' | 'auto';

/** `1` is not a stronger `auto`: it negotiates IPv6CP and stops there. */
export function ipv6Mode({ options }: InterfaceConfig): Ipv6Mode {
  const value = options.text('ipv6') ?? 'auto';
  return value === 'auto' ? 'auto' : value === '1' ? 'link-local' : 'off';
}

/** `keepalive`: "FAILURES INTERVAL" or "FAILURES" (every 5 s); 0 failures is none. */
function echoes({ options }: InterfaceConfig): string[] {
  const [failures = '5', interval = options.text('keepalive') === undefined ? '1' : '5'] = (options.text('keepalive') ?? '5 1').split(/[ ,]+/);
  if (Number(failures) < 1) return [];
  const adaptive = options.flag('keepalive_adaptive', true) ? ['lcp-echo-adaptive'] : [];
  return ['lcp-echo-interval', interval, 'lcp-echo-failure', failures, ...adaptive];
}

const pair = (name: string, value: string | undefined): string[] => (value ? [name, value] : []);

/** Config values are bytes; an argument is written out as UTF-8 again. */
const toText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();

export const pppDevice = (config: InterfaceConfig): string => config.options.text('pppname') ?? `pppoe-${config.name}`;

export function pppdArgv(config: InterfaceConfig, { argv, plugin }: PppdCommand, root: string): string[] {
  const { name, options, device = '' } = config;
  const script = (file: string) => join(root, 'lib/netifd', file);
  const hasIpv6 = ipv6Mode(config) !== 'off';
  const mtu = options.text('mtu') ?? '1492';
  const username = options.text('username');
  return [
    ...argv,
    ...['nodetach', 'ipparam', name, 'ifname', pppDevice(config)],
    ...echoes(config),
    ...(hasIpv6 ? ['+ipv6'] : []),
    ...(ipv6Mode(config) === 'auto' ? ['set', 'AUTOIPV6=1'] : []),
    ...['nodefaultroute', 'usepeerdns', 'maxfail', '1'],
    ...(username ? ['user', toText(username), 'password', toText(options.text('password') ?? '')] : []),
    ...['ip-up-script', script('ppp-up')],
    ...(hasIpv6 ? ['ipv6-up-script', script('ppp6-up')] : []),
    ...['ip-down-script', script('ppp-down')],
    ...(hasIpv6 ? ['ipv6-down-script', script('ppp-down')] : []),
    ...['mtu', mtu, 'mru', mtu],
    ...['plugin', plugin],
    ...pair('rp_pppoe_ac', options.text('ac')),
    ...pair('rp_pppoe_service', options.text('service')),
    ...pair('pppoe-mac', options.text('ac_mac')),
    ...pair('host-uniq', options.text('host_uniq')),
    ...pair('pppoe-padi-attempts', options.text('padi_attempts')),
    ...pair('pppoe-padi-timeout', options.text('padi_timeout')),
    `nic-${device}`,
    ...OPENWRT_DEFAULTS,
    ...options.list('pppd_options'),
  ];
}

/** pppd's exit codes in netifd's words. */
const ERRORS: Readonly<Record<number, string>> = {
  1: 'FATAL_ERROR',
  2: 'OPTION_ERROR',
  3: 'NOT_ROOT',
  4: 'NO_KERNEL_SUPPORT',
  5: 'USER_REQUEST',
  6: 'LOCK_FAILED',
  7: 'OPEN_FAILED',
  8: 'CONNECT_FAILED',
  9: 'PTYCMD_FAILED',
  10: 'NEGOTIATION_FAILED',
  11: 'PEER_AUTH_FAILED',
  12: 'IDLE_TIMEOUT',
  13: 'CONNECT_TIME',
  14: 'CALLBACK',
  15: 'PEER_DEAD',
  16: 'HANGUP',
  17: 'LOOPBACK',
  18: 'INIT_FAILED',
  19: 'AUTH_TOPEER_FAILED',
  20: 'TRAFFIC_LIMIT',
  21: 'CNID_AUTH_FAILED',
};

export const OPTION_ERROR = 2;
const PEER_AUTH_FAILED = 11;
const AUTH_TOPEER_FAILED = 19;

/** What a pppd that ended means. Death by a signal is no error to netifd; a bad option would fail for ever, so it is not tried again. */
export function toPppError(exit: { code: number } | { signal: string }, config: InterfaceConfig): { error: string | undefined; block: boolean } {
  if (!('code' in exit) || exit.code === 0) return { error: undefined, block: false };
  const isAuth = exit.code === PEER_AUTH_FAILED || exit.code === AUTH_TOPEER_FAILED;
  const block = exit.code === OPTION_ERROR || (isAuth && config.options.flag('authfail', false));
  return { error: ERRORS[exit.code] ?? 'UNKNOWN_ERROR', block };
}

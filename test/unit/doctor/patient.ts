// A router in good health as the doctor sees it: two sessions of a line are up and share the default. Rows change one thing.
import type { DoctorInput, SeenLink } from '../../../agent/src/doctor/input.ts';
import { parsePolicyRules } from '../../../agent/src/doctor/rules.ts';
import type { Config } from '../../../agent/src/config/parse.ts';
import type { Finding } from '../../../agent/src/contract/index.ts';
import type { DeviceFacts } from '../../../agent/src/observe/files.ts';
import { stateOf } from '../../../agent/src/observe/netifd.ts';
import type { NetifdInterface } from '../../../agent/src/observe/netifd.ts';
import { interfaceOf } from '../../../agent/src/plan/adopt.ts';
import { planLinks } from '../../../agent/src/plan/members.ts';
import { aConfig, aKernel, aLine, anInterface, aRoute, toPackage } from '../../fake/values.ts';

export const session = (name: string, slot: number, mac: string): string =>
  `config device 'md_${name}'
	option type 'macvlan'
	option ifname 'wan'
	option name 'md-${name}'
	option macaddr '${mac}'
	option multidial 'wan'

config interface '${name}'
	option proto 'pppoe'
	option device 'md-${name}'
	option metric '${7000 + slot}'
	option multidial 'wan'

`;

export const MACS = ['02:5e:00:00:00:01', '02:5e:00:00:00:02'] as const;
export const LAN = "config interface 'lan'\n\toption proto 'static'\n\toption device 'br-lan'\n\n";
export const NETWORK = LAN + session('wan_01', 1, MACS[0]) + session('wan_02', 2, MACS[1]);
export const FIREWALL = `config defaults
	option forward 'REJECT'

config zone
	option name 'lan'
	list network 'lan'

config zone
	option name 'wan'
	list network 'wan_01'
	list network 'wan_02'
	option masq '1'
	option mtu_fix '1'
`;
export const DHCP =
  "config dnsmasq\n\toption resolvfile '/tmp/resolv.conf.d/resolv.conf.auto'\n\toption local '/lan/'\n\nconfig dhcp 'lan'\n\toption interface 'lan'\n";

export const SETTINGS = { 'net.ipv4.fib_multipath_hash_policy': '1', 'net.ipv6.fib_multipath_hash_policy': '1', 'net.ipv4.fib_multipath_use_neigh': '1' };

const PUBLIC = { ipv4: ['203.0.113.11'], dns: ['198.51.100.53'] };
export const INTERFACES: NetifdInterface[] = [
  anInterface('lan', { proto: 'static', l3Device: 'br-lan', ipv4: ['192.168.1.1'], pointToPoint: false, routes: [] }),
  anInterface('wan_01', PUBLIC),
  anInterface('wan_02', { ...PUBLIC, ipv4: ['203.0.113.12'] }),
];

/** The interfaces with one of them otherwise. */
export const withInterface = (name: string, fields: Partial<NetifdInterface>): NetifdInterface[] =>
  INTERFACES.map((entry) => (entry.name === name ? { ...entry, ...fields } : entry));
/** Down, with an error of netifd's. */
export const failing = (code: string, fields: Partial<NetifdInterface> = {}): NetifdInterface[] =>
  withInterface('wan_02', { up: false, l3Device: undefined, ipv4: [], reason: { subsystem: 'pppoe', code }, ...fields });

const device = (fields: Partial<DeviceFacts> = {}): DeviceFacts => ({ mac: undefined, isUp: true, hasCarrier: true, mtu: 1500, ...fields });
export const DEVICES: Record<string, DeviceFacts> = {
  'br-lan': device({ mac: '94:83:c4:a0:11:5d' }),
  wan: device({ mac: '94:83:c4:a0:11:5e' }),
  'md-wan_01': device({ mac: MACS[0] }),
  'md-wan_02': device({ mac: MACS[1] }),
  'pppoe-wan_01': device({ mtu: 1492 }),
  'pppoe-wan_02': device({ mtu: 1492 }),
};
/** The devices with one of them otherwise, or gone. */
export function withDevice(name: string, fields: Partial<DeviceFacts> | undefined): Record<string, DeviceFacts> {
  const { [name]: old, ...rest } = DEVICES;
  return fields ? { ...rest, [name]: { ...device(), ...old, ...fields } } : rest;
}

/** Rules as `ip -N -j rule show` tells them, after the kernel's own first and ours. */
export const rulesOf = (...more: object[]): NonNullable<DoctorInput['rules']['ipv4']> => {
  const usual = [
    { priority: 0, src: 'all', table: '255' },
    { priority: 4000, not: null, src: 'all', fwmark: '0', fwmask: '0xff000000', table: '254', suppress_prefixlen: 0, protocol: '77' },
    { priority: 4001, src: 'all', fwmark: '0x1000000', fwmask: '0xff000000', table: '77001', protocol: '77' },
    { priority: 32766, src: 'all', table: '254' },
  ];
  return parsePolicyRules(JSON.stringify([...usual, ...more]), 'ipv4', 0) ?? [];
};

/** What rows say of a router; links follow from network and configuration. */
export type Changes = Partial<Omit<DoctorInput, 'config' | 'packages' | 'links' | 'setting' | 'device'>> & {
  config?: Partial<Config>;
  network?: string;
  firewall?: string;
  dhcp?: string;
  settings?: Record<string, string>;
  devices?: Record<string, DeviceFacts>;
};

export function aPatient({
  config: asked = {},
  network = NETWORK,
  firewall = FIREWALL,
  dhcp = DHCP,
  settings = SETTINGS,
  devices = DEVICES,
  ...fields
}: Changes): DoctorInput {
  const config = aConfig({ lines: [aLine({ device: 'wan' })], ...asked });
  const packages = { network: toPackage(network), firewall: toPackage(firewall), dhcp: toPackage(dhcp) };
  const interfaces = fields.interfaces ?? INTERFACES;
  const links = planLinks(config, packages.network).links.map((link): SeenLink => {
    const entry = 'reason' in interfaces ? undefined : interfaces.find(({ name }) => name === link.interface);
    return { link, section: interfaceOf(packages.network, link.interface), entry, state: stateOf(entry) };
  });
  return {
    configProblems: [],
    packageProblems: [],
    isDue: false,
    kernel: aKernel({ routes: [aRoute()] }),
    rules: { ipv4: rulesOf(), ipv6: [] },
    ruleset: '',
    hasNft: true,
    hasMangle: false,
    canEndConnections: true,
    settingsFile: undefined,
    release: '6.6.73',
    install: 'apk add',
    uncommitted: [],
    wallMs: Date.UTC(2026, 10, 21),
    ...fields,
    config,
    packages,
    links,
    interfaces,
    setting: (key) => settings[key],
    device: (name) => devices[name],
  };
}

/** A finding that `ill` provokes and that is gone in each of `well`, which differ from it as little as may be. */
export type Row = { finding: Finding; ill: Changes; well?: Changes[] };

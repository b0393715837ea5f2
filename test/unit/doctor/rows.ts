// Rows of findings about configuration, kernel, firewall and ports: what provokes each, and what mends it.
import type { Problem } from '../../../agent/src/contract/index.ts';
import { aGroup, aKernel, aLine, aSetting } from '../../fake/values.ts';
import { DEVICES, failing, FIREWALL, LAN, MACS, NETWORK, session, SETTINGS, withDevice, withInterface } from './patient.ts';
import type { Row } from './patient.ts';

const fault: Problem = { code: 'option_missing', severity: 'error', section: 'line.wan', option: 'username' };
const first = 'line.wan: option username is missing, so the section is skipped and what it had before stays.';

export const setupRows: Row[] = [
  {
    finding: { code: 'config_faulty', severity: 'error', details: { count: 1, first } },
    ill: { configProblems: [{ code: 'option_unknown', severity: 'warning', option: 'x' }, fault] },
    well: [{ configProblems: [{ code: 'option_unknown', severity: 'warning', option: 'x' }] }],
  },
  {
    finding: { code: 'package_unreadable', severity: 'error', details: { path: '/etc/config/firewall', reason: 'line 3: a quote is not closed' } },
    ill: {
      firewall: '',
      packageProblems: [{ code: 'reply_unreadable', severity: 'error', details: { command: '/etc/config/firewall', reason: 'line 3: a quote is not closed' } }],
    },
  },
  {
    finding: { code: 'package_unreadable', severity: 'error', details: { path: '/etc/config/dhcp', reason: 'it is a directory' } },
    ill: { dhcp: '', packageProblems: [{ code: 'file_unfit', severity: 'error', details: { path: '/etc/config/dhcp', max: 1, found: 'a directory' } }] },
  },
  { finding: { code: 'disabled', severity: 'note' }, ill: { config: { enabled: false } } },
  {
    finding: { code: 'apply_due', severity: 'warning' },
    ill: { isDue: true },
    well: [
      { isDue: true, config: { enabled: false } },
      { isDue: true, config: { broken: true } },
    ],
  },
  { finding: { code: 'uncommitted', severity: 'warning', details: { package: 'firewall' } }, ill: { uncommitted: ['firewall'] } },
  { finding: { code: 'config_uncommitted', severity: 'note' }, ill: { uncommitted: ['multidial'] }, well: [{ uncommitted: ['network'] }] },
  { finding: { code: 'netifd_silent', severity: 'error', details: { exit: 4, reason: 'Not found' } }, ill: { interfaces: { exit: 4, reason: 'Not found' } } },
];

const HASH4 = 'net.ipv4.fib_multipath_hash_policy';
const HASH6 = 'net.ipv6.fib_multipath_hash_policy';
const without = (key: string): Record<string, string> => Object.fromEntries(Object.entries(SETTINGS).filter(([name]) => name !== key));
const nat6 = NETWORK.replace("\toption metric '7001'\n", "\toption metric '7001'\n\toption ipv6 'auto'\n\toption delegate '0'\n");
const offloaded = (...options: string[]): string =>
  FIREWALL.replace('config defaults\n', `config defaults\n${options.map((option) => `\toption ${option} '1'\n`).join('')}`);
const flowtable = (flags = ''): string =>
  `table inet fw4 {\n\tflowtable ft {\n\t\thook ingress priority filter\n\t\tdevices = { br-lan, wan }\n${flags}\t\tcounter\n\t}\n\n\tchain forward {\n\t\tflow add @ft\n\t}\n}\n`;
const tunnels = {
  network: `${NETWORK}config interface 'wg0'\n\toption proto 'wireguard'\n`,
  config: { links: [aSetting('wg0', { interface: 'wg0' })], groups: [aGroup('tunnels', { links: ['wg0'], dest: ['10.9.0.0/16'], mode: 'packet' as const })] },
};

export const kernelRows: Row[] = [
  {
    finding: { code: 'ip_unfit', severity: 'error', details: { exit: 1, reason: 'ip: invalid option -- f', install: 'opkg install' } },
    ill: { kernel: { exit: 1, reason: 'ip: invalid option -- f' }, install: 'opkg install' },
  },
  {
    finding: { code: 'nexthops_missing', severity: 'warning', details: { release: '4.14.275', install: 'apk add' } },
    ill: { kernel: { ...aKernel(), nexthops: undefined }, release: '4.14.275' },
    well: [{ kernel: aKernel() }],
  },
  { finding: { code: 'nft_missing', severity: 'warning' }, ill: { hasNft: false } },
  { finding: { code: 'hash_policy_missing', severity: 'warning', details: { key: HASH4 } }, ill: { settings: without(HASH4) } },
  {
    finding: { code: 'hash_policy_missing', severity: 'warning', details: { key: HASH6 } },
    ill: { network: nat6, settings: without(HASH6) },
    well: [{ network: nat6 }, { settings: without(HASH6) }],
  },
  {
    finding: { code: 'hash_policy_differs', severity: 'warning', details: { key: HASH4, wanted: '1', got: '0' } },
    ill: { settings: { ...SETTINGS, [HASH4]: '0' } },
    well: [{ settings: { ...SETTINGS, [HASH4]: '0', [HASH6]: '0' }, config: { groups: [aGroup('all', { hash: 'l3' })] } }],
  },
  { finding: { code: 'connections_unlisted', severity: 'note', details: { install: 'apk add' } }, ill: { canEndConnections: false } },
  {
    finding: { code: 'clock_unset', severity: 'warning', details: { date: '2023-12-31' } },
    ill: { wallMs: Date.UTC(2023, 11, 31, 23, 59) },
    well: [{ wallMs: Date.UTC(2024, 0, 1) }],
  },
  {
    finding: { code: 'offload_software', severity: 'note', details: { by: 'firewall option flow_offloading' } },
    ill: { firewall: offloaded('flow_offloading') },
    well: [{ firewall: offloaded('flow_offloading_hw') }],
  },
  { finding: { code: 'offload_software', severity: 'note', details: { by: 'nft flowtable ft' } }, ill: { ruleset: flowtable() } },
  {
    finding: { code: 'offload_hardware', severity: 'warning', details: { by: 'firewall option flow_offloading' } },
    ill: { firewall: offloaded('flow_offloading', 'flow_offloading_hw') },
    well: [{ firewall: offloaded('flow_offloading') }],
  },
  {
    finding: { code: 'offload_hardware', severity: 'warning', details: { by: 'nft flowtable ft' } },
    ill: { ruleset: flowtable('\t\tflags offload\n') },
    well: [{ ruleset: flowtable() }],
  },
  {
    finding: { code: 'offload_packets', severity: 'warning', section: 'group.tunnels' },
    ill: { ...tunnels, firewall: offloaded('flow_offloading') },
    // Over PPPoE links packets can't be spread at all, so there is nothing to lose.
    well: [tunnels, { firewall: offloaded('flow_offloading'), config: { groups: [aGroup('all', { mode: 'packet' })] } }],
  },
];

const without02 = (text: string): string => text.replace("\tlist network 'wan_02'\n", '');

export const firewallRows: Row[] = [
  { finding: { code: 'zone_missing', severity: 'error' }, ill: { firewall: '' } },
  { finding: { code: 'zone_missing', severity: 'error' }, ill: { firewall: FIREWALL.replace("'wan'", "'uplink'") } },
  {
    finding: { code: 'masquerade_off', severity: 'error', details: { zone: '@zone[1]' } },
    ill: { firewall: FIREWALL.replace("masq '1'", "masq '0'") },
    well: [{ firewall: FIREWALL.replace("masq '1'", "masq 'yes'") }],
  },
  {
    finding: { code: 'mss_unclamped', severity: 'warning', details: { zone: 'w' } },
    ill: { firewall: FIREWALL.replace("\toption mtu_fix '1'\n", '').replace("config zone\n\toption name 'wan'", "config zone 'w'\n\toption name 'wan'") },
  },
  {
    finding: { code: 'zone_lacks_link', severity: 'error', link: 'wan_02' },
    ill: { firewall: without02(FIREWALL) },
    // An adopted interface may stand where its owner put it.
    well: [
      {
        firewall: without02(FIREWALL),
        network: `${LAN}${session('wan_01', 1, MACS[0])}config interface 'isp'\n\toption proto 'pppoe'\n\toption metric '7002'\n\nconfig multidial 'multidial_wan_02'\n\toption interface 'isp'\n\toption multidial 'wan'\n`,
      },
    ],
  },
];

const vlan = { lines: [aLine({ device: 'eth0.2' })] };
const duplicate = NETWORK.replace(MACS[1], MACS[0]);
const iptv = (port: string): string =>
  `config device\n\toption type 'macvlan'\n\toption name 'iptv'\n\toption ifname '${port}'\n\toption macaddr '${MACS[0]}'\n`;
const down = withDevice('md-wan_02', { isUp: false });
const named = (name: string, more = ''): string => `${LAN}config interface '${name}'\n\toption proto 'pppoe'\n${more}`;

export const deviceRows: Row[] = [
  {
    finding: { code: 'port_missing', severity: 'error', section: 'line.wan', details: { device: 'wan' } },
    ill: { devices: withDevice('wan', undefined) },
    well: [{ devices: withDevice('wan', undefined), config: { lines: [aLine({ device: 'wan', disabled: true })] } }],
  },
  {
    // A VLAN that netifd has not made yet has a port all the same.
    finding: { code: 'port_missing', severity: 'error', section: 'line.wan', details: { device: 'eth0.2' } },
    ill: { config: vlan },
    well: [{ config: vlan, devices: withDevice('eth0', {}) }],
  },
  {
    finding: { code: 'port_unplugged', severity: 'error', section: 'line.wan', details: { device: 'wan' } },
    ill: { devices: withDevice('wan', { hasCarrier: false }) },
    // A port that is down does not say: netifd takes it down when nobody uses it.
    well: [{ devices: withDevice('wan', { isUp: false, hasCarrier: undefined }) }],
  },
  {
    finding: {
      code: 'mac_duplicate',
      severity: 'error',
      link: 'wan_02',
      details: { device: 'md-wan_02', other: 'md-wan_01', mac: MACS[0], section_name: 'md_wan_02' },
    },
    ill: { network: duplicate, devices: withDevice('md-wan_02', { mac: MACS[0].toUpperCase() }) },
  },
  {
    // Before it is made, what network says counts.
    finding: {
      code: 'mac_duplicate',
      severity: 'error',
      link: 'wan_02',
      details: { device: 'md-wan_02', other: 'md-wan_01', mac: MACS[0], section_name: 'md_wan_02' },
    },
    ill: { network: duplicate, devices: withDevice('md-wan_02', undefined) },
    well: [{ network: duplicate.replace(/(md_wan_02'\n.*\n\toption ifname) 'wan'/, "$1 'eth1'"), devices: withDevice('md-wan_02', undefined) }],
  },
  {
    finding: {
      code: 'mac_duplicate',
      severity: 'error',
      link: 'wan_02',
      details: { device: 'md-wan_02', other: 'wan', mac: '94:83:c4:a0:11:5e', section_name: 'md_wan_02' },
    },
    ill: { devices: withDevice('md-wan_02', { mac: '94:83:c4:a0:11:5e' }) },
    well: [{ devices: withDevice('md-wan_02', { mac: '94:83:c4:a0:11:5d' }) }],
  },
  {
    finding: {
      code: 'mac_duplicate',
      severity: 'error',
      link: 'wan_01',
      details: { device: 'md-wan_01', other: 'iptv', mac: MACS[0], section_name: 'md_wan_01' },
    },
    ill: { network: NETWORK + iptv('wan') },
    // A VLAN has its port's address, and may.
    well: [{ network: NETWORK + iptv('eth1') }, { network: NETWORK + iptv('wan').replace('macvlan', '8021q') }],
  },
  {
    finding: { code: 'device_down', severity: 'error', link: 'wan_02', details: { device: 'md-wan_02', parent: 'wan' } },
    ill: { devices: down },
    well: [
      { devices: down, interfaces: withInterface('wan_02', { up: false, autostart: false }) },
      { devices: { ...down, wan: { mac: undefined, mtu: 1500, isUp: false, hasCarrier: undefined } } },
    ],
  },
  {
    finding: { code: 'carrier_lost', severity: 'warning', link: 'wan_01', details: { device: 'pppoe-wan_01' } },
    ill: { devices: withDevice('pppoe-wan_01', { hasCarrier: false }) },
    well: [{ devices: { ...DEVICES, 'md-wan_01': { mac: MACS[0], isUp: true, hasCarrier: false, mtu: 1500 } } }],
  },
  {
    finding: { code: 'name_too_long', severity: 'error', details: { interface: 'telecom_01', device: 'pppoe-telecom_01' } },
    ill: { network: named('telecom_01'), config: { lines: [aLine({ device: 'wan', adopt: 'telecom_01' })] } },
    well: [
      { network: named('telecom01'), config: { lines: [aLine({ device: 'wan', adopt: 'telecom01' })] } },
      { network: named('telecom_01', "\toption pppname 'isp'\n"), config: { lines: [aLine({ device: 'wan', adopt: 'telecom_01' })] } },
      { network: NETWORK + named('telecom_01') },
    ],
  },
];

const dial = (code: string, reason: string, severity: 'error' | 'warning', fields: object): Row => ({
  finding: { code: code as 'dial_failed', severity, link: 'wan_02', details: { interface: 'wan_02', reason } },
  ill: { interfaces: failing(reason, fields) },
  // Once it is up an old error may linger, and whoever took it down by hand may dial it anew.
  well: [{ interfaces: failing('USER_REQUEST', { pending: true }) }, { interfaces: withInterface('wan_02', { reason: { subsystem: 'pppoe', code: reason } }) }],
});

export const dialRows: Row[] = [
  dial('account_refused', 'AUTH_TOPEER_FAILED', 'error', {}),
  dial('dial_failed', 'OPTION_ERROR', 'error', { autostart: false }),
  dial('dial_failed', 'NO_DEVICE', 'error', {}),
  dial('session_refused', 'HANGUP', 'warning', { pending: true }),
  dial('dial_unanswered', 'CONNECT_FAILED', 'warning', { pending: true }),
  dial('dial_failed', 'SOMETHING_NEW', 'warning', {}),
  {
    finding: { code: 'link_stopped', severity: 'warning', link: 'wan_02', details: { interface: 'wan_02', reason: 'USER_REQUEST' } },
    ill: { interfaces: failing('USER_REQUEST', { autostart: false }) },
    well: [{ interfaces: failing('USER_REQUEST', { pending: true }) }],
  },
  {
    finding: { code: 'link_absent', severity: 'error', link: 'wan_02', details: { interface: 'wan_02' } },
    ill: { interfaces: withInterface('wan_02', { name: 'wan_03' }) },
  },
];

// Rows of findings about what the provider gave and about others on the router: what provokes each, and what mends it.
import type { Kernel, Route } from '../../../agent/src/observe/kernel.ts';
import { aKernel, aLine, anInterface, aRoute } from '../../fake/values.ts';
import { DHCP, INTERFACES, NETWORK, rulesOf, session, withDevice, withInterface } from './patient.ts';
import type { Changes, Row } from './patient.ts';

const restricted = (address: string): Changes => ({ interfaces: withInterface('wan_02', { ipv4: [address] }) });
const resolvedBy = (...dns: string[]): Changes => ({ interfaces: INTERFACES.map((entry) => (entry.name === 'lan' ? entry : { ...entry, dns })) });
const dnsmasq = (line: string): string => DHCP.replace('\n\n', `\n\t${line}\n\n`);

export const sessionRows: Row[] = [
  ...['10.4.5.6', '172.31.0.9', '192.168.207.7', '100.127.0.1'].map(
    (address): Row => ({
      finding: { code: 'address_restricted', severity: 'warning', link: 'wan_02', details: { address, interface: 'wan_02' } },
      ill: restricted(address),
      // Behind the provider's NAT all of them are so, and one that is down has no say.
      well: [
        { interfaces: INTERFACES.map((entry) => ({ ...entry, ipv4: [address] })) },
        { interfaces: INTERFACES.map((entry) => (entry.name === 'wan_01' ? { ...entry, up: false } : { ...entry, ipv4: [address] })) },
        restricted('100.128.0.1'),
        restricted('172.32.0.1'),
        restricted('169.254.3.3'),
        { interfaces: withInterface('wan_02', { ipv4: [address, '203.0.113.12'] }) },
      ],
    }),
  ),
  {
    finding: { code: 'mtu_low', severity: 'note', link: 'wan_02', details: { mtu: 1480 } },
    ill: { devices: withDevice('pppoe-wan_02', { mtu: 1480 }) },
    well: [{ devices: withDevice('pppoe-wan_02', { mtu: 1500 }) }],
  },
  { finding: { code: 'mtu_low', severity: 'note', link: 'wan_02', details: { mtu: 1280 } }, ill: { devices: withDevice('pppoe-wan_02', { mtu: 1280 }) } },
  { finding: { code: 'mtu_low', severity: 'warning', link: 'wan_02', details: { mtu: 1279 } }, ill: { devices: withDevice('pppoe-wan_02', { mtu: 1279 }) } },
  {
    finding: { code: 'resolvers_missing', severity: 'error' },
    ill: { ...resolvedBy(), dhcp: dnsmasq("list server '/corp.example/10.0.0.53'") },
    well: [
      { ...resolvedBy(), dhcp: dnsmasq("list server '9.9.9.9'") },
      { ...resolvedBy(), dhcp: dnsmasq("option noresolv '1'") },
      { ...resolvedBy(), dhcp: dnsmasq("option port '0'") },
      { ...resolvedBy(), dhcp: dnsmasq("option resolvfile '/etc/resolv.own'") },
      { interfaces: [...INTERFACES.map((entry) => ({ ...entry, dns: [] })), anInterface('wan_01_6', { l3Device: 'pppoe-wan_01', dns: ['2001:db8::53'] })] },
    ],
  },
  {
    // One link that is up is enough to be asked.
    finding: { code: 'resolvers_missing', severity: 'error' },
    ill: { interfaces: INTERFACES.map((entry) => ({ ...entry, dns: entry.name === 'wan_02' ? entry.dns : [], up: entry.name !== 'wan_02' })) },
  },
  ...['127.0.0.1', '169.254.200.1', '::1', 'fdff::1', 'febf::1'].map(
    (first): Row => ({ finding: { code: 'resolvers_private', severity: 'note', details: { resolvers: [first], first } }, ill: resolvedBy(first) }),
  ),
  {
    finding: { code: 'resolvers_private', severity: 'note', details: { resolvers: ['127.0.0.1'], first: '127.0.0.1' } },
    ill: resolvedBy('127.0.0.1'),
    well: ['126.0.0.1', '128.0.0.1', '170.254.0.1', '::2', 'fec0::1', '2001:db8::53'].map((address) => resolvedBy(address)),
  },
  {
    finding: { code: 'resolvers_private', severity: 'note', details: { resolvers: ['10.0.0.53', 'fd00::53'], first: '10.0.0.53' } },
    ill: resolvedBy('10.0.0.53', 'fd00::53', 'nonsense; reboot'),
    well: [resolvedBy('10.0.0.53', '198.51.100.53'), { ...resolvedBy('10.0.0.53'), dhcp: dnsmasq("list server '9.9.9.9'") }],
  },
];

const main = aRoute();
const foreign = (fields: Partial<Route>): Route => aRoute({ protocol: 4, metric: 0, legs: [{ device: 'usb0', gateway: '192.0.2.1', weight: 1 }], ...fields });
const routes = (...more: Route[]): Kernel => aKernel({ routes: [main, ...more] });
const table100 = foreign({ table: 100 });
const rules = (...more: object[]): Changes => ({ rules: { ipv4: rulesOf(...more), ipv6: [] }, kernel: routes(table100) });
const mwan3 = (priority: number): object => ({ priority, src: 'all', fwmark: '0x100', fwmask: '0x3f00', table: '100' });
const ofIpv4 = (...said: string[]): { family: string; rules: string[] } => ({ family: 'IPv4', rules: said });

export const ruleRows: Row[] = [
  {
    finding: { code: 'rule_first', severity: 'error', details: ofIpv4('1: all lookup 100') },
    ill: rules({ priority: 1, src: 'all', table: '100', protocol: '4' }),
    well: [
      rules({ priority: 5001, src: 'all', table: '100', protocol: '4' }),
      rules({ priority: 1, src: 'all', table: '101', protocol: '4' }), // a table without a default
      rules({ priority: 1, src: 'all', table: '254', suppress_prefixlen: 0, protocol: '4' }),
      rules({ priority: 1, src: 'all', nop: null }),
      rules({ priority: 1, src: 'all', goto: 3000 }),
      rules({ priority: 1, src: 'all', table: '100', protocol: '77' }),
    ],
  },
  { finding: { code: 'rule_first', severity: 'error', details: ofIpv4('2: all goto 32766') }, ill: rules({ priority: 2, src: 'all', goto: 32766 }) },
  { finding: { code: 'rule_first', severity: 'error', details: ofIpv4('3: all refused') }, ill: rules({ priority: 3, src: 'all', action: '6' }) },
  {
    finding: { code: 'rule_first', severity: 'error', details: ofIpv4('4: all lookup 254') },
    ill: rules({ priority: 4, src: 'all', table: 'main' }),
    well: [{ ...rules({ priority: 4, src: 'all', table: 'main' }), kernel: aKernel() }],
  },
  {
    finding: {
      code: 'rule_part_first',
      severity: 'note',
      details: ofIpv4('100: from 10.1.0.0/16 iif br-guest lookup 100', '101: not from 10.2.0.1 lookup 100'),
    },
    ill: rules(
      { priority: 100, src: '10.1.0.0', srclen: 16, iif: 'br-guest', iif_detached: null, table: '100' },
      { priority: 101, not: null, src: '10.2.0.1', table: '100' },
    ),
    // What mwan3 does for each interface is told with its other rules.
    well: [
      rules({ priority: 10_000, src: '10.1.0.0', srclen: 16, table: '100' }),
      rules({ priority: 1, src: 'all', table: '100' }),
      rules(...[1000, 3999].map((priority) => ({ priority, src: 'all', iif: 'eth0', table: '100' })), mwan3(2001)),
    ],
  },
  {
    finding: { code: 'rule_part_first', severity: 'note', details: ofIpv4('100: iif br-guest lookup 100') },
    ill: rules({ priority: 100, src: 'all', iif: 'br-guest', table: '100' }, mwan3(1000)),
    well: [rules(mwan3(1000))],
  },
  {
    finding: { code: 'rule_part_first', severity: 'note', details: ofIpv4('1500: iif br-guest lookup 100') },
    ill: rules({ priority: 1500, src: 'all', iif: 'br-guest', table: '100' }),
    well: [rules({ priority: 1500, src: 'all', iif: 'br-guest', table: '100' }, mwan3(3999))],
  },
  {
    finding: { code: 'rule_part_first', severity: 'note', details: { family: 'IPv6', rules: ['100: to 2001:db8::/32 lookup 100'] } },
    ill: {
      rules: {
        ipv4: rulesOf(),
        ipv6: rulesOf({ priority: 100, src: 'all', dst: '2001:db8::', dstlen: 32, table: '100' }).map((rule) => ({ ...rule, family: 'ipv6' as const })),
      },
      kernel: routes(foreign({ family: 'ipv6', table: 100 })),
    },
  },
  {
    finding: { code: 'rule_among_ours', severity: 'warning', details: ofIpv4('4400: from 192.0.2.0/24 lookup 100') },
    ill: rules({ priority: 4400, src: '192.0.2.0', srclen: 24, table: '100' }),
    // Before Linux 4.17 ours have no protocol.
    well: [rules({ priority: 4301, src: '10.0.0.1', table: '77001' }), rules({ priority: 5000, src: '192.0.2.0', srclen: 24, table: '100' })],
  },
  {
    finding: { code: 'mark_compared', severity: 'warning', details: ofIpv4('500: fwmark 0x1 lookup 100', '10500: fwmark 0x5000000/0xf000000 lookup 100') },
    ill: rules(
      { priority: 500, src: 'all', fwmark: '0x1', table: '100' },
      { priority: 10_500, src: 'all', fwmark: '0x5000000', fwmask: '0xf000000', table: '100' },
    ),
    well: [rules({ priority: 500, src: 'all', fwmark: '0x1', fwmask: '0xffffff', table: '100' })],
  },
  {
    finding: { code: 'mwan3_first', severity: 'warning', details: ofIpv4('2001: fwmark 0x100/0x3f00 lookup 100', '2061: fwmark 0x3d00/0x3f00 refused') },
    ill: rules(
      { priority: 1001, src: 'all', iif: 'pppoe-wan_01', table: '100' },
      { priority: 2001, src: 'all', fwmark: '0x100', fwmask: '0x3f00', table: '100' },
      { priority: 2061, src: 'all', fwmark: '0x3d00', fwmask: '0x3f00', action: '6' },
    ),
    well: [rules({ priority: 2001, src: 'all', fwmark: '0x100', fwmask: '0xff00', table: '100' }), rules(mwan3(999)), rules(mwan3(4000))],
  },
  {
    finding: {
      code: 'pbr_beside',
      severity: 'note',
      details: ofIpv4('29998: fwmark 0x20000/0xff0000 lookup 257', '29999: fwmark 0x10000/0xff0000 lookup 256'),
    },
    ill: rules(
      { priority: 29_998, src: 'all', fwmark: '0x20000', fwmask: '0xff0000', table: '257' },
      { priority: 29_999, src: 'all', fwmark: '0x10000', fwmask: '0xff0000', table: '256' },
    ),
    well: [
      rules({ priority: 28_999, src: 'all', fwmark: '0x10000', fwmask: '0xff0000', table: '256' }),
      rules({ priority: 29_998, src: 'all', fwmark: '0x100', fwmask: '0xff00', table: '256' }),
    ],
  },
  {
    finding: { code: 'table_shared', severity: 'warning', details: { table: 77_005, by: 'route default' } },
    ill: { kernel: routes(foreign({ table: 77_005 }), foreign({ table: 77_005, destination: '10.0.0.0/8' })) },
    well: [{ kernel: routes(aRoute({ table: 77_005 }), foreign({ table: 77_256 })) }],
  },
  {
    finding: { code: 'table_shared', severity: 'warning', details: { table: 77_002, by: 'rule 9000' } },
    ill: rules({ priority: 9000, src: 'all', iif: 'br-lan', table: '77002', protocol: '3' }),
  },
];

const chain = (table: string, statement: string): string =>
  `table ${table} {\n\tchain classify {\n\t\ttype filter hook prerouting priority mangle; policy accept;\n\t\t${statement}\n\t}\n}\n`;
const ownMetric = foreign({ metric: 7 });
const lte = anInterface('lte', { l3Device: 'usb0', proto: 'dhcp' });

export const neighbourRows: Row[] = [
  {
    finding: { code: 'mark_overwritten', severity: 'warning', details: { table: 'inet fw4', chain: 'classify', statement: 'meta mark set 0x00000001 accept' } },
    ill: { ruleset: `${chain('inet fw4', 'tcp dport 80 meta mark set 0x00000001 accept')}` },
    well: [
      { ruleset: chain('inet fw4', 'meta mark set meta mark & 0xff01ffff | 0x00010000') },
      { ruleset: chain('inet multidial', 'meta mark set meta mark & 0x01ffffff | 0x01000000') },
      { ruleset: chain('inet fw4', 'tcp dport 80 accept comment "!fw4: meta mark set 5"') },
    ],
  },
  {
    finding: { code: 'default_outranks', severity: 'warning', details: { family: 'IPv4', interface: 'lte', device: 'usb0', metric: 0, ours: 7 } },
    ill: { kernel: routes(foreign({})), interfaces: [...INTERFACES, lte] },
    well: [{ kernel: routes(foreign({ metric: 8 })), interfaces: [...INTERFACES, lte] }],
  },
  {
    finding: { code: 'default_outranks', severity: 'note', details: { family: 'IPv4', interface: 'lte', device: 'usb0', metric: 0, ours: 7 } },
    ill: { network: '', kernel: routes(foreign({})), interfaces: [...INTERFACES, lte] },
  },
  {
    finding: { code: 'metric_taken', severity: 'error', details: { family: 'IPv4', prefix: 'default', device: 'usb0', metric: 7 } },
    ill: { kernel: routes(ownMetric) },
    well: [
      { kernel: routes(foreign({ metric: 8 })) },
      { kernel: routes(foreign({ metric: 7, destination: '10.0.0.0/8' })) },
      { kernel: routes(foreign({ metric: 7, table: 100 })) },
      { kernel: routes(foreign({ metric: 7, family: 'ipv6' })) }, // IPv6 is not shared here
    ],
  },
  {
    finding: { code: 'metric_shared', severity: 'warning', details: { metric: 7002, interfaces: ['wan_02', 'lte'] } },
    ill: { network: `${NETWORK}config interface 'lte'\n\toption metric '7002'\n` },
    well: [
      { network: `${NETWORK}config interface 'lte'\n\toption metric '7003'\n` },
      { network: `${NETWORK}config route 'lte'\n\toption metric '7002'\n` },
      { network: `${NETWORK}config interface 'lte'\n\toption metric '10'\n\nconfig interface 'usb'\n\toption metric '10'\n` },
    ],
  },
  {
    finding: { code: 'metric_shared', severity: 'warning', details: { metric: 7001, interfaces: ['wan_01', 'wan_02'] } },
    ill: { network: session('wan_01', 1, '02:00:00:00:00:01') + session('wan_02', 1, '02:00:00:00:00:02'), config: { lines: [aLine({ device: 'wan' })] } },
  },
];

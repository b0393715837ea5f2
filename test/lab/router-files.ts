// The files of a freshly installed router, as OpenWrt's first boot leaves them, before multidial is installed.
import { crypt } from '../stand-in/rpcd/password.ts';

export const LOGIN = { username: 'root', password: 'router' } as const;

const network = (lan: string, address: string) => `
config interface 'loopback'
	option device 'lo'
	option proto 'static'
	option ipaddr '127.0.0.1'
	option netmask '255.0.0.0'

config globals 'globals'
	option ula_prefix 'fd77:4d44:1::/48'

config interface 'lan'
	option device '${lan}'
	option proto 'static'
	option ipaddr '${address}'
	option netmask '255.255.255.0'
	option ip6assign '60'
`;

/** The zone wan is anonymous and lists its networks, as on every release. */
const firewall = `
config defaults
	option syn_flood '1'
	option input 'REJECT'
	option output 'ACCEPT'
	option forward 'REJECT'

config zone
	option name 'lan'
	list network 'lan'
	option input 'ACCEPT'
	option output 'ACCEPT'
	option forward 'ACCEPT'

config zone
	option name 'wan'
	list network 'wan'
	list network 'wan6'
	option input 'REJECT'
	option output 'ACCEPT'
	option forward 'REJECT'
	option masq '1'
	option mtu_fix '1'

config forwarding
	option src 'lan'
	option dest 'wan'
`;

const dhcp = `
config dnsmasq
	option domainneeded '1'

config dhcp 'lan'
	option interface 'lan'
	option start '100'
	option limit '150'
	option leasetime '12h'
	option dhcpv4 'server'
	option dhcpv6 'server'
	option ra 'server'
	list ra_flags 'managed-config'
	list ra_flags 'other-config'

config odhcpd 'odhcpd'
	option maindhcp '0'
`;

const rpcd = `
config rpcd
	option socket '/var/run/ubus/ubus.sock'
	option timeout '30'

config login
	option username 'root'
	option password '$p$root'
	list read '*'
	list write '*'

config login
	option username 'guest'
	option password '${crypt('guest', '$5$lab')}'
	list read 'luci-app-multidial'
	list read 'unauthenticated'
`;

/** Everyone may log in and ask whether a right is there: luci-base and rpcd bring these. */
const unauthenticated = `{
	"unauthenticated": {
		"description": "Access controls for unauthenticated requests",
		"read": { "ubus": { "session": [ "access", "login" ] } }
	}
}
`;

/** Of OpenWrt's own settings those that matter to routing. */
const settings = `net.ipv4.conf.default.arp_ignore=1
net.ipv4.conf.all.arp_ignore=1
net.ipv4.ip_forward=1
net.ipv6.conf.default.forwarding=1
net.ipv6.conf.all.forwarding=1
`;

export type GuestText = { path: string; text: string; mode: number };

export function routerFiles(lan: string, address: string): GuestText[] {
  const config = (name: string, text: string): GuestText => ({ path: `/etc/config/${name}`, text, mode: 0o644 });
  return [
    config('network', network(lan, address)),
    config('firewall', firewall),
    config('dhcp', dhcp),
    config('system', "\nconfig system\n\toption hostname 'OpenWrt'\n"),
    config('rpcd', rpcd),
    { path: '/usr/share/rpcd/acl.d/unauthenticated.json', text: unauthenticated, mode: 0o644 },
    { path: '/etc/shadow', text: `root:${crypt(LOGIN.password, '$5$lab')}:19000:0:99999:7:::\n`, mode: 0o600 },
    { path: '/etc/sysctl.d/10-default.conf', text: settings, mode: 0o644 },
  ];
}

/**
 * What stands on a router's flash, beside the programs of its image: the files of packages are listed by opkg. /tmp, /var and
 * /run are memory.
 */
export const FLASH = [
  ...['config', 'hotplug.d', 'init.d', 'iproute2', 'nftables.d', 'rc.d', 'rc.local', 'shadow', 'sysctl.conf', 'sysctl.d'].map((name) => `/etc/${name}`),
  '/usr/bin/qjs',
  '/usr/lib/opkg/info',
  '/usr/share/nftables.d',
  '/usr/share/rpcd',
];

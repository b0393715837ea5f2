// What others may have set up on a router: mwan3's and pbr's rules, tables and marks, a user's own by hand, and sections in uci.
import type { Lab } from './lab.ts';
import { PORT } from './topology.ts';

/** A second uplink, static on a VLAN of the same port. Nobody answers behind it. */
const UPLINK = `${PORT}.20`;

const network = `
config device 'vlan20'
	option type '8021q'
	option ifname '${PORT}'
	option vid '20'
	option name '${UPLINK}'

config interface 'isp2'
	option device '${UPLINK}'
	option proto 'static'
	list ipaddr '198.18.20.2/24'
	option gateway '198.18.20.1'
	option ip6addr '2001:db8:20::2/64'
	option ip6gw '2001:db8:20::1'
	option metric '20'

config interface 'tun'
	option device 'tun0'
	option proto 'none'

config rule 'voip'
	option src '192.168.1.50/32'
	option lookup '100'
	option priority '500'

config rule
	option in 'lan'
	option dest '198.51.100.64/26'
	option lookup '100'

config rule6
	option src '2001:db8:9::/48'
	option lookup '100'
	option priority '500'

config route 'office'
	option interface 'lan'
	option target '10.50.0.0/16'
	option gateway '192.168.1.50'

config route
	option interface 'lan'
	option target '0.0.0.0/0'
	option gateway '192.168.1.50'
	option table '100'
	option metric '7'

config route6
	option interface 'lan'
	option target '2001:db8:50::/48'
	option gateway 'fd77:4d44:1::50'
`;

const firewall = `
config zone 'vpn'
	option name 'vpn'
	list network 'tun'
	option input 'REJECT'
	option output 'ACCEPT'
	option forward 'REJECT'
	option masq '1'

config forwarding
	option src 'lan'
	option dest 'vpn'
`;

const dhcp = `
config host
	option name 'phone'
	option mac '02:00:00:00:00:50'
	option ip '192.168.1.50'

config boot 'pxe'
	list dhcp_option '66,192.168.1.50'
	list dhcp_option '67,boot.0'
`;

const both = (line: (ip: 'ip -4' | 'ip -6') => string): string[] => [line('ip -4'), line('ip -6')];
const IDS = [1, 2, 3, 4];
/** What a start of theirs does first: a second one is no failure then. */
const withoutRules = (preferences: readonly number[]) =>
  both((ip) => `for pref in ${preferences.join(' ')}; do echo rule del pref $pref; done | ${ip} -force -batch - 2>/dev/null || :`).join('\n');

/** mwan3: by interface number N table N, rules at 1000+N, 2000+N and 3000+N, marks below 0x3f00; two marks are a blackhole and an unreachable. */
const mwan3 = `#!/bin/sh /etc/rc.common
START=94

# The real one waits for the ifups of hotplug.
boot() {
	for name in lan isp2; do
		for second in $(seq 60); do ubus call network.interface.$name status | grep -q '"up": true' && break; sleep 1; done
	done
	start
}

start() {
${withoutRules([...IDS.flatMap((id) => [1000 + id, 2000 + id, 3000 + id]), 2061, 2062])}
${IDS.flatMap((id) =>
  both((ip) =>
    [
      `\t${ip} rule add pref ${1000 + id} iif ${UPLINK} lookup ${id}`,
      `\t${ip} rule add pref ${2000 + id} fwmark ${id << 8}/0x3f00 lookup ${id}`,
      `\t${ip} rule add pref ${3000 + id} fwmark ${id << 8}/0x3f00 unreachable`,
      `\t${ip} route replace default via ${ip === 'ip -4' ? `198.18.20.${id}0` : `2001:db8:20::${id}0`} dev ${UPLINK} table ${id}`,
    ].join('\n'),
  ),
).join('\n')}
${both((ip) => `\t${ip} rule add pref 2061 fwmark 0x3d00/0x3f00 blackhole\n\t${ip} rule add pref 2062 fwmark 0x3e00/0x3f00 unreachable`).join('\n')}
	nft -f - <<'NFT'
add table inet mwan3
delete table inet mwan3
table inet mwan3 {
	chain prerouting {
		type filter hook prerouting priority mangle; policy accept;
		ct mark & 0x3f00 == 0x100 meta mark set meta mark & 0xffffc0ff | 0x100
		meta mark & 0x3f00 == 0x0 iifname "br-lan" ip daddr 198.51.100.0/24 meta mark set meta mark & 0xffffc0ff | 0x100
		meta mark & 0x3f00 == 0x0 meta mark set meta mark & 0xffffc0ff | 0x3f00
		meta mark & 0x3f00 == 0x100 ct mark set ct mark & 0xffffc0ff | 0x100
	}
	chain output {
		type route hook output priority mangle; policy accept;
		ct mark & 0x3f00 == 0x100 meta mark set meta mark & 0xffffc0ff | 0x100
	}
}
NFT
}
`;

/** pbr: one mark of 0x00ff0000 and one table by name for an interface, rules below 30000, chains in fw4's own table by a file of each load. */
const pbr = `#!/bin/sh /etc/rc.common
START=94

start() {
	grep -q pbr_lan /etc/iproute2/rt_tables || printf '256\\tpbr_isp2\\n257\\tpbr_lan\\n' >>/etc/iproute2/rt_tables
${withoutRules([29998, 29999, 30001])}
${both((ip) =>
  [
    `\t${ip} rule add pref 29999 fwmark 0x10000/0xff0000 lookup 256`,
    `\t${ip} rule add pref 29998 fwmark 0x20000/0xff0000 lookup 257`,
    `\t${ip} rule add pref 30001 lookup main suppress_prefixlength 1`,
  ].join('\n'),
).join('\n')}
	ip route replace default via 198.18.20.1 dev ${UPLINK} table 256
	ip route replace unreachable default metric 4278198272 table 257
	ip -6 route replace default via 2001:db8:20::1 dev ${UPLINK} table 256
	ip -6 route replace unreachable default metric 4278198272 table 257
	fw4 reload
}
`;

const pbrRuleset = `add chain inet fw4 pbr_prerouting { type filter hook prerouting priority mangle; policy accept; }
add chain inet fw4 pbr_mark_0x010000
add rule inet fw4 pbr_mark_0x010000 meta mark set meta mark & 0xff00ffff | 0x10000
add rule inet fw4 pbr_prerouting ip daddr 198.51.101.0/24 goto pbr_mark_0x010000
`;

/** By hand, and for the next boot in rc.local. */
const byHand = `ip link show tun0 >/dev/null 2>&1 || ip link add tun0 type dummy
${withoutRules([1234])}
ip rule add pref 1234 from 198.51.100.1 lookup 100
ip -6 rule add pref 1234 from 2001:db8:9::1 lookup 100
ip route replace 198.51.102.0/24 dev br-lan metric 50 proto 188
ip route replace 198.51.103.0/24 via 192.168.1.50 dev br-lan table 100 proto 188
ip -6 route replace 2001:db8:51::/48 dev br-lan metric 50 proto 188
ip nexthop replace id 42 via 192.168.1.50 dev br-lan
ip nexthop replace id 43 via 192.168.1.51 dev br-lan
ip nexthop replace id 44 group 42/43,2
ip route replace 198.51.104.0/24 nhid 44 proto 188
echo 42 >/proc/sys/net/ipv4/tcp_fin_timeout
nft -f - <<'NFT'
add table inet mine
delete table inet mine
table inet mine {
	chain watch {
		type filter hook forward priority -10; policy accept;
		tcp flags syn counter
	}
}
NFT
`;

/** Lays the sections down. netifd knows them when it returns. */
export async function addSections(lab: Lab): Promise<void> {
  for (const [name, text] of Object.entries({ network, firewall, dhcp })) await lab.must(['sh', '-c', `cat >>/etc/config/${name}`], { stdin: text });
  await lab.write('/etc/init.d/mwan3', mwan3, 0o755);
  await lab.write('/etc/init.d/pbr', pbr, 0o755);
  await lab.write('/usr/share/nftables.d/ruleset-post/30-pbr.nft', pbrRuleset);
  await lab.write('/etc/rc.local', byHand);
  // The second setting is one of those that multidial sets as well: what stood there before is the user's.
  await lab.write('/etc/sysctl.conf', 'net.ipv4.tcp_keepalive_time=321\nnet.ipv4.fib_multipath_hash_policy=2\n');
  await lab.must('/etc/init.d/mwan3 enable; /etc/init.d/pbr enable; sysctl -q -p /etc/sysctl.conf; /etc/init.d/network reload; fw4 reload');
  await untilUp(lab, ['lan', 'isp2']);
}

/** Everything in the kernel, as their services and the user set it once the interfaces are up; also once more after a restart. */
export async function addState(lab: Lab): Promise<void> {
  await lab.must('/etc/init.d/mwan3 start && /etc/init.d/pbr start && sh -e /etc/rc.local');
  await untilUp(lab, ['lan', 'isp2', 'tun']);
}

export async function untilUp(lab: Lab, names: readonly string[]): Promise<void> {
  const isUp = async (name: string) => /"up": true/.test((await lab.run(['ubus', 'call', `network.interface.${name}`, 'status'])).stdout);
  for (const name of names) await lab.until(`interface ${name} is up`, () => isUp(name), 60_000);
}

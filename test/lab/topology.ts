// The lab's networks: the router is the guest's root namespace; isp, inet, lan and lan2 are namespaces around it.
//
//   lan  192.168.1.10 ─┐                                     ┌ inet 203.0.113.10…, 2001:db8:ffff::10…
//   lan2 192.168.1.11 ─┴ br-lan [router] wan0 ─ ispwan [isp] ┴ ix
import { type Control, must } from './control.ts';
import { GUEST_PROJECT } from './paths.ts';

export type Family = 'ipv4' | 'ipv6';

/** Hosts of the outside: each address runs every server, so a test can route one address its own way. */
export const INET = {
  ipv4: (host = 10) => `203.0.113.${host}`,
  ipv6: (host = 10) => `2001:db8:ffff::${host}`,
};

/** Addresses that exist at the outside: 10 for everyone, the others for tests that pin routes to a destination. */
export const inetHosts = [10, 50, 60, 101, 102, 103, 104];

/** What links are probed by where nobody says otherwise. They answer pings and nothing else. */
const probeTargets = ['223.5.5.5', '1.1.1.1', '8.8.8.8'];

/** Namespaces of the LAN side; IPv6 comes by RA. */
export const lanHosts = { lan: '192.168.1.10', lan2: '192.168.1.11' };

/** The router's port to the ISP. */
export const PORT = 'wan0';
export const ROUTER_LAN_ADDRESS = '192.168.1.1';

const ipCommands = (): string[] => [
  ...['isp', 'inet', 'lan', 'lan2'].flatMap((name) => [`netns add ${name}`]),
  `link add ${PORT} address 02:4d:44:00:00:01 type veth peer name ispwan netns isp`,
  'link add br-lan address 02:4d:44:00:00:02 type bridge',
  ...Object.keys(lanHosts).flatMap((name, index) => [`link add lan${index} type veth peer name eth0 netns ${name}`, `link set lan${index} master br-lan up`]),
  'link set br-lan up',
];

const inNamespace: Record<string, string[]> = {
  isp: [
    'link set lo up',
    'link set ispwan up',
    'link add ix type veth peer name eth0 netns inet',
    'address add 203.0.113.1/24 dev ix',
    'address add 2001:db8:ffff::1/64 dev ix nodad',
    'link set ix up',
    ...probeTargets.map((target) => `route add ${target} via ${INET.ipv4()}`),
  ],
  inet: [
    'link set lo up',
    ...inetHosts.flatMap((host) => [`address add ${INET.ipv4(host)}/24 dev eth0`, `address add ${INET.ipv6(host)}/64 dev eth0 nodad`]),
    ...probeTargets.map((target) => `address add ${target}/32 dev lo`),
    'link set eth0 up',
    'route add default via 203.0.113.1',
    'route add default via 2001:db8:ffff::1',
  ],
  ...Object.fromEntries(
    Object.entries(lanHosts).map(([name, address]) => [
      name,
      ['link set lo up', `address add ${address}/24 dev eth0`, 'link set eth0 up', `route add default via ${ROUTER_LAN_ADDRESS}`],
    ]),
  ),
};

/** What OpenWrt's own sysctl.d sets on a router and what the others need. Written to /proc/sys, `/` between the words. */
const sysctls: Record<string, Record<string, number>> = {
  router: {
    // Of the whole kernel: a traffic program that is kept waiting by the emulation must not lose answers.
    'net/core/rmem_max': 16777216,
    'net/ipv4/ip_forward': 1,
    'net/ipv4/conf/all/rp_filter': 0,
    'net/ipv4/conf/default/rp_filter': 0,
    'net/ipv4/conf/default/arp_ignore': 1,
    'net/ipv4/conf/all/arp_ignore': 1,
    'net/ipv6/conf/default/forwarding': 1,
    'net/ipv6/conf/all/forwarding': 1,
    'net/ipv6/conf/all/accept_dad': 0,
    'net/ipv6/conf/default/accept_dad': 0,
  },
  isp: {
    'net/ipv4/ip_forward': 1,
    'net/ipv6/conf/all/forwarding': 1,
    'net/ipv6/conf/default/accept_dad': 0,
    'net/ipv4/conf/default/rp_filter': 0,
    'net/ipv4/conf/all/rp_filter': 0,
  },
  // txrehash: over veth, a sender's socket hash is what hash policy 1 sees, and a retransmission timeout would re-roll it and move
  // the flow to another link. Traffic that arrives by a wire has no such thing.
  inet: { 'net/core/txrehash': 0, 'net/ipv6/conf/all/accept_dad': 0 },
  lan: { 'net/core/txrehash': 0, 'net/ipv6/conf/all/accept_dad': 0, 'net/ipv6/conf/eth0/accept_dad': 0 },
  lan2: { 'net/core/txrehash': 0, 'net/ipv6/conf/all/accept_dad': 0, 'net/ipv6/conf/eth0/accept_dad': 0 },
};

/** One shell script: a fork costs milliseconds under emulation, and `ip -batch` saves most of them. */
function renderScript(): string {
  const batch = (commands: string[], netns?: string) => `ip ${netns ? `-n ${netns} ` : ''}-batch - <<'END'\n${commands.join('\n')}\nEND\n`;
  const settings = (values: Record<string, number>) =>
    Object.entries(values)
      .map(([key, value]) => `echo ${value} >/proc/sys/${key}`)
      .join('\n');
  const namespaces = Object.entries(inNamespace).map(([name, commands]) => {
    const script = `ip netns exec ${name} sh -e <<'SYSCTLS'\n${settings(sysctls[name] ?? {})}\nSYSCTLS\n`;
    return script + batch(commands, name);
  });
  return `set -e\n${settings(sysctls.router ?? {})}\n${batch(ipCommands())}${namespaces.join('')}`;
}

/** Builds everything; the servers of the outside listen when it resolves. */
export async function buildTopology(control: Control): Promise<void> {
  await must(control, ['sh', '-s'], { stdin: renderScript() });
  // Any port answers: a flow more is a port more, not a socket more.
  const redirect = 'table inet echo { chain arrive { type nat hook prerouting priority dstnat; udp dport 20000-59999 redirect to :7; }; }';
  await must(control, ['nft', redirect], { netns: 'inet' });
  const ports = iperfPorts.map((port) => `iperf3 -s -D -p ${port}`).join('; ');
  await must(control, ['sh', '-c', ports], { netns: 'inet' });
  const addresses = inetHosts.flatMap((host) => [INET.ipv4(host), INET.ipv6(host)]);
  const echo = control.start(['node', `${GUEST_PROJECT}/build/lab/echo.mjs`, ...addresses], { netns: 'inet', timeoutMs: 0 });
  await new Promise<void>((resolve, reject) => {
    const poll = setInterval(() => {
      if (!echo.stdout().includes('listening')) return;
      clearInterval(poll);
      resolve();
    }, 20);
    echo.done.then((end) => {
      clearInterval(poll);
      reject(new Error(`lab: the echo server ended: ${end.stderr}`));
    }, reject);
  });
}

/** One iperf3 server serves one run at a time. */
export const iperfPorts = [5201, 5202, 5203, 5204];

// Document 000's diamond around the router: three ways of one hop each to one far end, which answers by the second. No NAT between.
//
//            ┌ p2 ─ [n2] ─┐
//   lan ─ [router] p3 ─ [n3] ─ [far] 10.0.5.20, fd00:5::20
//            └ p4 ─ [n4] ─┘
import type { Lab } from './lab.ts';
import { ROUTER_LAN_ADDRESS } from './topology.ts';

export const FAR = { ipv4: '10.0.5.20', ipv6: 'fd00:5::20' };
export const FAR_PREFIX = { ipv4: '10.0.5.0/24', ipv6: 'fd00:5::/64' };
/** Number of a way: its interface on the router is nWAY, its device pWAY. */
export const WAYS = [2, 3, 4];
const BACK = 3;

/** Builds the ways and the far end, and network and firewall sections for them; netifd has them up when it returns. */
export async function buildDiamond(lab: Lab): Promise<void> {
  const build = WAYS.flatMap((way) => [
    `netns add n${way}`,
    `link add p${way} type veth peer name near netns n${way}`,
    `link set p${way} up`,
    `-n n${way} link add back type veth peer name from${way} netns far`,
    `-n n${way} address add 10.0.${way}.2/24 dev near`,
    `-n n${way} address add fd00:${way}::2/64 dev near nodad`,
    `-n n${way} address add 10.1.${way}.1/24 dev back`,
    `-n n${way} address add fd00:1${way}::1/64 dev back nodad`,
    `-n n${way} link set near up`,
    `-n n${way} link set back up`,
    `-n n${way} link set lo up`,
    `-n far address add 10.1.${way}.2/24 dev from${way}`,
    `-n far address add fd00:1${way}::2/64 dev from${way} nodad`,
    `-n far link set from${way} up`,
    ...[FAR_PREFIX.ipv4, FAR_PREFIX.ipv6].map((prefix) => `-n n${way} route add ${prefix} via ${prefix.includes(':') ? `fd00:1${way}::2` : `10.1.${way}.2`}`),
    `-n n${way} route add default via 10.0.${way}.1`,
    `-n n${way} -6 route add default via fd00:${way}::1`,
  ]);
  const far = [
    '-n far link set lo up',
    `-n far address add ${FAR.ipv4}/24 dev lo`,
    `-n far address add ${FAR.ipv6}/64 dev lo nodad`,
    `-n far route add default via 10.1.${BACK}.1`,
    `-n far -6 route add default via fd00:1${BACK}::1`,
  ];
  const forwarding = WAYS.map((way) => `ip netns exec n${way} sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'`);
  await lab.must(['sh', '-se'], { stdin: `ip netns add far\n${[...build, ...far].map((line) => `ip ${line}`).join('\n')}\n${forwarding.join('\n')}\n` });
  await lab.must('ip address add fd77:4d44:1::99/64 dev eth0 nodad; ip -6 route add fd00::/16 via fd77:4d44:1::1 dev eth0', { netns: 'lan' });

  const sections = WAYS.map(
    (way) =>
      `config interface 'n${way}'\n\toption device 'p${way}'\n\toption proto 'static'\n\toption ipaddr '10.0.${way}.1'\n\toption netmask '255.255.255.0'\n\toption gateway '10.0.${way}.2'\n\toption ip6addr 'fd00:${way}::1/64'\n\toption ip6gw 'fd00:${way}::2'\n\toption metric '${way}0'\n`,
  );
  const zone = `config zone\n\toption name 'core'\n${WAYS.map((way) => `\tlist network 'n${way}'\n`).join('')}\toption input 'ACCEPT'\n\toption output 'ACCEPT'\n\toption forward 'ACCEPT'\n\nconfig forwarding\n\toption src 'lan'\n\toption dest 'core'\n`;
  await lab.must(['sh', '-c', 'cat >>/etc/config/network'], { stdin: `\n${sections.join('\n')}` });
  await lab.must(['sh', '-c', 'cat >>/etc/config/firewall'], { stdin: `\n${zone}` });
  await lab.must('ubus call network reload; /etc/init.d/firewall reload');
  for (const way of WAYS)
    await lab.until(`n${way} is up`, async () => /"up": true/.test((await lab.run(`ubus call network.interface.n${way} status`)).stdout), 60_000);
  const pings = `ping -c 1 -W 2 ${FAR.ipv4} >/dev/null; ping -c 1 -W 2 ${ROUTER_LAN_ADDRESS} >/dev/null`;
  await lab.run(pings, { netns: 'lan' });
  const counters = WAYS.map((way) => `iifname "from${way}" udp dport 9 counter name way${way} drop`).join('; ');
  const named = WAYS.map((way) => `counter way${way} { }`).join('; ');
  await lab.must(['nft', `table inet count { ${named}; chain arrive { type filter hook prerouting priority -300; ${counters}; }; }`], { netns: 'far' });
}

/** Packets that arrived by each way since the last call. */
export async function arrived(lab: Lab): Promise<number[]> {
  const { stdout } = await lab.run(['nft', '-j', 'reset', 'counters', 'table', 'inet', 'count'], { netns: 'far' });
  const items = (JSON.parse(stdout) as { nftables: { counter?: { name: string; packets: number } }[] }).nftables;
  return WAYS.map((way) => items.find((item) => item.counter?.name === `way${way}`)?.counter?.packets ?? -1);
}

/** Sends UDP packets of one connection to the far end, `gapMs` apart. From the router itself without `netns`. */
export async function sendPackets(lab: Lab, count: number, to: string, netns?: string, gapMs = 0.3): Promise<void> {
  const family = to.includes(':') ? 'AF_INET6' : 'AF_INET';
  const script = `
import socket, time
s = socket.socket(socket.${family}, socket.SOCK_DGRAM)
for n in range(${count}):
    s.sendto(b'x' * 20, ('${to}', 9))
    time.sleep(${gapMs / 1000})
`;
  await lab.must(['python3', '-c', script], { timeoutMs: 120_000, ...(netns ? { netns } : {}) });
}

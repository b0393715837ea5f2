// WireGuard tunnels over the ways of the diamond, with a rate each; the far end spreads its packets by the same weights.
import type { Lab } from './lab.ts';

/** The far end behind all tunnels. */
const FAR_INSIDE = '10.9.0.1';
export type Tunnel = { way: number; mbits: number };

const key = async (lab: Lab): Promise<{ secret: string; shared: string }> => {
  const [secret = '', shared = ''] = (await lab.must('key=$(wg genkey); echo $key; echo $key | wg pubkey')).trim().split('\n');
  return { secret, shared };
};

/** Interfaces tWAY of netifd over devices wgWAY, in a zone without NAT; up when it returns. */
export async function addTunnels(lab: Lab, tunnels: readonly Tunnel[]): Promise<void> {
  const sections: string[] = [];
  for (const { way, mbits } of tunnels) {
    const [here, there] = [await key(lab), await key(lab)];
    const port = 51800 + way;
    const config = (secret: string, peer: string, endpoint: string) =>
      `[Interface]\nPrivateKey = ${secret}\nListenPort = ${port}\n[Peer]\nPublicKey = ${peer}\nAllowedIPs = 0.0.0.0/0\nEndpoint = ${endpoint}:${port}\n`;
    await lab.must(`umask 077; cat >/run/tunnel && ip link add wg${way} type wireguard && wg setconf wg${way} /run/tunnel && ip link set wg${way} mtu 1400`, {
      stdin: config(here.secret, there.shared, `10.1.${way}.2`),
    });
    await lab.must(
      `umask 077; cat >/run/tunnel && ip link add wg${way} type wireguard && wg setconf wg${way} /run/tunnel && ip link set wg${way} mtu 1400 up && ip address add 10.8.${way}.2/24 dev wg${way}`,
      { netns: 'far', stdin: config(there.secret, here.shared, `10.0.${way}.1`) },
    );
    // The outside of a tunnel takes its own way in both directions.
    await lab.must(`ip route replace 10.1.${way}.0/24 via 10.0.${way}.2 dev p${way}`);
    await lab.must(`ip route replace 10.0.${way}.0/24 via 10.1.${way}.1 dev from${way}`, { netns: 'far' });
    await shape(lab, { way, mbits });
    sections.push(
      `config interface 't${way}'\n\toption device 'wg${way}'\n\toption proto 'static'\n\toption ipaddr '10.8.${way}.1'\n\toption netmask '255.255.255.0'\n\toption gateway '10.8.${way}.2'\n\toption metric '${way}1'\n`,
    );
  }
  const names = tunnels.map(({ way }) => `add_list firewall.@zone[-1].network=t${way}`);
  await lab.must(['sh', '-c', 'cat >>/etc/config/network'], { stdin: `\n${sections.join('\n')}` });
  await lab.must(['uci', 'batch'], { stdin: `${names.join('\n')}\ncommit firewall\n` });
  await lab.must('ubus call network reload; /etc/init.d/firewall reload');
  for (const { way } of tunnels)
    await lab.until(`t${way} is up`, async () => /"up": true/.test((await lab.run(`ubus call network.interface.t${way} status`)).stdout), 60_000);
  await lab.must(`ip address add ${FAR_INSIDE}/16 dev lo; iperf3 -s -D`, { netns: 'far' });
  await answerBy(lab, tunnels);
}

/** Gives a tunnel another rate, both ways. */
export async function shape(lab: Lab, { way, mbits }: Tunnel): Promise<void> {
  const filter = `root tbf rate ${mbits * 1000}kbit burst 16kb latency 60ms`;
  await lab.must(`tc qdisc replace dev near ${filter}; tc qdisc replace dev back ${filter}`, { netns: `n${way}` });
}

/** The far end's own rotation, as one would write it by hand. */
async function answerBy(lab: Lab, tunnels: readonly Tunnel[]): Promise<void> {
  const unit = Math.min(...tunnels.map(({ mbits }) => mbits));
  const turns = tunnels.flatMap(({ way, mbits }) => Array<number>(Math.round(mbits / unit)).fill(way));
  const rules = tunnels.map(({ way }) => `ip rule add pref ${way} fwmark ${way} lookup ${way}; ip route replace default dev wg${way} table ${way}`);
  const map = turns.map((way, at) => `${at} : ${way}`).join(', ');
  await lab.must(rules.join('; '), { netns: 'far' });
  await lab.must('nft -f -', {
    netns: 'far',
    stdin: `add table ip turns\ndelete table ip turns\ntable ip turns { chain out { type route hook output priority mangle; ip saddr ${FAR_INSIDE} meta mark set numgen inc mod ${turns.length} map { ${map} }; }; }\n`,
  });
}

/** `busyPercent`: of the time of all processors, the router's and everybody's in the lab. */
export type TunnelRun = { mbits: number; retransmissions: number; reordered: number; busyPercent: number };

/** Ticks of all processors so far: busy ones, and all. */
async function timeSpent(lab: Lab): Promise<[number, number]> {
  const ticks = (await lab.must('head -n 1 /proc/stat')).trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, each) => sum + each, 0);
  const [, , , idle = 0, waiting = 0] = ticks;
  return [all - idle - waiting, all];
}

/** One TCP connection between the LAN and the far end over these ways, in Mbit/s as its receiver counts. */
export async function tunnelThroughput(lab: Lab, direction: 'down' | 'up', ways: readonly number[]): Promise<TunnelRun> {
  await answerBy(lab, ways.length > 1 ? ways.map((way) => ({ way, mbits: way === 2 ? 10 : 20 })) : [{ way: ways[0] ?? 0, mbits: 1 }]);
  const sender = direction === 'down' ? 'far' : 'lan';
  const reordered = async () => Number(/TcpExtTCPSACKReorder\s+(\d+)/.exec(await lab.must('nstat -asz TcpExtTCPSACKReorder', { netns: sender }))?.[1] ?? 0);
  const [before, spent] = [await reordered(), await timeSpent(lab)];
  const argv = ['iperf3', '-J', '-c', FAR_INSIDE, '-t', '8', '-O', '2', ...(direction === 'down' ? ['-R'] : [])];
  const { stdout } = await lab.run(argv, { netns: 'lan', timeoutMs: 40_000 });
  const [busy, all] = (await timeSpent(lab)).map((ticks, place) => ticks - (spent[place] ?? 0)) as [number, number];
  const { end, error } = JSON.parse(stdout) as {
    error?: string;
    end?: { sum_received: { bits_per_second: number }; sum_sent: { retransmits?: number } };
  };
  if (!end) throw new Error(`iperf3: ${error}`);
  return {
    mbits: Math.round(end.sum_received.bits_per_second / 1e4) / 100,
    retransmissions: end.sum_sent.retransmits ?? 0,
    reordered: (await reordered()) - before,
    busyPercent: Math.round((100 * busy) / all),
  };
}

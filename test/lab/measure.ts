// Measurements from the LAN: throughput by iperf3, flows by session, and whether the outside stays in reach.
import type { Running } from './control.ts';
import type { LongFlows } from './guest/long-flows.ts';
import type { Result } from './guest/traffic.ts';
import type { RouteWatch } from './guest/watch-route.ts';
import type { Lab } from './lab.ts';
import { GUEST_PROJECT } from './paths.ts';
import { type Family, INET, iperfPorts } from './topology.ts';

export type Throughput = {
  mbits: number;
  /** Mbit/s by the ISP's session device, counted at the ISP. */
  bySession: Record<string, number>;
};

export type ThroughputOptions = {
  family?: Family;
  direction?: 'down' | 'up';
  seconds?: number;
  /** Host part of the outside's address. */
  host?: number;
  netns?: string;
  /** One iperf3 server takes one run at a time: parallel runs take different ones. */
  server?: number;
};

/** Total of `flows` parallel TCP flows between a LAN host and the outside, as the receiver counts it. */
export async function throughput(lab: Lab, flows: number, options: ThroughputOptions = {}): Promise<Throughput> {
  const { family = 'ipv4', direction = 'down', seconds = 5, host = 10, netns = 'lan', server = 0 } = options;
  const argv = ['iperf3', '-J', '-c', INET[family](host), '-p', String(iperfPorts[server]), '-P', String(flows), '-t', String(seconds)];
  // The first second is left out: the shaper's burst and slow start belong to no rate.
  argv.push('-O', '1', '--connect-timeout', '5000', ...(direction === 'down' ? ['-R'] : []));
  const before = await lab.isp.bytes();
  const started = Date.now();
  const reply = await lab.run(argv, { netns, timeoutMs: (seconds + 20) * 1000 });
  const elapsed = (Date.now() - started) / 1000;
  const after = await lab.isp.bytes();
  const json = JSON.parse(reply.stdout || '{}') as { error?: string; end?: { sum_received?: { bits_per_second: number } } };
  const bits = json.end?.sum_received?.bits_per_second;
  if (reply.code !== 0 || json.error || bits === undefined) throw new Error(`${argv.join(' ')} in ${netns}: ${json.error ?? reply.stderr}`);
  const bySession = Object.fromEntries(
    Object.entries(after).map(([device, bytes]) => [device, round(((bytes[direction] - (before[device]?.[direction] ?? 0)) * 8) / 1e6 / elapsed)]),
  );
  return { mbits: round(bits / 1e6), bySession };
}

const round = (value: number) => Math.round(value * 100) / 100;

export type TrafficOptions = { family?: Family; host?: number /** Absent: the router itself. */; netns?: string; gapMs?: number };

const trafficArgv = (count: number, { family = 'ipv4', host = 10, gapMs = 5 }: TrafficOptions) => [
  'node',
  `${GUEST_PROJECT}/build/lab/traffic.mjs`,
  INET[family](host),
  String(count),
  String(gapMs),
  // An answer that comes after the end is refused by a kernel that has no socket for it any more, with any link's address.
  '3000',
];

/** `count` UDP flows of one packet each; how they were shared is in `lab.isp.flows`. */
export async function shortFlows(lab: Lab, count: number, options: TrafficOptions = {}): Promise<Result> {
  const reply = await lab.run(trafficArgv(count, options), { ...(options.netns ? { netns: options.netns } : {}), timeoutMs: 120_000 });
  return JSON.parse(reply.stdout) as Result;
}

/** A new UDP flow every `gapMs` until it is stopped. */
export function steadyFlows(lab: Lab, options: TrafficOptions = {}): { stop(): Promise<Result> } {
  const running: Running = lab.start(trafficArgv(0, options), options.netns ? { netns: options.netns } : {});
  return { stop: async () => JSON.parse((await running.stop()).stdout) as Result };
}

/** Connections that stay open until they are asked how they fared. */
export type Held = { stop(): Promise<LongFlows> };

export type HoldOptions = Pick<TrafficOptions, 'family' | 'host' | 'netns'> & {
  /** Instead of family and host. */
  to?: string;
  port?: number;
};

/** Opens `count` connections to the outside, from the router itself without `netns`. */
export async function holdFlows(lab: Lab, kind: 'tcp' | 'udp', count: number, options: HoldOptions = {}): Promise<Held> {
  const { family = 'ipv4', host = 10, netns, to = INET[family](host), port = 7 } = options;
  const argv = ['node', `${GUEST_PROJECT}/build/lab/long-flows.mjs`, to, kind, String(count), '4000', String(port)];
  const running = lab.start(argv, netns ? { netns } : {});
  await lab.until(`${count} ${kind} connections to ${to} are open`, async () => running.stdout().includes('open'), 60_000);
  return { stop: async () => JSON.parse((await running.stop()).stdout.split('\n')[1] ?? '') as LongFlows };
}

/** Serves echo on these addresses, from the router itself without `netns`, until the lab ends. */
export async function serveEcho(lab: Lab, addresses: readonly string[], netns?: string): Promise<void> {
  const running = lab.start(['node', `${GUEST_PROJECT}/build/lab/echo.mjs`, ...addresses], { timeoutMs: 0, ...(netns ? { netns } : {}) });
  await lab.until(`echo is served${netns ? ` in ${netns}` : ''}`, async () => running.stdout().includes('listening'));
}

export type Watched = RouteWatch & {
  /** What `ip -ts monitor` heard of routes and nexthops. */
  monitor: string;
};

/** Watches the balanced default until it is stopped: by the kernel's own news, and by looking every 10 ms. */
export async function watchRoutes(lab: Lab): Promise<{ stop(): Promise<Watched> }> {
  const monitor = lab.start(['ip', '-ts', 'monitor', 'route', 'nexthop']);
  const watch = lab.start(['node', `${GUEST_PROJECT}/build/lab/watch-route.mjs`]);
  // The monitor listens once it has opened its socket: a mark of our own has to come back.
  await lab.until('the watchers are at work', async () => {
    await lab.run('ip route replace 192.0.2.255/32 dev lo table 4242; ip route del 192.0.2.255/32 table 4242');
    return monitor.stdout().includes('192.0.2.255') && watch.stdout().includes('watching');
  });
  return {
    stop: async () => {
      const [{ stdout }, heard] = await Promise.all([watch.stop(), monitor.stop()]);
      return { ...(JSON.parse(stdout.split('\n')[1] ?? '{}') as RouteWatch), monitor: heard.stdout };
    },
  };
}

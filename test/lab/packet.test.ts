// Packets singly: in turn and by chance, exactly by weight, over ways without NAT; a member that leaves; two tunnels as one.
// suite limit: 700 s
import { equal, match, ok } from 'uvu/assert';
import { ALICE, type Lab } from './lab.ts';
import { arrived, buildDiamond, FAR, FAR_PREFIX, sendPackets, WAYS } from './diamond.ts';
import { Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { addTunnels, shape, tunnelThroughput, type Tunnel } from './tunnels.ts';
import { PORT } from './topology.ts';

const memberOf = (way: number, weight: number) => `config link 'n${way}'\n\toption interface 'n${way}'\n\toption ipv6 'native'\n\toption weight '${weight}'\n`;

type Direction = 'down' | 'up';

/** Of the slower tunnel; the other has twice of it. An emulated processor that others keep busy can't carry the first: then the next is tried. */
const RATES_MBITS = [10, 5, 2.5] as const;
const LEAST_SHARE = 0.75;
const tunnelsOf = (slower: number): Tunnel[] => [
  { way: 2, mbits: slower },
  { way: 3, mbits: 2 * slower },
];

/** A configuration with one group over ways of these weights; 0 leaves a way out. */
const configOf = (weights: readonly number[], spread = 'nth') =>
  [
    "config globals 'globals'\n\toption enabled '1'\n",
    ...WAYS.map((way, at) => memberOf(way, weights[at] || 1)),
    `config group 'core'\n${WAYS.flatMap((way, at) => (weights[at] ? [`\tlist link 'n${way}'\n`] : [])).join('')}\tlist dest '${FAR_PREFIX.ipv4}'\n\tlist dest '${FAR_PREFIX.ipv6}'\n\toption mode 'packet'\n\toption spread '${spread}'\n`,
  ].join('\n');

labSuite('packet', {}, (step) => {
  let router: Router;

  async function configure(lab: Lab, text: string): Promise<void> {
    await lab.write('/etc/config/multidial', text, 0o600);
    const said = await lab.must('multidial apply');
    equal(await lab.must('multidial plan --json').then((plan) => (JSON.parse(plan) as { system: unknown[] }).system), [], said);
  }

  step('alternates between the two delays of the diamond', async (lab) => {
    router = await Router.install(lab);
    await buildDiamond(lab);
    await lab.must('tc qdisc add dev p2 root netem delay 20ms; tc qdisc add dev p3 root netem delay 180ms');
    await configure(lab, configOf([1, 1, 0]));
    const { stdout } = await lab.run(['ping', '-c', '22', '-i', '0.2', FAR.ipv4], { netns: 'lan' });
    const times = [...stdout.matchAll(/icmp_seq=(\d+) .* time=([\d.]+)/g)].map(([, , time]) => Number(time)).slice(2);
    report(`round trips: ${times.join(' ')} ms`);
    equal(times.length, 20);
    const isSlow = times.map((time) => time > 100);
    ok(
      isSlow.every((slow, at) => at === 0 || slow !== isSlow[at - 1]),
      'each is of the other kind than the one before',
    );
    await lab.must('tc qdisc del dev p2 root; tc qdisc del dev p3 root');
  });

  for (const [title, weights, expected] of [
    ['1:1', [1, 1, 0], [450, 450, 0]],
    ['1:2', [1, 2, 0], [300, 600, 0]],
    ['3:2:1', [3, 2, 1], [450, 300, 150]],
  ] as const) {
    step(`sends 900 packets in turn by ${title}, exactly, forwarded and its own, both families`, async (lab) => {
      await configure(lab, configOf(weights));
      for (const [netns, to] of [
        ['lan', FAR.ipv4],
        ['lan', FAR.ipv6],
        [undefined, FAR.ipv4],
        [undefined, FAR.ipv6],
      ] as const) {
        await arrived(lab);
        await sendPackets(lab, 900, to, netns);
        const by = await arrived(lab);
        report(`${title}, ${netns ?? 'the router itself'} to ${to}: ${by.join(' : ')}`);
        equal(by, expected);
      }
    });
  }

  step('counts no answer as a turn', async (lab) => {
    await configure(lab, configOf([1, 1, 0]));
    await arrived(lab);
    const ping = lab.start(['ping', '-i', '0.01', '-c', '300', FAR.ipv4], { netns: 'lan' });
    await ping.done;
    await sendPackets(lab, 900, FAR.ipv4, 'lan');
    equal((await arrived(lab)).slice(0, 2), [450, 450]);
  });

  step('spreads 10,000 packets by chance, within two points of their weights', async (lab) => {
    await configure(lab, configOf([1, 2, 0], 'random'));
    await arrived(lab);
    await sendPackets(lab, 10_000, FAR.ipv4, 'lan', 0.1);
    const [one = 0, two = 0] = await arrived(lab);
    report(`random 1:2: ${one} : ${two}`);
    equal(one + two, 10_000);
    ok(Math.abs(one / 10_000 - 1 / 3) < 0.02, `${one}`);
  });

  step('leaves no packet without a link while weights change and a member goes and returns', async (lab) => {
    await configure(lab, configOf([1, 1, 1]));
    const table = `table inet unmarked { counter seen { }; chain leave { type filter hook postrouting priority 0; udp dport 9 meta mark & 0xff000000 == 0 counter name seen; }; }`;
    await lab.must(['nft', table]);
    const total = async (): Promise<number> => (await arrived(lab)).reduce((sum, count) => sum + count, 0);
    await arrived(lab);
    const changing = sendPackets(lab, 6000, FAR.ipv4, 'lan', 1);
    for (const weights of [
      [3, 2, 1],
      [1, 1, 0],
      [1, 1, 1],
    ])
      await configure(lab, configOf(weights));
    await changing;
    equal(await total(), 6000);
    const going = sendPackets(lab, 6000, FAR.ipv4, 'lan', 1);
    await lab.must('sleep 1; ifdown n4; sleep 3; ifup n4');
    await going;
    const by = await arrived(lab);
    const unmarked = /packets (\d+)/.exec(await lab.must('nft list counter inet unmarked seen'))?.[1];
    report(`6000 packets while n4 went down and came up: ${by.join(' : ')}; without a mark ${unmarked}`);
    equal(unmarked, '0');
    ok((by[2] ?? 0) < 2000);
    // What waits in a card that is taken down, or for its neighbour, is lost with it.
    ok(by.reduce((sum, count) => sum + count, 0) > 5980, by.join());
    await lab.until('n4 takes part again', async () => (await lab.must('nft list table inet multidial')).match(/numgen inc mod 3/g)?.length === 2, 60_000);
    await arrived(lab);
    await sendPackets(lab, 900, FAR.ipv4, 'lan');
    equal(await arrived(lab), [300, 300, 300]);
  });

  step(
    'makes one of two tunnels of 10 and 20 Mbit/s, for a single connection',
    async (lab) => {
      await addTunnels(lab, tunnelsOf(RATES_MBITS[0]));
      const tunnel = (way: number, weight: number) => `config link 't${way}'\n\toption interface 't${way}'\n\toption weight '${weight}'\n`;
      const config = (links: string) =>
        `config globals 'globals'\n\n${tunnel(2, 1)}\n${tunnel(3, 2)}\nconfig group 'far'\n${links}\tlist dest '10.9.0.0/16'\n\toption mode 'packet'\n`;
      const shares: number[] = [];
      for (const slower of RATES_MBITS) {
        for (const each of tunnelsOf(slower)) await shape(lab, each);
        const alone: Record<Direction, number> = { down: 0, up: 0 };
        for (const way of [2, 3]) {
          await configure(lab, config(`\tlist link 't${way}'\n`));
          for (const direction of ['down', 'up'] as const) alone[direction] += (await tunnelThroughput(lab, direction, [way])).mbits;
        }
        await configure(lab, config("\tlist link 't2'\n\tlist link 't3'\n"));
        shares.length = 0;
        for (const direction of ['down', 'up'] as const) {
          const both = await tunnelThroughput(lab, direction, [2, 3]);
          shares.push(both.mbits / alone[direction]);
          report(
            `one TCP ${direction}load by tunnels of ${slower} and ${2 * slower} Mbit/s: ${both.mbits} of ${alone[direction].toFixed(2)} (${(both.mbits / alone[direction]).toFixed(2)}), ${both.retransmissions} retransmissions, ${both.reordered} reordered, processors ${both.busyPercent} % busy`,
          );
        }
        if (Math.min(...shares) >= LEAST_SHARE) return;
      }
      ok(false, `one connection gets ${shares.map((share) => share.toFixed(2)).join(' and ')} of the sum`);
    },
    { limitMs: 450_000 },
  );

  step('refuses members that hide addresses, with the reason, in plan, apply, rpc and status', async (lab) => {
    const line = `config line 'wan'\n\toption device '${PORT}'\n\toption sessions '2'\n\toption username '${ALICE.user}'\n\toption password '${ALICE.password}'\n`;
    await lab.write('/etc/config/multidial', `config globals 'globals'\n\n${line}\nconfig group 'all'\n\toption mode 'packet'\n`, 0o600);
    type Reply = { problems: { code: string; details?: { link: string; by: string } }[] };
    const asked = async (command: string) => (JSON.parse((await lab.run(command)).stdout) as Reply).problems.find(({ code }) => code === 'packet_masqueraded');
    await lab.run('multidial apply');
    await router.balanced(['wan_01', 'wan_02']);
    for (const command of [
      'multidial plan --json',
      'multidial apply --json',
      'multidial status --json',
      'ubus call multidial plan',
      'ubus call multidial status',
    ]) {
      const problem = await asked(command);
      equal(problem?.details?.link, 'wan_01', command);
      match(problem?.details?.by ?? '', /zone wan/);
    }
    const shown = (await lab.run('multidial plan')).stdout;
    match(shown, /tunnel/);
    ok(!(await lab.must('nft list table inet multidial')).includes('numgen'));
  });
});

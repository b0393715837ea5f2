// Random events, and after every ten the router must be what its configuration says: EVENTS of them, repeated by SEED.
// suite limit: 1300 s
// patient suite
import { equal } from 'uvu/assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { numbers } from '../fake/random.ts';
import { events, FOREIGN, hear, membersOf, RUN, toSections, World } from './events.ts';
import { changesLeft, planOf } from './killed.ts';
import type { Lab } from './lab.ts';
import { linksOf, Router } from './router.ts';
import { labSuite, report } from './steps.ts';

const EVENTS = Number(process.env['EVENTS'] ?? 150);
/** `make test` asks the same each time, `make soak` another thing. */
const SEED = Number(process.env['SEED'] ?? 77);
const EVENTS_A_ROUND = 10;
const SETTLED_MS = 120_000;

/** What a run may leave of itself: nothing but the lock, given back, and its notes. */
const leftovers = async (lab: Lab): Promise<string[]> => {
  const script = [
    `pgrep -af '${RUN}' | sed 's/^/process /'`,
    `pgrep -ax 'uci|nft' | sed 's/^/process /'`,
    "find /etc/config /etc/sysctl.d -name '*multidial-new' -o -name '.multidial-room' -o -name '.*.uci-*'",
    'find /var/run/multidial -name look-again -o -name reload-due -o -name ".io-*" -o -name "*.multidial-new" -o -name ".released-*" -o -path "*/backup/*" -o -path "*/uci/*"',
    'for lock in $(ls -v /var/run/multidial | grep "^lock"); do echo "lock $(readlink /var/run/multidial/$lock)"; done',
  ];
  return (await lab.must(`${script.join('; ')}; true`)).split('\n').filter((line) => line && line !== 'lock released');
};

/** Weights of the balanced IPv4 default's links by name, as the kernel has them. */
async function weightsInKernel(lab: Lab): Promise<Record<string, number>> {
  const metrics = [...(await lab.must('uci show network')).matchAll(/^network\.(wan_\d\d)\.metric='7(\d{3})'$/gm)];
  const bySlot = new Map(metrics.map(([, link = '', slot]) => [Number(slot), link]));
  const [found] = JSON.parse(await lab.must('ip -j nexthop show id 77104001')) as { group: { id: number; weight?: number }[] }[];
  return Object.fromEntries((found?.group ?? []).map(({ id, weight = 1 }) => [bySlot.get(id - 77_004_000) ?? `slot of ${id}`, weight]));
}

/** Links that a pppd runs for. */
async function dialed(lab: Lab): Promise<string[]> {
  const { stdout } = await lab.run(['pgrep', '-af', 'ifname pppoe-']);
  return [...stdout.matchAll(/ ifname pppoe-(\S+) /g)].map(([, name = '']) => name).sort();
}

/** Holds the router against its configuration. */
async function check({ lab, router, wanted }: World): Promise<void> {
  const [members, all] = [membersOf(wanted), linksOf('wan', wanted.sessions)];
  const status = await router.balanced(members, wanted.ipv6 === 'nat' ? ['ipv4', 'ipv6'] : ['ipv4'], SETTLED_MS);
  equal(
    status.links.map(({ name, state }) => `${name} ${state}`),
    members.map((name) => `${name} up`),
  );
  equal(await weightsInKernel(lab), Object.fromEntries(members.map((link) => [link, wanted.weights[link] ?? 1])));
  equal((await lab.read('/proc/sys/net/ipv4/fib_multipath_hash_policy')).trim(), wanted.hash === 'l4' ? '1' : '0');
  if (wanted.ipv6 === 'off') equal((await lab.must('ip -6 route show default proto 77')).trim(), '');
  equal(changesLeft(await planOf(lab)), []);
  equal(await leftovers(lab), []);
  // Hanging up takes a session some seconds, and a link that was to stay is up meanwhile.
  equal(await dialed(lab), all);
}

/** Undoes what only the events' author can undo, applies where a run was killed, and waits until the router is what it should be. */
async function settle(world: World): Promise<void> {
  const { lab } = world;
  await world.allDone();
  while (world.muted.size > 0) await hear(world);
  for (const link of world.down) await lab.must(['ifup', link]);
  world.down.clear();
  if (world.isDue) await lab.until('an apply ends well', async () => (await world.apply()) === 'done', 60_000);
  // A link that was told to dial anew a moment ago still looks as before: once is not enough to be sure that it is wrong.
  const endMs = Date.now() + SETTLED_MS;
  while (Date.now() < endMs) {
    const isSettled = await check(world).then(
      () => true,
      () => false,
    );
    if (isSettled) break;
    await sleep(1000);
  }
  await check(world);
  equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
}

labSuite('soak', {}, (step) => {
  let world: World;

  step('starts with two links and an interface of somebody else’s', async (lab) => {
    const router = await Router.install(lab);
    world = new World(lab, router, numbers(SEED));
    const section = [`${FOREIGN}=interface`, `${FOREIGN}.proto=static`, `${FOREIGN}.device=foreign0`, `${FOREIGN}.ipaddr=198.18.0.1/24`];
    await lab.must(
      `ip link add foreign0 type dummy; ${section.map((line) => `uci set network.${line}`).join('; ')}; uci commit network; ubus call network reload`,
    );
    await router.apply(toSections(world.wanted));
    await settle(world);
  });

  step(
    `is what its configuration says after each ${EVENTS_A_ROUND} of ${EVENTS} random events (SEED=${SEED})`,
    async () => {
      const done: string[] = [];
      report(`SEED=${SEED} EVENTS=${EVENTS}`);
      let since = Date.now();
      try {
        for (let count = 1; count <= EVENTS; count++) {
          done.push(`${count}: …`);
          done[done.length - 1] = `${count}: ${await world.random.pick(events)(world)}`;
          await sleep(world.random.below(600));
          if (count % EVENTS_A_ROUND && count < EVENTS) continue;
          const eventsMs = Date.now() - since;
          await settle(world);
          const { sessions, ipv6, hash } = world.wanted;
          report(
            `${count} events: ${(eventsMs / 1000).toFixed(0)} s, settled after ${((Date.now() - since - eventsMs) / 1000).toFixed(0)} s on ${sessions} sessions, IPv6 ${ipv6}, ${hash}`,
          );
          since = Date.now();
        }
      } catch (error) {
        const { message, actual, expects } = error as Error & { actual?: unknown; expects?: unknown };
        const found = actual === undefined ? '' : `\n${JSON.stringify(actual)}\ninstead of ${JSON.stringify(expects)}`;
        throw Object.assign(error as Error, { message: `SEED=${SEED}: ${message}${found}\nlast events:\n${done.slice(-25).join('\n')}` });
      }
    },
    { limitMs: 60_000 + EVENTS * 8_000 },
  );
});

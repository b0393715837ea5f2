// Runs of the agent that are killed on the way, and what must hold of the router at once and after one more run.
import { equal, ok } from 'uvu/assert';
import type { Plan } from '../../agent/src/contract/index.ts';
import type { Lab } from './lab.ts';
import { GUEST_PROJECT } from './paths.ts';
import type { Router } from './router.ts';
import { INET } from './topology.ts';

/**
 * Dies once `call` has succeeded `count` times below the command, counted from the start of the program `after`: alone, or with its
 * whole process group.
 */
export type Death = { call: 'execve' | 'sendmsg'; count: number; who: 'agent' | 'whole'; after?: string };

export type Killed = { isKilled: boolean /** What was started until then, without the command itself. */; programs: string[] };

/** Everything is found in the first places, so that no failed execve costs time. */
const PATH = '/bin:/sbin:/usr/bin:/usr/sbin';

/** `multidial WORDS`, killed on the way. A child that outlives it goes on meanwhile. */
export async function runKilled(lab: Lab, words: readonly string[], { call, count, who, after = '-' }: Death): Promise<Killed> {
  const argv = [`${GUEST_PROJECT}/test/lab/guest/kill-at.sh`, call, String(count), who, after, '/usr/sbin/multidial', ...words];
  const running = lab.start(argv, { env: { PATH }, timeoutMs: 60_000 });
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  running.done.then(end, end);
  // Killed with its children alive it is not over: they hold its output.
  await lab.until('the run has ended', async () => isOver || running.stdout().includes('killed'), 60_000, 20);
  const isKilled = running.stdout().includes('killed');
  const programs = (await lab.read('/tmp/kill-at.programs')).split('\n').filter(Boolean);
  return { isKilled, programs };
}

/** A LAN host reaches the outside now. */
export async function reachesOutside(lab: Lab, where: string): Promise<void> {
  const { code, stdout } = await lab.run(['ping', '-c', '3', '-i', '0.2', '-W', '1', INET.ipv4()], { netns: 'lan' });
  ok(code === 0, `${where}: the LAN reaches nothing: ${stdout.split('\n').at(-2)}`);
}

export const planOf = async (lab: Lab): Promise<Plan> => JSON.parse((await lab.run('multidial plan --json')).stdout) as Plan;

/** Changes that a run would make now. */
export const changesLeft = ({ uci, system }: Plan): string[] => [...uci.map((change) => JSON.stringify(change)), ...system.map(({ text }) => text)];

/** Names of devices that are ours, as the kernel has them. */
const devicesOf = async (lab: Lab): Promise<string[]> => (await lab.must('ls /sys/class/net | grep -E "^(md-|pppoe-)"; true')).split('\n').filter(Boolean);

/** One `multidial apply`, which must suffice: exactly these links come up, in both families, and nothing is left to be changed. */
export async function convergesOn(lab: Lab, router: Router, links: readonly string[], where: string): Promise<void> {
  const { code, stdout } = await lab.run('multidial apply');
  equal(code, 0, `${where}: ${stdout}`);
  await becomes(lab, router, links, where);
}

/** The same without an apply. */
export async function becomes(lab: Lab, router: Router, links: readonly string[], where: string): Promise<void> {
  const status = await router.balanced(links, ['ipv4', 'ipv6'], 90_000);
  equal(
    status.links.map(({ name }) => name),
    links,
    where,
  );
  await lab
    .until(
      `the devices of ${links.join(' ')} alone are there`,
      async () => {
        const wanted = links.flatMap((link) => [`md-${link}`, `pppoe-${link}`]).sort();
        return (await devicesOf(lab)).sort().join() === wanted.join();
      },
      30_000,
      300,
    )
    .catch(async (error: Error) => {
      throw new Error(`${where}: ${error.message}; there are ${(await devicesOf(lab)).join(' ')}`);
    });
  let left: string[] = [];
  const isDone = async () => {
    left = changesLeft(await planOf(lab));
    return left.length === 0;
  };
  await lab.until('the plan is empty', isDone, 20_000, 500).catch(() => {});
  equal(left, [], where);
}

// Random events in the life of a router, each a verb that does one thing and says what it did; and what is wanted after them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../fake/random.ts';
import { ALICE, type Lab } from './lab.ts';
import { type LineOptions, linksOf, type Router } from './router.ts';
import { PORT } from './topology.ts';

/** The configuration that was stored last. */
export type Wanted = { sessions: number; ipv6: 'off' | 'nat'; hash: 'l3' | 'l4'; weights: Record<string, number>; disabled: string[] };

export const FOREIGN = 'other';
export const MOST_SESSIONS = 6;
/** All runs of the agent; the pattern does not match itself. */
export const RUN = 'q[j]s .*multidial(.js)? (apply|look|hotplug|call|reset)';

/** Links that take part: a disabled one is dialed and carries nothing. */
export const membersOf = ({ sessions, disabled }: Wanted): string[] => linksOf('wan', sessions).filter((link) => !disabled.includes(link));

export function toSections({ sessions, ipv6, hash, weights, disabled }: Wanted): Record<string, LineOptions> {
  const links = linksOf('wan', sessions).flatMap((link): [string, LineOptions][] => {
    const options = { ...(weights[link] ? { weight: weights[link] } : {}), ...(disabled.includes(link) ? { disabled: 1 } : {}) };
    return Object.keys(options).length ? [[`link ${link}`, options]] : [];
  });
  const line = { device: PORT, username: ALICE.user, password: ALICE.password, sessions, ipv6 };
  return { 'line wan': line, ...Object.fromEntries(links), 'group all': { hash } };
}

/** One router and what was done to it. */
export class World {
  readonly lab: Lab;
  readonly router: Router;
  readonly random: Random;
  wanted: Wanted = { sessions: 2, ipv6: 'nat', hash: 'l4', weights: {}, disabled: [] };
  /** Taken down by ifdown. */
  readonly down = new Set<string>();
  /** MACs that the ISP does not hear. */
  readonly muted = new Set<string>();
  /** A run was killed, or a configuration stored, and no apply has come to its end since: one is needed. */
  isDue = false;
  readonly #going: Promise<unknown>[] = [];

  constructor(lab: Lab, router: Router, random: Random) {
    this.lab = lab;
    this.router = router;
    this.random = random;
  }

  anyLink(): string {
    return this.random.pick(linksOf('wan', this.wanted.sessions));
  }

  /** Goes on beside the events that follow. */
  beside(work: Promise<unknown>): void {
    work.catch(() => {}); // thrown where it is awaited
    this.#going.push(work);
  }

  async allDone(): Promise<void> {
    await Promise.all(this.#going.splice(0));
  }

  /** An apply that nobody kills ends well, or finds the lock held for longer than it waits. */
  async apply(): Promise<string> {
    const { code, stdout, stderr } = await this.lab.run('multidial apply --json');
    // A shell in between tells of the signal by 128 more.
    if (code === null || (code === 137 && stdout === '')) {
      this.isDue = true;
      return 'killed';
    }
    if (stdout === '') throw new Error(`apply: exit code ${code}, and not a word: ${stderr}`);
    const { problems } = JSON.parse(stdout) as { problems: { code: string; severity: string }[] };
    const errors = problems.filter(({ severity }) => severity === 'error').map((problem) => problem.code);
    // A device may vanish between the look and the route for it, each time that it is looked again: the next event mends it.
    const isKnown = errors.every((error) => ['busy', 'unsettled', 'command_failed'].includes(error));
    if (code !== 0 && !isKnown) throw new Error(`apply: ${stdout}`);
    if (code === 0) this.isDue = false;
    return errors.length ? errors.join() : 'done';
  }
}

export type Event = (world: World) => Promise<string>;

const session = async ({ lab, random }: World) => {
  const sessions = await lab.isp.sessions();
  return sessions.length ? random.pick(sessions) : undefined;
};

async function hangUp(world: World): Promise<string> {
  const found = await session(world);
  // It may have gone by itself meanwhile.
  if (found) await world.lab.isp.kill(found.address).catch(() => {});
  return `the ISP hangs up ${found?.address ?? 'nobody'}`;
}

async function silence(world: World): Promise<string> {
  const found = await session(world);
  if (!found || world.muted.has(found.mac)) return 'nobody is silenced';
  world.muted.add(await world.lab.isp.silence(found.address).catch(() => found.mac));
  return `the ISP no longer hears ${found.mac}`;
}

export async function hear(world: World): Promise<string> {
  const [mac] = world.muted;
  if (mac === undefined) return 'nobody was silenced';
  world.muted.delete(mac);
  await world.lab.isp.hear(mac).catch(() => {}); // the session was gone before it could be silenced
  return `the ISP hears ${mac} again`;
}

async function ifdown(world: World): Promise<string> {
  const link = world.anyLink();
  world.down.add(link);
  await world.lab.must(['ifdown', link]);
  return `ifdown ${link}`;
}

export async function ifup(world: World): Promise<string> {
  const link = world.random.pick([...world.down, world.anyLink()]);
  world.down.delete(link);
  await world.lab.must(['ifup', link]);
  return `ifup ${link}`;
}

async function killPppd(world: World): Promise<string> {
  const link = world.anyLink();
  await world.lab.run(['pkill', '-9', '-f', `ifname pppoe-${link} `]);
  return `pppd of ${link} is killed`;
}

async function killAgent(world: World): Promise<string> {
  const waitMs = world.random.below(1500);
  const running = world.lab.run('multidial apply').catch(() => undefined);
  await sleep(waitMs);
  // procd brings the watcher back in some seconds; until then the hook's events are runs of their own.
  if (world.random.chance(30)) await world.lab.run(['pkill', '-9', '-f', 'multidial/watch.js']);
  const { stdout } = await world.lab.run(['pkill', '-9', '-e', '-f', RUN]);
  const count = stdout.split('\n').filter((line) => line.includes('killed')).length;
  if (count > 0) world.isDue = true;
  await running;
  return `${count} runs are killed, ${waitMs} ms after an apply began`;
}

async function reload({ lab }: World): Promise<string> {
  await lab.must('ubus call network reload');
  return 'netifd reloads';
}

async function foreign({ lab, random }: World): Promise<string> {
  const action = random.pick(['ifup', 'ifdown']);
  await lab.must([action, FOREIGN]);
  return `${action} ${FOREIGN}`;
}

function randomWanted(random: Random, former: Wanted): Wanted {
  const sessions = random.chance(50) ? former.sessions : 1 + random.below(MOST_SESSIONS);
  const some = (percent: number) => linksOf('wan', sessions).filter(() => random.chance(percent));
  return {
    sessions,
    // A change of it dials all sessions anew.
    ipv6: random.chance(15) ? random.pick(['off', 'nat']) : former.ipv6,
    hash: random.pick(['l3', 'l4']),
    weights: Object.fromEntries(some(30).map((link) => [link, 1 + random.below(9)])),
    disabled: some(15).filter((_, at) => at < sessions - 1),
  };
}

async function change(world: World): Promise<string> {
  world.wanted = randomWanted(world.random, world.wanted);
  for (const link of world.down) if (!linksOf('wan', world.wanted.sessions).includes(link)) world.down.delete(link);
  await world.allDone(); // an apply that began before would end well without having seen this
  await world.router.store(toSections(world.wanted));
  world.isDue = true;
  const text = JSON.stringify(world.wanted);
  if (world.random.chance(20)) return `stored, not applied: ${text}`;
  if (world.random.chance(30)) {
    world.beside(world.apply());
    return `stored, and applied beside what follows: ${text}`;
  }
  return `stored, and apply: ${await world.apply()}: ${text}`;
}

async function applies(world: World): Promise<string> {
  const replies = await Promise.all(Array.from({ length: 2 + world.random.below(2) }, () => world.apply()));
  return `${replies.length} applies at once: ${replies.join(', ')}`;
}

/** As often as they stand here. */
export const events: readonly Event[] = [
  ...[hangUp, hangUp, killPppd, killPppd, silence, hear, ifdown, ifup, ifup],
  ...[killAgent, killAgent, reload, foreign, change, change, change, applies],
];

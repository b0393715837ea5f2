// Probes that are a program each time: a question to a resolver, or a request to a web server, in every round.
import type { Child, Loop, Timer } from '../loop.ts';
import { probeGid } from '../owned.ts';
import type { System } from '../system.ts';

/** `targets`: addresses of resolvers, or URLs. IPv4 only: what bears another link's address on its way out is masqueraded there. */
export type AskerTask = { kind: 'dns' | 'http'; slot: number; targets: readonly string[]; name: string; intervalS: number };

/** Exit codes that prove an answer: uclient-fetch tells 8 for any page but a good one. */
const HTTP_ERROR = 8;
const CLIENTS = ['/bin/uclient-fetch', '/usr/bin/uclient-fetch', '/usr/bin/curl'];
/** Where there is no such program. */
const NOT_FOUND = [127, -1];

type Round = { target: string; child: Child | undefined };

/** The program that asks, without a shell; undefined where the system has none for it. */
export function argvOf(system: System, { kind, name, intervalS }: AskerTask, target: string): string[] | undefined {
  if (kind === 'dns') return ['nslookup', name, target];
  const client = CLIENTS.find((path) => system.stat(path) !== undefined);
  if (client === undefined) return undefined;
  return client.endsWith('curl')
    ? [client, '-4', '-s', '-I', '-o', '/dev/null', '-m', `${intervalS}`, target]
    : [client, '-4', '-q', '-s', '-T', `${intervalS}`, target];
}

export class Asker {
  readonly task: AskerTask;
  #system: System;
  #loop: Loop;
  #onReply: (latencyMs: number) => void;
  #rounds: Round[];
  #timer: Timer | undefined;
  #sinceMs: number | undefined;
  #isStopped = false;

  constructor(system: System, loop: Loop, task: AskerTask, onReply: (latencyMs: number) => void) {
    this.#system = system;
    this.#loop = loop;
    this.task = task;
    this.#onReply = onReply;
    this.#rounds = task.targets.map((target) => ({ target, child: undefined }));
    this.#ask();
  }

  /** Undefined while the programs can't be started: that says nothing of the link. */
  get askingSinceMs(): number | undefined {
    return this.#sinceMs;
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    for (const { child } of this.#rounds) child?.kill();
  }

  #ask(): void {
    for (const round of this.#rounds) this.#start(round);
    this.#timer = this.#loop.after(this.task.intervalS * 1000, () => this.#ask());
  }

  #start(round: Round): void {
    round.child?.kill(); // no answer in its time
    const argv = argvOf(this.#system, this.task, round.target);
    if (!argv) return;
    const startMs = this.#system.nowMs();
    const child = this.#loop.start(argv, {
      gid: probeGid(this.task.slot),
      onLine: () => {},
      onEnd: (exit) => {
        if (round.child === child) round.child = undefined;
        if (this.#isStopped) return;
        if (NOT_FOUND.includes(exit)) this.#sinceMs = undefined;
        else this.#sinceMs ??= startMs;
        if (exit === 0 || (this.task.kind === 'http' && exit === HTTP_ERROR)) this.#onReply(this.#system.nowMs() - startMs);
      },
    });
    round.child = child;
  }
}

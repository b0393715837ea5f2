// A provider with limits on the router in memory: whom it lets in, whom it hangs up, how fast it is. netifd redials while time passes.
import type { Router } from './router.ts';
import { background, settle } from './shell.ts';

export type Dial = { name: string; user: string; mac: string };
/** netifd's code of a refusal; `silent` is no answer; `instead` hangs up another session for this one. */
export type Answer = 'yes' | 'silent' | { refuses: string } | { instead: string };

/** netifd dials again so long after a dial that failed. */
const REDIAL_MS = 4000;

export class Provider {
  answer: (dial: Dial, others: readonly Dial[]) => Answer;
  /** Bytes a second by link, of those that download now. */
  speeds: (links: readonly string[]) => Record<string, number> = () => ({});
  /** Dials that were refused. */
  refused = 0;
  /** The most sessions at once. */
  most = 0;
  #router: Router;
  #dialedMs = new Map<string, number>();
  #received = new Map<string, number>();
  #sinceMs: number;

  /** From now on it answers the router’s dials, whenever some program there sleeps. */
  constructor(router: Router, answer: Provider['answer']) {
    this.#router = router;
    this.answer = answer;
    this.#sinceMs = router.nowMs;
    router.netifd.answers = () => false;
    router.files.makeDirectory('/proc/net', 0o555);
    router.onEffect = ({ what }) => {
      if (what.startsWith('sleep ')) this.#onSleep();
    };
  }

  #onSleep(): void {
    const { output } = this.#router;
    background(this.#router);
    this.#router.output = output;
    this.look();
  }

  /** netifd acts on what it was told, dials, and the hook follows. */
  look(): void {
    const { output } = this.#router;
    this.#count();
    settle(this.#router);
    for (const [name, { up, options }] of this.#router.netifd.interfaces)
      if (!up && options.get('proto') === 'pppoe' && !this.#router.netifd.stopped.has(name)) this.#dial(name);
    settle(this.#router);
    this.most = Math.max(this.most, this.#sessions().length);
    this.#router.output = output;
  }

  /** Time passes, second by second. */
  pass(seconds: number): void {
    for (let second = 0; second < seconds; second++) {
      this.#router.nowMs += 1000;
      this.look();
    }
  }

  #toDial(name: string): Dial {
    const options = this.#router.netifd.interfaces.get(name)?.options;
    const section = (this.#router.files.read('/etc/config/network') ?? '').split('\nconfig ').find((text) => text.startsWith(`device 'md_${name}'`));
    return { name, user: options?.get('username') ?? '', mac: /macaddr '(.*)'/.exec(section ?? '')?.[1] ?? '' };
  }

  #sessions(): Dial[] {
    const { interfaces } = this.#router.netifd;
    return [...interfaces].flatMap(([name, { up, options }]) => (up && options.get('proto') === 'pppoe' ? [this.#toDial(name)] : []));
  }

  #dial(name: string): void {
    const { netifd, nowMs } = this.#router;
    if (nowMs - (this.#dialedMs.get(name) ?? -REDIAL_MS) < REDIAL_MS) return;
    this.#dialedMs.set(name, nowMs);
    const answer = this.answer(this.#toDial(name), this.#sessions());
    if (answer === 'silent') return;
    if (typeof answer === 'object' && 'refuses' in answer) {
      this.refused++;
      netifd.down(name, answer.refuses);
      return;
    }
    if (typeof answer === 'object') {
      netifd.down(answer.instead, 'HANGUP');
      this.#dialedMs.set(answer.instead, nowMs);
    }
    netifd.up(name);
  }

  /** What the programs that nft knows by their group have received. */
  #count(): void {
    const { nowMs, netifd } = this.#router;
    const elapsedS = (nowMs - this.#sinceMs) / 1000;
    this.#sinceMs = nowMs;
    const slots = this.#router.spawned.flatMap(({ pid, gid }) => (gid !== undefined && this.#router.isAlive(pid) ? [gid - 77_000] : []));
    const names = [...netifd.interfaces].flatMap(([name, { up, options }]) => (up && slots.includes(Number(options.get('metric')) - 7000) ? [name] : []));
    const speeds = this.speeds(names);
    for (const name of names) this.#received.set(name, (this.#received.get(name) ?? 0) + Math.round((speeds[name] ?? 0) * elapsedS));
    const lines = [...netifd.interfaces].map(([name]) => `pppoe-${name}: ${this.#received.get(name) ?? 0} 9 0 0 0 0 0 0 5 1 0 0 0 0 0 0`);
    this.#router.write('/proc/net/dev', `Inter-| Receive | Transmit\n face |bytes\n${lines.join('\n')}\n`);
  }
}

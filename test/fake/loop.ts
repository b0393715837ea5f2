// The watcher's event loop on the router in memory: time passes when a test says so, and pings are answered or not.
import type { Child, ChildOptions, Loop, SignalName, Timer } from '../../agent/src/loop.ts';
import type { Router } from './router.ts';
import { multidial } from './shell.ts';

type Due = { atMs: number; order: number; then: () => void };
type Process = { argv: readonly string[]; options: ChildOptions; nextMs: number; isOver: boolean; killed: boolean };

const LATENCY_MS = 20;

export class FakeLoop implements Loop {
  /** Does a ping from this address to this target come back now? */
  answers: (address: string, target: string) => boolean = () => true;
  /** What a program prints that is neither ping nor multidial, and its exit code. */
  says: (argv: readonly string[]) => { lines: string[]; exit: number; takesMs?: number } = () => ({ lines: [], exit: 0 });
  /** Programs that were started, but pings and `multidial look`. */
  started: string[] = [];
  /** What was added to the environment of the last of them. */
  environment: Record<string, string> = {};
  #router: Router;
  #due: Due[] = [];
  #processes: Process[] = [];
  #signals = new Map<SignalName, () => void>();
  #order = 0;

  constructor(router: Router) {
    this.#router = router;
  }

  after(ms: number, then: () => void): Timer {
    const due = { atMs: this.#router.nowMs + ms, order: this.#order++, then };
    this.#due.push(due);
    const cancel = (): void => {
      this.#due = this.#due.filter((other) => other !== due);
    };
    return { cancel };
  }

  start(argv: readonly string[], options: ChildOptions): Child {
    const process: Process = { argv, options, nextMs: this.#router.nowMs + LATENCY_MS, isOver: false, killed: false };
    this.#processes.push(process);
    const end = (exit: number): void => {
      if (process.isOver) return;
      process.isOver = true;
      this.#processes = this.#processes.filter((other) => other !== process);
      options.onEnd(exit);
    };
    if (argv[0] === '/usr/sbin/multidial') {
      this.after(200, () => {
        multidial(this.#router, ...argv.slice(1));
        end(0);
      });
    } else if (argv[0] !== 'ping' && argv[1] !== 'monitor') {
      this.started.push(argv.join(' '));
      this.environment = options.environment ?? {};
      const { lines, exit, takesMs = 10 } = this.says(argv);
      this.after(takesMs, () => {
        for (const line of lines) options.onLine(line);
        end(exit);
      });
    }
    return {
      pid: 1,
      kill: () => {
        process.killed = true;
        this.after(1, () => end(-15));
      },
    };
  }

  onSignal(name: SignalName, then: () => void): void {
    this.#signals.set(name, then);
  }

  signal(name: SignalName): void {
    this.#signals.get(name)?.();
  }

  /** The arguments of the pings that run. */
  get pings(): string[] {
    return this.#processes.filter(({ argv, killed }) => argv[0] === 'ping' && !killed).map(({ argv }) => argv.slice(1).join(' '));
  }

  /** Programs that run, but pings. */
  get running(): number {
    return this.#processes.filter(({ argv, killed }) => argv[0] !== 'ping' && !killed).length;
  }

  get timers(): number {
    return this.#due.length;
  }

  /** A line of `ip monitor link`. */
  monitor(line: string): void {
    for (const { argv, options } of this.#processes) if (argv[1] === 'monitor') options.onLine(line);
  }

  /** All pings end, as when somebody kills them. */
  killPings(): void {
    for (const process of this.#processes.filter(({ argv }) => argv[0] === 'ping')) {
      process.isOver = true;
      this.#processes = this.#processes.filter((other) => other !== process);
      process.options.onEnd(-9);
    }
  }

  /** Lets time pass, timer by timer. */
  pass(ms: number): void {
    const endMs = this.#router.nowMs + ms;
    for (;;) {
      const [timer] = this.#due.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order);
      const [ping] = this.#processes.filter(({ argv }) => argv[0] === 'ping').toSorted((a, b) => a.nextMs - b.nextMs);
      const nextMs = Math.min(timer?.atMs ?? Number.POSITIVE_INFINITY, ping?.nextMs ?? Number.POSITIVE_INFINITY);
      if (nextMs > endMs) break;
      this.#router.nowMs = Math.max(this.#router.nowMs, nextMs);
      if (ping && ping.nextMs === nextMs) this.#answer(ping);
      else if (timer) {
        this.#due = this.#due.filter((other) => other !== timer);
        timer.then();
      }
    }
    this.#router.nowMs = Math.max(this.#router.nowMs, endMs);
  }

  #answer(ping: Process): void {
    ping.nextMs += 1000;
    const address = ping.argv[ping.argv.indexOf('-I') + 1] ?? '';
    const target = ping.argv.at(-1) ?? '';
    if (!ping.killed && this.answers(address, target)) ping.options.onLine(`64 bytes from ${target}: seq=1 ttl=57 time=${LATENCY_MS}.0 ms`);
  }
}

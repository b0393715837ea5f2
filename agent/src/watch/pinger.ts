// The ping processes of one link in one family: one a target, bound to the link's address, started again when one ends.
import type { Child, Loop, Timer } from '../loop.ts';
import { probeGid } from '../owned.ts';
import { parseReply } from './probe.ts';

/** What is asked from where. A change of any of it makes a new pinger. */
export type PingerTask = { slot: number; family: 'ipv4' | 'ipv6'; address: string; targets: readonly string[]; intervalS: number };

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** A ping that ran for so long may end now and then. */
const HEALTHY_MS = 10_000;

type Asked = { target: string; child: Child | undefined; sinceMs: number; pauseMs: number; timer: Timer | undefined };

export class Pinger {
  readonly task: PingerTask;
  #loop: Loop;
  #now: () => number;
  #onReply: (latencyMs: number) => void;
  #asked: Asked[];
  #isStopped = false;

  constructor(loop: Loop, now: () => number, task: PingerTask, onReply: (latencyMs: number) => void) {
    this.#loop = loop;
    this.#now = now;
    this.task = task;
    this.#onReply = onReply;
    this.#asked = task.targets.map((target) => ({ target, child: undefined, sinceMs: 0, pauseMs: FIRST_PAUSE_MS, timer: undefined }));
    for (const asked of this.#asked) this.#start(asked);
  }

  /** Since when some target has been asked without a break; undefined while no ping runs. */
  get askingSinceMs(): number | undefined {
    const running = this.#asked.filter(({ child }) => child !== undefined).map(({ sinceMs }) => sinceMs);
    return running.length ? Math.min(...running) : undefined;
  }

  stop(): void {
    this.#isStopped = true;
    for (const { child, timer } of this.#asked) {
      timer?.cancel();
      child?.kill();
    }
  }

  #start(asked: Asked): void {
    const { family, address, slot, intervalS } = this.task;
    const argv = ['ping', ...(family === 'ipv6' ? ['-6'] : []), '-I', address, ...(intervalS === 1 ? [] : ['-i', `${intervalS}`]), asked.target];
    asked.sinceMs = this.#now();
    asked.timer = undefined;
    asked.child = this.#loop.start(argv, {
      gid: probeGid(slot),
      onLine: (line) => {
        const latencyMs = parseReply(line);
        if (latencyMs !== undefined && !this.#isStopped) this.#onReply(latencyMs);
      },
      // It ends at a send error, as busybox does it, or because somebody ended it: that says nothing of the link.
      onEnd: () => {
        asked.child = undefined;
        if (this.#isStopped) return;
        asked.pauseMs = this.#now() - asked.sinceMs > HEALTHY_MS ? FIRST_PAUSE_MS : Math.min(2 * asked.pauseMs, LONGEST_PAUSE_MS);
        asked.timer = this.#loop.after(asked.pauseMs, () => this.#start(asked));
      },
    });
  }
}

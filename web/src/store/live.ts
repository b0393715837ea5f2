// What the router is doing now: one status a second, rates and their history.
import { signal, type ReadonlySignal } from '@preact/signals';
import type { Status } from '../../../agent/src/contract/index.ts';
import { ask, type AgentFault } from '../agent.ts';
import { remember, type Sample } from '../model/history.ts';
import { toRates, type Rates } from '../model/rates.ts';
import { isGone, startPoll, type Client, type Poll } from '../ubus/index.ts';
import type { PagePort } from './page.ts';

const INTERVAL_MS = 1000;
const MAX_PAUSE_MS = 15_000;
/** Beyond this the counters of two replies say nothing about now. */
const MAX_GAP_MS = 10_000;

/** `retryAtMs`: on the page's clock, while the router is gone. */
export type Trouble = { fault: AgentFault; retryAtMs?: number };

export type LiveStore = {
  status: ReadonlySignal<Status | undefined>;
  rates: ReadonlySignal<Rates | undefined>;
  history: ReadonlySignal<readonly Sample[]>;
  trouble: ReadonlySignal<Trouble | undefined>;
  start(): void;
  stop(): void;
  /** Asks at once: after an apply, or on "try now". */
  now(): void;
};

export function createLive(client: Client, page: PagePort): LiveStore {
  const status = signal<Status | undefined>(undefined);
  const rates = signal<Rates | undefined>(undefined);
  const history = signal<readonly Sample[]>([]);
  const trouble = signal<Trouble | undefined>(undefined);
  let poll: Poll | undefined;

  function take(next: Status): void {
    const before = status.value && next.atMs - status.value.atMs < MAX_GAP_MS ? status.value : undefined;
    const fresh = toRates(before, next);
    status.value = next;
    rates.value = fresh;
    history.value = remember(history.value, page.wallS(), fresh);
    trouble.value = undefined;
  }

  function start(): void {
    poll ??= startPoll({
      clock: page.clock,
      intervalMs: INTERVAL_MS,
      maxPauseMs: MAX_PAUSE_MS,
      visibility: { isHidden: page.isHidden, onChange: page.onVisibility },
      onPause: ({ retryAtMs }) => {
        if (retryAtMs !== undefined && trouble.value) trouble.value = { ...trouble.value, retryAtMs };
      },
      ask: async (abort) => {
        const result = await ask(client, 'status', {}, { signal: abort });
        if (abort.aborted) return 'stop';
        if (result.ok) {
          take(result.value);
          return 'answered';
        }
        trouble.value = { fault: result.fault };
        if (isGone(result.fault)) return 'gone';
        return result.fault.kind === 'expired' ? 'stop' : 'gone';
      },
    });
  }

  return {
    status,
    rates,
    history,
    trouble,
    start,
    stop: () => {
      poll?.stop();
      poll = undefined;
    },
    now: () => poll?.now(),
  };
}

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

export type LiveStore = {
  status: ReadonlySignal<Status | undefined>;
  rates: ReadonlySignal<Rates | undefined>;
  history: ReadonlySignal<readonly Sample[]>;
  /** Why the last question had no answer. */
  trouble: ReadonlySignal<AgentFault | undefined>;
  /** Somebody else asked (the apply does), and shares what came back. */
  take(status: Status): void;
  start(): void;
  stop(): void;
  /** Leaves the asking to `work`, which shares what it hears by `take`: one question a cycle. Goes on afterwards, unless stopped. */
  leaveTo<T>(work: () => Promise<T>): Promise<T>;
  /** Asks at once: after an apply, or on "try now". */
  now(): void;
};

export function createLive(client: Client, page: PagePort): LiveStore {
  const status = signal<Status | undefined>(undefined);
  const rates = signal<Rates | undefined>(undefined);
  const history = signal<readonly Sample[]>([]);
  const trouble = signal<AgentFault | undefined>(undefined);
  let poll: Poll | undefined;
  let isWanted = false;
  let isLeft = false;

  function take(next: Status): void {
    const before = status.value && next.atMs - status.value.atMs < MAX_GAP_MS ? status.value : undefined;
    const fresh = toRates(before, next);
    status.value = next;
    rates.value = fresh;
    history.value = remember(history.value, page.wallS(), fresh);
    trouble.value = undefined;
  }

  function begin(): void {
    if (!isWanted || isLeft) return;
    poll ??= startPoll({
      clock: page.clock,
      intervalMs: INTERVAL_MS,
      maxPauseMs: MAX_PAUSE_MS,
      visibility: { isHidden: page.isHidden, onChange: page.onVisibility },
      ask: async (abort) => {
        const result = await ask(client, 'status', {}, { signal: abort });
        if (abort.aborted) return 'stop';
        if (result.ok) {
          take(result.value);
          return 'answered';
        }
        trouble.value = result.fault;
        if (isGone(result.fault)) return 'gone';
        return result.fault.kind === 'expired' ? 'stop' : 'gone';
      },
    });
  }

  function end(): void {
    poll?.stop();
    poll = undefined;
  }

  return {
    status,
    rates,
    history,
    trouble,
    take,
    start: () => {
      isWanted = true;
      begin();
    },
    stop: () => {
      isWanted = false;
      end();
    },
    leaveTo: async (work) => {
      isLeft = true;
      end();
      try {
        return await work();
      } finally {
        isLeft = false;
        begin();
      }
    },
    now: () => poll?.now(),
  };
}

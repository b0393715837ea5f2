// What the router is doing now: one status a second, rates and their history, and what a screen asks along with it.
import { signal, type ReadonlySignal } from '@preact/signals';
import type { Arguments, MethodName, Replies, Status } from '../../../agent/src/contract/index.ts';
import { askAll, type AgentFault } from '../agent.ts';
import { recall, remember, type Sample } from '../model/history.ts';
import { toRates, type Rates } from '../model/rates.ts';
import { isGone, startPoll, type Client, type Poll, type Result } from '../ubus/index.ts';
import type { PagePort } from './page.ts';

const INTERVAL_MS = 1000;
const MAX_PAUSE_MS = 15_000;
/** Beyond this the counters of two replies say nothing about now. */
const MAX_GAP_MS = 10_000;

/** A question that rides along with the status, in the same request: at once, then every `everyMs`. */
export type Companion<M extends MethodName = MethodName> = {
  method: M;
  args: () => Arguments[M];
  everyMs: number;
  take: (result: Result<Replies[M], AgentFault>) => void;
};

export type LiveStore = {
  status: ReadonlySignal<Status | undefined>;
  rates: ReadonlySignal<Rates | undefined>;
  history: ReadonlySignal<readonly Sample[]>;
  /** Why the last question had no answer. */
  trouble: ReadonlySignal<AgentFault | undefined>;
  /** While the router is gone: when it is asked again, on the page's clock; undefined while it is asked. */
  retryAtMs: ReadonlySignal<number | undefined>;
  /** Somebody else asked (the apply does), and shares what came back. */
  take(status: Status): void;
  /** What the agent recorded while we were not looking. */
  recall(recorded: readonly Sample[]): void;
  start(): void;
  stop(): void;
  /** Leaves the asking to `work`, which shares what it hears by `take`: one question a cycle. Goes on afterwards, unless stopped. */
  leaveTo<T>(work: () => Promise<T>): Promise<T>;
  /** Asks along with the status until the function that it returns is called: as long as a screen is shown. */
  along<M extends MethodName>(companion: Companion<M>): () => void;
  /** Asks at once: after an apply, or on "try now". */
  now(): void;
};

export function createLive(client: Client, page: PagePort): LiveStore {
  const status = signal<Status | undefined>(undefined);
  const rates = signal<Rates | undefined>(undefined);
  const history = signal<readonly Sample[]>([]);
  const trouble = signal<AgentFault | undefined>(undefined);
  const retryAtMs = signal<number | undefined>(undefined);
  /** When each is due. */
  const companions = new Map<Companion, number>();
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

  function answer(companion: Companion, result: Result<Replies[MethodName], AgentFault> | undefined): void {
    if (!result || !companions.has(companion)) return;
    companions.set(companion, page.clock.now() + companion.everyMs);
    companion.take(result);
  }

  function begin(): void {
    if (!isWanted || isLeft) return;
    poll ??= startPoll({
      clock: page.clock,
      intervalMs: INTERVAL_MS,
      maxPauseMs: MAX_PAUSE_MS,
      onPause: (untilMs) => {
        retryAtMs.value = untilMs;
      },
      visibility: { isHidden: page.isHidden, onChange: page.onVisibility },
      ask: async (abort) => {
        const due = [...companions.keys()].filter((each) => (companions.get(each) ?? 0) <= page.clock.now());
        const questions = [{ method: 'status' as const, args: {} }, ...due.map(({ method, args }) => ({ method, args: args() }))];
        const [result, ...others] = await askAll(client, questions, { signal: abort });
        if (abort.aborted || !result) return 'stop';
        if (result.ok) {
          take(result.value as Status);
          for (const [place, each] of due.entries()) answer(each, others[place]);
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
    retryAtMs,
    take,
    recall: (recorded) => {
      history.value = recall(history.value, recorded, page.wallS());
    },
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
    along: (companion) => {
      const each = companion as unknown as Companion;
      companions.set(each, 0);
      poll?.now();
      return () => companions.delete(each);
    },
    now: () => poll?.now(),
  };
}

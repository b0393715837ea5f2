// The passport of a line: what to try, how far it is, and its report.
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Arguments, PassportStatus } from '../../../agent/src/contract/index.ts';
import { ask, type AgentFault } from '../agent.ts';
import type { Client } from '../ubus/index.ts';
import type { LiveStore } from './live.ts';
import type { Loadable } from './setup.ts';

/** A step takes some seconds at least. */
const STATUS_MS = 2000;
const START_TIMEOUT_MS = 30_000;

/** As it is typed. */
export type PassportDraft = { sessions: string; url: string };
const blank: PassportDraft = { sessions: '', url: '' };

export type PassportStore = {
  /** The line that was chosen; undefined: the first. */
  line: Signal<string | undefined>;
  draft: Signal<PassportDraft>;
  status: ReadonlySignal<Loadable<PassportStatus>>;
  isStarting: ReadonlySignal<boolean>;
  /** It was told to stop, and has not come to its end yet. */
  isStopping: ReadonlySignal<boolean>;
  /** Why it was not started, or not stopped. */
  refusal: ReadonlySignal<AgentFault | undefined>;
  /** Asks how far it is while a screen is shown; the function it returns ends that. */
  follow(): () => void;
  start(request: Arguments['passport']): Promise<void>;
  stop(): Promise<void>;
  forget(): void;
};

export function createPassport(client: Client, live: LiveStore): PassportStore {
  const line = signal<string | undefined>(undefined);
  const draft = signal(blank);
  const status = signal<Loadable<PassportStatus>>({ state: 'empty' });
  const isStarting = signal(false);
  const isStopping = signal(false);
  const refusal = signal<AgentFault | undefined>(undefined);

  return {
    line,
    draft,
    status,
    isStarting,
    isStopping,
    refusal,
    follow: () =>
      live.along({
        method: 'passport_status',
        args: () => ({}),
        everyMs: STATUS_MS,
        take: (result) => {
          // An answer of before the start would show the passport of before.
          if (isStarting.value) return;
          if (result.ok) {
            status.value = { state: 'ready', value: result.value };
            if (result.value.state !== 'running') isStopping.value = false;
          } else if (status.value.state !== 'ready') status.value = { state: 'failed', fault: result.fault };
        },
      }),
    start: async (request) => {
      if (isStarting.value) return;
      isStarting.value = true;
      refusal.value = undefined;
      const result = await ask(client, 'passport', request, { timeoutMs: START_TIMEOUT_MS });
      isStarting.value = false;
      if (result.ok) status.value = { state: 'ready', value: result.value };
      else refusal.value = result.fault;
    },
    stop: async () => {
      if (isStopping.value) return;
      isStopping.value = true;
      refusal.value = undefined;
      const result = await ask(client, 'passport_stop', {});
      if (!result.ok) {
        isStopping.value = false;
        refusal.value = result.fault;
      }
    },
    forget: () => {
      line.value = undefined;
      draft.value = blank;
      status.value = { state: 'empty' };
      refusal.value = undefined;
      isStopping.value = false;
    },
  };
}

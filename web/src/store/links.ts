// What is done to one link: dial it anew, drain it, pause and resume it; and which link's panel is open.
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { ask, faultOfRun, type AgentFault } from '../agent.ts';
import type { Client } from '../ubus/index.ts';
import type { LiveStore } from './live.ts';

/** netifd may take its time to hang up; rpcd gives a call 30 s. */
const ACTION_TIMEOUT_MS = 30_000;

export type LinkAction = 'redial' | 'drain' | 'pause' | 'resume';
export type Acting = { link: string; action: LinkAction };
/** How it ended; without a fault it was done. */
export type Told = Acting & { fault?: AgentFault };

export type LinksStore = {
  /** The link whose panel is open. */
  opened: Signal<string | undefined>;
  /** What is under way: one thing at a time, since each waits for the lock of the one before. */
  acting: ReadonlySignal<Acting | undefined>;
  told: ReadonlySignal<Told | undefined>;
  act(action: LinkAction, link: string): Promise<void>;
  forget(): void;
};

export function createLinks(client: Client, live: LiveStore): LinksStore {
  const opened = signal<string | undefined>(undefined);
  const acting = signal<Acting | undefined>(undefined);
  const told = signal<Told | undefined>(undefined);

  const run = async ({ action, link }: Acting): Promise<AgentFault | undefined> =>
    faultOfRun(action, await ask(client, action, { link }, { timeoutMs: ACTION_TIMEOUT_MS }));

  return {
    opened,
    acting,
    told,
    act: async (action, link) => {
      if (acting.value) return;
      acting.value = { action, link };
      told.value = undefined;
      const fault = await run({ action, link });
      acting.value = undefined;
      told.value = { action, link, ...(fault ? { fault } : {}) };
      live.now();
    },
    forget: () => {
      opened.value = undefined;
      told.value = undefined;
    },
  };
}

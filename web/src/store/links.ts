// What is done to links: dial them anew, drain, pause and resume them; which link's panel is open, which are chosen, and in what order they stand.
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { ask, faultOfRun, type AgentFault } from '../agent.ts';
import type { BulkTold } from '../model/bulk.ts';
import { byName, type Sort } from '../model/link-order.ts';
import type { Client } from '../ubus/index.ts';
import type { LiveStore } from './live.ts';

/** netifd may take its time to hang up; rpcd gives a call 30 s. */
const ACTION_TIMEOUT_MS = 30_000;

export type LinkAction = 'redial' | 'drain' | 'pause' | 'resume';
/** `place` of `count` where it is done to several. */
export type Acting = { link: string; action: LinkAction; place?: number; count?: number };
/** How it ended; without a fault it was done. */
export type Told = { link: string; action: LinkAction; fault?: AgentFault };

export type LinksStore = {
  /** The link whose panel is open. */
  opened: Signal<string | undefined>;
  /** Opens the link's panel, or closes it. */
  toggle(name: string): void;
  /** What is under way: one thing at a time, since each waits for the lock of the one before. */
  acting: ReadonlySignal<Acting | undefined>;
  told: ReadonlySignal<Told | undefined>;
  act(action: LinkAction, link: string): Promise<void>;
  /** Of the table. */
  sort: Signal<Sort>;
  selected: Signal<ReadonlySet<string>>;
  /** Chooses these too, or no longer. */
  select(names: readonly string[], isSelected: boolean): void;
  toldOfAll: ReadonlySignal<BulkTold | undefined>;
  /** One after the other; what an agent refuses does not stop the others, a router that is gone does. */
  actOnAll(action: LinkAction, names: readonly string[]): Promise<void>;
  forget(): void;
};

export function createLinks(client: Client, live: LiveStore): LinksStore {
  const opened = signal<string | undefined>(undefined);
  const acting = signal<Acting | undefined>(undefined);
  const told = signal<Told | undefined>(undefined);
  const sort = signal<Sort>(byName);
  const selected = signal<ReadonlySet<string>>(new Set());
  const toldOfAll = signal<BulkTold | undefined>(undefined);

  const run = async (action: LinkAction, link: string): Promise<AgentFault | undefined> =>
    faultOfRun(action, await ask(client, action, { link }, { timeoutMs: ACTION_TIMEOUT_MS }));

  return {
    opened,
    toggle: (name) => {
      opened.value = opened.value === name ? undefined : name;
    },
    acting,
    told,
    act: async (action, link) => {
      if (acting.value) return;
      acting.value = { action, link };
      told.value = undefined;
      const fault = await run(action, link);
      acting.value = undefined;
      told.value = { action, link, ...(fault ? { fault } : {}) };
      live.now();
    },
    sort,
    selected,
    select: (names, isSelected) => {
      selected.value = new Set(isSelected ? [...selected.value, ...names] : [...selected.value].filter((name) => !names.includes(name)));
    },
    toldOfAll,
    actOnAll: async (action, names) => {
      if (acting.value) return;
      toldOfAll.value = undefined;
      const outcome: BulkTold = { action, done: 0, left: names.length, failed: [] };
      for (const [index, link] of names.entries()) {
        acting.value = { action, link, place: index + 1, count: names.length };
        const fault = await run(action, link);
        outcome.left -= 1;
        if (fault) outcome.failed.push({ link, fault });
        else outcome.done += 1;
        if (fault && fault.kind !== 'agent') break;
      }
      acting.value = undefined;
      toldOfAll.value = outcome;
      live.now();
    },
    forget: () => {
      opened.value = undefined;
      sort.value = byName;
      selected.value = new Set();
      toldOfAll.value = undefined;
      told.value = undefined;
    },
  };
}

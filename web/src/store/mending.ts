// What the doctor's buttons do: mend a finding, then look again; and the field of a form that one of them leads to.
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { ask, faultOfRun, type AgentFault } from '../agent.ts';
import type { Deed } from '../model/mending.ts';
import type { Client } from '../ubus/index.ts';
import type { LinksStore } from './links.ts';
import type { LiveStore } from './live.ts';
import type { PagePort } from './page.ts';
import type { WatchingStore } from './watching.ts';

/** An apply reads files and starts a few programs; rpcd gives a call 30 s. */
const APPLY_TIMEOUT_MS = 30_000;
/** A session is up within seconds of its redial, or the doctor has something to tell of it. */
const DIAL_MS = 10_000;
const STEP_MS = 1000;

export type MendingStore = {
  /** What is under way. */
  mending: ReadonlySignal<Deed | undefined>;
  /** How the last one ended; without a fault it was done. */
  mended: ReadonlySignal<{ deed: Deed; fault?: AgentFault } | undefined>;
  /** The form's field to go to, until it is found. */
  sought: Signal<{ line: string; option: string } | undefined>;
  /** Does it, waits for what follows, and asks the doctor again. */
  mend(deed: Deed): Promise<void>;
  forget(): void;
};

type Parts = { live: LiveStore; links: LinksStore; watching: WatchingStore };

export function createMending(client: Client, page: PagePort, { live, links, watching }: Parts): MendingStore {
  const mending = signal<Deed | undefined>(undefined);
  const mended = signal<{ deed: Deed; fault?: AgentFault } | undefined>(undefined);
  const sought = signal<{ line: string; option: string } | undefined>(undefined);

  const isUp = (link: string): boolean => live.status.value?.links.some(({ name, state }) => name === link && state === 'up') ?? false;

  /** What the status says is older than the redial at first, so at least one step is waited. */
  async function dialed(link: string): Promise<void> {
    const end = page.clock.now() + DIAL_MS;
    do await new Promise<void>((resolve) => page.clock.setTimeout(resolve, STEP_MS));
    while (!isUp(link) && page.clock.now() < end);
  }

  async function run(deed: Deed): Promise<AgentFault | undefined> {
    if (deed.kind === 'apply') {
      const fault = faultOfRun('apply', await ask(client, 'apply', {}, { timeoutMs: APPLY_TIMEOUT_MS }));
      live.now();
      return fault;
    }
    await links.act('redial', deed.link);
    const fault = links.told.value?.fault;
    if (!fault) await dialed(deed.link);
    return fault;
  }

  return {
    mending,
    mended,
    sought,
    mend: async (deed) => {
      if (mending.value || links.acting.value) return;
      mending.value = deed;
      mended.value = undefined;
      const fault = await run(deed);
      mending.value = undefined;
      mended.value = { deed, ...(fault ? { fault } : {}) };
      await watching.look();
    },
    forget: () => {
      mended.value = undefined;
      sought.value = undefined;
    },
  };
}

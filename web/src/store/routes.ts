// What the kernel has of routes, rules and nexthops, asked for when it is looked at; and whose are shown.
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Owner, RoutesReply } from '../../../agent/src/contract/index.ts';
import { ask } from '../agent.ts';
import type { Client } from '../ubus/index.ts';
import type { PagePort } from './page.ts';
import type { Loadable } from './setup.ts';

/** The agent starts three programs, and plans; rpcd gives a call 30 s. */
const SLOW_MS = 30_000;

export type RoutesStore = {
  found: ReadonlySignal<Loadable<{ reply: RoutesReply; atS: number }>>;
  isLooking: ReadonlySignal<boolean>;
  /** '' shows everybody's. */
  owner: Signal<Owner | ''>;
  /** What was seen before stays until the answer comes. */
  look(): Promise<void>;
  forget(): void;
};

export function createRoutes(client: Client, page: PagePort): RoutesStore {
  const found = signal<Loadable<{ reply: RoutesReply; atS: number }>>({ state: 'empty' });
  const isLooking = signal(false);
  const owner = signal<Owner | ''>('');
  return {
    found,
    isLooking,
    owner,
    look: async () => {
      if (isLooking.value) return;
      isLooking.value = true;
      const result = await ask(client, 'routes', {}, { timeoutMs: SLOW_MS });
      isLooking.value = false;
      found.value = result.ok ? { state: 'ready', value: { reply: result.value, atS: page.wallS() } } : { state: 'failed', fault: result.fault };
    },
    forget: () => {
      found.value = { state: 'empty' };
      owner.value = '';
    },
  };
}

// The forms: what is stored, what was typed, the plan for it, and the apply.
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ConfigReply, Plan } from '../../../agent/src/contract/index.ts';
import { ask, type AgentFault } from '../agent.ts';
import { isOver, type ApplyState } from '../model/apply-state.ts';
import { runApply, type Choice } from '../model/apply.ts';
import { checkLine, newLine, toCandidate, toDraft, type Complaints, type LineDraft } from '../model/draft.ts';
import { stage } from '../model/staging.ts';
import type { Client } from '../ubus/index.ts';
import type { PagePort } from './page.ts';

/** The agent reads files and asks ubus for a plan; rpcd gives it 30 s. */
const PLAN_TIMEOUT_MS = 30_000;

export type Loadable<T> = { state: 'empty' } | { state: 'loading' } | { state: 'ready'; value: T } | { state: 'failed'; fault: AgentFault };

export type SetupStore = {
  config: ReadonlySignal<Loadable<ConfigReply>>;
  lines: Signal<LineDraft[]>;
  /** Complaints by line's key; empty objects where all is well. */
  complaints: ReadonlySignal<Map<string, Complaints>>;
  /** Number of uci calls that an apply would stage; 0: nothing was changed. */
  changes: ReadonlySignal<number>;
  plan: ReadonlySignal<Loadable<Plan>>;
  apply: ReadonlySignal<ApplyState | undefined>;
  load(): Promise<void>;
  discard(): void;
  addLine(): void;
  preview(): Promise<void>;
  applyNow(): Promise<ApplyState>;
  choose(choice: Choice): void;
  forgetApply(): void;
  reset(): Promise<AgentFault | undefined>;
};

export function createSetup(client: Client, page: PagePort): SetupStore {
  const config = signal<Loadable<ConfigReply>>({ state: 'empty' });
  const lines = signal<LineDraft[]>([]);
  const plan = signal<Loadable<Plan>>({ state: 'empty' });
  const apply = signal<ApplyState | undefined>(undefined);
  let choice: Choice | undefined;

  const stored = computed(() => (config.value.state === 'ready' ? config.value.value.sections : []));
  const candidate = computed(() => toCandidate(stored.value, lines.value));
  const calls = computed(() => (config.value.state === 'ready' ? stage(stored.value, candidate.value) : []));
  const complaints = computed(() => new Map(lines.value.map((line) => [line.key, checkLine(line, lines.value)])));

  function discard(): void {
    const drafted = toDraft(stored.value);
    lines.value = drafted.length > 0 ? drafted : [newLine([])];
  }

  async function load(): Promise<void> {
    config.value = { state: 'loading' };
    const result = await ask(client, 'config', {});
    config.value = result.ok ? { state: 'ready', value: result.value } : { state: 'failed', fault: result.fault };
    if (result.ok) discard();
  }

  return {
    config,
    lines,
    complaints,
    plan,
    apply,
    load,
    discard,
    changes: computed(() => calls.value.length),
    addLine: () => {
      lines.value = [...lines.value, newLine(lines.value)];
    },
    preview: async () => {
      plan.value = { state: 'loading' };
      const result = await ask(client, 'plan', { config: { sections: candidate.value } }, { timeoutMs: PLAN_TIMEOUT_MS });
      plan.value = result.ok ? { state: 'ready', value: result.value } : { state: 'failed', fault: result.fault };
    },
    applyNow: async () => {
      choice = undefined;
      const end = await runApply({
        client,
        clock: page.clock,
        calls: calls.value,
        choice: () => choice,
        onState: (state) => {
          apply.value = state;
        },
      });
      if (end.step === 'done') await load();
      return end;
    },
    choose: (next) => {
      choice = next;
    },
    forgetApply: () => {
      if (apply.value && isOver(apply.value)) apply.value = undefined;
    },
    reset: async () => {
      const result = await ask(client, 'reset', {}, { timeoutMs: PLAN_TIMEOUT_MS });
      return result.ok ? undefined : result.fault;
    },
  };
}

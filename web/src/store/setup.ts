// The forms: what is stored, what was typed, the plan for it, and the apply.
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ConfigReply, Plan } from '../../../agent/src/contract/index.ts';
import { ask, type AgentFault } from '../agent.ts';
import { isOver, type ApplyState } from '../model/apply-state.ts';
import { runApply, type Choice } from '../model/apply.ts';
import { checkLine, isTyped, newLine, toCandidate, toPristine, type Complaints, type LineDraft } from '../model/draft.ts';
import { stage } from '../model/staging.ts';
import type { Client } from '../ubus/index.ts';
import type { LiveStore } from './live.ts';
import type { PagePort } from './page.ts';

/** The agent reads files and asks ubus for a plan; rpcd gives it 30 s. */
const PLAN_TIMEOUT_MS = 30_000;

export type Loadable<T> = { state: 'empty' } | { state: 'loading' } | { state: 'ready'; value: T } | { state: 'failed'; fault: AgentFault };

export type SetupStore = {
  config: ReadonlySignal<Loadable<ConfigReply>>;
  lines: Signal<LineDraft[]>;
  /** Complaints by line's key; empty objects where all is well. */
  complaints: ReadonlySignal<Map<string, Complaints>>;
  /** Something was typed that is not applied. */
  isDirty: ReadonlySignal<boolean>;
  /** Number of uci calls that an apply would stage. */
  changes: ReadonlySignal<number>;
  plan: ReadonlySignal<Loadable<Plan>>;
  apply: ReadonlySignal<ApplyState | undefined>;
  /** Reads the stored configuration into the forms; what was typed is lost. */
  load(): Promise<void>;
  /** Reads it again: what was typed stays, forms without any follow. Somebody else may have changed it meanwhile. */
  refresh(): Promise<AgentFault | undefined>;
  discard(): void;
  /** Forgets everything, typed passwords too: the user logs out. */
  forget(): void;
  addLine(): void;
  preview(): Promise<void>;
  applyNow(): Promise<ApplyState>;
  choose(choice: Choice): void;
  forgetApply(): void;
  /** Derives everything anew from what is stored: after a run that failed. */
  runAgain(): Promise<AgentFault | undefined>;
  reset(): Promise<AgentFault | undefined>;
};

export function createSetup(client: Client, page: PagePort, live: LiveStore): SetupStore {
  const config = signal<Loadable<ConfigReply>>({ state: 'empty' });
  const lines = signal<LineDraft[]>([]);
  const plan = signal<Loadable<Plan>>({ state: 'empty' });
  const apply = signal<ApplyState | undefined>(undefined);
  let choice: Choice | undefined;

  const stored = computed(() => (config.value.state === 'ready' ? config.value.value.sections : []));
  const candidate = computed(() => toCandidate(stored.value, lines.value));
  const calls = computed(() => (config.value.state === 'ready' ? stage(stored.value, candidate.value) : []));
  const complaints = computed(() => new Map(lines.value.map((line) => [line.key, checkLine(line, lines.value)])));

  const pristine = computed(() => toPristine(stored.value));
  const isDirty = computed(() => config.value.state === 'ready' && isTyped(lines.value, pristine.value));

  function discard(): void {
    lines.value = pristine.value;
    plan.value = { state: 'empty' };
  }

  async function load(): Promise<void> {
    config.value = { state: 'loading' };
    const result = await ask(client, 'config', {});
    config.value = result.ok ? { state: 'ready', value: result.value } : { state: 'failed', fault: result.fault };
    if (result.ok) discard();
  }

  async function refresh(): Promise<AgentFault | undefined> {
    const result = await ask(client, 'config', {});
    if (!result.ok) return result.fault;
    const typed = isDirty.value;
    config.value = { state: 'ready', value: result.value };
    if (!typed) discard();
    return undefined;
  }

  /** For the configuration as it is now: the forms may be older. */
  async function askPlan(): Promise<Loadable<Plan>> {
    const fault = await refresh();
    if (fault) return { state: 'failed', fault };
    const result = await ask(client, 'plan', { config: { sections: candidate.value } }, { timeoutMs: PLAN_TIMEOUT_MS });
    return result.ok ? { state: 'ready', value: result.value } : { state: 'failed', fault: result.fault };
  }

  return {
    config,
    lines,
    complaints,
    plan,
    apply,
    load,
    refresh,
    discard,
    isDirty,
    forget: () => {
      config.value = { state: 'empty' };
      lines.value = [];
      plan.value = { state: 'empty' };
      apply.value = undefined;
    },
    changes: computed(() => calls.value.length),
    addLine: () => {
      lines.value = [...lines.value, newLine(lines.value)];
    },
    preview: async () => {
      plan.value = { state: 'loading' };
      plan.value = await askPlan();
    },
    applyNow: async () => {
      choice = undefined;
      const end = await live.leaveTo(() =>
        runApply({
          client,
          clock: page.clock,
          calls: calls.value,
          choice: () => choice,
          onState: (state) => {
            apply.value = state;
          },
          onStatus: live.take,
        }),
      );
      if (end.step === 'done') await load();
      return end;
    },
    choose: (next) => {
      choice = next;
    },
    forgetApply: () => {
      if (apply.value && isOver(apply.value)) apply.value = undefined;
    },
    runAgain: async () => {
      const result = await ask(client, 'apply', {}, { timeoutMs: PLAN_TIMEOUT_MS });
      return result.ok ? undefined : result.fault;
    },
    reset: async () => {
      const result = await ask(client, 'reset', {}, { timeoutMs: PLAN_TIMEOUT_MS });
      return result.ok ? undefined : result.fault;
    },
  };
}

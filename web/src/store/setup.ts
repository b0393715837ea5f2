// The forms: what is stored, what was typed, the plan for it, and the apply.
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ConfigReply, Plan, Problem, SectionType } from '../../../agent/src/contract/index.ts';
import { ask, type AgentFault } from '../agent.ts';
import { isOver, type ApplyState } from '../model/apply-state.ts';
import { runApply, type Choice } from '../model/apply.ts';
import { checkLine, isLineChanged, isTyped, meet, newLine, toCandidate, toPristine, type Complaints, type LineDraft } from '../model/draft.ts';
import { rebase } from '../model/rebase.ts';
import type { SectionDraft } from '../model/section-draft.ts';
import { stage } from '../model/staging.ts';
import type { Client } from '../ubus/index.ts';
import type { LiveStore } from './live.ts';
import type { PagePort } from './page.ts';
import { createSections, type SectionsStore } from './sections.ts';

/** The agent reads files and asks ubus for a plan; rpcd gives it 30 s. */
const PLAN_TIMEOUT_MS = 30_000;

export type Loadable<T> = { state: 'empty' } | { state: 'loading' } | { state: 'ready'; value: T } | { state: 'failed'; fault: AgentFault };

export type SetupStore = {
  config: ReadonlySignal<Loadable<ConfigReply>>;
  lines: Signal<LineDraft[]>;
  /** All that is no line. */
  sections: SectionsStore;
  /** Complaints by line's key; empty objects where all is well. */
  complaints: ReadonlySignal<Map<string, Complaints>>;
  /** Of the first kind that has any: what must be mended before there can be a plan. */
  mistakes: ReadonlySignal<{ kind: SectionType; key: string } | undefined>;
  /** What the agent says of a section that is as it was when it was asked: in the plan, else of what is stored. */
  toldOf(type: SectionType, draft: LineDraft | SectionDraft): Problem[];
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
  addLine(like?: LineDraft): void;
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
  const sections = createSections(stored, lines);
  const pristine = computed(() => toPristine(stored.value));
  const areLinesTyped = computed(() => isTyped(lines.value, pristine.value));
  // The empty form of a first line stands for nothing where somebody only wants other interfaces as links.
  const isFirstLineMeant = computed(() => areLinesTyped.value || !sections.isDirty.value || pristine.value.some(({ isNew }) => !isNew));
  const meantLines = computed(() => (isFirstLineMeant.value ? lines.value : []));
  const candidate = computed(() => toCandidate(stored.value, meantLines.value, sections.drafts.value));
  const calls = computed(() => (config.value.state === 'ready' ? stage(stored.value, candidate.value) : []));
  const otherNames = computed(() => [...sections.drafts.value, ...sections.removed.value].map(({ name }) => name));
  const complaints = computed(() => new Map(meantLines.value.map((line) => [line.key, checkLine(line, lines.value, otherNames.value)])));
  const isDirty = computed(() => config.value.state === 'ready' && (areLinesTyped.value || sections.isDirty.value));
  const mistakes = computed(() => {
    const isBad = (found: object | undefined): boolean => Object.keys(found ?? {}).length > 0;
    const line = lines.value.find(({ key }) => isBad(complaints.value.get(key)));
    const section = sections.drafts.value.find(({ key }) => isBad(sections.complaints.value.get(key)));
    return line ? { kind: 'line' as const, key: line.key } : section && { kind: section.type, key: section.key };
  });
  /** What was stored when the lines' forms began. */
  let base: readonly LineDraft[] = [];
  /** The forms that the plan was made for. */
  let planned: readonly (LineDraft | SectionDraft)[] = [];

  const storedLine = (key: string): LineDraft | undefined => pristine.value.find((line) => line.key === key);

  function toldOf(type: SectionType, draft: LineDraft | SectionDraft): Problem[] {
    const isAbout = ({ section }: Problem): boolean => section === `${type}.${draft.name}`;
    const isUnchanged = 'type' in draft ? sections.stateOf(draft) === 'stored' : !isLineChanged(draft, storedLine(draft.key));
    if (plan.value.state === 'ready') return planned.includes(draft) ? plan.value.value.problems.filter(isAbout) : [];
    return config.value.state === 'ready' && isUnchanged ? config.value.value.problems.filter(isAbout) : [];
  }

  function discard(): void {
    base = pristine.value;
    lines.value = pristine.value;
    sections.discard();
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
    if (typed) follow();
    else discard();
    return undefined;
  }

  function follow(): void {
    lines.value = rebase(meet(lines.value, base, pristine.value), base, pristine.value, isLineChanged);
    base = pristine.value;
    sections.follow();
  }

  /** For the configuration as it is now: the forms may be older. */
  async function askPlan(): Promise<Loadable<Plan>> {
    const fault = await refresh();
    if (fault) return { state: 'failed', fault };
    planned = [...lines.value, ...sections.drafts.value];
    const result = await ask(client, 'plan', { config: { sections: candidate.value } }, { timeoutMs: PLAN_TIMEOUT_MS });
    return result.ok ? { state: 'ready', value: result.value } : { state: 'failed', fault: result.fault };
  }

  return {
    config,
    lines,
    sections,
    complaints,
    mistakes,
    toldOf,
    plan,
    apply,
    load,
    refresh,
    discard,
    isDirty,
    forget: () => {
      config.value = { state: 'empty' };
      lines.value = [];
      sections.discard();
      plan.value = { state: 'empty' };
      apply.value = undefined;
    },
    changes: computed(() => calls.value.length),
    addLine: (like) => {
      lines.value = [...lines.value, newLine(lines.value, like && { ...like.options, password: '' })];
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

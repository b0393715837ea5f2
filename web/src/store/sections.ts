// The forms of links, groups, pins, probes and globals: what was typed, what became of it, and which of them stand open.
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ConfigSection, SectionType } from '../../../agent/src/contract/index.ts';
import type { LineDraft } from '../model/draft.ts';
import { sessionsOf } from '../model/known-names.ts';
import { rebase } from '../model/rebase.ts';
import {
  areTyped,
  checkDraft,
  freeNameFrom,
  isChanged,
  move,
  newDraft,
  toSectionDrafts,
  type Kind,
  type SectionComplaints,
  type SectionDraft,
} from '../model/section-draft.ts';

export type SectionsStore = {
  drafts: ReadonlySignal<readonly SectionDraft[]>;
  /** Complaints by form's key; empty objects where all is well. */
  complaints: ReadonlySignal<Map<string, SectionComplaints>>;
  isDirty: ReadonlySignal<boolean>;
  /** Stored ones that an apply would delete. */
  removed: ReadonlySignal<readonly SectionDraft[]>;
  /** Which kind the screen shows, and which forms are open: both outlive a look at the preview. */
  kind: Signal<SectionType>;
  open: ReadonlySignal<ReadonlySet<string>>;
  toggle(key: string, isOpen: boolean): void;
  /** As it is before anything is typed; undefined: it is new. */
  storedOf(key: string): SectionDraft | undefined;
  stateOf(draft: SectionDraft): 'stored' | 'changed' | 'new';
  change(draft: SectionDraft): void;
  /** Makes an empty one, open; the key of its form. */
  add(kind: Kind): string;
  /** Makes one of the same options, behind it; secrets are not known here. */
  duplicate(draft: SectionDraft): string;
  remove(draft: SectionDraft): void;
  /** Makes it what is stored. */
  undo(draft: SectionDraft): void;
  /** `by` places down its list; negative: up. */
  move(draft: SectionDraft, by: number): void;
  /** Empty: the line's. Makes a section for the link where it has none, and takes that away with its last option. */
  setWeight(link: string, weight: string): void;
  discard(): void;
  /** The stored configuration was read again. */
  follow(): void;
};

export function createSections(stored: ReadonlySignal<readonly ConfigSection[]>, lines: ReadonlySignal<LineDraft[]>): SectionsStore {
  const pristine = computed(() => toSectionDrafts(stored.value));
  const drafts = signal<readonly SectionDraft[]>([]);
  const kind = signal<SectionType>('line');
  let base: readonly SectionDraft[] = [];
  const open = signal<ReadonlySet<string>>(new Set());

  const storedOf = (key: string): SectionDraft | undefined => pristine.value.find((draft) => draft.key === key);
  const removed = computed(() => pristine.value.filter(({ key }) => !drafts.value.some((draft) => draft.key === key)));
  // A removed one keeps its name until it is gone: it may be wanted back.
  const namesBut = (key: string): string[] => [
    ...lines.value.map(({ name }) => name),
    ...[...drafts.value, ...removed.value].flatMap((draft) => (draft.key === key ? [] : draft.name)),
  ];

  function toggle(key: string, isOpen: boolean): void {
    const others = [...open.value].filter((other) => other !== key);
    open.value = new Set(isOpen ? [...others, key] : others);
  }

  function insert(draft: SectionDraft, behind: string): string {
    const at = drafts.value.findIndex(({ key }) => key === behind);
    drafts.value = drafts.value.toSpliced(at < 0 ? drafts.value.length : at + 1, 0, draft);
    toggle(draft.key, true);
    return draft.key;
  }

  /** For a link the next session that has no section yet, else what is free from `base` on. */
  function freeName(type: Kind, base: string): string {
    const taken = namesBut('');
    const free = type === 'link' ? sessionsOf(lines.value).find(({ name }) => !taken.includes(name)) : undefined;
    return free?.name ?? freeNameFrom(base, taken);
  }

  const change = (next: SectionDraft): void => {
    drafts.value = drafts.value.map((draft) => (draft.key === next.key ? next : draft));
  };

  const remove = (gone: SectionDraft): void => {
    drafts.value = drafts.value.filter(({ key }) => key !== gone.key);
  };

  function undo({ key }: SectionDraft): void {
    const before = storedOf(key);
    if (!before) drafts.value = drafts.value.filter((draft) => draft.key !== key);
    else if (drafts.value.some((draft) => draft.key === key)) change(before);
    else insertWhereItWas(before);
  }

  /** Behind the nearest of those that stand before it in the file and are still there. */
  function insertWhereItWas(before: SectionDraft): void {
    const earlier = pristine.value.slice(0, pristine.value.indexOf(before)).map(({ key }) => key);
    const at = drafts.value.findLastIndex(({ key }) => earlier.includes(key));
    drafts.value = drafts.value.toSpliced(at + 1, 0, before);
  }

  function setWeight(link: string, weight: string): void {
    if (removed.value.some(({ type, name }) => type === 'link' && name === link)) insertWhereItWas(storedOf(`link ${link}`) as SectionDraft);
    const known = drafts.value.find(({ type, name }) => type === 'link' && name === link);
    const next = known ?? newDraft('link', link, drafts.value);
    const options = { ...next.options, weight };
    const isBlank = next.isNew && Object.values(options).every((value) => value.length === 0);
    if (known && isBlank && !open.value.has(known.key)) remove(known);
    else if (known) change({ ...known, options });
    else if (!isBlank) drafts.value = [...drafts.value, { ...next, options }];
  }

  return {
    drafts,
    kind,
    open,
    toggle,
    storedOf,
    removed,
    complaints: computed(() => new Map(drafts.value.map((draft) => [draft.key, checkDraft(draft, namesBut(draft.key))]))),
    isDirty: computed(() => areTyped(drafts.value, pristine.value)),
    stateOf: (draft) => (draft.isNew ? 'new' : isChanged(draft, storedOf(draft.key)) ? 'changed' : 'stored'),
    change,
    add: (type) => insert(newDraft(type, freeName(type, type), drafts.value), ''),
    duplicate: ({ key, type, name, options }) => insert(newDraft(type, freeName(type, name.replace(/\d+$/, '') || type), drafts.value, { ...options }), key),
    remove,
    undo,
    move: ({ key }, by) => {
      drafts.value = move(drafts.value, key, by);
    },
    setWeight,
    discard: () => {
      base = pristine.value;
      drafts.value = base;
    },
    follow: () => {
      drafts.value = rebase(drafts.value, base, pristine.value, isChanged);
      base = pristine.value;
    },
  };
}

// Links, groups, pins, probes and the globals as forms, apart from what is stored until they are applied. Lines are in draft.ts.
import { checkSection, schema, type ConfigSection, type OptionValue, type Problem, type SectionType } from '../../../agent/src/contract/index.ts';

export type Kind = Exclude<SectionType, 'line'>;

/** One section's form. `key` stays the same while the name is typed; `secrets` are stored, an empty field keeps them. */
export type SectionDraft = {
  key: string;
  type: Kind;
  name: string;
  isNew: boolean;
  secrets: readonly string[];
  options: Record<string, OptionValue>;
};

/** Complaints by option; those about the section's name are under NAME, for pins and probes have an option `name`. */
export type SectionComplaints = Record<string, Problem>;
export const NAME = '';

/** The first that matches counts, or has a prefix, or names a link: their order says something. */
export const orderedKinds: readonly SectionType[] = ['group', 'pin', 'probe'];

export const isKind = (type: string): type is Kind => type !== 'line' && Object.hasOwn(schema, type);

const isEmpty = (value: OptionValue): boolean => value.length === 0;
const givenOf = (options: Record<string, OptionValue>): [string, OptionValue][] => Object.entries(options).filter(([, value]) => !isEmpty(value));

/** The forms before anything is typed. The globals are always among them: nobody adds or removes those. */
export function toSectionDrafts(sections: readonly ConfigSection[]): SectionDraft[] {
  const stored = sections.flatMap(({ type, name, options, secrets = [] }): SectionDraft[] =>
    isKind(type) ? [{ key: `${type} ${name}`, type, name, isNew: false, secrets, options: { ...options } }] : [],
  );
  const isThere = stored.some(({ type }) => type === 'globals');
  return isThere ? stored : [...stored, { key: 'globals', type: 'globals', name: 'globals', isNew: true, secrets: [], options: {} }];
}

/** A name that nobody has: pin, pin2, pin3 … */
export function freeNameFrom(base: string, taken: readonly string[]): string {
  for (let index = 1; ; index++) {
    const name = index === 1 ? base : `${base}${index}`;
    if (!taken.includes(name)) return name;
  }
}

export function newDraft(type: Kind, name: string, drafts: readonly SectionDraft[], options: SectionDraft['options'] = {}): SectionDraft {
  const key = freeNameFrom(
    `${type} new`,
    drafts.map((draft) => draft.key),
  );
  return { key, type, name, isNew: true, secrets: [], options };
}

/** The section a form stands for; none for globals that say nothing. A secret that was not typed stays as it is stored. */
export function toSections({ type, name, isNew, secrets, options }: SectionDraft): ConfigSection[] {
  const given = Object.fromEntries(givenOf(options));
  if (type === 'globals' && isNew && Object.keys(given).length === 0) return [];
  const kept = secrets.filter((option) => given[option] === undefined);
  return [{ type, name, options: given, ...(kept.length > 0 ? { secrets: [...kept] } : {}) }];
}

const textOf = ({ name, options }: SectionDraft): string => JSON.stringify([name, givenOf(options)]);

export const isChanged = (draft: SectionDraft, before: SectionDraft | undefined): boolean => before === undefined || textOf(draft) !== textOf(before);

/** Was anything typed, added, removed or moved? Compares kind by kind, as only there an order says something. */
export function areTyped(drafts: readonly SectionDraft[], pristine: readonly SectionDraft[]): boolean {
  const all = (of: readonly SectionDraft[]): string => JSON.stringify(Object.keys(schema).map((kind) => of.filter(({ type }) => type === kind).map(textOf)));
  return all(drafts) !== all(pristine);
}

/** Checks one form by the agent's own schema, and its name against all `names` of others: uci knows one section a name. */
export function checkDraft(draft: SectionDraft, names: readonly string[]): SectionComplaints {
  const complaints: SectionComplaints = {};
  for (const problem of toSections(draft).flatMap(checkSection)) {
    if (problem.severity === 'error') complaints[problem.option ?? NAME] ??= problem;
  }
  if (names.includes(draft.name)) complaints[NAME] ??= { code: 'section_duplicate', severity: 'error', section: `${draft.type}.${draft.name}` };
  return complaints;
}

/** One place up (-1) or down (1) among its own kind, or further. */
export function move(drafts: readonly SectionDraft[], key: string, by: number): SectionDraft[] {
  const moved = drafts.find((draft) => draft.key === key);
  if (!moved) return [...drafts];
  const peers = drafts.filter(({ type }) => type === moved.type);
  const from = peers.indexOf(moved);
  const to = Math.min(Math.max(from + by, 0), peers.length - 1);
  const order = peers.toSpliced(from, 1).toSpliced(to, 0, moved);
  return drafts.map((draft) => (draft.type === moved.type ? (order.shift() ?? draft) : draft));
}

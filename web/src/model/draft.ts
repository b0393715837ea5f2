// What the user types: lines as forms, apart from the stored configuration until they are applied.
import { checkSection, type ConfigSection, type OptionValue, type Problem } from '../../../agent/src/contract/index.ts';
import { arrange } from './arrange.ts';
import { isKind, toSectionDrafts, toSections, type SectionDraft } from './section-draft.ts';

/** One line's form. `key` stays the same while the name is typed; `hasPassword`: one is stored, an empty field keeps it. */
export type LineDraft = {
  key: string;
  name: string;
  isNew: boolean;
  hasPassword: boolean;
  options: Record<string, OptionValue>;
};

export function toDraft(sections: readonly ConfigSection[]): LineDraft[] {
  return sections
    .filter((section) => section.type === 'line')
    .map(({ name, options, secrets }) => ({ key: name, name, isNew: false, hasPassword: secrets?.includes('password') ?? false, options: { ...options } }));
}

/** A name that is free: wan, wan2, wan3 … */
export function freeName(taken: readonly string[]): string {
  for (let index = 1; ; index++) {
    const name = index === 1 ? 'wan' : `wan${index}`;
    if (!taken.includes(name)) return name;
  }
}

/** A key that no form has: names are no keys while they are typed. */
function freeKey(lines: readonly LineDraft[]): string {
  for (let index = 1; ; index++) if (!lines.some((line) => line.key === `new ${index}`)) return `new ${index}`;
}

/** `options` are those of a line that it is to be like; its password is not known here and has to be typed again. */
export function newLine(lines: readonly LineDraft[], options: LineDraft['options'] = { sessions: '4', ipv6: 'nat' }): LineDraft {
  const name = freeName(lines.map((line) => line.name));
  return { key: freeKey(lines), name, isNew: true, hasPassword: false, options: { ...options } };
}

const isEmpty = (value: OptionValue): boolean => value.length === 0;

/** The forms as they are before anything is typed; an empty one where there is no line yet. */
export function toPristine(sections: readonly ConfigSection[]): LineDraft[] {
  const stored = toDraft(sections);
  return stored.length > 0 ? stored : [newLine([])];
}

const typedOf = ({ name, options }: LineDraft): string => JSON.stringify([name, Object.entries(options).filter(([, value]) => !isEmpty(value))]);

export const isLineChanged = (line: LineDraft, before: LineDraft | undefined): boolean => before === undefined || typedOf(line) !== typedOf(before);

/**
 * A new one of a name that somebody else has stored meanwhile is that one, as it was typed here: uci knows one section a
 * name, and the preview tells what changes.
 */
export function meet(lines: readonly LineDraft[], base: readonly LineDraft[], stored: readonly LineDraft[]): LineDraft[] {
  const has = (among: readonly LineDraft[], wanted: string): boolean => among.some(({ key }) => key === wanted);
  return lines.map((line) => {
    const isTypedNew =
      line.isNew &&
      isLineChanged(
        line,
        base.find(({ key }) => key === line.key),
      );
    const theirs = isTypedNew ? stored.find(({ key, name, isNew }) => !isNew && name === line.name && !has(lines, key) && !has(base, key)) : undefined;
    return theirs ? { ...line, key: theirs.key, isNew: false, hasPassword: theirs.hasPassword } : line;
  });
}

/** Was anything typed? Compares what counts: an option that is empty is as good as absent. */
export const isTyped = (lines: readonly LineDraft[], pristine: readonly LineDraft[]): boolean =>
  lines.map(typedOf).sort().join() !== pristine.map(typedOf).sort().join();

/** The section a form stands for: empty options are left out, an untouched password stays a secret. */
export function toSection({ name, hasPassword, options }: LineDraft): ConfigSection {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => !isEmpty(value)));
  const keepsPassword = hasPassword && given.password === undefined;
  return { type: 'line', name, options: given, ...(keepsPassword ? { secrets: ['password'] } : {}) };
}

/**
 * The whole configuration as drafted; sections of types that this page does not know go along. Applying means wanting
 * links to run, so a switch that stands on off is turned on.
 */
export function toCandidate(
  stored: readonly ConfigSection[],
  lines: readonly LineDraft[],
  drafts: readonly SectionDraft[] = toSectionDrafts(stored),
): ConfigSection[] {
  const unknown = stored.filter(({ type }) => type !== 'line' && !isKind(type));
  const wanted = arrange(stored, [...unknown, ...drafts.flatMap(toSections), ...lines.map(toSection)]);
  return wanted.map((section) =>
    section.type === 'globals' && 'enabled' in section.options ? { ...section, options: { ...section.options, enabled: '1' } } : section,
  );
}

/** Complaints by option; those about the section's name are under `name`. */
export type Complaints = Record<string, Problem>;

/** Checks one form by the agent's own schema, and its name against the other forms and `names` of sections that are no lines. */
export function checkLine(line: LineDraft, lines: readonly LineDraft[], names: readonly string[] = []): Complaints {
  const complaints: Complaints = {};
  for (const problem of checkSection(toSection(line))) {
    if (problem.severity === 'error') complaints[problem.option ?? 'name'] ??= problem;
  }
  if (names.includes(line.name) || lines.some((other) => other.key !== line.key && other.name === line.name)) {
    complaints.name ??= { code: 'section_duplicate', severity: 'error', section: `line.${line.name}` };
  }
  return complaints;
}

// The English sentences of what both sides check, apart from the others: the page has these itself, and no others.
import { fill } from './fill.ts';
import type { Problem, ProblemCode } from './problem.ts';

/** `{section}`, `{option}` and the names of details are filled in. */
export const checkMessages = {
  section_unknown_type: '{section}: unknown type of section, skipped. Known are globals, line, link, group, pin and probe.',
  section_name_invalid: '{section}: the name must be {expected}. Rename the section.',
  section_duplicate: '{section}: a second section of this name, skipped.',
  option_unknown: '{section}: option {option} is unknown and has no effect.',
  option_missing: '{section}: option {option} is missing, so the section is skipped and what it had before stays.',
  option_invalid: '{section}: option {option} must be {expected}, not “{got}”. The section is skipped and what it had before stays.',
  option_repeated: '{section}: option {option} takes one value, not a list of {count}.',
} as const satisfies Partial<Record<ProblemCode, string>>;

export type CheckCode = keyof typeof checkMessages;

/** Puts a complaint's fields into a sentence. */
export const fillIn = (sentence: string, { section, option, details }: Problem): string => fill(sentence, { section, option, ...details });

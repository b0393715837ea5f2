// What a config package is in memory, and the elementary changes on it, with the ordering and naming rules of libuci.

/** Texts of the uci layer are byte strings (one char a byte, "latin1"), so that no config is harmed by being read and written. */
export type Bytes = string;

export type Option = { name: string; value: Bytes | Bytes[] };
export type Section = { type: string; name: string; anonymous: boolean; options: Option[] };

export type DeltaCommand = 'add' | 'remove' | 'change' | 'rename' | 'reorder' | 'list-add' | 'list-del';
export type Delta = { command: DeltaCommand; section: string; option?: string; value?: Bytes };

export type Package = {
  name: string;
  sections: Section[];
  /** Counts every section that was ever made here, deleted ones too: it is the position in an anonymous section's id. */
  sectionCount: number;
  /** Where the package was read from, when it was. */
  path?: string;
  /** False for a file outside the config dir: its changes go to the file at once. */
  hasDelta: boolean;
  /** Changes made here and not saved yet. */
  delta: Delta[];
  /** Changes found in delta files when the package was loaded. */
  saved: Delta[];
};

export type UciCode = 'inval' | 'notfound' | 'io' | 'parse' | 'duplicate';

/** The exit codes of `uci add`, and libuci's own error numbers. */
export const UCI_NUMBER: Record<UciCode, number> = { inval: 2, notfound: 3, io: 4, parse: 5, duplicate: 6 };

export const UCI_MESSAGE: Record<UciCode, string> = {
  inval: 'Invalid argument',
  notfound: 'Entry not found',
  io: 'I/O error',
  parse: 'Parse error',
  duplicate: 'Duplicate entry',
};

export class UciError extends Error {
  readonly code: UciCode;
  /** For a parse error: what and where, as libuci words it. */
  readonly detail: string;

  constructor(code: UciCode, detail = '') {
    super(UCI_MESSAGE[code] + detail);
    this.code = code;
    this.detail = detail;
  }
}

/** Names of sections and options are what a shell takes for a variable; types and package names may hold other signs. */
export function isName(text: string): boolean {
  return /^[A-Za-z0-9_]+$/.test(text);
}

export function isType(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** Control characters in a value would end a line of the config or the delta; tab and line ends are allowed. */
export function isText(text: Bytes): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are refused
  return !/[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text);
}

export function newPackage(name: string): Package {
  return { name, sections: [], sectionCount: 0, hasDelta: false, delta: [], saved: [] };
}

/** The first section of each name: a batch of thousands of lines asks millions of times. */
const byName = new WeakMap<Package, Map<string, Section>>();

export function findSection(pkg: Package, name: string): Section | undefined {
  let index = byName.get(pkg);
  if (!index) {
    index = new Map(pkg.sections.toReversed().map((section) => [section.name, section]));
    byName.set(pkg, index);
  }
  return index.get(name);
}

/** To be called when sections went, moved, or have another name. */
export function forgetNames(pkg: Package): void {
  byName.delete(pkg);
}

export function findOption(section: Section, name: string): Option | undefined {
  return section.options.find((option) => option.name === name);
}

/** Bernstein's string hash (times 33, start 5381), kept to 31 bits. */
function hashOf(text: string): number {
  let hash = 5381;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 33) + ((text.charCodeAt(i) << 24) >> 24)) >>> 0;
  return hash & 0x7fffffff;
}

/**
 * Appends a section. Without a name it gets an id of its position and its type's hash, so ids of sections behind a
 * deleted one change at the next load: never keep one over a commit.
 */
export function appendSection(pkg: Package, type: string, name?: string): Section {
  pkg.sectionCount++;
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const id = name || `cfg${hex(pkg.sectionCount, 2)}${hex(hashOf(type) % 0x10000, 4)}`;
  const section: Section = { type, name: id, anonymous: !name, options: [] };
  pkg.sections.push(section);
  const index = byName.get(pkg);
  if (index && !index.has(id)) index.set(id, section);
  return section;
}

/** Gives a section another type. A type of another length makes a new section in the real thing, which is then no longer anonymous. */
export function retype(section: Section, type: string): void {
  if (section.type.length !== type.length) section.anonymous = false;
  section.type = type;
}

/** Puts a section behind `position` others; false when it stood there already. */
export function moveSection(pkg: Package, section: Section, position: number): boolean {
  const before = pkg.sections.indexOf(section);
  pkg.sections.splice(before, 1);
  const at = Math.min(Math.max(position, 0), pkg.sections.length);
  pkg.sections.splice(at, 0, section);
  forgetNames(pkg);
  return at !== before;
}

// The config file format: text to packages and back.
import { addList, addSection, set } from './change.ts';
import type { Pointer } from './change.ts';
import { UciError, findOption, findSection, isName, isType, newPackage } from './model.ts';
import type { Bytes, Package, Section } from './model.ts';
import { Scanner } from './scan.ts';

export type ParseOptions = {
  /** The package's name, when the text need not say it; absent, the text must bring `package` lines. */
  name?: string;
  /** Read into this package instead, as changes of it (`uci import -m`). */
  mergeInto?: Package;
  /** False goes on behind a bad line (`uci -S`); each error is handed to `onError`. */
  strict?: boolean;
  onError?: (error: UciError) => void;
};

type State = ParseOptions & { packages: Package[]; pkg?: Package; section?: Section; pending?: string };

/** Parses a whole text. With `name` or `mergeInto` there is one package and `package` lines are passed over. */
export function parseFile(text: Bytes, options: ParseOptions = {}): Package[] {
  const state: State = { ...options, packages: [] };
  if (options.name !== undefined) state.pending = options.name;
  if (options.mergeInto) state.pkg = options.mergeInto;
  const scanner = new Scanner(text);
  while (!scanner.atEnd) {
    try {
      if (scanner.nextLine()) parseLine(scanner, state);
    } catch (error) {
      if (!(error instanceof UciError) || error.code !== 'parse' || options.strict !== false) throw error;
      options.onError?.(error);
    }
  }
  if (!state.pkg && state.pending !== undefined) openPackage(state, state.pending);
  if (state.pkg && state.pkg !== options.mergeInto) state.packages.push(state.pkg);
  return state.packages;
}

const COMMANDS: Record<string, (scanner: Scanner, state: State) => void> = {
  package: parsePackage,
  config: parseSection,
  option: (scanner, state) => parseOption(scanner, state, false),
  list: (scanner, state) => parseOption(scanner, state, true),
};

/** A line may hold several commands with `;` between, and each may be cut down to its first letter. */
function parseLine(scanner: Scanner, state: State): void {
  scanner.skipSpace();
  for (;;) {
    const word = scanner.peekCommand();
    if (word === undefined || word.startsWith('#')) return;
    const name = Object.keys(COMMANDS).find((command) => word === command || word === command[0]);
    const command = name === undefined ? undefined : COMMANDS[name];
    if (!command) scanner.fail('invalid command');
    command(scanner, state);
  }
}

function endOfCommand(scanner: Scanner, state: State): void {
  if (scanner.word() && state.strict !== false) scanner.fail('too many arguments');
}

function nameWord(scanner: Scanner, required: boolean, allowDash = false): string {
  const word = required ? scanner.requiredWord() : scanner.word();
  if (word && !(allowDash ? /^[\w-]+$/.test(word) : isName(word))) scanner.fail('invalid character in name field');
  return word;
}

function openPackage(state: State, name: string): void {
  if (state.pkg) state.packages.push(state.pkg);
  if (state.packages.some((pkg) => pkg.name === name)) throw new UciError('duplicate');
  state.pkg = newPackage(name);
  delete state.section;
}

function parsePackage(scanner: Scanner, state: State): void {
  if (!scanner.skipCommand()) scanner.fail('package without name');
  const name = nameWord(scanner, true, true);
  endOfCommand(scanner, state);
  if (state.name === undefined && !state.mergeInto) openPackage(state, name);
}

function pointerInto(pkg: Package, section: string): Pointer {
  const pointer: Pointer = { package: pkg.name, section, extended: false, complete: false, p: pkg };
  const found = findSection(pkg, section);
  if (found) pointer.s = found;
  return pointer;
}

/** Sections of one name and type are merged; another type under a known name is an error for the whole file. */
function parseSection(scanner: Scanner, state: State): void {
  if (!state.pkg) {
    if (state.pending === undefined) scanner.fail('attempting to import a file without a package name');
    openPackage(state, state.pending);
  }
  const pkg = state.pkg as Package;
  if (!scanner.skipCommand()) scanner.fail('config without name');
  const type = scanner.requiredWord();
  if (!isType(type)) scanner.fail('invalid character in type field');
  const name = nameWord(scanner, false);
  endOfCommand(scanner, state);
  const track = state.mergeInto !== undefined;
  if (!name) {
    state.section = addSection(pkg, type, track);
    return;
  }
  const pointer = pointerInto(pkg, name);
  if (pointer.s && pointer.s.type !== type && state.strict !== false) scanner.fail('section of different type overwrites prior section with same name');
  pointer.value = type;
  set(pointer, track);
  if (pointer.s) state.section = pointer.s;
}

/** An option with an empty or missing value is dropped without a word. */
function parseOption(scanner: Scanner, state: State, isList: boolean): void {
  const { section, pkg } = state;
  if (!section || !pkg) scanner.fail('option/list command found before the first section');
  if (!scanner.skipCommand()) scanner.fail('option without name');
  const name = nameWord(scanner, true);
  const value = scanner.word();
  endOfCommand(scanner, state);
  const pointer: Pointer = { package: pkg.name, section: section.name, option: name, value, extended: false, complete: false, p: pkg, s: section };
  const found = findOption(section, name);
  if (found) pointer.o = found;
  const track = state.mergeInto !== undefined;
  if (isList) addList(pointer, track);
  else set(pointer, track);
}

/** Puts a value in single quotes, as config files, delta files and `uci show` have it. */
export function quote(value: Bytes): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** Renders a package; `header` adds the `package` line of `uci export`, `names` the ids of anonymous sections. */
export function renderFile(pkg: Package, options: { header?: boolean; names?: boolean } = {}): Bytes {
  const lines = options.header ? [`package ${pkg.name}`] : [];
  for (const section of pkg.sections) {
    const isNamed = !section.anonymous || options.names;
    lines.push('', `config ${section.type}${isNamed ? ` ${quote(section.name)}` : ''}`);
    for (const { name, value } of section.options) {
      if (Array.isArray(value)) lines.push(...value.map((item) => `\tlist ${name} ${quote(item)}`));
      else lines.push(`\toption ${name} ${quote(value)}`);
    }
  }
  return `${lines.join('\n')}${lines.length ? '\n' : ''}\n`;
}

// The changes that a tuple like `network.wan.proto=pppoe` can ask for, with the bookkeeping of deltas.
import { UciError, appendSection, findOption, findSection, forgetNames, isName, isText, isType, moveSection, retype } from './model.ts';
import type { Bytes, Delta, Option, Package, Section } from './model.ts';

/** A parsed tuple and, after lookup, what it means. */
export type Pointer = {
  package: string;
  section?: string;
  option?: string;
  value?: Bytes;
  /** The section is no plain name: `@type[index]`. */
  extended: boolean;
  p?: Package;
  s?: Section;
  o?: Option;
  /** Everything that was named exists. */
  complete: boolean;
};

/** Parses `package[.section[.option]][=value]`. */
export function parsePointer(text: Bytes): Pointer {
  const equals = text.indexOf('=');
  const names = (equals < 0 ? text : text.slice(0, equals)).split('.');
  const value = equals < 0 ? undefined : text.slice(equals + 1);
  const [name = '', section, option] = names;
  if (names.length > 3 || !isType(name)) throw new UciError('parse');
  if (option !== undefined && !isName(option)) throw new UciError('parse');
  if (value !== undefined && !isText(value)) throw new UciError('parse');
  const pointer: Pointer = { package: name, extended: section !== undefined && !isName(section), complete: false };
  if (section !== undefined) pointer.section = section;
  if (option !== undefined) pointer.option = option;
  if (value !== undefined) pointer.value = value;
  return pointer;
}

/** `@type[n]`, `@type[-n]` and `@[n]`; a malformed one throws, an index out of range is just not there. */
function findExtended(pkg: Package, text: string): Section | undefined {
  const match = /^@([^[]*)\[\s*([+-]?\d+)\]$/.exec(text);
  if (!match || (match[1] && !isType(match[1]))) throw new UciError('inval');
  const candidates = match[1] ? pkg.sections.filter((section) => section.type === match[1]) : pkg.sections;
  const index = Number(match[2]);
  return candidates[index < 0 ? candidates.length + index : index];
}

/** Fills in what the pointer's names stand for in `pkg`. */
export function resolve(pointer: Pointer, pkg: Package): Pointer {
  pointer.p = pkg;
  delete pointer.s;
  delete pointer.o;
  pointer.complete = pointer.section === undefined;
  if (pointer.section === undefined) return pointer;
  const section = pointer.extended ? findExtended(pkg, pointer.section) : findSection(pkg, pointer.section);
  if (!section) return pointer;
  pointer.s = section;
  pointer.section = section.name;
  if (pointer.option !== undefined) {
    const option = findOption(section, pointer.option);
    if (!option) return pointer;
    pointer.o = option;
  }
  pointer.complete = true;
  return pointer;
}

function record(pointer: Pointer, delta: Delta, track: boolean): void {
  if (track && pointer.p?.hasDelta) pointer.p.delta.push(delta);
}

function deltaOf(pointer: Pointer, command: Delta['command'], value?: Bytes): Delta {
  const delta: Delta = { command, section: pointer.section ?? '' };
  if (pointer.option !== undefined) delta.option = pointer.option;
  if (value !== undefined) delta.value = value;
  return delta;
}

function need(pointer: Pointer): { pkg: Package; value: Bytes } {
  if (!pointer.p || pointer.value === undefined) throw new UciError('inval');
  return { pkg: pointer.p, value: pointer.value };
}

function appendOption(section: Section, option: Option): Option {
  section.options.push(option);
  return option;
}

/** Sets an option, or makes a named section, or gives one another type. An empty value deletes. Equal values leave no delta. */
export function set(pointer: Pointer, track = true): void {
  const { pkg, value } = need(pointer);
  if (!pointer.s && (pointer.option !== undefined || pointer.section === undefined)) throw new UciError('inval');
  if (pointer.option === undefined && value && !isType(value)) throw new UciError('inval');
  if (pointer.s && pointer.option !== undefined && !pointer.o) {
    const found = findOption(pointer.s, pointer.option);
    if (found) pointer.o = found;
  }
  if (!value) {
    if (pointer.complete) remove(pointer, track);
    return;
  }
  if (pointer.s && pointer.option !== undefined) {
    if (pointer.o?.value === value) return;
    if (pointer.o) pointer.o.value = value;
    else pointer.o = appendOption(pointer.s, { name: pointer.option, value });
  } else if (!pointer.s) {
    pointer.s = appendSection(pkg, value, pointer.section);
  } else {
    if (pointer.s.type === value) return;
    retype(pointer.s, value);
  }
  record(pointer, deltaOf(pointer, 'change', value), track);
}

/** Adds an anonymous section and returns it. */
export function addSection(pkg: Package, type: string, track = true): Section {
  const section = appendSection(pkg, type);
  if (track && pkg.hasDelta) pkg.delta.push({ command: 'add', section: section.name, value: type });
  return section;
}

/** Deletes a section or an option; of a list with a value only the item of that index. */
export function remove(pointer: Pointer, track = true): void {
  if (!pointer.complete) throw new UciError('notfound');
  if (!pointer.s || !pointer.p) throw new UciError('inval');
  if (pointer.o && Array.isArray(pointer.o.value) && pointer.value) {
    const index = Number.parseInt(pointer.value, 10);
    if (Number.isNaN(index) || index < 0 || index >= pointer.o.value.length) return;
    record(pointer, deltaOf(pointer, 'remove', pointer.value), track);
    pointer.o.value.splice(index, 1);
    return;
  }
  record(pointer, deltaOf(pointer, 'remove'), track);
  if (pointer.o) pointer.s.options.splice(pointer.s.options.indexOf(pointer.o), 1);
  else {
    pointer.p.sections.splice(pointer.p.sections.indexOf(pointer.s), 1);
    forgetNames(pointer.p);
  }
  if (pointer.option !== undefined) delete pointer.o;
  else delete pointer.s;
}

export function addList(pointer: Pointer, track = true): void {
  const { value } = need(pointer);
  if (!pointer.s || pointer.option === undefined) throw new UciError('inval');
  pointer.o ??= appendOption(pointer.s, { name: pointer.option, value: [] });
  const old = pointer.o.value;
  pointer.o.value = [...(Array.isArray(old) ? old : [old]), value];
  record(pointer, deltaOf(pointer, 'list-add', value), track);
}

/** Takes all equal items out of a list; a missing list or a plain option is left alone without an error. */
export function delList(pointer: Pointer, track = true): void {
  const { value } = need(pointer);
  if (!pointer.s) throw new UciError('inval');
  if (!pointer.o || !Array.isArray(pointer.o.value)) return;
  record(pointer, deltaOf(pointer, 'list-del', value), track);
  pointer.o.value = pointer.o.value.filter((item) => item !== value);
}

/** Renames without asking whether the name is taken. */
export function rename(pointer: Pointer, track = true): void {
  if (!pointer.complete) throw new UciError('notfound');
  if (!pointer.s || pointer.value === undefined) throw new UciError('inval');
  record(pointer, deltaOf(pointer, 'rename', pointer.value), track);
  if (pointer.o) pointer.o.name = pointer.value;
  else {
    Object.assign(pointer.s, { name: pointer.value, anonymous: false });
    if (pointer.p) forgetNames(pointer.p);
  }
}

export function reorder(pkg: Package, section: Section, position: number, track = true): void {
  const isMoved = moveSection(pkg, section, position);
  if (isMoved && track && pkg.hasDelta) pkg.delta.push({ command: 'reorder', section: section.name, value: String(position) });
}

// What `uci.add`, `set`, `delete`, `rename` and `order` do: changes that stay pending in the session's save dir.
import { INVALID_ARGUMENT, NOT_FOUND, OK } from '../bus.ts';
import type { Args, Code, Reply } from '../bus.ts';
import type { Json } from '../json.ts';
import { addList, addSection, remove, rename, reorder, set } from '../uci/change.ts';
import type { Pointer } from '../uci/change.ts';
import { isName } from '../uci/model.ts';
import type { Package } from '../uci/model.ts';
import { readArray, readString, readTable } from './args.ts';
import { isSectionName, isTypeName, toBytes, toValue } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { isSectionMatch } from './uci-read.ts';

const newPointer = (pkg: Package, section?: string): Pointer => ({
  package: pkg.name,
  ...(section === undefined ? {} : { section: toBytes(section) }),
  extended: false,
  complete: false,
});

/** Adds a named section (or merges into it, even into one of another type) or an anonymous one. */
export function addReply(cursor: Cursor, pkg: Package, args: Args): Reply {
  const type = readString(args, 'type') ?? '';
  const name = readString(args, 'name');
  if (!isTypeName(type) || (name !== undefined && !isName(name))) return { code: INVALID_ARGUMENT };
  const pointer = newPointer(pkg, name);
  if (name === undefined) pointer.section = addSection(pkg, type).name;
  else {
    pointer.value = type;
    if (!cursor.lookup(pointer, pkg) || !cursor.try(() => set(pointer))) return { code: OK };
  }
  let error: Code = OK;
  for (const [option, value] of Object.entries(readTable(args, 'values') ?? {})) error ||= addOption(cursor, pkg, pointer, option, value);
  if (error) return { code: error };
  cursor.save(pkg);
  return { code: OK, data: { section: pointer.section } };
}

function addOption(cursor: Cursor, pkg: Package, { section = '' }: Pointer, option: string, value: Json): Code {
  if (!isName(option)) return INVALID_ARGUMENT;
  const pointer: Pointer = { package: pkg.name, section, option, extended: false, complete: false };
  if (!cursor.lookup(pointer, pkg) || !pointer.s) return NOT_FOUND;
  let error: Code = OK;
  for (const item of Array.isArray(value) ? value : [value]) {
    const text = toValue(item);
    if (text === undefined) error = INVALID_ARGUMENT;
    else {
      pointer.value = text;
      cursor.try(() => (Array.isArray(value) ? addList(pointer) : set(pointer)));
    }
  }
  return error;
}

/** Sets options of one section, or of all that match type and values. One bad value undoes the whole call. */
export function setReply(cursor: Cursor, pkg: Package, args: Args): Reply {
  const values = Object.entries(readTable(args, 'values') ?? {});
  let error: Code = OK;
  let isFound = false;
  for (const section of targets(pkg, args)) {
    const pointer = newPointer(pkg, section);
    for (const [option, value] of values) {
      error = setOption(cursor, pkg, pointer, option, value) || error;
      isFound ||= pointer.s !== undefined;
    }
  }
  if (error || !isFound) return { code: error || NOT_FOUND };
  cursor.save(pkg);
  return { code: OK };
}

function targets(pkg: Package, args: Args): string[] {
  const section = readString(args, 'section');
  if (section !== undefined) return [section];
  return pkg.sections.filter((candidate) => isSectionMatch(candidate, readString(args, 'type'), readTable(args, 'match'))).map(({ name }) => name);
}

/** A list replaces what was there item by item; a scalar over a list deletes the list first; an equal scalar is no change. */
function setOption(cursor: Cursor, pkg: Package, pointer: Pointer, option: string, value: Json): Code {
  if (!isName(option)) return INVALID_ARGUMENT;
  pointer.option = option;
  delete pointer.value;
  if (!cursor.lookup(pointer, pkg) || !pointer.s) return NOT_FOUND;
  if (Array.isArray(value)) return setList(cursor, pointer, value);
  const text = toValue(value);
  const old = pointer.o?.value;
  if (Array.isArray(old)) cursor.try(() => remove(pointer));
  if (text === undefined) return INVALID_ARGUMENT;
  if (Array.isArray(old)) pointer.complete = false;
  pointer.value = text;
  if (old !== text) cursor.try(() => set(pointer));
  return OK;
}

function setList(cursor: Cursor, pointer: Pointer, items: Json[]): Code {
  if (pointer.o) cursor.try(() => remove(pointer));
  const texts = items.map(toValue).filter((text) => text !== undefined);
  for (const text of texts) {
    pointer.value = text;
    cursor.try(() => addList(pointer));
  }
  return texts.length > 0 ? OK : INVALID_ARGUMENT;
}

/** Deletes a section, an option, or options; of sections that match, the outcome of the last one counts. */
export function deleteReply(cursor: Cursor, pkg: Package, args: Args): Reply {
  const names = targets(pkg, args);
  let error: Code = names.length > 0 ? OK : NOT_FOUND;
  for (const name of names) error = deleteFrom(cursor, pkg, newPointer(pkg, name), args);
  if (error) return { code: error };
  cursor.save(pkg);
  return { code: OK };
}

function deleteFrom(cursor: Cursor, pkg: Package, pointer: Pointer, args: Args): Code {
  if (!cursor.lookup(pointer, pkg) || !pointer.s) return NOT_FOUND;
  const options = readArray(args, 'options') ?? readString(args, 'option');
  if (options === undefined) {
    cursor.try(() => remove(pointer));
    return OK;
  }
  let error: Code = NOT_FOUND;
  for (const option of Array.isArray(options) ? options : [options]) {
    if (typeof option !== 'string') continue;
    pointer.option = toBytes(option);
    if (!cursor.lookup(pointer, pkg) || !pointer.o) continue;
    cursor.try(() => remove(pointer));
    error = OK;
  }
  return error;
}

/** A section or option that is not there is answered with 0 like a success. */
export function renameReply(cursor: Cursor, pkg: Package, args: Args): Reply {
  const pointer = newPointer(pkg, readString(args, 'section'));
  const option = readString(args, 'option');
  pointer.value = readString(args, 'name') ?? '';
  if (option !== undefined) pointer.option = toBytes(option);
  // Only here `@type[0]` is taken for a plain name, which no section has.
  if (pointer.section?.startsWith('@')) return { code: OK };
  if (cursor.lookup(pointer, pkg) && pointer.complete && cursor.try(() => rename(pointer))) cursor.save(pkg);
  return { code: OK };
}

export function orderReply(cursor: Cursor, pkg: Package, args: Args): Reply {
  let error: Code = OK;
  let position = 0;
  for (const name of readArray(args, 'sections') ?? []) {
    if (typeof name !== 'string') {
      error ||= INVALID_ARGUMENT;
      continue;
    }
    const section = pkg.sections.find((candidate) => candidate.name === toBytes(name));
    if (section) reorder(pkg, section, position++);
    else error ||= NOT_FOUND;
  }
  if (error) return { code: error };
  cursor.save(pkg);
  return { code: OK };
}

/** The checks that come before the package is loaded. */
export function isCallable(method: string, args: Args): boolean {
  const section = readString(args, 'section');
  const type = readString(args, 'type');
  const hasTarget = section !== undefined || type !== undefined || readTable(args, 'match') !== undefined;
  switch (method) {
    case 'add':
      return type !== undefined;
    case 'set':
      return readTable(args, 'values') !== undefined && hasTarget;
    case 'delete':
      return hasTarget;
    case 'rename':
      return section !== undefined && readString(args, 'name') !== undefined;
    case 'order':
      return readArray(args, 'sections') !== undefined;
    default:
      return true;
  }
}

/** The checks that come behind the one of the rights. */
export function hasGoodNames(method: string, args: Args): boolean {
  const section = readString(args, 'section');
  const type = readString(args, 'type');
  if (method === 'rename') return isName(readString(args, 'name') ?? '');
  if ((method === 'set' || method === 'delete') && section !== undefined && !isSectionName(section)) return false;
  return method !== 'delete' || type === undefined || isTypeName(type);
}

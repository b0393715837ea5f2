// What `uci.get`, `state` and `changes` answer.
import { INVALID_ARGUMENT, OK, PERMISSION_DENIED } from '../bus.ts';
import type { Args, Reply } from '../bus.ts';
import type { Pointer } from '../uci/change.ts';
import type { Delta, Option, Package, Section } from '../uci/model.ts';
import { readString, readTable } from './args.ts';
import { toBytes, toText, toValue } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { Sessions } from './session.ts';

type Tables = Record<string, unknown>;

const dumpValue = ({ value }: Option) => (Array.isArray(value) ? value.map(toText) : toText(value));

function dumpSection(section: Section, index?: number): Tables {
  const head = { '.anonymous': section.anonymous, '.type': section.type, '.name': section.name };
  const place = index === undefined ? {} : { '.index': index };
  return { ...head, ...place, ...Object.fromEntries(section.options.map((option) => [option.name, dumpValue(option)])) };
}

/** A list matches by any item, a text by any of its words. Values that are no text or number, such as lists, are passed over. */
export function isSectionMatch(section: Section, type: string | undefined, match: Tables | undefined): boolean {
  if (type !== undefined && section.type !== toBytes(type)) return false;
  const wanted = Object.entries(match ?? {}).flatMap(([name, value]) => {
    const text = toValue(value);
    return text === undefined ? [] : [{ name: toBytes(name), text }];
  });
  if (wanted.length === 0) return true;
  let isFound = false;
  for (const { name, text } of wanted) {
    for (const option of section.options.filter((candidate) => candidate.name === name)) {
      const words = Array.isArray(option.value) ? option.value : option.value.split(/[ \t]+/);
      if (!words.includes(text)) return false;
      isFound = true;
    }
  }
  return isFound;
}

/** A section or option that is not there is no error: code 0 without data. Only a missing package is. */
export function getReply(cursor: Cursor, sessions: Sessions, args: Args, isState: boolean): Reply {
  const config = readString(args, 'config');
  const sid = readString(args, 'ubus_rpc_session');
  if (config === undefined) return { code: INVALID_ARGUMENT };
  cursor.use(sid);
  if (sid !== undefined && !sessions.isAllowed(sid, 'uci', config, 'read')) return { code: PERMISSION_DENIED };
  if (isState) cursor.store.setSaveDir('/var/state');
  const pkg = cursor.load(config);
  if (!pkg) return { code: cursor.status };
  const pointer: Pointer = { package: pkg.name, extended: false, complete: false };
  const section = readString(args, 'section');
  const option = section === undefined ? undefined : readString(args, 'option');
  if (section !== undefined) pointer.section = toBytes(section);
  if (option !== undefined) pointer.option = toBytes(option);
  if (!cursor.lookup(pointer, pkg) || !pointer.complete) return { code: OK };
  if (pointer.o) return { code: OK, data: { value: dumpValue(pointer.o) } };
  if (pointer.s) return { code: OK, data: { values: dumpSection(pointer.s) } };
  return { code: OK, data: { values: dumpPackage(pkg, readString(args, 'type'), readTable(args, 'match')) } };
}

function dumpPackage(pkg: Package, type: string | undefined, match: Tables | undefined): Tables {
  return Object.fromEntries(
    pkg.sections.flatMap((section, index) => (isSectionMatch(section, type, match) ? [[section.name, dumpSection(section, index)]] : [])),
  );
}

const CHANGE_NAME: Record<Delta['command'], string> = {
  add: 'add',
  remove: 'remove',
  change: 'set',
  rename: 'rename',
  reorder: 'order',
  'list-add': 'list-add',
  'list-del': 'list-del',
};

function dumpChange({ command, section, option, value }: Delta): unknown[] {
  const change: unknown[] = [CHANGE_NAME[command], section];
  if (option !== undefined) change.push(option);
  if (value !== undefined) change.push(command === 'reorder' ? Number.parseInt(value, 10) || 0 : toText(value));
  return change;
}

/** Changes of one package as a list; without one, of all packages that have any and may be read, as a table of lists. */
export function changesReply(cursor: Cursor, sessions: Sessions, args: Args): Reply {
  const config = readString(args, 'config');
  const sid = readString(args, 'ubus_rpc_session');
  const mayRead = (name: string) => sid === undefined || sessions.isAllowed(sid, 'uci', name, 'read');
  cursor.use(sid);
  if (config !== undefined) {
    if (!mayRead(config)) return { code: PERMISSION_DENIED };
    const pkg = cursor.load(config);
    return pkg ? { code: OK, data: { changes: pkg.saved.map(dumpChange) } } : { code: cursor.status };
  }
  let names: string[] = [];
  const isListed = cursor.try(() => {
    names = cursor.store.list();
  });
  if (!isListed) return { code: cursor.status };
  const changes: Tables = {};
  for (const name of names.filter(mayRead)) {
    const saved = cursor.load(name)?.saved ?? [];
    if (saved.length > 0) changes[name] = saved.map(dumpChange);
  }
  return { code: OK, data: { changes } };
}

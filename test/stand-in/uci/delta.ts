// The delta file format: one line a change, `+pkg.sec='type'` and the like, in the quoting of config files.
import { addList, delList, parsePointer, remove, rename, reorder, resolve, set } from './change.ts';
import type { Pointer } from './change.ts';
import { quote } from './file.ts';
import { UciError, isName } from './model.ts';
import type { Bytes, Delta, DeltaCommand, Package } from './model.ts';
import { Scanner } from './scan.ts';

const SIGN: Record<DeltaCommand, string> = {
  add: '+',
  remove: '-',
  change: '',
  rename: '@',
  reorder: '^',
  'list-add': '|',
  'list-del': '~',
};

const BY_SIGN = new Map((Object.keys(SIGN) as DeltaCommand[]).filter((name) => SIGN[name] !== '').map((name) => [SIGN[name], name]));

export function renderDelta(pkgName: string, { command, section, option, value }: Delta): Bytes {
  const target = `${SIGN[command]}${pkgName}.${section}${option === undefined ? '' : `.${option}`}`;
  return command === 'remove' && value === undefined ? `${target}\n` : `${target}=${quote(value ?? '')}\n`;
}

type Tuple = { command: DeltaCommand; pointer: Pointer };

function parseTuple(scanner: Scanner): Tuple {
  const word = scanner.word();
  if (scanner.rest) throw new UciError('inval');
  const command = BY_SIGN.get(word[0] ?? '') ?? 'change';
  const pointer = parsePointer(word.slice(SIGN[command].length));
  const isBad =
    pointer.section === undefined ||
    pointer.extended ||
    (command !== 'remove' && pointer.value === undefined) ||
    (command === 'reorder' && pointer.option !== undefined) ||
    (command === 'rename' && !isName(pointer.value ?? '')) ||
    ((command === 'list-add' || command === 'list-del') && pointer.option === undefined);
  if (isBad) throw new UciError('inval');
  return { command, pointer };
}

function toDelta({ command, pointer }: Tuple): Delta {
  const delta: Delta = { command, section: pointer.section ?? '' };
  if (pointer.option !== undefined) delta.option = pointer.option;
  if (pointer.value !== undefined) delta.value = pointer.value;
  return delta;
}

function play({ command, pointer }: Tuple, pkg: Package): void {
  resolve(pointer, pkg);
  switch (command) {
    case 'reorder':
      if (!pointer.complete || !pointer.s) throw new UciError('notfound');
      reorder(pkg, pointer.s, Number.parseInt(pointer.value ?? '', 10) || 0, false);
      break;
    case 'rename':
      rename(pointer, false);
      break;
    case 'remove':
      remove(pointer, false);
      break;
    case 'list-add':
      addList(pointer, false);
      break;
    case 'list-del':
      delList(pointer, false);
      break;
    case 'change':
      set(pointer, false);
      break;
    case 'add':
      set(pointer, false);
      if (pointer.option === undefined && pointer.s) pointer.s.anonymous = true;
      break;
    default:
      throw new Error(`no delta command ${command satisfies never}`);
  }
}

/**
 * Applies a delta text to a package and returns how many lines took effect. A line that is garbage, or whose section is
 * gone, is passed over without a word: as much of the delta as possible is kept. Lines that parse are listed as changes
 * even when they had no effect.
 */
export function applyDelta(text: Bytes, pkg: Package): number {
  const scanner = new Scanner(text);
  let applied = 0;
  while (!scanner.atEnd) {
    try {
      if (!scanner.nextLine()) continue;
      const tuple = parseTuple(scanner);
      if (tuple.pointer.package !== pkg.name) throw new UciError('parse');
      pkg.saved.push(toDelta(tuple));
      play(tuple, pkg);
      applied++;
    } catch (error) {
      if (!(error instanceof UciError)) throw error;
    }
  }
  return applied;
}

/** The lines of a delta text that do not concern the section (and option); undefined when a line is not understood: then nothing is reverted. */
export function filterDelta(text: Bytes, pkgName: string, section?: string, option?: string): Bytes | undefined {
  const scanner = new Scanner(text);
  const kept: string[] = [];
  while (!scanner.atEnd) {
    if (!scanner.nextLine()) continue;
    let tuple: Tuple;
    try {
      tuple = parseTuple(scanner);
    } catch (error) {
      if (error instanceof UciError) return undefined;
      throw error;
    }
    const { pointer } = tuple;
    const isMatch = (section === undefined || pointer.section === section) && (option === undefined || pointer.option === option);
    if (!isMatch) kept.push(renderDelta(pkgName, toDelta(tuple)));
  }
  return kept.join('');
}

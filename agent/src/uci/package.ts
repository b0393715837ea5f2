// One uci package: parse its file into sections, and find one's way in them.
import { shown } from '../contract/index.ts';
import type { OptionValue } from '../contract/index.ts';

/** One section; anonymous ones have no name and are addressed as `@type[index]`. Options keep the file's order. */
export type UciSection = { type: string; name?: string; options: Map<string, OptionValue> };
export type UciPackage = UciSection[];

export type ParseFault = { line: number; reason: string };

const SPACE = new Set([' ', '\t', '\r']);

/** Splits a file into statements of words; quotes may span lines, as libuci lets them. */
function* statements(text: string): Generator<{ line: number; words: string[] }, ParseFault | undefined> {
  let words: string[] = [];
  let word: string | undefined;
  let line = 1;
  let from = 1;
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    if (char === undefined || char === '\n' || char === ';') {
      if (word !== undefined) words.push(word);
      if (words.length) yield { line: from, words };
      words = [];
      word = undefined;
      if (char === '\n') line++;
      from = line;
    } else if (SPACE.has(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '#') {
      while (at + 1 < text.length && text[at + 1] !== '\n') at++;
    } else if (char === "'" || char === '"') {
      const opened = line;
      word ??= '';
      for (at++; text[at] !== char; at++) {
        if (char === '"' && text[at] === '\\') at++;
        if (at >= text.length) return { line: opened, reason: 'a quote is not closed' };
        if (text[at] === '\n') line++;
        word += text[at] ?? '';
      }
    } else if (char === '\\') {
      at++;
      if (text[at] === '\n') line++;
      else word = (word ?? '') + (text[at] ?? '');
    } else {
      word = (word ?? '') + char;
    }
  }
  return undefined;
}

/** Sets an option as a config file does: a second `option` replaces, an empty one takes it away, `list` collects. */
export function takeOption(section: UciSection, keyword: string, name: string, value: string): void {
  if (keyword === 'option') {
    if (value === '') section.options.delete(name);
    else section.options.set(name, value);
    return;
  }
  const old = section.options.get(name);
  section.options.set(name, old === undefined ? [value] : typeof old === 'string' ? [old, value] : [...old, value]);
}

export function openSection(pack: UciPackage, type: string, name: string | undefined): UciSection | string {
  const old = name === undefined ? undefined : pack.find((section) => section.name === name);
  if (old) return old.type === type ? old : `section ${shown(name ?? '')} stands twice, as ${shown(old.type)} and as ${shown(type)}`;
  const section: UciSection = name === undefined ? { type, options: new Map() } : { type, name, options: new Map() };
  pack.push(section);
  return section;
}

/**
 * Parses the text of a file in /etc/config. Named sections of one type merge; of another type the file is refused.
 * `strict` also refuses names that libuci refuses a whole file for; else whoever reads a section judges its name.
 */
export function parsePackage(text: string, { strict = false }: { strict?: boolean } = {}): UciPackage | ParseFault {
  const pack: UciPackage = [];
  let current: UciSection | undefined;
  const nul = text.indexOf('\0'); // flash that lost power reads so
  if (nul >= 0) return { line: text.slice(0, nul).split('\n').length, reason: 'a NUL byte' };
  const source = statements(text);
  for (let next = source.next(); ; next = source.next()) {
    if (next.done) return next.value ?? pack;
    const { line, words } = next.value;
    const [keyword = '', first, second] = words;
    if (words.length > 3) return { line, reason: 'too many words: a value with blanks needs quotes' };
    const name = keyword === 'config' ? second : keyword === 'package' ? '' : first;
    if (strict && /\W/.test(name ?? '')) return { line, reason: 'a name holds letters, digits and _ only' };
    if (keyword === 'config' && first !== undefined) {
      const opened = openSection(pack, first, second === '' ? undefined : second);
      if (typeof opened === 'string') return { line, reason: opened };
      current = opened;
    } else if ((keyword === 'option' || keyword === 'list') && first !== undefined) {
      if (!current) return { line, reason: `${keyword} before the first config` };
      takeOption(current, keyword, first, second ?? '');
    } else if (keyword !== 'package') {
      return { line, reason: 'a line must begin with config, option or list' };
    }
  }
}

export const isFault = (parsed: UciPackage | ParseFault): parsed is ParseFault => !Array.isArray(parsed);

/** The address `uci` takes for a section: its name, or `@type[index]`. */
export function addressOf(pack: UciPackage, section: UciSection): string {
  if (section.name !== undefined) return section.name;
  return `@${section.type}[${pack.filter((other) => other.type === section.type).indexOf(section)}]`;
}

/** The section of an address, or undefined. */
export function findSection(pack: UciPackage, address: string): UciSection | undefined {
  const anonymous = /^@(.+)\[(\d+)\]$/.exec(address);
  if (!anonymous) return pack.find((section) => section.name === address);
  return pack.filter((section) => section.type === anonymous[1])[Number(anonymous[2])];
}

/** Items of an option that may stand as a list or as words of one string. */
export function itemsOf(value: OptionValue | undefined): string[] {
  if (value === undefined) return [];
  return (typeof value === 'string' ? [value] : value).flatMap((item) => item.split(/\s+/)).filter(Boolean);
}

/** A scalar option; of a list the last item, as most readers of uci take it. */
export function scalarOf(section: UciSection | undefined, option: string): string | undefined {
  const value = section?.options.get(option);
  return typeof value === 'string' ? value : value?.at(-1);
}

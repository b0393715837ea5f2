// A small `uci -t DIR batch`: real uci's quoting, deltas line by line, and its commit, which takes along what others left.
import type { Files } from './files.ts';

export type Value = string | string[];
export type Section = { type: string; id: string; anonymous: boolean; options: Map<string, Value> };

const SHARED = '/tmp/.uci';

class UciError extends Error {}

/** Words of the first logical line of `text` and how much of it they took; quotes may span lines. */
function readWords(text: string): { words: string[]; taken: number } {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  const push = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  for (; at < text.length && text[at] !== '\n'; at++) {
    const char = text[at] as string;
    if (/\s/.test(char)) push();
    else if (char === '#') {
      const end = text.indexOf('\n', at);
      at = (end < 0 ? text.length : end) - 1;
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) throw new UciError('Parse error (EOF with unterminated quote)');
      word = (word ?? '') + text.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      word ??= '';
      for (at++; text[at] !== '"'; at++) {
        if (at >= text.length) throw new UciError('Parse error (EOF with unterminated quote)');
        if (text[at] === '\\') at++;
        word += text[at] ?? '';
      }
    } else if (char === '\\') word = (word ?? '') + (text[++at] ?? '');
    else word = (word ?? '') + char;
  }
  push();
  return { words, taken: at + 1 };
}

function* linesOf(text: string): Generator<string[]> {
  for (let rest = text; rest !== ''; ) {
    const { words, taken } = readWords(rest);
    yield words;
    rest = rest.slice(taken);
  }
}

const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
const isName = (text: string): boolean => /^[A-Za-z0-9_]+$/.test(text);
const idOf = (position: number, type: string): string => `cfg${position.toString(16).padStart(2, '0')}${type.length.toString(16).padStart(4, '0')}`;

/** A file's sections. An option with an empty value is no option, as in libuci. */
export function parseUci(text: string): Section[] {
  const sections: Section[] = [];
  for (const [keyword, first, second = '', ...more] of linesOf(text)) {
    if (keyword === undefined || keyword === 'package') continue;
    const current = sections.at(-1);
    if (more.length || first === undefined) throw new UciError('Parse error (wrong number of arguments)');
    if (keyword === 'config') {
      const old = second === '' ? undefined : sections.find((section) => section.id === second);
      if (old && old.type !== first) throw new UciError('Parse error (section of different type overwrites prior section with same name)');
      if (old) sections.push(...sections.splice(sections.indexOf(old), 1));
      else sections.push({ type: first, id: second || idOf(sections.length + 1, first), anonymous: second === '', options: new Map() });
    } else if (!current) throw new UciError('Parse error (option/list command found before the first section)');
    else if (keyword === 'option') setOption(current, first, second);
    else if (keyword === 'list') current.options.set(first, [...[current.options.get(first) ?? []].flat(), second]);
    else throw new UciError('Parse error (invalid command)');
  }
  return sections;
}

function setOption(section: Section, option: string, value: string): void {
  if (value === '') section.options.delete(option);
  else section.options.set(option, value);
}

/** What a commit writes, which is also what `uci export` prints below its package line. */
export function renderUci(sections: readonly Section[]): string {
  const blocks = sections.map(({ type, id, anonymous, options }) => {
    const head = anonymous ? `config ${type}` : `config ${type} ${quote(id)}`;
    const lines = [...options].flatMap(([name, value]) =>
      typeof value === 'string' ? [`\toption ${name} ${quote(value)}`] : value.map((item) => `\tlist ${name} ${quote(item)}`),
    );
    return ['', head, ...lines].join('\n');
  });
  return `${blocks.join('\n')}\n\n`;
}

type Tuple = { sign: string; pack: string; section: string; option: string | undefined; value: string | undefined };

function parseTuple(text: string): Tuple {
  const match = /^([-|~]?)([\w-]+)\.(@[\w-]+\[\d+\]|\w+)(?:\.([^=]*))?(?:=([\s\S]*))?$/.exec(text);
  if (!match || (match[4] !== undefined && !isName(match[4]))) throw new UciError('Invalid argument');
  return { sign: match[1] ?? '', pack: match[2] ?? '', section: match[3] ?? '', option: match[4], value: match[5] };
}

function findSection(sections: readonly Section[], name: string): Section | undefined {
  const extended = /^@(.+)\[(\d+)\]$/.exec(name);
  if (!extended) return sections.find((section) => section.id === name);
  return sections.filter((section) => section.type === extended[1])[Number(extended[2])];
}

const itemsOf = (value: Value | undefined): string[] => [value ?? []].flat();

/** Makes one change; false where it changes nothing. */
function change(sections: Section[], { sign, section: name, option, value }: Tuple): boolean {
  const section = findSection(sections, name);
  if (sign === '' && option === undefined) {
    if (section?.type === value) return false;
    if (section) section.type = value ?? '';
    else sections.push({ type: value ?? '', id: name, anonymous: false, options: new Map() });
    return true;
  }
  if (!section) throw new UciError(sign === '-' ? 'Entry not found' : 'Invalid argument');
  if (option === undefined) {
    sections.splice(sections.indexOf(section), 1);
    return true;
  }
  const old = section.options.get(option);
  if (sign === '-' && old === undefined) throw new UciError('Entry not found');
  if (sign === '-') section.options.delete(option);
  else if (sign === '' && (old === value || (old === undefined && value === ''))) return false;
  else if (sign === '') setOption(section, option, value ?? '');
  else if (sign === '|') section.options.set(option, [...itemsOf(old), value ?? '']);
  else if (!Array.isArray(old)) return false;
  else {
    const left = old.filter((item) => item !== value);
    if (left.length) section.options.set(option, left);
    else section.options.delete(option);
  }
  return true;
}

const SIGNS: Record<string, string> = { set: '', delete: '-', add_list: '|', del_list: '~' };

export class Uci {
  #files: Files;
  /** Packages as the lines of this batch have left them: loading them again for each line gives the same, slowly. */
  #loaded = new Map<string, Section[]>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** The package with the changes that everybody left in /tmp/.uci, then those of `saveDirectory`. */
  #load(pack: string, saveDirectory: string): Section[] {
    const text = this.#files.read(`/etc/config/${pack}`);
    if (text === undefined) throw new UciError('Entry not found');
    const sections = parseUci(text);
    for (const directory of new Set([SHARED, saveDirectory])) {
      for (const [word] of linesOf(this.#files.read(`${directory}/${pack}`) ?? '')) {
        try {
          if (word !== undefined) change(sections, parseTuple(word));
        } catch (error) {
          if (!(error instanceof UciError)) throw error; // what no longer fits is passed over without a word
        }
      }
    }
    return sections;
  }

  #commit(pack: string, saveDirectory: string): void {
    const path = `/etc/config/${pack}`;
    const old = this.#files.read(path) ?? '';
    const next = renderUci(this.#load(pack, saveDirectory));
    const mode = this.#files.modeOf(path) ?? 0o600;
    this.#files.write(`${saveDirectory}/${pack}`, '', mode);
    if (next === renderUci(parseUci(old))) return;
    // On a full flash the real one exits 0 and leaves nothing.
    if (this.#files.write(path, next, mode, true)) {
      this.#files.remove(path);
      this.#files.write(path, '', mode);
    }
  }

  #line(words: readonly string[], saveDirectory: string): void {
    const [command = '', argument = ''] = words;
    if (command === 'commit') {
      this.#loaded.delete(argument);
      return this.#commit(argument, saveDirectory);
    }
    const sign = SIGNS[command];
    if (sign === undefined) throw new UciError('Unknown command');
    if (words.length !== 2) return; // an unquoted blank: dropped without a word
    const tuple = { ...parseTuple(argument), sign };
    const sections = this.#loaded.get(tuple.pack) ?? this.#load(tuple.pack, saveDirectory);
    this.#loaded.set(tuple.pack, sections);
    const section = findSection(sections, tuple.section)?.id ?? tuple.section;
    if (!change(sections, tuple)) return;
    const at = `${sign}${tuple.pack}.${section}${tuple.option === undefined ? '' : `.${tuple.option}`}`;
    const path = `${saveDirectory}/${tuple.pack}`;
    const mode = this.#files.modeOf(`/etc/config/${tuple.pack}`) ?? 0o600;
    this.#files.write(path, `${this.#files.read(path) ?? ''}${at}${sign === '-' ? '' : `=${quote(tuple.value ?? '')}`}\n`, mode);
  }

  /** `uci -t DIR batch`: errors of single lines are told and passed over. `lines` cuts it short, as a power cut does. */
  batch(saveDirectory: string, text: string, lines = Number.POSITIVE_INFINITY): { exit: number; stdout: string; stderr: string } {
    let stderr = '';
    let count = 0;
    this.#loaded.clear();
    for (const words of linesOf(text)) {
      if (words.length === 0) continue;
      if (count++ >= lines) break;
      try {
        this.#line(words, saveDirectory);
      } catch (error) {
        if (!(error instanceof UciError)) throw error;
        stderr += `uci: ${error.message}\n`;
      }
    }
    return { exit: 0, stdout: '', stderr };
  }

  /** The package as `uci export` prints it. */
  exportText(pack: string): string {
    return renderUci(parseUci(this.#files.read(`/etc/config/${pack}`) ?? ''));
  }
}

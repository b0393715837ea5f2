// The page in another language: a catalog's sentences, and a page whose locators are asked for in English.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const catalogs = join(import.meta.dirname, '../../web/po');

/** English sentence, with `{name}` for its values → the translated one. */
export type Words = ReadonlyMap<string, string>;

/** What stands in quotes after a keyword, on its line and the next ones. */
const textOf = (block: string, keyword: string): string => {
  const [, quoted] = new RegExp(`^${keyword}((?:\\s*".*"$)+)`, 'm').exec(block) ?? [];
  return [...(quoted ?? '').matchAll(/"(.*)"$/gm)].map(([, part]) => JSON.parse(`"${part}"`) as string).join('');
};

/** All catalogs of a language, as in zh_Hans; none where there are none yet. */
export function readWords(language: string): Words {
  const folder = join(catalogs, language);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.po')) : [];
  const blocks = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split(/\n\s*\n/));
  const pairs = blocks.flatMap((block) => {
    const texts = [textOf(block, 'msgstr'), textOf(block, 'msgstr\\[0\\]'), textOf(block, 'msgstr\\[1\\]')].filter(Boolean);
    return [textOf(block, 'msgid'), textOf(block, 'msgid_plural')].filter(Boolean).map((id, form) => [id, texts[form] ?? texts[0] ?? id] as const);
  });
  return new Map(pairs);
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A visible sentence in the other language: its values are found and put into the translation. */
export function translate(words: Words, sentence: string): string {
  const whole = words.get(sentence);
  if (whole) return whole;
  for (const [english, translated] of words) {
    const names = [...english.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    if (names.length === 0) continue;
    const pattern = english
      .split(/\{\w+\}/)
      .map(literal)
      .join('(.+?)');
    const found = new RegExp(`^${pattern}$`).exec(sentence);
    if (found) {
      const values = found.slice(1).map((value) => words.get(value) ?? value);
      return names.reduce((text, name, place) => text.replaceAll(`{${name}}`, values[place] ?? ''), translated);
    }
  }
  // A button that asks first has its label and three dots.
  return sentence.endsWith('…') ? `${translate(words, sentence.slice(0, -1))}…` : sentence;
}

/** A part of a sentence has no translation, so nobody waits for it for long. */
const WAIT_MS = 5000;

/** The page, or a locator in it, that takes English words and looks for the translated ones. */
export function inWords<T extends object>(target: T, words: Words): T {
  if (words.size === 0) return target;
  const toWords = (value: unknown): unknown => {
    if (typeof value === 'string') return translate(words, value);
    const isOptions = typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
    return isOptions ? { ...value, name: translate(words, value.name as string) } : value;
  };
  return new Proxy(target, {
    get: (object, name) => {
      const member = Reflect.get(object, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        const call = (given: unknown[]): unknown => Reflect.apply(member, object, given);
        if (name === 'waitFor') return (call([{ timeout: WAIT_MS, ...(args[0] as object | undefined) }]) as Promise<void>).catch(() => {});
        if (name === 'getByRole') return inWords(call([args[0], toWords(args[1])]) as object, words);
        if (String(name).startsWith('getBy')) return inWords(call([toWords(args[0]), ...args.slice(1)]) as object, words);
        return ['locator', 'first', 'last', 'nth', 'filter'].includes(String(name)) ? inWords(call(args) as object, words) : call(args);
      };
    },
  });
}

// The catalogs in web/po: the template of all sentences, and a catalog for each language.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePo, pluralForms, type Catalog, type Entry } from './po.ts';

export const folder = join(import.meta.dirname, '../../web/po');
export const templatePath = join(folder, 'templates/multidial.pot');
export const catalogPath = (language: string): string => join(folder, language, 'multidial.po');

/** Named as in LuCI's own sources: zh_Hans. */
export const languages = (): string[] =>
  readdirSync(folder)
    .filter((name) => name !== 'templates')
    .toSorted();

export const readCatalog = (language: string): Catalog => parsePo(readFileSync(catalogPath(language), 'utf8'));

/** The catalog with the sentences that there are now: translations are kept, new ones empty, gone ones dropped. */
export function merge(catalog: Catalog, entries: readonly Entry[]): Catalog {
  const known = new Map(catalog.entries.map((entry) => [entry.id, entry]));
  const { count } = pluralForms(catalog);
  const merged = entries.map((entry): Entry => {
    const forms = entry.plural === undefined ? 1 : count;
    const { texts = [], comments = [] } = known.get(entry.id) ?? {};
    return { ...entry, comments, texts: Array.from({ length: forms }, (_, form) => texts[form] ?? '') };
  });
  return { ...catalog, entries: merged };
}

/** The module that the page fetches: what is translated, by English where that is the key and by the agent's codes, and which form a number takes. */
export function toModule(catalog: Catalog): string {
  const { expression } = pluralForms(catalog);
  const told = catalog.entries.filter(({ id, texts }) => !texts.includes('') && texts[0] !== id);
  const keysOf = ({ id, references, codes }: Entry): string[] => [...(references.length > 0 ? [id] : []), ...codes];
  const sentences = Object.fromEntries(told.flatMap((entry) => keysOf(entry).map((key) => [key, entry.plural === undefined ? entry.texts[0] : entry.texts])));
  return `export const plural=(n)=>Number(${expression});export const sentences=${JSON.stringify(sentences)};\n`;
}

/** Changes with the content, so that no browser keeps an old one. */
export const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

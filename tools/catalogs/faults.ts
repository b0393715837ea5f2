// What is wrong with a catalog: what is missing, and translations that don't fit the sentence they stand for.
import { pluralForms, type Catalog, type Entry } from './po.ts';

/** As in {link}, and the brackets of what may be left out. */
const marksIn = (text: string): string =>
  [...text.matchAll(/\{\w+\}|[[\]]/g)]
    .map(([mark]) => mark)
    .sort()
    .join(' ');

/** Entries without a whole translation. */
export const missing = ({ entries }: Catalog): Entry[] => entries.filter(({ texts }) => texts.includes(''));

function entryFaults({ id, plural, texts }: Entry, forms: number): string[] {
  const at = (fault: string): string => `"${id}": ${fault}`;
  if (texts.length !== (plural === undefined ? 1 : forms)) return [at(`has ${texts.length} forms`)];
  // "The one link is up" needs no number: of a counted sentence the form for many says what there is to fill in.
  const isTold = texts.every((text) => [plural ?? id, ...(forms > 1 ? [id] : [])].some((source) => marksIn(source) === marksIn(text)));
  return isTold ? [] : [at('other names in braces')];
}

/** Of what is translated; what is not is `missing`. */
export function catalogFaults(catalog: Catalog): string[] {
  const { count } = pluralForms(catalog);
  return catalog.entries.filter(({ texts }) => !texts.includes('')).flatMap((entry) => entryFaults(entry, count));
}

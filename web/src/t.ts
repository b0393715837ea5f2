// Words: every visible sentence goes through t() with English as its key, or said() with the agent's code, so that a catalog can replace it.
import { fill } from '../../agent/src/contract/index.ts';

/**
 * English sentence → translated one; where it counts something, English for one → its forms. What the agent says is found by its code
 * instead, as in `finding.mtu_low.why`. Missing ones stay English.
 */
export type Catalog = Readonly<Record<string, string | readonly string[]>>;

export type CatalogOptions = {
  /** The language, for numbers and dates too. */
  tag?: string;
  /** Which of the forms a number takes, as the catalog's Plural-Forms say. */
  plural?: (count: number) => number;
};

let catalog: Catalog = {};
let language = 'en';
let formOf = (_count: number): number => 0;

/** Puts a language in force. */
export function useCatalog(next: Catalog, { tag = 'en', plural = () => 0 }: CatalogOptions = {}): void {
  catalog = next;
  language = tag;
  formOf = plural;
}

/** The language in force, as Intl takes it. */
export const locale = (): string => language;

const form = (found: string | readonly string[] | undefined, place: number): string | undefined =>
  typeof found === 'object' ? (found[place] ?? found.at(-1)) : found;

/** `{name}` in the sentence is replaced by the value of that name. */
export const t = (sentence: string, values: Record<string, string | number> = {}): string => fill(form(catalog[sentence], 0) ?? sentence, values);

/** What the agent says under `code`: translated and filled in with `values`, or its own English, which is whole and may be of a newer agent. */
export function said(code: string, english: string, values: Record<string, unknown> = {}): string {
  const own = form(catalog[code], 0);
  return own === undefined ? english : fill(own, values);
}

/** One or many, or as many forms as the language has: `{count}` is the number. */
export const tn = (count: number, one: string, many: string, values: Record<string, string | number> = {}): string =>
  fill(form(catalog[one], formOf(count)) ?? (count === 1 ? one : many), { count, ...values });

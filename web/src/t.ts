// Words: every visible sentence goes through t() with English as its key, so that a catalog can replace it.

/** English sentence → translated one; where it counts something, English for one → its forms. Missing ones stay English. */
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

const fill = (sentence: string, values: Record<string, string | number>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

const form = (found: string | readonly string[] | undefined, place: number): string | undefined =>
  typeof found === 'object' ? (found[place] ?? found.at(-1)) : found;

/** `{name}` in the sentence is replaced by the value of that name. */
export const t = (sentence: string, values: Record<string, string | number> = {}): string => fill(form(catalog[sentence], 0) ?? sentence, values);

/** One or many, or as many forms as the language has: `{count}` is the number. */
export const tn = (count: number, one: string, many: string, values: Record<string, string | number> = {}): string =>
  fill(form(catalog[one], formOf(count)) ?? (count === 1 ? one : many), { count, ...values });

// Words: every visible sentence goes through t() with English as its key, so that a catalog can replace it.

type Catalog = Record<string, string>;
let catalog: Catalog = {};

/** Puts a language in force: English sentence → translated one. Missing ones stay English. */
export function useCatalog(next: Catalog): void {
  catalog = next;
}

/** `{name}` in the sentence is replaced by the value of that name. */
export function t(sentence: string, values: Record<string, string | number> = {}): string {
  return (catalog[sentence] ?? sentence).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** One or many: `{count}` is the number. */
export function tn(count: number, one: string, many: string, values: Record<string, string | number> = {}): string {
  return t(count === 1 ? one : many, { count, ...values });
}

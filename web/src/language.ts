// Brings the page's language: fetches its catalog, if it needs one, before anything is shown.
import { chooseLanguage } from './model/language.ts';
import { useCatalog, type Catalog } from './t.ts';

/** Catalogs by name, each with what its address ends in, from the build. A router has those whose packages are installed. */
declare const LANGUAGES: Readonly<Record<string, string>>;

type CatalogModule = { sentences: Catalog; plural: (count: number) => number };

/** A page in English is better than none. */
const PATIENCE_MS = 5000;

function fetchCatalog(name: string): Promise<CatalogModule> {
  // In two steps: Vite takes the usual one for a file of its own.
  const here = import.meta.url;
  const { href } = new URL(`lang/${name}.js?v=${LANGUAGES[name]}`, here);
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`${href} takes too long`)), PATIENCE_MS));
  return Promise.race([import(/* @vite-ignore */ href) as Promise<CatalogModule>, late]);
}

/** Puts the first language of `wanted` into force that there is, and says which: it goes to `lang`. */
export async function speak(wanted: readonly string[]): Promise<string> {
  const { catalog, tag } = chooseLanguage(wanted, Object.keys(LANGUAGES));
  try {
    const { sentences, plural } = catalog === undefined ? { sentences: {}, plural: () => 0 } : await fetchCatalog(catalog);
    useCatalog(sentences, { tag, plural });
    return tag;
  } catch {
    // Its package is not installed, or the router is gone, which the page will say: in English.
    useCatalog({});
    return 'en';
  }
}

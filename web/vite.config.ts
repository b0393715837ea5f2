// Builds the page once for both its hosts: index.html stands alone, multidial.js is what the LuCI view imports; they share chunks.
import { defineConfig, type Plugin, type Rolldown } from 'vite';
import { languages, readCatalog, toModule, versionOf } from '../tools/catalogs/catalogs.ts';
import { toLuciCatalog } from '../tools/catalogs/luci.ts';

const root = import.meta.dirname;

const catalogs = languages().map((name) => {
  const catalog = readCatalog(name);
  return { name, source: toModule(catalog), luci: toLuciCatalog(catalog) };
});

/** A module for each language, beside the page and no part of it, and LuCI's catalog for the section on its overview: each language has a package. */
const emitCatalogs: Plugin = {
  name: 'catalogs',
  generateBundle() {
    for (const { name, source, luci } of catalogs) {
      this.emitFile({ type: 'asset', fileName: `lang/${name}.js`, source });
      this.emitFile({ type: 'asset', fileName: `lang/${name}.lmo`, source: luci });
    }
  },
};

/** Chunks that are loaded later are small and few, so Vite's helper has nothing to preload. */
const noPreload: Plugin = {
  name: 'no-preload',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : undefined),
};

/** Of the contract, what only screens use that are loaded later: its index would draw them into the first load. */
const isLater = (id: string): boolean => /\/contract\/(?:events|routes|routes-text)\.ts$/.test(id);

/** What a page can't begin without is one chunk, instead of one for each set of later chunks that share a part of it: 1.6 KB and four requests less. */
function inFirstLoad(id: string, modules: Rolldown.ChunkingContext): string | null {
  const seen = new Set<string>();
  const isReached = (from: string): boolean => {
    if (from === id) return true;
    if (seen.has(from) || isLater(from)) return false;
    seen.add(from);
    return modules.getModuleInfo(from)?.importedIds.some(isReached) ?? false;
  };
  return !isLater(id) && isReached(`${root}/src/mount.tsx`) ? 'page' : null;
}

export default defineConfig({
  root,
  plugins: [noPreload, emitCatalogs],
  define: { LANGUAGES: JSON.stringify(Object.fromEntries(catalogs.map(({ name, source }) => [name, versionOf(source)]))) },
  // Where the package puts the folder multidial; index.html itself goes to /multidial/, so its links are absolute.
  base: '/luci-static/resources/',
  build: {
    outDir: `${root}/../build/web`,
    emptyOutDir: true,
    // Old enough for a browser that nobody updates, new enough for color-mix() and <dialog>.
    target: ['chrome111', 'firefox113', 'safari16.4'],
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: {
      input: { standalone: `${root}/index.html`, multidial: `${root}/src/luci.ts` },
      preserveEntrySignatures: 'allow-extension',
      output: {
        codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: inFirstLoad, debugName: 'page' }] },
        // .js, not .mjs: uhttpd knows only the former as JavaScript. The view names multidial.js, so that name is stable.
        entryFileNames: ({ name }) => (name === 'multidial' ? 'multidial/multidial.js' : 'multidial/[name]-[hash].js'),
        chunkFileNames: 'multidial/[name]-[hash].js',
        assetFileNames: 'multidial/[name]-[hash][extname]',
      },
    },
  },
});

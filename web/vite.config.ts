// Builds the page once for both its hosts: index.html stands alone, multidial.js is what the LuCI view imports; they share chunks.
import { defineConfig, type Plugin } from 'vite';

const root = import.meta.dirname;

/** uPlot hangs ways of drawing that we don't use on an object, where no bundler can leave them out: 2 KB of the package. */
const slimPlot: Plugin = {
  name: 'slim-plot',
  transform(code, id) {
    if (!id.endsWith('/uplot/dist/uPlot.esm.js')) return undefined;
    const slim = code.replace(/^\s*\(paths\.(?:stepped|bars|spline) .*\n/gm, '');
    if (slim === code) this.error('uPlot has changed: look where it lists its paths');
    return { code: slim, map: null };
  },
};

/** The one chunk that is loaded later needs nothing that is not there already, so Vite's helper has nothing to preload. */
const noPreload: Plugin = {
  name: 'no-preload',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : undefined),
};

export default defineConfig({
  root,
  plugins: [slimPlot, noPreload],
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
      preserveEntrySignatures: 'exports-only',
      output: {
        // .js, not .mjs: uhttpd knows only the former as JavaScript. The view names multidial.js, so that name is stable.
        entryFileNames: ({ name }) => (name === 'multidial' ? 'multidial/multidial.js' : 'multidial/[name]-[hash].js'),
        chunkFileNames: 'multidial/[name]-[hash].js',
        assetFileNames: 'multidial/[name]-[hash][extname]',
      },
    },
  },
});

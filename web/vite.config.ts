// Builds the page once for both its hosts: index.html stands alone, multidial.js is what the LuCI view imports; they share chunks.
import { defineConfig } from 'vite';

const root = import.meta.dirname;

export default defineConfig({
  root,
  // Where the package puts everything; index.html itself goes to /multidial/, so its links are absolute.
  base: '/luci-static/resources/multidial/',
  build: {
    outDir: `${root}/../build/web`,
    emptyOutDir: true,
    // Old enough for a browser that nobody updates, new enough for color-mix() and <dialog>.
    target: ['chrome111', 'firefox113', 'safari16.4'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: {
      input: { standalone: `${root}/index.html`, multidial: `${root}/src/luci.ts` },
      preserveEntrySignatures: 'exports-only',
      output: {
        // .js, not .mjs: uhttpd knows only the former as JavaScript. The view names multidial.js, so that name is stable.
        entryFileNames: ({ name }) => (name === 'multidial' ? 'multidial.js' : '[name]-[hash].js'),
        chunkFileNames: '[name]-[hash].js',
        assetFileNames: '[name]-[hash][extname]',
      },
    },
  },
});

// Builds the page twice from the same components: build/web/standalone (own HTML) and build/web/luci (one stable entry).
import { defineConfig } from 'vite';

const root = import.meta.dirname;
const out = `${root}/../build/web`;

// Old enough for a browser that nobody updates, new enough for color-mix() and <dialog>.
const target = ['chrome111', 'firefox113', 'safari16.4'];

const common = { target, emptyOutDir: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0, reportCompressedSize: false } as const;

export default defineConfig({
  root,
  // Relative: the page lives under /multidial/, the view's chunks under LuCI's resources.
  base: './',
  builder: {},
  environments: {
    client: { build: { ...common, outDir: `${out}/standalone` } },
    luci: {
      consumer: 'client',
      build: {
        ...common,
        outDir: `${out}/luci`,
        rollupOptions: {
          input: `${root}/src/luci.ts`,
          preserveEntrySignatures: 'exports-only',
          // .js, not .mjs: uhttpd knows only the former as JavaScript.
          output: { entryFileNames: 'multidial.js', chunkFileNames: 'multidial-[name]-[hash].js', assetFileNames: 'multidial-[name]-[hash][extname]' },
        },
      },
    },
  },
});

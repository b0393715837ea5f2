// Bundles the agent for QuickJS: build/agent/multidial.js and the watcher, watch.js, with their source maps beside them.
import { build } from 'esbuild';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** Modules that QuickJS has built in. */
const builtIn = ['std', 'os'];

async function bundle(entry: string, outfile: string): Promise<string> {
  await build({
    entryPoints: [join(root, 'agent/src', entry)],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    charset: 'utf8',
    external: builtIn,
    // qjs takes a file for a module only when its first word is import.
    banner: { js: '#!/usr/bin/qjs\nimport "std";' },
    define: { VERSION: JSON.stringify(version) },
    sourcemap: 'external', // without a comment in the bundle: on the router there is no map
    logLevel: 'warning',
  });
  chmodSync(outfile, 0o755);
  return outfile;
}

/** `outfile` is executable and starts with a shebang, as it is called by name on the router. */
export const buildAgent = (outfile = join(root, 'build/agent/multidial.js')): Promise<string> => bundle('main.ts', outfile);

/** The watcher stays in memory, so it is a bundle of its own and as small as can be. */
export const buildWatcher = (outfile = join(root, 'build/agent/watch.js')): Promise<string> => bundle('watch/main.ts', outfile);

if (process.argv[1] === import.meta.filename) await Promise.all([buildAgent(), buildWatcher()]);

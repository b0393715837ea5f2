// Bundles the agent into one file for QuickJS: build/agent/multidial.js, with its source map beside it.
import { build } from 'esbuild';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** Modules that QuickJS has built in. */
const builtIn = ['std', 'os'];

/** `outfile` is executable and starts with a shebang, as it is called by name on the router. */
export async function buildAgent(outfile = join(root, 'build/agent/multidial.js')): Promise<string> {
  await build({
    entryPoints: [join(root, 'agent/src/main.ts')],
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

if (process.argv[1] === import.meta.filename) await buildAgent();

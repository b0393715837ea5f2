// Prints the sizes that count on a router's flash and at a page's first load, and fails above their budgets.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageNames, packagePath } from './package.ts';
import { firstLoad } from './size/first-load.ts';

const root = join(import.meta.dirname, '..');
const page = join(root, 'build/web');
/** Where the page's files are found on a router, and how its HTML names them. */
const bases = ['/luci-static/resources/', './'];

type Size = { what: string; bytes: number; budgetBytes: number };

const sizeOf = (path: string): number => statSync(path).size;
const gzipped = (paths: readonly string[]): number => paths.reduce((sum, path) => sum + gzipSync(readFileSync(path), { level: 9 }).length, 0);

/** Everything with a budget; the packages must have been built. */
export async function measure(): Promise<Size[]> {
  const [standalone, luci] = await Promise.all(['index.html', 'multidial/multidial.js'].map((entry) => firstLoad(join(page, entry), page, bases)));
  return [
    { what: 'agent bundle, raw', bytes: sizeOf(join(root, 'build/agent/multidial.js')), budgetBytes: 192_000 },
    { what: 'watcher bundle, raw', bytes: sizeOf(join(root, 'build/agent/watch.js')), budgetBytes: 36_000 },
    { what: 'agent package', bytes: sizeOf(packagePath('multidial')), budgetBytes: 85_000 },
    { what: 'page, first load standalone, gzip', bytes: gzipped(standalone ?? []), budgetBytes: 60_000 },
    { what: 'page, first load in LuCI, gzip', bytes: gzipped(luci ?? []), budgetBytes: 60_000 },
    { what: 'page package', bytes: sizeOf(packagePath('luci-app-multidial')), budgetBytes: 90_000 },
    { what: 'Chinese package', bytes: sizeOf(packagePath('luci-i18n-multidial-zh-cn')), budgetBytes: 40_000 },
  ];
}

if (process.argv[1] === import.meta.filename) {
  const missing = [page, ...packageNames.map((name) => packagePath(name))].filter((path) => !existsSync(path));
  if (missing.length) throw new Error(`build first (make package): ${missing.map((path) => relative(root, path)).join(', ')}`);
  const sizes = await measure();
  for (const { what, bytes, budgetBytes } of sizes) {
    console.log(`${bytes > budgetBytes ? 'OVER' : 'ok  '} ${what.padEnd(36)} ${String(bytes).padStart(6)} of ${budgetBytes} bytes`);
  }
  process.exitCode = sizes.some(({ bytes, budgetBytes }) => bytes > budgetBytes) ? 1 : 0;
}

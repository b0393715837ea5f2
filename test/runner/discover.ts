// Finds the suites below test/ and says how each is to be run: its time limit, and whether others may run beside it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** `isPatient`: another one like it may run beside it, though its folder's suites take the whole machine. */
export type Suite = { path: string; name: string; folder: string; limitMs: number; isPatient: boolean };

/** Suites that need no build, no packages and no root. */
export const quickFolders = ['unit', 'golden'];
/** Suites that take the whole machine. */
export const aloneFolders = ['lab', 'browser'];

const folderLimitsSeconds: Record<string, number> = { unit: 180, golden: 180, contract: 300, package: 300, browser: 600, lab: 1200 };

/** A suite may say its own limit in one of its first lines, `// suite limit: 900 s`, and that it measures no time: `// patient suite`. */
function readHead(path: string, folder: string): Pick<Suite, 'limitMs' | 'isPatient'> {
  const head = readFileSync(path, 'utf8').split('\n', 10).join('\n');
  const own = head.match(/^\/\/ suite limit: (\d+) s$/m);
  return { limitMs: 1000 * Number(own?.[1] ?? folderLimitsSeconds[folder] ?? 120), isPatient: /^\/\/ patient suite$/m.test(head) };
}

function toSuite(root: string, path: string): Suite {
  const name = relative(root, path).replace(/\.test\.ts$/, '');
  const folder = name.split('/')[0] ?? '';
  return { path, name, folder, ...readHead(path, folder) };
}

/** Fixtures hold suites that fail on purpose. */
function findFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : findFiles(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

/** `*` stands for anything; a word without it matches anywhere in the path. */
function isWanted(path: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*')).test(path);
}

/** `wanted` is `quick`, `all`, or patterns; a pattern that is an existing file is taken wherever it lies. */
export function findSuites(root: string, wanted: readonly string[]): Suite[] {
  const all = findFiles(root)
    .toSorted()
    .map((path) => toSuite(root, path));
  if (wanted.includes('all')) return all;
  const isChosen = (suite: Suite) =>
    wanted.some((word) => (word === 'quick' ? quickFolders.includes(suite.folder) : isWanted(relative('.', suite.path), word)));
  const exact = wanted.filter((word) => word.endsWith('.test.ts') && existsSync(word));
  const chosen = all.filter(isChosen);
  const outside = exact.filter((path) => !chosen.some((suite) => relative(suite.path, path) === ''));
  return [...chosen, ...outside.map((path) => toSuite(root, path))];
}

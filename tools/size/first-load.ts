// What a browser fetches before a page's entry can run: the entry and all that it imports statically, not the parts loaded later.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Scripts, preloads and style sheets that an HTML file names. URLs below `base` lie beside the file's bundle. */
function linksOf(html: string): string[] {
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)].map(([tag]) => tag);
  return tags.flatMap((tag) => tag.match(/\b(?:src|href)="([^"]+)"/)?.[1] ?? []).filter((url) => !url.startsWith('data:'));
}

async function staticImports(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: '/unused',
    write: false,
    metafile: true,
    absWorkingDir: dirname(entry),
    logLevel: 'silent',
  });
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind } of metafile.inputs[path]?.imports ?? []) if (kind === 'import-statement') visit(next);
  };
  const [first] = Object.keys(metafile.inputs).filter((path) => resolve(dirname(entry), path) === entry);
  if (first === undefined) throw new Error(`esbuild does not list ${entry}`);
  visit(first);
  return [...found].map((path) => resolve(dirname(entry), path));
}

/** Absolute paths of the files of a first load. `entry` is an HTML file or a module; `bases` are URL prefixes that mean the folder `folder`. */
export async function firstLoad(entry: string, folder: string, bases: readonly string[]): Promise<string[]> {
  if (!entry.endsWith('.html')) return staticImports(entry);
  const toPath = (url: string): string => {
    const base = bases.find((prefix) => url.startsWith(prefix));
    if (base === undefined) throw new Error(`${entry} loads ${url}, which is not in the package`);
    return join(folder, url.slice(base.length));
  };
  const linked = linksOf(readFileSync(entry, 'utf8')).map(toPath);
  const scripts = linked.filter((path) => path.endsWith('.js'));
  const imported = (await Promise.all(scripts.map(staticImports))).flat();
  return [...new Set([entry, ...linked, ...imported])];
}

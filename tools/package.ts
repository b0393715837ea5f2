// Builds the packages of openwrt-feed/ without the SDK: dist/NAME_VERSION_all.ipk from each recipe and what is in build/.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toTarball, withParents, type Entry } from './package/archive.ts';
import { readRecipe, type InstallStep, type Recipe } from './package/recipe.ts';

const root = join(import.meta.dirname, '..');
export const packageNames = ['multidial', 'luci-app-multidial', 'luci-i18n-multidial-zh-cn'] as const;
export type PackageName = (typeof packageNames)[number];

const recipeOf = (name: PackageName): Recipe => readRecipe(join(root, 'openwrt-feed', name, 'Makefile'));

/** Seconds since the epoch that every file gets: SOURCE_DATE_EPOCH, else the last commit's date. */
function sourceDate(): Date {
  const given = process.env['SOURCE_DATE_EPOCH'] ?? execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  const seconds = Number(given.trim());
  if (!Number.isSafeInteger(seconds) || seconds <= 0) throw new Error(`SOURCE_DATE_EPOCH is not a number of seconds: ${given}`);
  return new Date(seconds * 1000);
}

function copyTree(from: string, to: string, mode: number): Entry[] {
  return readdirSync(from, { withFileTypes: true }).flatMap((item) => {
    const [source, path] = [join(from, item.name), join(to, item.name)];
    return item.isDirectory() ? copyTree(source, path, mode) : [{ path, mode, content: readFileSync(source) }];
  });
}

function toEntries({ command, mode, from, to }: InstallStep): Entry[] {
  switch (command) {
    case 'directory':
      return [{ path: to, mode }];
    case 'file':
      return [{ path: to, mode, content: readFileSync(from) }];
    case 'copy':
      return statSync(from).isDirectory() ? copyTree(from, to, mode) : [{ path: to, mode, content: readFileSync(from) }];
    case 'link':
      return [{ path: to, mode, target: from }];
    default:
      return command satisfies never;
  }
}

function toControl({ name, version, fields, description }: Recipe, installedSize: number, date: Date): string {
  return [
    `Package: ${name}`,
    `Version: ${version}`,
    `Depends: ${fields.depends.join(', ')}`,
    `License: ${fields.license}`,
    `Section: ${fields.section}`,
    `SourceDateEpoch: ${date.getTime() / 1000}`,
    `Maintainer: ${fields.maintainer}`,
    `Architecture: ${fields.architecture}`,
    `Installed-Size: ${installedSize}`,
    `Description: ${fields.title}`,
    ...description
      .trimEnd()
      .split('\n')
      .map((line) => ` ${line.trim()}`),
    '',
  ].join('\n');
}

/** Where a package is written: its name, version and architecture. */
export function packagePath(name: PackageName, directory = join(root, 'dist')): string {
  const { version, fields } = recipeOf(name);
  return join(directory, `${name}_${version}_${fields.architecture}.ipk`);
}

/** Builds one package into `directory` and returns its path. */
export async function buildPackage(name: PackageName, directory?: string): Promise<string> {
  const recipe = recipeOf(name);
  const date = sourceDate();
  const data = recipe.install.flatMap(toEntries);
  const installedSize = data.reduce((sum, entry) => sum + (entry.content?.length ?? 0), 0);
  const text = (path: string, content: string, mode = 0o644): Entry => ({ path, mode, content: Buffer.from(content) });
  const control = [
    text('/control', toControl(recipe, installedSize, date)),
    ...(recipe.conffiles ? [text('/conffiles', recipe.conffiles)] : []),
    ...[...recipe.scripts].map(([script, body]) => text(`/${script}`, body, 0o755)),
  ];
  const outer = [
    text('/debian-binary', '2.0\n'),
    { path: '/control.tar.gz', mode: 0o644, content: await toTarball(withParents(control), date) },
    { path: '/data.tar.gz', mode: 0o644, content: await toTarball(withParents(data), date) },
  ];
  const path = packagePath(name, directory);
  mkdirSync(dirname(path), { recursive: true });
  // In one piece: somebody may be installing the one before.
  writeFileSync(`${path}.${process.pid}`, await toTarball(outer, date));
  renameSync(`${path}.${process.pid}`, path);
  return path;
}

if (process.argv[1] === import.meta.filename) {
  for (const name of packageNames) console.log(await buildPackage(name));
}

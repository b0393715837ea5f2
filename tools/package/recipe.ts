// Reads a package's recipe, the Makefile of the OpenWrt feed, so that a package built without the SDK has the same contents.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** One line of `Package/NAME/install`: `$(INSTALL_DATA) FROM TO`. Paths on the router begin with `/`. */
export type InstallStep = { command: 'directory' | 'file' | 'copy' | 'link'; mode: number; from: string; to: string };

export type Recipe = {
  name: string;
  /** As OpenWrt composes it from PKG_VERSION and PKG_RELEASE. */
  version: string;
  fields: { section: string; title: string; depends: string[]; architecture: string; license: string; maintainer: string };
  description: string;
  conffiles: string;
  /** Maintainer scripts by their name in the package, `postinst` and so on. */
  scripts: Map<string, string>;
  install: InstallStep[];
};

const commands: Record<string, Pick<InstallStep, 'command' | 'mode'>> = {
  INSTALL_DIR: { command: 'directory', mode: 0o755 },
  INSTALL_BIN: { command: 'file', mode: 0o755 },
  INSTALL_DATA: { command: 'file', mode: 0o644 },
  INSTALL_CONF: { command: 'file', mode: 0o600 },
  CP: { command: 'copy', mode: 0o644 },
  LN: { command: 'link', mode: 0o777 },
};
const scriptNames = ['preinst', 'postinst', 'prerm', 'postrm'];

type Makefile = { variables: Map<string, string>; blocks: Map<string, string[]> };

function parseMakefile(text: string): Makefile {
  const variables = new Map<string, string>();
  const blocks = new Map<string, string[]>();
  let block: string[] | undefined;
  for (const line of text.split('\n')) {
    const define = line.match(/^define (\S+)$/);
    const assign = line.match(/^([A-Z_]+):=(.*)$/);
    if (define?.[1]) {
      block = [];
      blocks.set(define[1], block);
    } else if (line === 'endef') block = undefined;
    else if (block) block.push(line);
    else if (assign?.[1]) variables.set(assign[1], assign[2] ?? '');
  }
  return { variables, blocks };
}

/** Only what our recipes use: `$(NAME)` and `$$`; anything else is an error and not an empty string. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^()]*)\)|\$/g, (all, name?: string) => {
    if (all === '$$') return '$';
    const value = name === undefined ? undefined : variables.get(name);
    if (value === undefined) throw new Error(`recipe: can't expand ${all} in: ${text.trim()}`);
    return expand(value, variables);
  });
}

function toSteps(line: string, variables: ReadonlyMap<string, string>, directory: string): InstallStep[] {
  const [, name = '', rest = ''] = line.match(/^\t\$\(([A-Z_]+)\) (.+)$/) ?? [];
  const spec = commands[name];
  if (!spec) throw new Error(`recipe: not an install command: ${line.trim()}`);
  const words = expand(rest, variables).split(' ').filter(Boolean);
  if (spec.command === 'directory') return words.map((to) => ({ ...spec, from: '', to }));
  const [from, to, ...more] = words;
  if (from === undefined || to === undefined || more.length) throw new Error(`recipe: ${name} takes two paths: ${line.trim()}`);
  return [{ ...spec, from: spec.command === 'link' ? from : resolve(directory, from), to }];
}

export function readRecipe(path: string): Recipe {
  const directory = dirname(resolve(path));
  const { variables, blocks } = parseMakefile(readFileSync(path, 'utf8'));
  variables.set('CURDIR', directory);
  variables.set('1', ''); // the root of the package
  const name = variables.get('PKG_NAME') ?? '';
  const fields = new Map((blocks.get(`Package/${name}`) ?? []).map((line) => line.trim().split(':=') as [string, string]));
  const need = (map: ReadonlyMap<string, string>, key: string): string => {
    const value = map.get(key);
    if (!value) throw new Error(`${path}: ${key} is missing`);
    return value;
  };
  const bodyOf = (part: string): string[] | undefined => blocks.get(`Package/${name}/${part}`);
  const textOf = (part: string): string => (bodyOf(part) ?? []).map((line) => `${expand(line, variables)}\n`).join('');
  return {
    name,
    version: `${need(variables, 'PKG_VERSION')}-r${need(variables, 'PKG_RELEASE')}`,
    fields: {
      section: need(fields, 'SECTION'),
      title: need(fields, 'TITLE'),
      depends: need(fields, 'DEPENDS')
        .split(' ')
        .map((word) => word.replace(/^\+/, '')),
      architecture: need(fields, 'PKGARCH'),
      license: need(variables, 'PKG_LICENSE'),
      maintainer: need(variables, 'PKG_MAINTAINER'),
    },
    description: textOf('description'),
    conffiles: textOf('conffiles'),
    scripts: new Map(scriptNames.filter(bodyOf).map((script) => [script, textOf(script)])),
    install: (bodyOf('install') ?? []).flatMap((line) => toSteps(line, variables, directory)),
  };
}

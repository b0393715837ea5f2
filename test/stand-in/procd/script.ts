// Starting an init script, or whatever else a trigger names.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { environment } from '../process.ts';

/**
 * On a router the `#!/bin/sh /etc/rc.common` of the script does the work. Elsewhere that line names a file that the host
 * does not have, so the interpreter is told, and IPKG_INSTROOT says where the router's `/` is.
 */
export function spawnScript(root: string, argv: string[], output: 'ignore' | 'pipe'): ChildProcess {
  const [program = '', ...args] = argv;
  const path = existsSync(program) && isBelow(root, program) ? program : join(root, program);
  const isInit = root !== '/' && existsSync(path) && /^#!\S+ \S*\/etc\/rc\.common\s/.test(readFileSync(path, 'latin1'));
  const words = isInit ? ['/bin/sh', join(root, 'etc/rc.common'), path, ...args] : [existsSync(path) ? path : program, ...args];
  const env = environment(root, root === '/' ? {} : { IPKG_INSTROOT: root });
  return spawn(words[0] ?? '', words.slice(1), { cwd: root, env, stdio: ['ignore', output, output] });
}

function isBelow(directory: string, path: string): boolean {
  const rest = relative(directory, path);
  return rest !== '' && !rest.startsWith('..');
}

// Recorded shell commands, run over a router's files with the stand-in's tools first on the path.
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';

export type CommandResult = { stdout: string; stderr: string; rc: number };

/** Names of the router's own files get the place where the router is; `/dev` and `/proc` are the host's. */
function placed(cmd: string, root: string): string {
  return cmd.replace(/(^|[\s"'=<>(;:|&])\/(etc|tmp|var|usr|lib|www|sbin|bin)(?=[/\s;"'*]|$)/g, `$1${root}/$2`);
}

/** The other way round, for what was printed. */
function unplaced(text: string, root: string): string {
  const memory = realpathSync(join(root, 'tmp'));
  return text.replaceAll(memory, '/tmp').replaceAll(`${root}/`, '/').replaceAll(root, '/');
}

const DIRS = ['usr/sbin', 'usr/bin', 'sbin', 'bin'];

export function runCommand(root: string, cmd: string, stdin = ''): Promise<CommandResult> {
  const path = [...DIRS.map((dir) => join(root, dir)), ...DIRS.map((dir) => `/${dir}`)].join(':');
  const env = { PATH: path, HOME: '/', TERM: 'linux', LC_ALL: 'C', TZ: 'UTC', REAL_SECONDS: '1', TIMEFORMAT: '' };
  // bash in its POSIX mode is nearest to the router's ash: `echo` prints a backslash, `time` is a word of the shell.
  const child = spawn('/bin/bash', ['--posix', '-c', `umask 022; ${placed(cmd, root)}`], { cwd: root, env, stdio: 'pipe' });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => err.push(part));
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const text = (parts: Buffer[]) => unplaced(Buffer.concat(parts).toString('utf8'), root);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout: text(out), stderr: text(err), rc: code ?? -1 }));
  });
}

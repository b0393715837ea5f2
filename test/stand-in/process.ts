// Running programs for the daemons: what they get (environment, streams) and when they count as done.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const DIRS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** How long after the end of a process what it wrote may still arrive. */
const DRAIN_MS = 30;

/** The environment procd gives its children. Outside a root of its own the stand-in's commands come first on the path. */
export function environment(root: string, extra: Record<string, string> = {}): Record<string, string> {
  const own = root === '/' ? [] : DIRS.map((dir) => join(root, dir));
  return { HOME: '/', PATH: [...own, ...DIRS].join(':'), TERM: 'linux', ...extra };
}

/** Finds a command as rpcd does: as a path, or in the search path. */
export function findCommand(root: string, command: string): string | undefined {
  const candidates = command.includes('/')
    ? [join(root, command)]
    : environment(root)
        .PATH?.split(':')
        .map((dir) => join(dir, command));
  return candidates?.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

export type Outcome = { stdout: Buffer; stderr: Buffer; code: number | null; signal: string | null; failed?: 'timeout' | 'overflow' | 'spawn' };

export type RunOptions = { root: string; path: string; args: string[]; input?: string; timeoutMs: number; maxBytes?: number; env?: Record<string, string> };

/** Runs a program and waits for its own end. A child of it that keeps the streams open, or survives a timeout, is left alone. */
export function run({ root, path, args, input, timeoutMs, maxBytes, env }: RunOptions): Promise<Outcome> {
  const child = spawn(path, args, { cwd: root, env: environment(root, env), stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return collect(child, timeoutMs, maxBytes ?? Number.POSITIVE_INFINITY);
}

function collect(child: ChildProcess, timeoutMs: number, maxBytes: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let exit: { code: number | null; signal: string | null } | undefined;
    let drain: NodeJS.Timeout | undefined;
    const finish = (failed?: Outcome['failed']) => {
      clearTimeout(limit);
      clearTimeout(drain);
      child.stdout?.destroy();
      child.stderr?.destroy();
      const outcome: Outcome = { stdout: Buffer.concat(out), stderr: Buffer.concat(err), code: exit?.code ?? null, signal: exit?.signal ?? null };
      resolve(failed ? { ...outcome, failed } : outcome);
    };
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      finish('timeout');
    }, timeoutMs);
    let received = 0;
    /** Where this process was busy meanwhile the timer is late, and what was written waits to be read: it is read before the check. */
    const finishUnlessMore = (before: number) => setImmediate(() => (received === before ? finish() : settle()));
    const settle = () => {
      clearTimeout(drain);
      if (exit) drain = setTimeout(() => finishUnlessMore(received), DRAIN_MS);
    };
    const take = (parts: Buffer[]) => (part: Buffer) => {
      parts.push(part);
      received += part.length;
      if (parts.reduce((sum, { length }) => sum + length, 0) >= maxBytes) finish('overflow');
      else settle();
    };
    child.stdout?.on('data', take(out));
    child.stderr?.on('data', take(err));
    child.on('error', () => finish('spawn'));
    child.on('exit', (code, signal) => {
      exit = { code, signal };
      settle();
    });
    child.on('close', () => finish());
  });
}

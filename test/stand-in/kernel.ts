// The machine behind the stand-in: commands, processes, files, pipes and time. The only file of netifd, firewall and hotplug that has effects.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';

/** What a finished command left. `code` is 128 + n after death by signal n's name, -1 when it could not be started. */
export type Outcome = { code: number; stdout: string; stderr: string };

/** How a process ended: an exit code, or the signal that killed it. */
export type Exit = { code: number } | { signal: string };

export type Child = { readonly pid: number | undefined; kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGHUP'): void };

export type SpawnOptions = {
  /** The whole environment, not additions to ours. */
  env?: Readonly<Record<string, string>>;
  /** Each line of stdout and stderr, without its end. */
  onLine?: (line: string) => void;
  /** Called once, when the process has ended, whether or not a child of it still holds its output open. */
  onExit: (exit: Exit) => void;
};

/** The port. Paths are absolute and as they are: whoever has a root puts it in front. */
export interface Kernel {
  /** Runs a command to its end. A failure is an outcome, never a throw. */
  run(argv: readonly string[], input?: string): Promise<Outcome>;
  spawn(argv: readonly string[], options: SpawnOptions): Child;
  /** A file's text, or undefined when it can't be read. */
  read(path: string): string | undefined;
  /** Names in a directory, sorted; none when it is not there. */
  list(path: string): string[];
  /** What a symlink points to. */
  link(path: string): string | undefined;
  isThere(path: string): boolean;
  /** Writes a file with the directories above it; false when it can't (a sysctl that this kernel lacks). */
  write(path: string, text: string, mode?: number): boolean;
  remove(path: string): void;
  /** Makes a named pipe and hands on each line that anybody writes into it. The returned function closes and removes it. */
  listen(path: string, onLine: (line: string) => void): () => void;
  /** Makes a named pipe that others read, and returns what writes a line into it without ever waiting for a reader. */
  answer(path: string): { send(line: string): void; close(): void };
  /** Calls back once after so many milliseconds; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
  /** Milliseconds of a clock that never jumps. */
  now(): number;
}

/** Splits a stream into lines, whatever the chunks. */
function lineReader(onLine: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}

function runCommand(argv: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const [command = '', ...args] = argv;
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error) => resolve({ code: -1, stdout: '', stderr: error.message }));
    child.on('close', (code, signal) => {
      resolve({ code: code ?? 128, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() + (signal ?? '') });
    });
    // A command that ends without reading its input closes the pipe under us; its outcome says why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

function spawnProcess(argv: readonly string[], { env, onLine, onExit }: SpawnOptions): Child {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { stdio: ['ignore', onLine ? 'pipe' : 'ignore', onLine ? 'pipe' : 'ignore'], ...(env ? { env } : {}) });
  if (onLine) {
    child.stdout?.on('data', lineReader(onLine));
    child.stderr?.on('data', lineReader(onLine));
  }
  let isOver = false;
  const end = (exit: Exit) => {
    if (!isOver) onExit(exit);
    isOver = true;
  };
  child.on('error', () => end({ code: 127 }));
  child.on('exit', (code, signal) => end(code === null ? { signal: signal ?? '' } : { code }));
  return { pid: child.pid, kill: (signal) => void (isOver || child.kill(signal)) };
}

/** Opened for reading and writing, so that neither side ever waits for the other and the end of one writer is not the end of the pipe. */
function openPipe(path: string): number {
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  execFileSync('mkfifo', ['-m', '600', path]);
  return openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** The real one. */
export function createKernel(): Kernel {
  return {
    run: runCommand,
    spawn: spawnProcess,
    read: (path) => attempt(() => readFileSync(path, 'latin1')),
    list: (path) => attempt(() => readdirSync(path).sort()) ?? [],
    link: (path) => attempt(() => readlinkSync(path)),
    isThere: existsSync,
    write(path, text, mode = 0o644) {
      if (!path.startsWith('/proc/')) attempt(() => mkdirSync(dirname(path), { recursive: true }));
      return (
        attempt(() => {
          writeFileSync(path, text, { encoding: 'latin1', mode });
          return true;
        }) ?? false
      );
    },
    remove: (path) => rmSync(path, { force: true }),
    listen(path, onLine) {
      const socket = new Socket({ fd: openPipe(path), readable: true, writable: false });
      socket.on('data', lineReader(onLine));
      return () => {
        socket.destroy();
        rmSync(path, { force: true });
      };
    },
    answer(path) {
      const fd = openPipe(path);
      return {
        send: (line) => void attempt(() => writeSync(fd, `${line}\n`)),
        close() {
          closeSync(fd);
          rmSync(path, { force: true });
        },
      };
    },
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    now: () => performance.now(),
  };
}

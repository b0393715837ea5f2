// The system port on QuickJS: the only file that imports std and os.
import * as std from 'std';
import * as os from 'os';
import { RUN_DIRECTORY, SCRATCH } from './owned.ts';
import type { CommandResult, FileError, FileFacts, System } from './system.ts';

const COMMAND_TIMEOUT_MS = 30_000;
const MAX_FILE = 1 << 20;
const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;

const errno = (code: number): string => std.strerror(Math.abs(code));
const fileError = (path: string, code: number): FileError => ({ path, reason: errno(code) });

let scratchCount = 0;

/** An open file without a name: nobody else can read it. Who is killed before the name is gone leaves it to the next run. */
function openScratch(pid: number): number {
  const path = `${RUN_DIRECTORY}/${SCRATCH}${pid}-${scratchCount++}`;
  const fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600);
  if (fd >= 0) os.remove(path);
  return fd;
}

function writeAll(fd: number, bytes: ArrayBuffer): number {
  let done = 0;
  while (done < bytes.byteLength) {
    const count = os.write(fd, bytes, done, bytes.byteLength - done);
    if (count <= 0) return count === 0 ? -28 : count; // -ENOSPC: a write of nothing
    done += count;
  }
  return 0;
}

/** Bytes of UTF-8: QuickJS has no TextEncoder. Lone surrogates become U+FFFD, as in the standard. */
function encode(text: string): ArrayBuffer {
  const bytes: number[] = [];
  for (const char of text) {
    let point = char.codePointAt(0) ?? 0xfffd;
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
  }
  return new Uint8Array(bytes).buffer;
}

/** Reads an open scratch file from its start through a FILE, which decodes UTF-8 for us. */
function readBack(fd: number): string {
  os.seek(fd, 0, std.SEEK_SET);
  const file = std.fdopen(fd, 'r');
  if (!file) return '';
  const text = file.readAsString(MAX_FILE);
  file.close();
  return text;
}

/** Waits without blocking for ever: a hung ubus or uci must not hold our lock until the next reboot. */
function waitFor(pid: number): number {
  const deadline = os.now() + COMMAND_TIMEOUT_MS;
  for (let pause = 1; ; pause = Math.min(pause + 1, 10)) {
    const [done, status] = os.waitpid(pid, os.WNOHANG);
    if (done === pid) return (status & 0x7f) === 0 ? (status >> 8) & 0xff : -(status & 0x7f);
    if (done < 0) return -1;
    if (os.now() > deadline) {
      os.kill(pid, 9);
      os.waitpid(pid, 0);
      return -9;
    }
    os.sleep(pause);
  }
}

function copyBytes(from: string, to: string, mode: number): number {
  const source = os.open(from, os.O_RDONLY);
  if (source < 0) return source;
  const target = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode);
  if (target < 0) {
    os.close(source);
    return target;
  }
  const buffer = new ArrayBuffer(65536);
  let failed = 0;
  for (;;) {
    const count = os.read(source, buffer, 0, buffer.byteLength);
    if (count <= 0) {
      failed = count;
      break;
    }
    failed = writeAll(target, buffer.slice(0, count));
    if (failed) break;
  }
  os.close(source);
  os.close(target);
  return failed;
}

const isThere = (path: string): boolean => os.stat(path)[1] === 0;

function makeDirectory(path: string, mode: number): FileError | undefined {
  if (isThere(path)) return undefined;
  const parent = path.slice(0, path.lastIndexOf('/'));
  const failed = parent ? makeDirectory(parent, 0o755) : undefined;
  if (failed) return failed;
  const code = os.mkdir(path, mode);
  return code === 0 || isThere(path) ? undefined : fileError(path, code);
}

/** `write` fills a new file beside `path`, which then takes its place. */
function replaceFile(path: string, write: (temporary: string) => number): FileError | undefined {
  const temporary = `${path}.multidial-new`;
  const code = write(temporary) || os.rename(temporary, path);
  if (code === 0) return undefined;
  os.remove(temporary);
  return fileError(path, code);
}

const NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC;

function writeTo(path: string, bytes: ArrayBuffer, mode: number, flags: number, offset = 0): number {
  const fd = os.open(path, flags, mode);
  if (fd < 0) return fd;
  if (offset) os.seek(fd, offset, std.SEEK_SET);
  const failed = writeAll(fd, bytes);
  return os.close(fd) || failed;
}

const writeNew = (path: string, text: string, mode: number, flags: number): number => writeTo(path, encode(text), mode, flags);

/** The bytes alone: a view may show a part of its buffer. */
const bufferOf = (bytes: Uint8Array<ArrayBuffer>): ArrayBuffer => bytes.slice().buffer;

function readBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
  const size = Math.min(os.stat(path)[0]?.size ?? 0, MAX_FILE);
  const fd = os.open(path, os.O_RDONLY);
  if (fd < 0) return undefined;
  const bytes = new ArrayBuffer(size);
  let done = 0;
  while (done < size) {
    const count = os.read(fd, bytes, done, size - done);
    if (count <= 0) break;
    done += count;
  }
  os.close(fd);
  return new Uint8Array(bytes, 0, done);
}

/** Does the file system of the scratch files take one page more? What a child could not write is lost without a word. */
function findNoRoom(fd: number): string | undefined {
  os.seek(fd, 2 * MAX_FILE, std.SEEK_SET);
  const code = writeAll(fd, new ArrayBuffer(1));
  return code === 0 ? undefined : `${RUN_DIRECTORY}: ${errno(code)}`;
}

function run(argv: readonly string[], stdin = ''): CommandResult {
  const pid = Number(os.readlink('/proc/self')[0]);
  const fds = [openScratch(pid), openScratch(pid), openScratch(pid)];
  const [input, output, errors] = fds as [number, number, number];
  const failed = fds.find((fd) => fd < 0) ?? writeAll(input, encode(stdin));
  if (failed < 0) {
    for (const fd of fds) if (fd >= 0) os.close(fd);
    return { argv, exit: -1, stdout: '', stderr: `${RUN_DIRECTORY}: ${errno(failed)}` };
  }
  os.seek(input, 0, std.SEEK_SET);
  const child = os.exec([...argv], { block: false, usePath: true, stdin: input, stdout: output, stderr: errors });
  const exit = child < 0 ? -1 : waitFor(child);
  const [stderr, stdout] = [readBack(errors), readBack(output)];
  const noRoom = stderr || stdout.endsWith('\n') ? undefined : findNoRoom(input);
  os.close(input);
  // The child of os.exec that finds no program leaves with 127 and no word.
  return { argv, exit, stdout, stderr: noRoom ?? (exit === 127 && !stderr ? `${argv[0]}: not found` : stderr) };
}

const SIGHUP = 1;
const SIGKILL = 9;
/** So long a program that was told to end may take. */
const END_MS = 500;

function spawn(argv: readonly string[], gid?: number): number | undefined {
  const nowhere = os.open('/dev/null', os.O_RDWR);
  const pid = os.exec([...argv], { block: false, usePath: true, stdin: nowhere, stdout: nowhere, stderr: nowhere, ...(gid === undefined ? {} : { gid }) });
  os.close(nowhere);
  return pid > 0 ? pid : undefined;
}

const isRunning = (pid: number): boolean => os.waitpid(pid, os.WNOHANG)[0] === 0;

/** A child of somebody else's can't be waited for, and need not be. */
function endProcess(pid: number): void {
  os.kill(pid, os.SIGTERM);
  for (let waitedMs = 0; isRunning(pid); waitedMs += 10) {
    if (waitedMs === END_MS) os.kill(pid, SIGKILL);
    os.sleep(10);
  }
}

function readFile(path: string): string | undefined {
  const file = std.open(path, 'r'); // std.loadFile asks for the size first, which is 0 under /proc
  if (!file) return undefined;
  const text = file.readAsString(MAX_FILE);
  file.close();
  return text;
}

function stat(path: string): FileFacts | undefined {
  const [facts, code] = os.stat(path);
  if (code !== 0 || !facts) return undefined;
  const kind = (facts.mode & S_IFMT) === S_IFREG ? 'file' : (facts.mode & S_IFMT) === S_IFDIR ? 'directory' : 'other';
  return { kind, size: facts.size, inode: facts.ino, mtimeMs: facts.mtime, mode: facts.mode & 0o7777 };
}

/** The real system. Makes the run-time directory first: scratch files and the lock live there. */
export function createSystem(): System {
  makeDirectory(RUN_DIRECTORY, 0o700);
  return {
    run,
    spawn,
    isRunning,
    endProcess,
    detach: () => {
      for (const signal of [os.SIGINT, SIGHUP]) os.signal(signal, undefined);
    },
    readFile,
    writeFile: (path, text, mode) => replaceFile(path, (temporary) => writeNew(temporary, text, mode, NEW)),
    writeSetting: (path, text) => {
      const code = writeNew(path, text, 0o644, os.O_WRONLY);
      return code === 0 ? undefined : fileError(path, code);
    },
    copyFile: (from, to, mode) => replaceFile(to, (temporary) => copyBytes(from, temporary, mode)),
    appendFile: (path, text, mode) => {
      const code = writeNew(path, text, mode, os.O_WRONLY | os.O_CREAT | os.O_APPEND);
      return code === 0 ? undefined : fileError(path, code);
    },
    readBytes,
    writeBytes: (path, bytes, mode) => replaceFile(path, (temporary) => writeTo(temporary, bufferOf(bytes), mode, NEW)),
    writeAt: (path, offset, bytes) => {
      const code = writeTo(path, bufferOf(bytes), 0o600, os.O_WRONLY, offset);
      return code === 0 ? undefined : fileError(path, code);
    },
    removeFile: (path) => {
      const code = os.remove(path);
      return code === 0 || !isThere(path) ? undefined : fileError(path, code);
    },
    makeDirectory,
    listDirectory: (path) =>
      os
        .readdir(path)[0]
        .filter((name) => name !== '.' && name !== '..')
        .toSorted(),
    stat,
    createLink: (target, path) => os.symlink(target, path) === 0,
    readLink: (path) => {
      const [target, code] = os.readlink(path);
      return code === 0 ? target : undefined;
    },
    rename: (from, to) => {
      const code = os.rename(from, to);
      return code === 0 ? undefined : fileError(from, code);
    },
    pid: Number(os.readlink('/proc/self')[0]),
    nowMs: () => os.now(),
    wallMs: () => Date.now(),
    sleepMs: (ms) => os.sleep(ms),
    readStdin: () => std.in.readAsString(MAX_FILE),
    print: (text) => {
      std.out.puts(text);
      std.out.flush();
    },
    printError: (text) => {
      std.err.puts(text);
      std.err.flush();
    },
  };
}

/** The script's own path first, as it was called, then its words. */
export const scriptArguments = (): readonly string[] => scriptArgs;

export const exit = (code: number): never => std.exit(code);

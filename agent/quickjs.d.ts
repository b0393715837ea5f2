// What QuickJS (2025-04-26 and later) gives a script besides the language: modules std and os, a few globals.
// Only what the agent may use is declared; std.popen and std.system take a shell string and are left out on purpose.

declare module 'std' {
  /** A C FILE. Text is UTF-8; bytes that are not become U+FFFD. */
  export interface File {
    /** 0, or a negative errno. */
    close(): number;
    puts(...text: unknown[]): void;
    flush(): void;
    /** The next line without its newline, or null at the end. */
    getline(): string | null;
    /** The rest of the file, or at most `max` bytes of it. */
    readAsString(max?: number): string;
    read(buffer: ArrayBuffer, position: number, length: number): number;
    write(buffer: ArrayBuffer, position: number, length: number): number;
    seek(offset: number, whence: number): number;
    tell(): number;
    eof(): boolean;
    error(): boolean;
    fileno(): number;
  }

  const standardInput: File;
  const standardOutput: File;
  const standardError: File;
  export { standardInput as in, standardOutput as out, standardError as err };

  export const SEEK_SET: number;
  export const SEEK_CUR: number;
  export const SEEK_END: number;

  /** Holds errno numbers; never thrown by the functions below, which answer null or a negative errno. */
  const errorNumbers: Readonly<Record<'EINVAL' | 'EIO' | 'EACCES' | 'EEXIST' | 'ENOSPC' | 'ENOSYS' | 'EBUSY' | 'ENOENT' | 'EPERM' | 'EPIPE' | 'EBADF', number>>;
  export { errorNumbers as Error };

  export function exit(code: number): never;
  export function getenv(name: string): string | undefined;
  export function getenviron(): Record<string, string>;
  export function setenv(name: string, value: string): void;
  export function unsetenv(name: string): void;
  /** Asks for the size first, so files under /proc come back empty: use `open` there. null when unreadable. */
  export function loadFile(path: string): string | null;
  /** `flags` as in fopen(3). null on failure; `errorObj.errno` then says why. */
  export function open(path: string, flags: string, errorObj?: { errno?: number }): File | null;
  /** Takes over the descriptor: closing the File closes it. */
  export function fdopen(fd: number, flags: string, errorObj?: { errno?: number }): File | null;
  export function tmpfile(errorObj?: { errno?: number }): File | null;
  export function strerror(errno: number): string;
  export function gc(): void;
}

declare module 'os' {
  /** Unless said otherwise, a result is ≥ 0, or a negative errno. */
  export function open(path: string, flags: number, mode?: number): number;
  export function close(fd: number): number;
  export function seek(fd: number, offset: number, whence: number): number;
  export function read(fd: number, buffer: ArrayBuffer, offset: number, length: number): number;
  export function write(fd: number, buffer: ArrayBuffer, offset: number, length: number): number;
  export function isatty(fd: number): boolean;
  export function remove(path: string): number;
  export function rename(from: string, to: string): number;
  export function mkdir(path: string, mode?: number): number;
  export function symlink(target: string, path: string): number;
  export function chdir(path: string): number;
  export function utimes(path: string, atimeMs: number, mtimeMs: number): number;

  /** [value, errno]: errno is 0 on success (and positive on failure, unlike the results above). */
  export function readlink(path: string): [target: string, errno: number];
  export function realpath(path: string): [path: string, errno: number];
  export function getcwd(): [path: string, errno: number];
  /** `.` and `..` are among the names. */
  export function readdir(path: string): [names: string[], errno: number];
  export function stat(path: string): [facts: Stat | null, errno: number];
  export function lstat(path: string): [facts: Stat | null, errno: number];

  export interface Stat {
    dev: number;
    ino: number;
    mode: number;
    nlink: number;
    uid: number;
    gid: number;
    rdev: number;
    size: number;
    blocks: number;
    /** Milliseconds since the epoch. */
    atime: number;
    mtime: number;
    ctime: number;
  }

  export interface ExecOptions {
    /** Default true: waits and returns the exit code (or minus the signal). A pipe on stdout then deadlocks once it is full. */
    block?: boolean;
    /** Default true: looks in PATH. */
    usePath?: boolean;
    /** The program, when it is not argv[0]. */
    file?: string;
    cwd?: string;
    stdin?: number;
    stdout?: number;
    stderr?: number;
    /** The child's whole environment. */
    env?: Record<string, string>;
    uid?: number;
    gid?: number;
  }
  /** With `block: false` the child's pid. Descriptors above 2 are closed in the child; a missing program exits with 127. */
  export function exec(argv: string[], options?: ExecOptions): number;
  /** `status` is raw: the exit code is `(status >> 8) & 255`, the signal `status & 127`. pid is 0 while WNOHANG finds it running. */
  export function waitpid(pid: number, options: number): [pid: number, status: number];
  export function getpid(): number;
  export function kill(pid: number, signal: number): number;
  export function pipe(): [read: number, write: number] | null;
  export function dup(fd: number): number;
  export function dup2(from: number, to: number): number;

  /** null restores the default action; undefined ignores the signal. */
  export function signal(signal: number, handler: (() => void) | null | undefined): void;
  /** Milliseconds of a monotonic clock with an undefined start. */
  export function now(): number;
  /** Blocks. */
  export function sleep(ms: number): number;
  export function sleepAsync(ms: number): Promise<void>;

  export interface Timer {
    readonly __timer: unique symbol;
  }
  export function setTimeout(callback: () => void, ms: number): Timer;
  export function clearTimeout(timer: Timer): void;
  export function setReadHandler(fd: number, handler: (() => void) | null): void;

  export const WNOHANG: number;
  export const O_RDONLY: number;
  export const O_WRONLY: number;
  export const O_RDWR: number;
  export const O_APPEND: number;
  export const O_CREAT: number;
  export const O_EXCL: number;
  export const O_TRUNC: number;
  export const S_IFMT: number;
  export const S_IFREG: number;
  export const S_IFDIR: number;
  export const S_IFLNK: number;
  export const SIGINT: number;
  export const SIGTERM: number;
  export const SIGQUIT: number;
  export const SIGPIPE: number;
  export const SIGALRM: number;
  export const SIGCHLD: number;
  export const SIGUSR1: number;
  export const SIGUSR2: number;
  export const platform: string;
}

/** The script's path as it was called, then its arguments. */
declare const scriptArgs: readonly string[];
declare const console: { log(...values: unknown[]): void };
declare const performance: { now(): number };

// The port: everything the agent can do to the system, and nothing else touches it. quickjs.ts implements it.

/**
 * Outcome of one command. `exit` is the exit code, -1 when it could not be started, or -SIGNAL when a signal ended it
 * (-9 also when it ran past its time). stdout and stderr are decoded as UTF-8.
 */
export type CommandResult = { argv: readonly string[]; exit: number; stdout: string; stderr: string };

/** What os.stat tells, as far as we look. `mtimeMs` is wall clock, `inode` changes with each uci commit, `mode` is the permission bits. */
export type FileFacts = { kind: 'file' | 'directory' | 'other'; size: number; inode: number; mtimeMs: number; mode: number };

/** A file operation that failed: the path and errno's text. */
export type FileError = { path: string; reason: string };

/**
 * The system port. Every call is synchronous: a run is a short process of its own.
 * Expected failures are values; only a fault in our own code throws.
 */
export interface System {
  /**
   * Runs argv[0] from PATH without a shell. `stdin` travels through an unlinked 0600 file, so it may be long and hold
   * secrets; stdout and stderr come back through files, so no pipe can fill up.
   */
  run(argv: readonly string[], stdin?: string): CommandResult;
  /**
   * Starts argv[0] from PATH without a shell and does not wait: nothing on its stdin, its output thrown away; `gid` as nft knows
   * a link's own packets by it. Its pid, undefined where it could not be started.
   */
  spawn(argv: readonly string[], gid?: number): number | undefined;
  /** Does a process that was spawned here still run? */
  isRunning(pid: number): boolean;
  /** SIGTERM, and after a moment SIGKILL. */
  endProcess(pid: number): void;
  /** From now on we and what we start go on when a terminal is interrupted or hangs up. */
  detach(): void;
  /** Whole text of a file, also under /proc and /sys; undefined when it can't be read. At most 1 MiB. */
  readFile(path: string): string | undefined;
  /** Replaces a file atomically (a new file beside it, then rename). */
  writeFile(path: string, text: string, mode: number): FileError | undefined;
  /** Writes into an existing file of /proc/sys, in place. */
  writeSetting(path: string, text: string): FileError | undefined;
  /** Byte for byte, atomically, mode given: for files whose text we must not judge. */
  copyFile(from: string, to: string, mode: number): FileError | undefined;
  /** Adds to the end of a file, which is made where it is missing. Other processes may do so at the same time. */
  appendFile(path: string, text: string, mode: number): FileError | undefined;
  /** Whole content of a file as bytes; undefined when it can't be read. At most 1 MiB. */
  readBytes(path: string): Uint8Array<ArrayBuffer> | undefined;
  /** As writeFile, for bytes. */
  writeBytes(path: string, bytes: Uint8Array<ArrayBuffer>, mode: number): FileError | undefined;
  /** Writes bytes into an existing file, in place. */
  writeAt(path: string, offset: number, bytes: Uint8Array<ArrayBuffer>): FileError | undefined;
  /** Removes a file; a missing one is no error. */
  removeFile(path: string): FileError | undefined;
  /** Creates a directory with its parents. */
  makeDirectory(path: string, mode: number): FileError | undefined;
  /** Names in a directory, sorted, without . and ..; empty when it does not exist. */
  listDirectory(path: string): string[];
  stat(path: string): FileFacts | undefined;
  /** Creates a symbolic link; false when the name is taken. Atomic, which is what the lock stands on. */
  createLink(target: string, path: string): boolean;
  readLink(path: string): string | undefined;
  rename(from: string, to: string): FileError | undefined;
  /** Own process id. */
  readonly pid: number;
  /** CLOCK_MONOTONIC in milliseconds. */
  nowMs(): number;
  /** The clock on the wall in milliseconds since 1970. Before NTP has set it, it may be years off; and it jumps. */
  wallMs(): number;
  sleepMs(ms: number): void;
  /** All of standard input, for rpcd. */
  readStdin(): string;
  print(text: string): void;
  printError(text: string): void;
}

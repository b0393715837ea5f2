// The port of the program that stays: time, signals, and programs that go on beside it. quickjs-loop.ts implements it.

export type Timer = { cancel(): void };

/** A program that goes on. `kill` sends it SIGTERM; its end is told all the same. */
export type Child = { readonly pid: number; kill(): void };

export type ChildOptions = {
  /** Group id of the process, by which nft knows its packets. */
  gid?: number;
  /** Added to our own environment. */
  environment?: Record<string, string>;
  /** A line of stdout without its newline, bytes as Latin-1. Stderr is thrown away. */
  onLine: (line: string) => void;
  /** Exit code, or -SIGNAL; -1 where it could not be started. */
  onEnd: (exit: number) => void;
};

export type SignalName = 'TERM' | 'INT' | 'USR1';

/** What the event loop of a resident process gives. Nothing in it blocks. */
export interface Loop {
  after(ms: number, then: () => void): Timer;
  /** Starts argv[0] from PATH without a shell. */
  start(argv: readonly string[], options: ChildOptions): Child;
  onSignal(name: SignalName, then: () => void): void;
}

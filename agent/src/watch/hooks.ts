// The user's own programs: each event of the timeline is told to every one of them, in order, one at a time.
import type { TimelineEvent } from '../contract/index.ts';
import type { Child, Loop } from '../loop.ts';
import type { System } from '../system.ts';

/** Kept through an upgrade, and never written by us. */
export const HOOKS_DIRECTORY = '/etc/multidial/hooks.d';
/** Whoever takes longer is ended, or the next event would never be told. */
const LIMIT_MS = 30_000;
/** What waits beyond that is left out: a program that is too slow must not fill the memory. */
const MOST_WAITING = 64;

const EXECUTABLE = 0o111;

/** Names as run-parts has them: no backup and no package manager's leftover is run. */
const isProgramName = (name: string): boolean => /^[A-Za-z0-9_-]+$/.test(name);

/** `MULTIDIAL_EVENT`, `MULTIDIAL_LINK`, and each detail as `MULTIDIAL_NAME`. */
export function toEnvironment({ kind, link, at, details = {} }: TimelineEvent): Record<string, string> {
  const entries = Object.entries(details).flatMap(([name, value]): [string, string][] =>
    /^[a-zA-Z][a-zA-Z0-9_]*$/.test(name) ? [[`MULTIDIAL_${name.toUpperCase()}`, String(value).replaceAll('\0', '')]] : [],
  );
  return { ...Object.fromEntries(entries), MULTIDIAL_EVENT: kind, MULTIDIAL_LINK: link ?? '', MULTIDIAL_TIME: `${at}` };
}

export class Hooks {
  #system: System;
  #loop: Loop;
  #waiting: { path: string; environment: Record<string, string> }[] = [];
  #child: Child | undefined;

  constructor(system: System, loop: Loop) {
    this.#system = system;
    this.#loop = loop;
  }

  tell(event: TimelineEvent): void {
    const environment = toEnvironment(event);
    for (const path of this.#programs()) if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ path, environment });
    this.#next();
  }

  #programs(): string[] {
    const isProgram = (path: string): boolean => {
      const facts = this.#system.stat(path);
      return facts?.kind === 'file' && (facts.mode & EXECUTABLE) !== 0;
    };
    return this.#system
      .listDirectory(HOOKS_DIRECTORY)
      .filter(isProgramName)
      .map((name) => `${HOOKS_DIRECTORY}/${name}`)
      .filter(isProgram);
  }

  #next(): void {
    if (this.#child) return;
    const due = this.#waiting.shift();
    if (!due) return;
    const limit = this.#loop.after(LIMIT_MS, () => this.#child?.kill());
    this.#child = this.#loop.start([due.path], {
      environment: due.environment,
      onLine: () => {},
      onEnd: () => {
        limit.cancel();
        this.#child = undefined;
        this.#next();
      },
    });
  }
}

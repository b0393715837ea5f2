// One run at a time: a lock that a killed holder can't leave behind, without flock, which QuickJS has not.
import { RUN_DIRECTORY, SCRATCH } from './owned.ts';
import { identityOf, livingPid } from './process.ts';
import type { System } from './system.ts';

// The lock is a row of symbolic links lock.1, lock.2, …, each naming its maker. The highest one counts. Whoever finds
// its maker dead, or released, makes the next one; creating a link is atomic, so one contender wins. Numbers only grow,
// which is what keeps a slow contender from taking a lock that changed hands meanwhile.
const PREFIX = 'lock.';
const RELEASED = 'released';
/** So long an event waits for an orphan. */
const ORPHAN_MS = 15_000;
const FRESH_MARK = `${RUN_DIRECTORY}/look-again`;

export type Lock = { release: () => void };
/**
 * `pid` is undefined where nobody holds it, but none can be made: no room for a link. An orphan is a command of a holder
 * that was killed, still at work.
 */
export type Held = { pid: number | undefined; isOrphan?: true };

function holderOf(system: System, path: string): Held | undefined {
  const pid = livingPid(system, system.readLink(path) ?? RELEASED);
  return pid === undefined ? undefined : { pid };
}

/** uci and ip go on when the run that started them is killed. They are known by their stderr, its scratch file. */
function orphanOf(system: System, path: string): Held | undefined {
  const [pid, startTime] = (system.readLink(path) ?? RELEASED).split('.');
  if (startTime === undefined) return undefined;
  const isOrphan = (name: string): boolean => /^\d+$/.test(name) && system.readLink(`/proc/${name}/fd/2`)?.includes(`/${SCRATCH}${pid}-`) === true;
  const orphan = system.listDirectory('/proc').find(isOrphan);
  return orphan === undefined ? undefined : { pid: Number(orphan), isOrphan: true };
}

function numbers(system: System): number[] {
  return system
    .listDirectory(RUN_DIRECTORY)
    .filter((name) => name.startsWith(PREFIX) && /^\d+$/.test(name.slice(PREFIX.length)))
    .map((name) => Number(name.slice(PREFIX.length)))
    .sort((a, b) => a - b);
}

const pathOf = (number: number): string => `${RUN_DIRECTORY}/${PREFIX}${number}`;

/** Takes the lock, or says who holds it. */
export function tryLock(system: System): Lock | Held {
  for (;;) {
    const highest = numbers(system).at(-1) ?? 0;
    const holder = highest ? (holderOf(system, pathOf(highest)) ?? orphanOf(system, pathOf(highest))) : undefined;
    if (holder) return holder;
    const mine = highest + 1;
    if (!system.createLink(identityOf(system, system.pid), pathOf(mine))) {
      if ((numbers(system).at(-1) ?? 0) < mine) return { pid: undefined };
      continue;
    }
    const later = numbers(system).at(-1) ?? 0;
    if (later > mine) {
      system.removeFile(pathOf(mine)); // we looked long ago: the lock has moved on
      continue;
    }
    for (const old of numbers(system)) if (old < mine) system.removeFile(pathOf(old));
    return { release: () => release(system, mine) };
  }
}

/** The link stays, saying that nobody holds it, so that numbers keep growing. */
function release(system: System, mine: number): void {
  const released = `${RUN_DIRECTORY}/.${RELEASED}-${system.pid}`;
  system.removeFile(released);
  if (system.createLink(RELEASED, released)) system.rename(released, pathOf(mine));
}

export const isHeld = (result: Lock | Held): result is Held => 'pid' in result;

/** Waits for the lock at most `waitMs`. */
export function waitLock(system: System, waitMs: number): Lock | Held {
  const deadline = system.nowMs() + waitMs;
  for (;;) {
    const result = tryLock(system);
    if (!isHeld(result) || result.pid === undefined || system.nowMs() > deadline) return result;
    system.sleepMs(50);
  }
}

/**
 * Runs `look` for an event: at once, or by whoever runs now, once more, after this run. However many events come
 * during a run, one more run follows. The mark is set before the lock is tried and looked for after it is released,
 * so no event falls between.
 */
export function coalesce(system: System, look: () => void): void {
  const deadline = system.nowMs() + ORPHAN_MS;
  system.writeFile(FRESH_MARK, '', 0o600);
  while (system.stat(FRESH_MARK)) {
    const lock = tryLock(system);
    if (isHeld(lock)) {
      if (!lock.isOrphan || system.nowMs() > deadline) return;
      system.sleepMs(50); // an orphan will not look again
      continue;
    }
    try {
      while (system.stat(FRESH_MARK)) {
        system.removeFile(FRESH_MARK);
        look();
      }
    } finally {
      lock.release();
    }
  }
}

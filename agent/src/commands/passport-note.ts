// The note of a passport in RAM: written by whoever makes it, read by whoever asks how it goes on.
import type { PassportStatus } from '../contract/index.ts';
import { RUN_DIRECTORY } from '../owned.ts';
import { livingPid } from '../process.ts';
import type { System } from '../system.ts';

/** What was asked for. The URL may hold a password, so it stands here and in no argument of ours. */
export type Request = { line: string; most: number; url?: string /** Who waits for it: without him it stops. */; follower?: string };

/** `by` makes it: without him it goes on no more. */
export type Note = { by: string; request: Request; status: Omit<PassportStatus, 'atMs'> };

const FILE = `${RUN_DIRECTORY}/passport`;
const STOP = `${RUN_DIRECTORY}/passport.stop`;

export const writeNote = (system: System, note: Note): void => void system.writeFile(FILE, JSON.stringify(note), 0o600);

/** Undefined where there is none, or it was cut off by a full RAM disk. */
export function readNote(system: System): Note | undefined {
  try {
    return JSON.parse(system.readFile(FILE) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** Pid of whoever makes one now. */
export function makerOf(system: System, note: Note | undefined): number | undefined {
  return note?.status.state === 'running' ? livingPid(system, note.by) : undefined;
}

/** Named is whoever makes one now, so it means nothing to whoever makes the next. */
export const askToStop = (system: System, { by }: Note): void => void system.writeFile(STOP, by, 0o600);

export const isAskedToStop = (system: System, by: string): boolean => system.readFile(STOP) === by;

/** How far it is, or how it ended. */
export function readPassport(system: System): PassportStatus {
  const note = readNote(system);
  const atMs = Math.round(system.nowMs());
  if (!note) return { state: 'none', atMs, steps: [], problems: [] };
  if (note.status.state !== 'running' || makerOf(system, note) !== undefined) return { ...note.status, atMs };
  const { line } = note.request;
  return {
    ...note.status,
    state: 'interrupted',
    atMs,
    problems: [...note.status.problems, { code: 'passport_interrupted', severity: 'warning', details: { line } }],
  };
}

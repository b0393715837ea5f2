// `passport`: starts one in the background, and for a person follows it to its end.
import { MAX_SESSIONS, SECTION } from '../contract/index.ts';
import type { PassportStatus, Problem } from '../contract/index.ts';
import { identityOf } from '../process.ts';
import { readConfig } from '../reconcile.ts';
import type { System } from '../system.ts';
import { invalidArgument } from './arguments.ts';
import { dialedLines, lineMissing } from './passport-dial.ts';
import { askToStop, makerOf, readNote, readPassport, writeNote } from './passport-note.ts';
import type { Request } from './passport-note.ts';
import { applyConfig } from './run.ts';

/** So many sessions are tried where nobody says otherwise and no more are configured. */
const MOST = 4;
const URL = /^https?:\/\/[!-~]{1,500}$/;
const WORKER = ['/usr/sbin/multidial', 'passport-run'];
const LOOK_MS = 500;

const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null;
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_SESSIONS;

/** The arguments may be anything. */
function readRequest(system: System, { line, sessions, url }: Record<string, unknown>): Request | Problem {
  if (typeof line !== 'string' || !SECTION.test(line)) return invalidArgument('line', 'the name of a line');
  if (!isAbsent(sessions) && !isCount(sessions)) return invalidArgument('sessions', `a number from 1 to ${MAX_SESSIONS}`);
  if (!isAbsent(url) && !(typeof url === 'string' && URL.test(url))) return invalidArgument('url', 'http:// or https:// and a file to download');
  const lines = dialedLines(readConfig(system).config);
  const asked = lines.find(({ name }) => name === line);
  if (!asked) return lineMissing(line, lines);
  return { line, most: sessions ?? Math.max(MOST, asked.sessions), ...(isAbsent(url) ? {} : { url }) };
}

/** Starts it and returns at once. With `follower` it stops when that process is gone. */
export function startPassport(system: System, args: Record<string, unknown>, follower?: string): PassportStatus | Problem {
  const request = readRequest(system, args);
  if ('code' in request) return request;
  const old = readNote(system);
  const maker = makerOf(system, old);
  if (maker !== undefined) return { code: 'passport_running', severity: 'error', details: { line: old?.request.line ?? '', pid: maker } };
  const pid = system.spawn(WORKER);
  if (pid === undefined)
    return { code: 'command_failed', severity: 'error', details: { command: WORKER.join(' '), exit: -1, stderr: 'it could not be started' } };
  // It waits until it finds itself named here.
  writeNote(system, {
    by: identityOf(system, pid),
    request: { ...request, ...(follower === undefined ? {} : { follower }) },
    status: { state: 'running', line: request.line, startedMs: Math.round(system.nowMs()), steps: [], problems: [] },
  });
  return readPassport(system);
}

/** Lets the one that is being made stop within seconds, and put its line back. Where none is, nothing is to be done. */
export function stopPassport(system: System): PassportStatus {
  const note = readNote(system);
  if (note && makerOf(system, note) !== undefined) askToStop(system, note);
  return readPassport(system);
}

/** Starts it and tells each step, until it is over. Where it was killed the line is put back at once. */
export function followPassport(system: System, args: Record<string, unknown>, tell: (sentence: string) => void): PassportStatus | Problem {
  const started = startPassport(system, args, identityOf(system, system.pid));
  if ('code' in started) return started;
  const maker = makerOf(system, readNote(system));
  const told: string[] = [];
  for (;;) {
    if (maker !== undefined) system.isRunning(maker); // whoever has a child must ask, or its end is not noticed
    const status = readPassport(system);
    for (const [at, { text }] of status.steps.entries()) {
      if (told[at] !== text) tell(text);
      told[at] = text;
    }
    if (status.state === 'interrupted') applyConfig(system);
    if (status.state !== 'running') return status;
    system.sleepMs(LOOK_MS);
  }
}

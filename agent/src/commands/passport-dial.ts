// Dials some sessions of a line and no others for a while, and waits for what comes of it. A trial file says how to put it back.
import type { Config, Line } from '../config/parse.ts';
import type { Problem } from '../contract/index.ts';
import { readPackages } from '../observe/files.ts';
import { parseDump } from '../observe/netifd.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import { DUMP } from '../observe/observe.ts';
import { beginWait, judge, toSeen } from '../passport/judge.ts';
import type { Outcome } from '../passport/steps.ts';
import { linkName } from '../plan/sections.ts';
import { identityOf } from '../process.ts';
import { reconcile } from '../reconcile.ts';
import type { System } from '../system.ts';
import { leaveTrial, livingTrial, tellInterface, writeTrial } from '../trial.ts';
import type { Trial } from '../trial.ts';
import { applyConfig, locked, refused } from './run.ts';

const LOOK_MS = 1000;
const TRIES = 5;
const REST_MS = 8000;
/** So long links that were up before may take to come back. */
const BACK_MS = 40_000;

/** One session by its number, from 1. */
export type Session = { number: number; link: string; interface: string };

/** A step could not be made, for these reasons. */
export class Failed extends Error {
  readonly problems: Problem[];
  constructor(problems: Problem[]) {
    super('failed');
    this.problems = problems;
  }
}

/** A router that is busy may not answer at once; that says nothing of its sessions. */
export function readInterfaces(system: System): NetifdInterface[] {
  for (let more = TRIES; ; more--) {
    const { argv, exit, stdout, stderr } = system.run(DUMP);
    const interfaces = exit === 0 ? parseDump(stdout) : undefined;
    if (interfaces) return interfaces;
    if (more === 0)
      throw new Failed([{ code: 'command_failed', severity: 'error', details: { command: argv.join(' '), exit, stderr: stderr.trim().slice(0, 400) } }]);
    system.sleepMs(LOOK_MS);
  }
}

const sessionOf = (line: Line, number: number): Session => {
  const link = linkName(line.name, number);
  return { number, link, interface: number === 1 ? (line.adopt ?? link) : link };
};

/** Lines that can be tried. */
export const dialedLines = (config: Config): Line[] =>
  config.enabled && !config.broken ? config.lines.filter(({ name, disabled }) => !disabled && !config.frozen.includes(name)) : [];

export const lineMissing = (name: string, lines: readonly Line[]): Problem => ({
  code: 'line_missing',
  severity: 'error',
  details: { name, lines: lines.map((line) => line.name).join(', ') || 'none' },
});

export const sessionsOf = (line: Line, count: number): Session[] => Array.from({ length: count }, (_, at) => sessionOf(line, at + 1));

export class Dialer {
  #system: System;
  #line: Line;
  #isOver: () => boolean;
  #trial: Trial;

  constructor(system: System, line: Line, isOver: () => boolean) {
    this.#system = system;
    this.#line = line;
    this.#isOver = isOver;
    this.#trial = { by: identityOf(system, system.pid), line: line.name, sessions: line.sessions, down: [], children: [] };
  }

  /** One trial at a time, under the lock. Empty where it is ours now. */
  claim(): Problem[] {
    return locked(this.#system, () => {
      const other = livingTrial(this.#system);
      if (other)
        return refused(this.#system, { code: 'passport_running', severity: 'error', details: { line: other.line, pid: Number(other.by.split('.')[0]) } });
      const failed = writeTrial(this.#system, this.#trial);
      return failed ? refused(this.#system, { code: 'write_failed', severity: 'error', details: { ...failed } }) : { ...refused(this.#system), ok: true };
    }).problems;
  }

  /** Those of these that are up now. */
  up(sessions: readonly Session[]): Session[] {
    const seen = toSeen(sessions, readInterfaces(this.#system));
    return sessions.filter((_, at) => seen[at]?.isUp);
  }

  /** Lets just these be dialed. Sections of links that are configured stay: what is not wanted of them is told to stay down. */
  dial(wanted: readonly Session[]): void {
    const sessions = Math.max(this.#line.sessions, ...wanted.map(({ number }) => number));
    const idle = sessionsOf(this.#line, sessions).flatMap(({ number, interface: name }) => (wanted.some((one) => one.number === number) ? [] : [name]));
    const { sessions: before, down } = this.#trial;
    // Noted first: whoever finds us dead dials all of them.
    this.#note({ sessions, down: [...new Set([...down, ...idle])] });
    if (sessions !== before) this.#derive(sessions);
    for (const name of idle) if (!down.includes(name)) tellInterface(this.#system, name, 'down');
    for (const name of down) if (!idle.includes(name)) tellInterface(this.#system, name, 'up');
    this.#note({ down: idle });
  }

  /** A run with that number of sessions; failed when network does not hold just them afterwards. */
  #derive(sessions: number): void {
    const run = locked(this.#system, () => reconcile(this.#system, 'all'));
    const { network } = readPackages(this.#system).packages;
    const has = ({ interface: name }: Session): boolean => network.some((section) => section.type === 'interface' && section.name === name);
    const [beyond] = sessionsOf(this.#line, sessions + 1).slice(-1);
    if (sessionsOf(this.#line, sessions).every(has) && !(beyond && has(beyond))) return;
    const errors = run.problems.filter(({ severity }) => severity === 'error');
    throw new Failed(errors.length ? errors : [{ code: 'unsettled', severity: 'error' }]);
  }

  /** Nobody is dialed for some seconds: netifd forgets interfaces that were taken away, and a provider sessions that were. */
  rest(): void {
    this.dial([]);
    const endMs = this.#system.nowMs() + REST_MS;
    while (this.#system.nowMs() < endMs && !this.#isOver()) this.#system.sleepMs(LOOK_MS);
  }

  await(wanted: readonly Session[]): Outcome {
    const look = (): ReturnType<typeof toSeen> => toSeen(wanted, readInterfaces(this.#system));
    let seen = look();
    let wait = beginWait(seen, this.#system.nowMs());
    for (;;) {
      const judged = judge(wait, seen, this.#system.nowMs());
      if (judged.outcome) return judged.outcome;
      wait = judged.wait;
      this.#system.sleepMs(LOOK_MS);
      if (this.#isOver()) return { kind: 'stopped' };
      seen = look();
    }
  }

  /** Programs that are to end with the trial. */
  hold(pids: readonly number[]): void {
    this.#note({ children: pids.map((pid) => identityOf(this.#system, pid)) });
  }

  /** Without a note nothing may be tried: nobody would know what to put back. */
  #note(change: Partial<Trial>): void {
    this.#trial = { ...this.#trial, ...change };
    const failed = writeTrial(this.#system, this.#trial);
    if (failed) throw new Failed([{ code: 'write_failed', severity: 'error', details: { ...failed } }]);
  }

  /** Back to the configuration, all of it dialed. Faults of single sections were there before. */
  leave(): Problem[] {
    leaveTrial(this.#system, this.#trial);
    return applyConfig(this.#system).problems.filter(({ severity, section }) => severity === 'error' && section === undefined);
  }

  /** Of the configured ones those that are up; none where netifd does not answer. */
  #count(): number {
    try {
      return this.up(sessionsOf(this.#line, this.#line.sessions)).length;
    } catch (error) {
      if (error instanceof Failed) return 0;
      throw error;
    }
  }

  /** Waits until as many as before are up; false where they are not. */
  isBack(count: number): boolean {
    const endMs = this.#system.nowMs() + BACK_MS;
    for (;;) {
      if (this.#count() >= count) return true;
      if (this.#system.nowMs() >= endMs || this.#isOver()) return false;
      this.#system.sleepMs(LOOK_MS);
    }
  }
}

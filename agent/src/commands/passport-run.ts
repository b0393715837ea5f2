// Makes a passport, in the background: step by step, each noted for whoever asks, and the line is put back whatever happens.
import type { Config, Line } from '../config/parse.ts';
import { toNote } from '../contract/index.ts';
import type { PassportLink, PassportStatus, PassportStep, Problem } from '../contract/index.ts';
import { readDevice, readPackages } from '../observe/files.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import { conclude, speedNote } from '../passport/conclude.ts';
import type { Facts } from '../passport/conclude.ts';
import { describeBegin, describeEnd } from '../passport/progress.ts';
import { nextStep } from '../passport/steps.ts';
import type { Done, Outcome, Step } from '../passport/steps.ts';
import { planLinks } from '../plan/members.ts';
import { linkName } from '../plan/sections.ts';
import { identityOf, livingPid } from '../process.ts';
import { readConfig } from '../reconcile.ts';
import type { System } from '../system.ts';
import { dialedLines, Dialer, Failed, lineMissing, readInterfaces, sessionsOf } from './passport-dial.ts';
import type { Session } from './passport-dial.ts';
import { isAskedToStop, readNote, writeNote } from './passport-note.ts';
import type { Request } from './passport-note.ts';
import { measureSpeeds } from './passport-speed.ts';

/** So long the one who started us takes to say what is asked for. */
const NAMED_MS = 5000;

function toPassportLink(system: System, { link, interface: name }: Session, interfaces: readonly NetifdInterface[]): PassportLink {
  const device = interfaces.find((entry) => entry.name === name)?.l3Device;
  const mtu = device === undefined ? undefined : readDevice(system, device)?.mtu;
  const same = device === undefined ? [] : interfaces.filter((entry) => entry.l3Device === device);
  const hasAddress = same.some(({ ipv6 }) => ipv6.some((address) => !address.toLowerCase().startsWith('fe80')));
  const ipv6 = same.some(({ prefixes6 }) => prefixes6?.length) ? 'prefix' : hasAddress ? 'address' : 'none';
  return { link, ...(mtu === undefined ? {} : { mtu }), ipv6 };
}

class Passport {
  #system: System;
  #me: string;
  #request: Request;
  #line: Line;
  #ownAccounts: string[];
  #dialer: Dialer;
  #status: Omit<PassportStatus, 'atMs'>;
  #links: PassportLink[] = [];
  #speeds: Facts['speeds'] = { without: 'url' };

  constructor(system: System, request: Request, config: Config, line: Line) {
    this.#system = system;
    this.#me = identityOf(system, system.pid);
    this.#request = request;
    this.#line = line;
    this.#ownAccounts = config.links.filter(({ username }) => username !== undefined).map(({ name }) => name);
    this.#dialer = new Dialer(system, line, () => this.#isOver());
    this.#status = { state: 'running', line: line.name, startedMs: Math.round(system.nowMs()), steps: [], problems: [] };
  }

  make(): void {
    const problems = this.#dialer.claim();
    if (problems.length) {
      this.#end('failed', problems);
      return;
    }
    const done: Done[] = [];
    const faults: Problem[] = [];
    let wereUp = 0;
    try {
      wereUp = this.#dialer.up(sessionsOf(this.#line, this.#line.sessions)).length;
      this.#try(wereUp === this.#line.sessions, done);
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      faults.push(...error.problems);
    } finally {
      faults.push(...this.#restore(wereUp));
    }
    const isWhole = faults.length === 0 && done.every(({ outcome }) => outcome.kind !== 'stopped');
    if (isWhole) this.#status.report = conclude(this.#facts(done));
    this.#end(isWhole ? 'done' : 'failed', faults);
  }

  #try(isUp: boolean, done: Done[]): void {
    const second = linkName(this.#line.name, 2);
    const asked = { configured: this.#line.sessions, most: this.#request.most, isUp, measures: this.#request.url !== undefined };
    for (let step = nextStep(asked, done); step; step = nextStep(asked, done)) {
      this.#begin(describeBegin(step, this.#line.name, second));
      // One session instead of another: the provider has to forget the other one first.
      if (step.kind === 'alone' || done.at(-1)?.step.kind === 'alone') this.#dialer.rest();
      const outcome = this.#make(step);
      done.push({ step, outcome });
      const isEmpty = step.kind === 'measure' && outcome.kind === 'accepted' && 'without' in this.#speeds;
      this.#finish(isEmpty ? { ...speedNote(this.#facts(done)), state: 'failed' } : describeEnd(step, outcome, second));
    }
  }

  #facts(done: readonly Done[]): Facts {
    const { name, sessions, ipv6 } = this.#line;
    return { line: name, configured: sessions, ownAccounts: this.#ownAccounts, hasIpv6: ipv6 !== 'off', done, links: this.#links, speeds: this.#speeds };
  }

  #make(step: Step): Outcome {
    if (step.kind === 'measure') return this.#measure(step.sessions);
    const wanted = step.kind === 'alone' ? sessionsOf(this.#line, 2).slice(1) : sessionsOf(this.#line, step.sessions);
    this.#dialer.dial(wanted);
    const outcome = this.#dialer.await(wanted);
    // Somebody took the line away meanwhile: then that is why it fell, and not the provider.
    const lines = dialedLines(readConfig(this.#system).config);
    if (lines.every(({ name }) => name !== this.#line.name)) throw new Failed([lineMissing(this.#line.name, lines)]);
    if (outcome.kind === 'accepted' && step.kind !== 'alone') {
      const interfaces = readInterfaces(this.#system);
      this.#links = wanted.map((session) => toPassportLink(this.#system, session, interfaces));
    }
    return outcome;
  }

  #measure(count: number): Outcome {
    const interfaces = readInterfaces(this.#system);
    const { links } = planLinks(readConfig(this.#system).config, readPackages(this.#system).packages.network);
    const measured = sessionsOf(this.#line, count).flatMap(({ link, interface: name }) => {
      const [slot, device] = [links.find((other) => other.name === link)?.slot, interfaces.find((entry) => entry.name === name)?.l3Device];
      return slot === undefined || device === undefined ? [] : [{ link, slot, device }];
    });
    const ways = { hold: (pids: readonly number[]) => this.#dialer.hold(pids), isOver: () => this.#isOver() };
    const speeds = measureSpeeds(this.#system, measured, this.#request.url ?? '', ways);
    if (!speeds) return { kind: 'stopped' };
    this.#speeds = speeds;
    return { kind: 'accepted' };
  }

  /** It was told to stop, or whoever waited for it is gone: Ctrl-C, or a terminal that hung up. */
  #isOver(): boolean {
    const { follower } = this.#request;
    if (isAskedToStop(this.#system, this.#me)) return true;
    return follower !== undefined && livingPid(this.#system, follower) === undefined;
  }

  #restore(wereUp: number): Problem[] {
    const details = { line: this.#line.name };
    this.#begin({ ...toNote('restoring', details), state: 'running' });
    const problems = this.#dialer.leave();
    const isBack = this.#dialer.isBack(wereUp);
    this.#finish({ ...toNote(isBack ? 'restored' : 'restored_late', details), state: isBack ? 'done' : 'failed' });
    return problems;
  }

  #begin(step: PassportStep): void {
    this.#status.steps.push(step);
    this.#publish();
  }

  #finish(step: PassportStep): void {
    this.#status.steps[this.#status.steps.length - 1] = step;
    this.#publish();
  }

  #end(state: 'done' | 'failed', problems: Problem[]): void {
    this.#status = { ...this.#status, state, problems };
    this.#publish();
  }

  #publish(): void {
    writeNote(this.#system, { by: this.#me, request: this.#request, status: this.#status });
  }
}

/** Waits until it is said who we are and what is asked for. */
function readRequest(system: System): Request | undefined {
  const me = identityOf(system, system.pid);
  for (const endMs = system.nowMs() + NAMED_MS; system.nowMs() < endMs; system.sleepMs(50)) {
    const note = readNote(system);
    if (note?.by === me) return note.request;
  }
  return undefined;
}

/** What `passport` starts in the background. Without somebody who asked for it, nothing is done. */
export function runPassport(system: System): void {
  system.detach();
  const request = readRequest(system);
  const { config } = readConfig(system);
  const line = config.lines.find(({ name }) => name === request?.line);
  if (request && line) new Passport(system, request, config, line).make();
}

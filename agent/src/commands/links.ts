// What a person does to one link: dial it anew, give it a rest, drain it.
import type { NewEvent, Problem, RunResult } from '../contract/index.ts';
import { appendEvent } from '../events.ts';
import { readPackages } from '../observe/files.ts';
import { planLinks } from '../plan/members.ts';
import type { Link } from '../plan/members.ts';
import { readConfig, reconcile } from '../reconcile.ts';
import type { System } from '../system.ts';
import { readHeld, readResting, watcherPid, writeHeld, writeResting } from '../watched.ts';
import type { Rest } from '../watched.ts';
import { locked, refused } from './run.ts';

/** A drain ends by then at the latest, unless its caller says otherwise. */
const DRAIN_S = 600;
export const MAX_DRAIN_S = 86_400;

export const isDrainLimit = (seconds: unknown): seconds is number | undefined =>
  seconds === undefined || (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_DRAIN_S);

const fail = (system: System, code: Problem['code'], details: NonNullable<Problem['details']>): RunResult =>
  refused(system, { code, severity: 'error', details });

function withLink(system: System, name: string, then: (link: Link) => RunResult): RunResult {
  return locked(system, () => {
    const { packages } = readPackages(system);
    const link = planLinks(readConfig(system).config, packages.network).links.find((other) => other.name === name);
    return link ? then(link) : fail(system, 'link_missing', { name: name.slice(0, 32) });
  });
}

function toEvent(link: string, how: Rest | undefined): NewEvent {
  if (!how) return { kind: 'resumed', link };
  return how.kind === 'pause' ? { kind: 'paused', link } : { kind: 'drain_began', link, details: { seconds: Math.round((how.untilMs - how.sinceMs) / 1000) } };
}

function rest(system: System, name: string, how: Rest | undefined): RunResult {
  return withLink(system, name, (link) => {
    const { [link.name]: _, ...others } = readResting(system);
    writeResting(system, how ? { ...others, [link.name]: how } : others);
    appendEvent(system, toEvent(link.name, how));
    return reconcile(system, 'routes');
  });
}

/** No new connections until `resume`; those that it has go on. */
export const pauseLink = (system: System, name: string): RunResult => rest(system, name, { kind: 'pause' });

/** Ends a pause or a drain. */
export const resumeLink = (system: System, name: string): RunResult => rest(system, name, undefined);

/** No new connections, and dialed anew once the old ones are over, at the latest after `limitS`. The watcher sees to it. */
export function drainLink(system: System, name: string, limitS: number = DRAIN_S): RunResult {
  if (watcherPid(system) === undefined) return fail(system, 'watcher_missing', {});
  const sinceMs = Math.round(system.nowMs());
  return rest(system, name, { kind: 'drain', sinceMs, untilMs: sinceMs + limitS * 1000 });
}

/** Hangs up and dials at once. Connections of the link end; a link that was held back for failed dials may try again. */
export function redialLink(system: System, name: string): RunResult {
  return withLink(system, name, (link) => {
    const { [link.name]: _, ...held } = readHeld(system);
    writeHeld(system, held);
    appendEvent(system, { kind: 'redial', link: link.name, details: { reason: 'asked for' } });
    for (const what of ['down', 'up']) {
      const { exit, stderr } = system.run(['ubus', '-t', '10', 'call', `network.interface.${link.interface}`, what]);
      if (exit !== 0) return fail(system, 'command_failed', { command: `ubus call network.interface.${link.interface} ${what}`, exit, stderr: stderr.trim() });
    }
    return { ...refused(system), ok: true, changed: true, system: 1 };
  });
}

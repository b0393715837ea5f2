// The event timeline as the page keeps it: merged from replies, newest first, told by the reader's clock, and filtered.
import type { EventKind, EventsReply, TimelineEvent } from '../../../agent/src/contract/index.ts';

/** `wallS`: when it happened, by the reader's clock: a router learns the time only after its first link is up. */
export type Happening = TimelineEvent & { key: string; wallS: number };

/** Newest first. `atMs`: the agent's clock at the newest reply. */
export type Timeline = { atMs: number; happenings: readonly Happening[] };

export const emptyTimeline: Timeline = { atMs: 0, happenings: [] };

/** The router's clock may be set meanwhile: what was asked for already is asked for again for a while. */
const OVERLAP_S = 120;

/** Arguments for what is new since. */
export function sinceOf({ happenings }: Timeline): { since?: number } {
  const [newest] = happenings;
  return newest ? { since: Math.floor(newest.at) - OVERLAP_S } : {};
}

const keyOf = ({ upMs, kind, link }: TimelineEvent): string => `${upMs} ${kind} ${link ?? ''}`;

/** Adds what a reply tells. An agent's clock that is behind belongs to a router that was started anew: what was known is of before. */
export function merge(known: Timeline, { atMs, events }: EventsReply, nowS: number): Timeline {
  const kept = atMs < known.atMs ? [] : known.happenings;
  const keys = new Set(kept.map(({ key }) => key));
  const fresh = events
    .map((event): Happening => ({ ...event, key: keyOf(event), wallS: nowS - (atMs - event.upMs) / 1000 }))
    .filter(({ key }) => !keys.has(key));
  if (fresh.length === 0) return { atMs, happenings: kept };
  return { atMs, happenings: [...fresh.reverse(), ...kept].sort((a, b) => b.upMs - a.upMs) };
}

/** Kinds as people tell them apart. */
export const topics = {
  dialing: ['dial_failed', 'dial_stopped', 'up', 'down'],
  answers: ['alive', 'dead', 'held', 'released'],
  hands: ['drain_began', 'drain_ended', 'redial', 'paused', 'resumed'],
  service: ['config', 'config_failed', 'started', 'stopped'],
} as const satisfies Record<string, readonly EventKind[]>;
export type Topic = keyof typeof topics;

/** '' is any. `text` is looked for in the sentence, whatever its case. */
export type EventFilter = { link: string; topic: Topic | ''; text: string };
export const everything: EventFilter = { link: '', topic: '', text: '' };

export const isFiltered = ({ link, topic, text }: EventFilter): boolean => link !== '' || topic !== '' || text.trim() !== '';

/**
 * What of it is asked for. An event about no link is about all of them, and is left out where one is asked for. `describe` puts an event
 * into the words that are shown.
 */
export function select(happenings: readonly Happening[], { link, topic, text }: EventFilter, describe: (event: Happening) => string): Happening[] {
  const wanted = text.trim().toLocaleLowerCase();
  const kinds: readonly EventKind[] | undefined = topic === '' ? undefined : topics[topic];
  return happenings.filter(
    (event) =>
      (link === '' || event.link === link) &&
      (kinds === undefined || kinds.includes(event.kind)) &&
      (wanted === '' || describe(event).toLocaleLowerCase().includes(wanted)),
  );
}

/** Links that something is told of or that there are, each once. */
export const linksIn = (happenings: readonly Happening[], names: readonly string[]): string[] =>
  [...new Set([...names, ...happenings.flatMap(({ link }) => link ?? [])])].sort();

/** By shape and colour; the sentence says it. */
export function toneOf(kind: EventKind): 'good' | 'bad' | 'plain' {
  if (['up', 'alive', 'released', 'resumed'].includes(kind)) return 'good';
  return ['dial_failed', 'dial_stopped', 'down', 'dead', 'held', 'config_failed'].includes(kind) ? 'bad' : 'plain';
}

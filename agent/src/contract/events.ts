// What happened, and when: the event timeline, with one English sentence a kind.
import { fill } from './fill.ts';

/**
 * One sentence a kind of event; `{link}` and the names of details are filled in, and what stands in [ ] is left out where a
 * detail that it names was not told.
 */
export const eventSentences = {
  // netifd
  dial_failed: '{link} could not be dialed[: {reason}].',
  dial_stopped: '{link} is not dialed any more[ for {seconds} s][: {reason}].',
  up: '{link} is up[ ({device})].',
  down: '{link} went down[: {reason}].',
  // probes
  alive: '{link} is alive[ in {family}].',
  dead: '{link} is dead[ in {family}][: {reason}].',
  held: '{link} comes and goes, so it is kept out[ until it was alive for {seconds} s].',
  released: '{link} is used again.',
  // by hand or by plan
  drain_began: '{link} gets no new connections and is dialed again when it is idle[, after {seconds} s at the latest].',
  drain_ended: 'The drain of {link} has ended[: {reason}].',
  redial: '{link} is dialed again[: {reason}].',
  paused: '{link} was paused: it gets no new connections.',
  resumed: '{link} was resumed.',
  // multidial itself
  config: 'A configuration was applied[ ({revision})].',
  config_failed: 'A configuration could not be applied as a whole[: {reason}].',
  started: 'The service started[ (multidial {version})].',
  stopped: 'The service stopped[: {reason}].',
} as const;

export type EventKind = keyof typeof eventSentences;
export const eventKinds = /* @__PURE__ */ Object.keys(eventSentences) as readonly EventKind[];

/** Plain values only, never a secret. */
export type EventDetails = Record<string, string | number | boolean>;

/** What is told of an event by whoever saw it; `link` is missing where it is about all of them. */
export type NewEvent = { kind: EventKind; link?: string; details?: EventDetails };

/**
 * An event of this boot. `at` is in seconds since 1970, `upMs` CLOCK_MONOTONIC in milliseconds, by which events can be told apart
 * and put in order whatever the clock on the wall did.
 */
export type TimelineEvent = NewEvent & { at: number; upMs: number };

/** Reply of `events`, oldest first. `atMs` is the agent's CLOCK_MONOTONIC when it answered. */
export type EventsReply = { atMs: number; events: TimelineEvent[] };

/** The sentence for an event; `table` lets the page pass a translated one. */
export function describeEvent({ kind, link, details }: NewEvent, table: Record<EventKind, string> = eventSentences): string {
  const fields: Record<string, unknown> = { ...details, link };
  const isTold = (part: string): boolean => [...part.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => fields[name] !== undefined);
  return fill(
    table[kind].replace(/\[([^\]]*)\]/g, (_, part: string) => (isTold(part) ? part : '')),
    fields,
  );
}

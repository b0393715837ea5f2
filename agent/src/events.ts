// The event timeline: one line of JSON an event in a file in RAM, which is moved aside when it has grown.
import { eventKinds } from './contract/events.ts'; // by the index the watcher would get the whole schema into its memory
import type { EventDetails, EventKind, NewEvent, TimelineEvent } from './contract/index.ts';
import { RUN_DIRECTORY } from './owned.ts';
import type { FileError, System } from './system.ts';

const FILE = `${RUN_DIRECTORY}/events`;
const OLDER = `${RUN_DIRECTORY}/events.1`;
/** Each of the two files; two processes that move it at once could lose the older half. */
const MOST_BYTES = 32 << 10;
const MOST_IN_A_LINE = 1024;
/** Bytes of UTF-8 that a character of a string takes at most. */
const BYTES_PER_CHARACTER = 3;
/** A clock that shows so much more or less than the event's was set since. */
const CLOCK_SET_S = 5;

const renderLine = (event: TimelineEvent): string => {
  const { details, ...rest } = event;
  const line = JSON.stringify(event);
  return `${line.length > MOST_IN_A_LINE ? JSON.stringify(rest) : line}\n`;
};

/** Notes that something happened now. Details that make a line longer than 1 kB are left out. */
export function appendEvent(system: System, event: NewEvent): FileError | undefined {
  const { kind, link, details } = event;
  const line = renderLine({
    at: Math.round(system.wallMs() / 1000),
    upMs: Math.round(system.nowMs()),
    kind,
    ...(link === undefined ? {} : { link }),
    ...(details === undefined ? {} : { details }),
  });
  const size = system.stat(FILE)?.size ?? 0;
  const failed = size + line.length * BYTES_PER_CHARACTER > MOST_BYTES ? system.rename(FILE, OLDER) : undefined;
  return failed ?? system.appendFile(FILE, line, 0o600);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isDetails = (value: unknown): value is EventDetails =>
  isObject(value) && Object.values(value).every((detail) => ['string', 'number', 'boolean'].includes(typeof detail));
const isKind = (value: unknown): value is EventKind => eventKinds.some((kind) => kind === value);

/** Undefined for what is no event: cut off by a full RAM disk, or of another version. */
function parseLine(line: string): TimelineEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line.slice(Math.max(0, line.lastIndexOf('{"at":')))); // in front of it a line may have been cut off
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { at, upMs, kind, link, details } = value;
  if (!isTime(at) || !isTime(upMs) || !isKind(kind)) return undefined;
  if ((link !== undefined && typeof link !== 'string') || (details !== undefined && !isDetails(details))) return undefined;
  return { at, upMs, kind, ...(link === undefined ? {} : { link }), ...(details === undefined ? {} : { details }) };
}

/** Reads what was added to the timeline behind the last look; the first look only notes where it ends. */
export class Follower {
  readonly #system: System;
  #offset: number;
  #inode: number;

  constructor(system: System) {
    this.#system = system;
    const facts = system.stat(FILE);
    this.#offset = facts?.size ?? 0;
    this.#inode = facts?.inode ?? 0;
  }

  /** Of a file that was moved aside meanwhile the last events may be missed. */
  read(): TimelineEvent[] {
    const facts = this.#system.stat(FILE);
    if (!facts || (facts.inode === this.#inode && facts.size === this.#offset)) return [];
    const bytes = this.#system.readBytes(FILE);
    if (!bytes) return [];
    const from = facts.inode === this.#inode ? this.#offset : 0;
    const end = bytes.lastIndexOf(10) + 1; // a line that is being written waits
    this.#inode = facts.inode;
    this.#offset = Math.max(from, end);
    return decode(bytes.subarray(from, this.#offset))
      .split('\n')
      .flatMap((line) => parseLine(line) ?? []);
  }
}

/** UTF-8, which QuickJS decodes only from files. */
const decode = (bytes: Uint8Array): string => {
  const latin = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(latin);
  } catch {
    return '';
  }
};

/** Which events are asked for: from `since` on (seconds since 1970), of a link, of kinds; the newest `limit` of them. */
export type EventQuery = { since?: number; link?: string; kinds?: readonly EventKind[]; limit?: number };

/**
 * Events of this boot, newest last; what can't be read is skipped. Where the clock on the wall was set since, as NTP does
 * after boot, `at` is what it would have shown then.
 */
export function readEvents(system: System, { since, link, kinds, limit }: EventQuery = {}): TimelineEvent[] {
  const bootS = (system.wallMs() - system.nowMs()) / 1000;
  const lines = `${system.readFile(OLDER) ?? ''}\n${system.readFile(FILE) ?? ''}`.split('\n');
  const events = lines.flatMap((line): TimelineEvent[] => {
    const event = parseLine(line);
    if (!event) return [];
    const at = Math.round(bootS + event.upMs / 1000);
    return [Math.abs(at - event.at) > CLOCK_SET_S ? { ...event, at } : event];
  });
  const wanted = events
    .toSorted((one, other) => one.upMs - other.upMs)
    .filter((event) => (since === undefined || event.at >= since) && (link === undefined || event.link === link) && (kinds?.includes(event.kind) ?? true));
  return limit === undefined ? wanted : wanted.slice(Math.max(0, wanted.length - limit));
}

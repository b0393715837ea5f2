// `events`: what happened since boot, as data, or a sentence a line for people.
import { describeEvent } from '../contract/index.ts';
import type { EventsReply, Problem } from '../contract/index.ts';
import { readEvents } from '../events.ts';
import type { System } from '../system.ts';
import { invalidArgument, readLinkArgument } from './arguments.ts';

/** The arguments may be anything. */
export function readEventsReply(system: System, args: { link?: unknown; since?: unknown }): EventsReply | Problem {
  const link = args.link === undefined || args.link === null ? undefined : readLinkArgument(args.link);
  const since = args.since ?? 0;
  if (typeof link === 'object') return link;
  if (typeof since !== 'number' || !Number.isFinite(since)) return invalidArgument('since', 'seconds since 1970');
  return { atMs: system.nowMs(), events: readEvents(system, { since, ...(link === undefined ? {} : { link }) }) };
}

/** As in 2026-01-02 03:04:05, by the router's time zone. */
function timeText(atS: number): string {
  const date = new Date(atS * 1000);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

export function renderEvents({ events }: EventsReply): string {
  if (!events.length) return 'Nothing has happened since boot, or nobody has watched.\n';
  return events.map((event) => `${timeText(event.at)}  ${describeEvent(event)}\n`).join('');
}

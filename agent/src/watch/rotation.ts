// Which link of a line is to be redialed next, so that the provider's own cut never finds one: the oldest, one at a time. Pure.

export type RotationRules = {
  /** So old a link may grow. */
  everyMs: number;
  /** Minutes of the local day in which it may happen; over midnight where the first is the greater. */
  window: { from: number; to: number } | undefined;
};

export type Candidate = { name: string; isUp: boolean; isResting: boolean; upSinceMs: number };

/** What one drain takes at most, and some air: with more links the first begins so much earlier. */
const EACH_MS = 900_000;
/** Nobody is redialed sooner, however many links there are. */
const SOONEST = 0.5;

/** The deadline of a drain for it, in seconds. */
export const ROTATION_DRAIN_S = 600;

export const isWithin = (minute: number, { from, to }: { from: number; to: number }): boolean =>
  from <= to ? minute >= from && minute < to : minute >= from || minute < to;

/** `22:30-05:00` as minutes; undefined for anything else. */
export function parseWindow(text: string | undefined): { from: number; to: number } | undefined {
  const [, ...parts] = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text ?? '') ?? [];
  const [a, b, c, d] = parts.map(Number);
  return a === undefined || b === undefined || c === undefined || d === undefined ? undefined : { from: 60 * a + b, to: 60 * c + d };
}

/** While one of the line's links rests, or is not up, the others stay: never two at once. */
export function nextToRotate(links: readonly Candidate[], nowMs: number, minute: number, { everyMs, window }: RotationRules): string | undefined {
  if (everyMs <= 0 || links.length < 2 || links.some(({ isUp, isResting }) => !isUp || isResting)) return undefined;
  if (window && !isWithin(minute, window)) return undefined;
  const ageMs = Math.max(everyMs - (links.length - 1) * EACH_MS, everyMs * SOONEST);
  const [oldest] = links.toSorted((a, b) => a.upSinceMs - b.upSinceMs || (a.name < b.name ? -1 : 1));
  return oldest && nowMs - oldest.upSinceMs >= ageMs ? oldest.name : undefined;
}

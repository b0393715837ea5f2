// The last five minutes of rates, for the plot and the table behind it.
import type { Rates, Rate } from './rates.ts';

/** One reading; `atS` in seconds of the browser's wall clock, for the plot's axis. */
export type Sample = { atS: number; total: Rate; links: Map<string, Rate> };

export const HISTORY_S = 300;

/** Adds a reading, forgets what is older than five minutes. The list is replaced, never changed. */
export function remember(history: readonly Sample[], atS: number, rates: Rates): Sample[] {
  const kept = history.filter((sample) => sample.atS > atS - HISTORY_S && sample.atS < atS);
  return [...kept, { atS, total: rates.total, links: rates.links }];
}

/** Colours there are for links; the next one begins anew. */
const SERIES = 6;

/** Number of the colour of the link at this place: the same in table and plot. */
export const toSeries = (index: number): number => (index % SERIES) + 1;

/** Seconds of time that the plot shows: a minute at first, then all there is. */
export function windowS(history: readonly Sample[]): number {
  const [first, last] = [history.at(0), history.at(-1)];
  return first && last ? Math.min(HISTORY_S, Math.max(60, last.atS - first.atS)) : 60;
}

/**
 * Columns for a stack: times, then the total, then upper edges from the last link's down to the first's, so that each is the
 * sum of the links up to it. A link that was not measured adds nothing; where nothing was measured there is a gap.
 */
export function toStack(columns: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const [times = [], total = [], ...links] = columns;
  const edges: (number | null)[][] = [];
  for (const link of links) {
    const below = edges.at(-1);
    edges.push(total.map((sum, place) => (sum === null ? null : (below?.[place] ?? 0) + (link[place] ?? 0))));
  }
  return [[...times], [...total], ...edges.reverse()];
}

export type Direction = 'downBps' | 'upBps';

/** Columns for a plot: times, then the total, then each link in the order of `names`. */
export function toColumns(history: readonly Sample[], names: readonly string[], direction: Direction): (number | null)[][] {
  return [
    history.map((sample) => sample.atS),
    history.map((sample) => sample.total[direction]),
    ...names.map((name) => history.map((sample) => sample.links.get(name)?.[direction] ?? null)),
  ];
}

/** Least, mean and most of what was measured; null where nothing was. */
export function summarise(values: readonly (number | null)[]): { least: number; mean: number; most: number } | null {
  const measured = values.filter((value) => value !== null);
  if (measured.length === 0) return null;
  const sum = measured.reduce((total, value) => total + value, 0);
  return { least: Math.min(...measured), mean: sum / measured.length, most: Math.max(...measured) };
}

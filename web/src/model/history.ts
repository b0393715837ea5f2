// Rates of all links over time, for the plot and the table behind it: the last five minutes as the page saw them, more as the agent recorded it.
import type { RatesReply, Span } from '../../../agent/src/contract/index.ts';
import type { Rates, Rate } from './rates.ts';

/** One reading; `atS` in seconds of the browser's wall clock, for the plot's axis. */
export type Sample = { atS: number; total: Rate; links: Map<string, Rate> };

export const HISTORY_S = 300;

/** Adds a reading, forgets what is older than five minutes. The list is replaced, never changed. */
export function remember(history: readonly Sample[], atS: number, rates: Rates): Sample[] {
  const kept = history.filter((sample) => sample.atS > atS - HISTORY_S && sample.atS < atS);
  return [...kept, { atS, total: rates.total, links: rates.links }];
}

/** Nearer to a reading of our own than this, what was recorded says nothing more. */
const NEAR_S = 1.5;

/** Fills with what the agent recorded where we were not looking: before the page was opened, and while its tab was hidden. */
export function recall(history: readonly Sample[], recorded: readonly Sample[], nowS: number): Sample[] {
  const own = history.filter(({ total }) => total.downBps !== null || total.upBps !== null);
  const isMissing = ({ atS }: Sample): boolean => atS > nowS - HISTORY_S && atS < nowS && own.every((sample) => Math.abs(sample.atS - atS) > NEAR_S);
  const missing = recorded.filter(isMissing);
  return missing.length === 0 ? [...history] : [...own, ...missing].sort((a, b) => a.atS - b.atS);
}

const toBits = (bytes: number | null | undefined): number | null => (bytes === null || bytes === undefined ? null : bytes * 8);
const sumOf = (values: readonly (number | null)[]): number | null => values.reduce((sum, value) => (value === null ? sum : (sum ?? 0) + value), null);

/** What the agent recorded, by the reader's clock. Links may be a step apart in how far they are: each value goes where its time is. */
export function toSamples({ atMs, stepS, links }: RatesReply, nowS: number): Sample[] {
  const endMs = Math.max(...links.map((link) => link.endMs));
  const count = Math.max(0, ...links.map(({ rx }) => rx.length));
  return Array.from({ length: count }, (_, place) => {
    const back = count - 1 - place;
    const rates = new Map<string, Rate>();
    for (const { link, endMs: ownMs, rx, tx } of links) {
      const at = rx.length - 1 - back + Math.round((endMs - ownMs) / stepS / 1000);
      rates.set(link, { downBps: toBits(rx[at]), upBps: toBits(tx[at]) });
    }
    const all = [...rates.values()];
    const total = { downBps: sumOf(all.map(({ downBps }) => downBps)), upBps: sumOf(all.map(({ upBps }) => upBps)) };
    return { atS: nowS - (atMs - endMs) / 1000 - back * stepS, total, links: rates };
  });
}

const SPAN_S: Record<Span, number> = { '5m': HISTORY_S, '2h': 7200, '7d': 604_800 };

/** Colours there are for links; the next one begins anew. */
const SERIES = 6;

/** Number of the colour of the link at this place: the same in table and plot. */
export const toSeries = (index: number): number => (index % SERIES) + 1;

/** Seconds of time that the plot shows: all of a long span; of the short one a minute at first, then all there is. */
export function windowS(history: readonly Sample[], span: Span = '5m'): number {
  if (span !== '5m') return SPAN_S[span];
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

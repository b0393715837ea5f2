// `history`: what was measured of one link, as numbers, or as a small table with a curve for people.
import { MAX_POINTS, spans } from '../contract/index.ts';
import type { LinkHistory, Problem, RatesReply, Sample, Span } from '../contract/index.ts';
import type { System } from '../system.ts';
import { listHistories, readHistoryFile } from '../watch/history-files.ts';
import { readSeries } from '../watch/history.ts';
import { invalidArgument, readLinkArgument } from './arguments.ts';

const isSpan = (value: unknown): value is Span => spans.some((span) => span === value);

/** Without `points`: all values of the span. */
function readExtent(args: { span?: unknown; points?: unknown }): { span: Span; points: number } | Problem {
  const [span, points] = [args.span ?? '5m', args.points ?? MAX_POINTS];
  if (!isSpan(span)) return invalidArgument('span', `one of ${spans.join(', ')}`);
  if (typeof points !== 'number' || !Number.isInteger(points) || points < 1 || points > MAX_POINTS) {
    return invalidArgument('points', `a whole number from 1 to ${MAX_POINTS}`);
  }
  return { span, points };
}

/** The arguments may be anything. */
export function readHistory(system: System, args: { link?: unknown; span?: unknown; points?: unknown }): LinkHistory | Problem {
  const link = readLinkArgument(args.link);
  if (typeof link !== 'string') return link;
  const extent = readExtent(args);
  if ('code' in extent) return extent;
  const { span, points } = extent;
  const bytes = readHistoryFile(system, link);
  if (!bytes) return { code: 'history_missing', severity: 'error', details: { link, links: listHistories(system).join(', ') || 'none' } };
  const atMs = system.nowMs();
  return { link, span, atMs, ...readSeries(bytes, span, atMs, points) };
}

/** Of all links together: a reply of a megabyte would cost rpcd its ubus connection. */
const MOST_VALUES = 12_000;
const toWhole = (value: number | null): number | null => (value === null ? null : Math.round(value));

/** The rates of all links, by one process instead of one a link. */
export function readHistories(system: System, args: { span?: unknown; points?: unknown }): RatesReply | Problem {
  const extent = readExtent(args);
  if ('code' in extent) return extent;
  const names = listHistories(system);
  const points = Math.max(1, Math.min(extent.points, Math.floor(MOST_VALUES / Math.max(1, names.length))));
  const atMs = system.nowMs();
  const read = names.map((link) => ({ link, series: readSeries(readHistoryFile(system, link), extent.span, atMs, points) }));
  return {
    span: extent.span,
    atMs,
    stepS: (read[0]?.series ?? readSeries(undefined, extent.span, atMs, points)).stepS,
    links: read.map(({ link, series: { endMs, rx, tx } }) => ({ link, endMs, rx: rx.map(toWhole), tx: tx.map(toWhole) })),
  };
}

const UNITS = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'];

/** Three figures, as in 9.67 Mbit/s. */
function rateText(bytesPerS: number): string {
  const bps = bytesPerS * 8;
  const step = UNITS.findLastIndex((_, power) => power === 0 || bps >= 999.5 * 1000 ** (power - 1));
  const value = bps / 1000 ** step;
  return `${value.toFixed(step === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)} ${UNITS[step]}`;
}

const ROWS: { title: string; field: keyof Sample; toText: (value: number) => string }[] = [
  { title: 'receive', field: 'rx', toText: rateText },
  { title: 'send', field: 'tx', toText: rateText },
  { title: 'loss', field: 'loss', toText: (percent) => `${percent.toFixed(1)} %` },
  { title: 'latency', field: 'latencyMs', toText: (ms) => `${ms.toFixed(1)} ms` },
];

const TITLES: Record<Span, string> = { '5m': '5 minutes', '2h': '2 hours', '7d': '7 days' };
const BLOCKS = '▁▂▃▄▅▆▇█';
/** With titles and cells a line has 79 characters. */
const COLUMNS = 34;
const CELL_COLUMNS = 12;

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

/** Of the values that are there; null without any. */
function meanOf(values: readonly (number | null)[]): number | null {
  const there = known(values);
  return there.length ? there.reduce((sum, value) => sum + value, 0) / there.length : null;
}

/** A curve from 0 to its own peak; a blank where nothing was measured. */
export function renderCurve(values: readonly (number | null)[], columns = COLUMNS): string {
  const width = values.length / columns;
  const means = Array.from({ length: columns }, (_, column) => meanOf(values.slice(Math.floor(column * width), Math.floor((column + 1) * width))));
  const peak = Math.max(...known(means), 0);
  const blockOf = (value: number): string => BLOCKS[peak > 0 ? Math.min(Math.floor((value / peak) * BLOCKS.length), BLOCKS.length - 1) : 0] ?? '';
  return means.map((value) => (value === null ? ' ' : blockOf(value))).join('');
}

export function renderHistory(history: LinkHistory): string {
  const rows = ROWS.map(({ title, field, toText }) => {
    const values = history[field];
    const [last, all] = [values.at(-1) ?? null, known(values)];
    const cells = [last, meanOf(all), all.length ? Math.max(...all) : null].map((value) => (value === null ? '-' : toText(value)).padStart(CELL_COLUMNS));
    return `${title.padEnd(7)}${cells.join('')}  ${renderCurve(values)}`.trimEnd();
  });
  const isSilent = ROWS.every(({ field }) => history[field].at(-1) === null);
  return [
    `${history.link}, the last ${TITLES[history.span]}`,
    `${''.padEnd(7)}${['now', 'mean', 'peak'].map((title) => title.padStart(CELL_COLUMNS)).join('')}`,
    ...rows,
    ...(isSilent ? ['Nothing is being measured now: the link is down, or the service does not run (/etc/init.d/multidial start).'] : []),
    '',
  ].join('\n');
}

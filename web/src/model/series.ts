// A link's history as a plot and as the table behind it.
import type { LinkHistory, Span } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';
import { rateText } from './format.ts';
import { summarise } from './history.ts';
import { latencyText, percentText } from './link-words.ts';

export type Quantity = 'rates' | 'quality';

/** One curve: its values in the unit it is drawn in. `isDashed` tells the two of a plot apart without colour. */
export type Curve = { name: string; values: (number | null)[]; toText: (value: number | null) => string; isDashed: boolean };

const orDash =
  (toText: (value: number) => string) =>
  (value: number | null): string =>
    value === null ? '–' : toText(value);

const toBits = (bytes: number | null): number | null => (bytes === null ? null : bytes * 8);

export function toCurves(history: Pick<LinkHistory, 'rx' | 'tx' | 'loss' | 'latencyMs'>, quantity: Quantity): [Curve, Curve] {
  if (quantity === 'rates')
    return [
      { name: t('Download'), values: history.rx.map(toBits), toText: rateText, isDashed: false },
      { name: t('Upload'), values: history.tx.map(toBits), toText: rateText, isDashed: true },
    ];
  return [
    { name: t('Latency'), values: history.latencyMs, toText: orDash(latencyText), isDashed: false },
    { name: t('Loss'), values: history.loss, toText: orDash(percentText), isDashed: true },
  ];
}

/** Seconds of the agent's clock at the end of each step. */
export const timesOf = ({ stepS, endMs, rx }: Pick<LinkHistory, 'stepS' | 'endMs' | 'rx'>): number[] =>
  rx.map((_, place) => endMs / 1000 - (rx.length - 1 - place) * stepS);

export const spanNames = (): { value: Span; label: string }[] => [
  { value: '5m', label: t('5 min') },
  { value: '2h', label: t('2 h') },
  { value: '7d', label: t('7 days') },
];

/** A column of the table: now, least, mean, most. */
export function toColumn({ name, values, toText }: Curve): { name: string; cells: string[] } {
  const summary = summarise(values);
  return { name, cells: [values.at(-1) ?? null, summary?.least ?? null, summary?.mean ?? null, summary?.most ?? null].map(toText) };
}

export const isBlank = (history: Pick<LinkHistory, 'rx' | 'tx' | 'loss' | 'latencyMs'>): boolean =>
  [history.rx, history.tx, history.loss, history.latencyMs].every((values) => values.every((value) => value === null));

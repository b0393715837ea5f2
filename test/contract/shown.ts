// What a failing replay says of itself.
import type { Share } from './replay.ts';

export const shareOf = ({ matching, total }: Share): number => matching / total;

/** A line that the aggregator shows after success as well. */
export const note = (text: string): void => void process.stderr.write(`note: ${text}\n`);

const MOST_SHOWN = 5;

/** The entries that differ and where, as far as one wants to read; those of `known` are left out. */
export function differences({ outcomes }: Share, known: Readonly<Record<string, string>> = {}): string {
  const shown = outcomes.filter(({ id, expected, actual }) => expected !== actual && !known[id]);
  return shown
    .slice(0, MOST_SHOWN)
    .map(({ id, expected, actual }) => {
      let at = 0;
      while (expected[at] === actual[at]) at++;
      const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 200));
      return `${id}, from sign ${at}\n  recorded ${around(expected)}\n  replayed ${around(actual)}`;
    })
    .join('\n');
}

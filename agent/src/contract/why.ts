// Why a connection takes the link it takes: reply of `multidial why`.
import type { Problem } from './problem.ts';

/** A connection as it is asked for; the protocol and ports matter where pins name them, and for which link of several. */
export type Question = { src: string; dst: string; proto?: string; sport?: number; dport?: number };

/**
 * `by` is what decided: a pin, a group that is sticky or spreads packets, or the routes alone. `mark` is the byte that is ours
 * (0: none), `table` where the kernel found its route. `link` is missing where the traffic takes no link of ours.
 * `reasons` are sentences, in the order of what happens.
 */
export type Why = {
  question: Question;
  by: 'pin' | 'group' | 'routes';
  pin?: string;
  group?: string;
  mark: number;
  table?: number;
  device?: string;
  gateway?: string;
  link?: string;
  reasons: string[];
  problems: Problem[];
};

// What was measured of a link over time: reply of `history`.
import { SECTION } from './options.ts';

/** How far back: 5 minutes by the second, 2 hours by 10 seconds, 7 days by 5 minutes. */
export const spans = ['5m', '2h', '7d'] as const;
export type Span = (typeof spans)[number];

/** The longest span's samples. */
export const MAX_POINTS = 2016;

/** Of one link at one moment. Rates in bytes a second, loss in percent; null where it was not measured. */
export type Sample = { rx: number | null; tx: number | null; loss: number | null; latencyMs: number | null };

/**
 * Values of equal length, oldest first, one each `stepS` seconds; the newest step ends at `endMs` (CLOCK_MONOTONIC).
 * null: nothing was measured then.
 */
export type Series = { stepS: number; endMs: number; rx: (number | null)[]; tx: (number | null)[]; loss: (number | null)[]; latencyMs: (number | null)[] };

/** `atMs` is the agent's monotonic clock when it answered. */
export type LinkHistory = Series & { link: string; span: Span; atMs: number };

/** Rates alone, in whole bytes a second: of many links there is much to tell. */
export type LinkRates = Pick<LinkHistory, 'link' | 'endMs' | 'rx' | 'tx'>;

/** Reply of `histories`: each link of which something was recorded, all by the same step. */
export type RatesReply = { span: Span; atMs: number; stepS: number; links: LinkRates[] };

/** Is it what a link may be called? A name from elsewhere becomes part of a path. */
export const isLinkName = (name: string): boolean => SECTION.test(name);

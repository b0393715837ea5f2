// How often a link may be dialed in vain: netifd redials every few seconds for ever, which makes a provider lock an account.

/** Errors that a redial in a few seconds won't mend. HANGUP is what a wrong password looks like to some. */
const REFUSALS = new Set(['AUTH_TOPEER_FAILED', 'HANGUP']);

/** So many refusals in a row are taken for one that lasts. */
const PATIENCE = 3;
/** Refusals that are further apart are no row. */
const ROW_MS = 90_000;
/** netifd has begun the next dial when it tells that one failed, so each hold costs one more that is cut off. */
const FIRST_HOLD_MS = 120_000;
const GROWTH = 4;
const LONGEST_HOLD_MS = 3_600_000;

/** The failed dials of one link. While `untilMs` is set netifd is told to leave it alone. */
export type Pacing = { failures: number; lastMs: number; holds: number; untilMs: number | undefined };

export const unpaced: Pacing = { failures: 0, lastMs: 0, holds: 0, untilMs: undefined };

export type PacingStep = { pacing: Pacing; action: 'none' | 'hold' | 'dial' };

export const isRefusal = (reason: string): boolean => REFUSALS.has(reason);

/** A dial failed for `reason`. After a hold one more failure is enough. */
export function onDialFailed(pacing: Pacing, nowMs: number, reason: string): PacingStep {
  if (!isRefusal(reason) || pacing.untilMs !== undefined) return { pacing, action: 'none' };
  const isRow = pacing.holds > 0 || nowMs - pacing.lastMs <= ROW_MS;
  const failures = (isRow ? pacing.failures : 0) + 1;
  if (pacing.holds === 0 && failures < PATIENCE) return { pacing: { ...pacing, failures, lastMs: nowMs }, action: 'none' };
  const holdMs = Math.min(FIRST_HOLD_MS * GROWTH ** pacing.holds, LONGEST_HOLD_MS);
  return { pacing: { failures, lastMs: nowMs, holds: pacing.holds + 1, untilMs: nowMs + holdMs }, action: 'hold' };
}

/** Is it time for one more try? */
export function onClock(pacing: Pacing, nowMs: number): PacingStep {
  if (pacing.untilMs === undefined || nowMs < pacing.untilMs) return { pacing, action: 'none' };
  return { pacing: { ...pacing, untilMs: undefined }, action: 'dial' };
}

// A line with too few sessions: some providers let several in only when all are dialed at the same moment. Pure.

/** Sessions come and go; so long there must be too few of them. */
const PATIENCE_MS = 120_000;
/** Between two times that all are dialed anew; doubled each time that it did not help. */
const FIRST_PAUSE_MS = 600_000;
const LONGEST_PAUSE_MS = 4 * 3_600_000;

export type Quorum = { belowSinceMs: number | undefined; tries: number; triedMs: number };

export const newQuorum: Quorum = { belowSinceMs: undefined, tries: 0, triedMs: 0 };

/** `up` of the line's links are up, `least` should be. `isRefused`: dials are held back, and more of them would make it worse. */
export function judgeQuorum(quorum: Quorum, nowMs: number, up: number, least: number, isRefused: boolean): { quorum: Quorum; redialAll: boolean } {
  if (least <= 0 || up >= least) return { quorum: newQuorum, redialAll: false };
  const belowSinceMs = quorum.belowSinceMs ?? nowMs;
  const next = { ...quorum, belowSinceMs };
  const pauseMs = quorum.tries === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (quorum.tries - 1), LONGEST_PAUSE_MS);
  if (isRefused || nowMs - belowSinceMs < PATIENCE_MS || nowMs - quorum.triedMs < pauseMs) return { quorum: next, redialAll: false };
  return { quorum: { belowSinceMs, tries: quorum.tries + 1, triedMs: nowMs }, redialAll: true };
}

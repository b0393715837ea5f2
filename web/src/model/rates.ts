// Rates from two status replies: the agent gives counters and the time it read them.
import type { LinkStatus, Status } from '../../../agent/src/contract/index.ts';

/** Bits per second; null where two readings of one device's counters are not there to compare. */
export type Rate = { downBps: number | null; upBps: number | null };

export type Rates = { links: Map<string, Rate>; total: Rate };

const NONE: Rate = { downBps: null, upBps: null };

function rateOf(before: number | undefined, now: number | undefined, elapsedMs: number): number | null {
  // A counter that fell belongs to a new device: the link was dialed again and has counted from 0.
  if (before === undefined || now === undefined || now < before) return null;
  return ((now - before) * 8 * 1000) / elapsedMs;
}

const add = (sum: number | null, more: number | null): number | null => (more === null ? sum : (sum ?? 0) + more);

/** Is it another session than before? Its uptime started over. */
const isRedialed = (before: LinkStatus, now: LinkStatus): boolean => before.device !== now.device || (now.uptimeS ?? 0) < (before.uptimeS ?? 0);

/**
 * Compares two replies of `status`. `atMs` is the agent's monotonic clock: a value that does not grow means a reboot,
 * or the same reply twice, and gives no rates. The total is the sum of the links that have a rate.
 */
export function toRates(before: Status | undefined, now: Status): Rates {
  const elapsedMs = before ? now.atMs - before.atMs : 0;
  const known = new Map(before?.links.map((link) => [link.name, link]));
  const links = new Map<string, Rate>();
  const total: Rate = { ...NONE };
  for (const link of now.links) {
    const earlier = known.get(link.name);
    const comparable = earlier !== undefined && elapsedMs > 0 && !isRedialed(earlier, link);
    const rate: Rate = comparable
      ? { downBps: rateOf(earlier.rxBytes, link.rxBytes, elapsedMs), upBps: rateOf(earlier.txBytes, link.txBytes, elapsedMs) }
      : NONE;
    links.set(link.name, rate);
    total.downBps = add(total.downBps, rate.downBps);
    total.upBps = add(total.upBps, rate.upBps);
  }
  return { links, total };
}

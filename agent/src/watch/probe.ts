// Is a link alive? One family's verdict from the replies of its targets; pure, the clock comes in.
import type { Verdict } from '../contract/index.ts';

export type ProbeRules = {
  /** Between two packets to one target. */
  intervalS: number;
  /** Rounds in a row that all targets miss before a link is dead. */
  misses: number;
  /** How long it must answer without a break to be alive again. */
  backS: number;
  /** With so many packets coming in each second a link is not dead whatever the targets say; 0: never so. */
  vetoPackets: number;
};

/** What is known of one link in one family. Times are CLOCK_MONOTONIC. */
export type Judgement = {
  verdict: Verdict;
  /** Of the verdict. */
  sinceMs: number;
  /** Newest reply of any target; undefined before the first one. */
  replyMs: number | undefined;
  /** First reply behind the last silence. */
  stableMs: number | undefined;
  /** How long it must be stable this time. */
  holdMs: number;
  /** Smoothed latency and its mean deviation; undefined before the first reply. */
  latency: { meanMs: number; deviationMs: number } | undefined;
  /** When it last came back, for the growth of `holdMs`. */
  backMs: number | undefined;
};

/** A reply may come so much later than its packet's turn, of a router that is busy. */
const GRACE_MS = 200;
/** And so many times its usual deviation, as TCP waits before it sends again. */
const DEVIATIONS = 4;
const LONGEST_GRACE_MS = 1000;
/** Whoever dies again so soon after it came back is trusted half as easily. */
const FLAP_MS = 600_000;
const LONGEST_HOLD_MS = 300_000;

export const startJudging = (nowMs: number, rules: ProbeRules): Judgement => ({
  verdict: 'unknown',
  sinceMs: nowMs,
  replyMs: undefined,
  stableMs: undefined,
  holdMs: rules.backS * 1000,
  latency: undefined,
  backMs: undefined,
});

const silenceMs = ({ latency }: Judgement, rules: ProbeRules): number =>
  rules.misses * rules.intervalS * 1000 + Math.min(GRACE_MS + DEVIATIONS * (latency?.deviationMs ?? 0), LONGEST_GRACE_MS);

/** As RFC 6298 reckons it. */
function smoothed(latency: Judgement['latency'], ms: number): NonNullable<Judgement['latency']> {
  if (!latency) return { meanMs: ms, deviationMs: ms / 2 };
  return { meanMs: latency.meanMs + (ms - latency.meanMs) / 8, deviationMs: latency.deviationMs + (Math.abs(ms - latency.meanMs) - latency.deviationMs) / 4 };
}

/** A target answered after so many milliseconds. */
export function onReply(judgement: Judgement, nowMs: number, latencyMs: number, rules: ProbeRules): Judgement {
  const isBreak = judgement.replyMs === undefined || nowMs - judgement.replyMs > silenceMs(judgement, rules);
  const stableMs = isBreak || judgement.stableMs === undefined ? nowMs : judgement.stableMs;
  const next = { ...judgement, replyMs: nowMs, stableMs, latency: smoothed(judgement.latency, latencyMs) };
  return judgement.verdict === 'unknown' ? { ...next, verdict: 'alive', sinceMs: nowMs } : next;
}

export type Circumstances = {
  nowMs: number;
  /** Since when any target has been asked without a break; undefined while nobody asks, which is no verdict. */
  askingSinceMs: number | undefined;
  /** Packets that came in each second, of late. */
  rxPackets: number;
};

/** Looks at the clock. A silence makes it dead, a time of answers alive. */
export function judge(judgement: Judgement, { nowMs, askingSinceMs, rxPackets }: Circumstances, rules: ProbeRules): Judgement {
  if (askingSinceMs === undefined) return judgement;
  const isSilent = nowMs - Math.max(judgement.replyMs ?? 0, askingSinceMs) > silenceMs(judgement, rules);
  if (judgement.verdict === 'dead') {
    if (isSilent) return judgement.stableMs === undefined ? judgement : { ...judgement, stableMs: undefined };
    // By the newest reply: what is silent again, unnoticed for a moment, is not stable for so long.
    const isStable = judgement.stableMs !== undefined && (judgement.replyMs ?? 0) - judgement.stableMs >= judgement.holdMs;
    return isStable ? { ...judgement, verdict: 'alive', sinceMs: nowMs, backMs: nowMs } : judgement;
  }
  if (!isSilent) {
    const isSteady = judgement.holdMs > rules.backS * 1000 && nowMs - (judgement.backMs ?? 0) > FLAP_MS;
    return isSteady ? { ...judgement, holdMs: rules.backS * 1000 } : judgement;
  }
  if (rules.vetoPackets > 0 && rxPackets >= rules.vetoPackets) return judgement;
  const flaps = judgement.backMs !== undefined && nowMs - judgement.backMs < FLAP_MS;
  const holdMs = flaps ? Math.min(2 * judgement.holdMs, LONGEST_HOLD_MS) : rules.backS * 1000;
  return { ...judgement, verdict: 'dead', sinceMs: nowMs, stableMs: undefined, holdMs };
}

/** The device was made anew: nothing that was seen of the old one says anything, but for how often it died. */
export const onNewDevice = (judgement: Judgement, nowMs: number): Judgement => ({
  ...judgement,
  verdict: judgement.verdict === 'dead' ? 'dead' : 'unknown',
  sinceMs: judgement.verdict === 'dead' ? judgement.sinceMs : nowMs,
  replyMs: undefined,
  stableMs: undefined,
  latency: undefined,
});

/**
 * The milliseconds in a line of ping's that tells of a reply, iputils' or busybox's; undefined for any other line.
 * `64 bytes from 192.0.2.1: seq=0 ttl=57 time=12.345 ms`, `… icmp_seq=1 …`, and busybox without a clock has no time: 0.
 */
export function parseReply(line: string): number | undefined {
  if (!/^\d+ bytes from .*\b(?:icmp_)?seq=\d+/.test(line) || line.includes('DUP!')) return undefined;
  return Number(/\btime[=<]([0-9.]+) ms/.exec(line)?.[1] ?? 0);
}

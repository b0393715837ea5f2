// What netifd shows of the sessions that were dialed, as one outcome: all up and steady, refused, or without an answer.
import type { NetifdInterface } from '../observe/netifd.ts';
import type { How, Outcome } from './steps.ts';

/** One session that is wanted up, in the order they were dialed. `reason` is netifd's last error, which lingers while it redials. */
export type Seen = { link: string; isUp: boolean; reason: string | undefined };

/** Since when we wait, what lingered then, who was up since, and since when all are. */
export type Wait = { sinceMs: number; lingering: ReadonlyMap<string, string>; wasUp: ReadonlySet<string>; steadyMs: number | undefined };

/** A provider that hangs up when one too many is there does so in the first seconds. */
export const STEADY_MS = 8000;
/** An error of before counts when so much later it is still there: netifd has redialed by then. */
const LINGER_MS = 12_000;
/** pppd asks for an access concentrator at once, after 5 s and after 15 s: whoever answers any of these is up by then. */
const SILENT_MS = 30_000;
const SILENT_MS_A_SESSION = 1000;

const HOW: Readonly<Record<string, How>> = {
  AUTH_TOPEER_FAILED: 'account',
  PEER_AUTH_FAILED: 'account',
  HANGUP: 'hang_up',
  NEGOTIATION_FAILED: 'hang_up',
  PEER_DEAD: 'hang_up',
  CONNECT_TIME: 'hang_up',
  CONNECT_FAILED: 'silent',
  OPEN_FAILED: 'silent',
  OPTION_ERROR: 'router',
  NO_DEVICE: 'router',
  DEVICE_CLAIM_FAILED: 'router',
  INVALID_PROTO: 'router',
  MISSING_USERNAME: 'router',
};

const howOf = (reason: string | undefined): How | undefined => (reason !== undefined && Object.hasOwn(HOW, reason) ? HOW[reason] : undefined);

export function toSeen(sessions: readonly { link: string; interface: string }[], interfaces: readonly NetifdInterface[]): Seen[] {
  return sessions.map(({ link, interface: name }) => {
    const entry = interfaces.find((other) => other.name === name);
    return { link, isUp: entry?.up === true, reason: entry?.up ? undefined : entry?.reason?.code };
  });
}

export const beginWait = (seen: readonly Seen[], nowMs: number): Wait => ({
  sinceMs: nowMs,
  lingering: new Map(seen.flatMap(({ link, reason }) => (reason === undefined ? [] : [[link, reason] as const]))),
  wasUp: new Set(),
  steadyMs: undefined,
});

const refused = (link: string, how: How, reason = ''): Outcome => ({ kind: 'refused', link, how, reason: reason || 'no answer' });

/**
 * Who is refused for sure. The router's own faults, old errors, and a session that was ended while it was made, as happens to any by
 * chance, need some time: netifd redials at once.
 */
function findRefusal({ sinceMs, lingering, wasUp }: Wait, seen: readonly Seen[], nowMs: number): Outcome | undefined {
  const newest = seen.at(-1)?.link;
  for (const { link, isUp, reason } of seen) {
    if (isUp) continue;
    if (wasUp.has(link)) return refused(link, link === newest ? 'hang_up' : 'displaced', reason ?? 'HANGUP');
    const how = howOf(reason);
    const isPatient = how === 'router' || how === 'hang_up' || (reason !== undefined && lingering.get(link) === reason);
    if (how !== undefined && (!isPatient || nowMs - sinceMs >= LINGER_MS)) return refused(link, how, reason);
  }
  return undefined;
}

/** One more look. Without an outcome one has to go on waiting. */
export function judge(wait: Wait, seen: readonly Seen[], nowMs: number): { wait: Wait; outcome: Outcome | undefined } {
  const refusal = findRefusal(wait, seen, nowMs);
  if (refusal) return { wait, outcome: refusal };
  const down = seen.find(({ isUp }) => !isUp);
  const wasUp = new Set([...wait.wasUp, ...seen.filter(({ isUp }) => isUp).map(({ link }) => link)]);
  const steadyMs = down ? undefined : (wait.steadyMs ?? nowMs);
  const next = { ...wait, wasUp, steadyMs };
  if (steadyMs !== undefined && nowMs - steadyMs >= STEADY_MS) return { wait: next, outcome: { kind: 'accepted' } };
  const isLate = down !== undefined && nowMs - wait.sinceMs >= SILENT_MS + SILENT_MS_A_SESSION * seen.length;
  return { wait: next, outcome: isLate && down ? refused(down.link, 'silent', down.reason) : undefined };
}

// Which step of a passport comes next, from what the ones before came to.

/** `most` at once are dialed; `isUp`: all that are configured are up already. */
export type Asked = { configured: number; most: number; isUp: boolean; measures: boolean };

/**
 * `account`: the password or the account was refused. `hang_up`: the session was ended while it was made. `silent`: no answer.
 * `displaced`: an older session was ended. `router`: the router itself could not dial.
 */
export type How = 'account' | 'hang_up' | 'silent' | 'displaced' | 'router';

export type Refusal = { kind: 'refused'; link: string; how: How; reason: string };
/** `stopped`: whoever waits for the passport is gone. */
export type Outcome = { kind: 'accepted' } | Refusal | { kind: 'stopped' };

export type Step =
  | { kind: 'dial'; sessions: number }
  /** The second session without the first. */
  | { kind: 'alone' }
  /** Once more as many as worked, after one more was refused. */
  | { kind: 'confirm'; sessions: number }
  | { kind: 'measure'; sessions: number };

export type Done = { step: Step; outcome: Outcome };

/** So many refused dials and no more: a provider that locks accounts counts them too. */
const MOST_REFUSALS = 4;

const measure = (asked: Asked, sessions: number): Step | undefined => (asked.measures ? { kind: 'measure', sessions } : undefined);

/** Undefined: nothing more is to be asked. */
export function nextStep(asked: Asked, done: readonly Done[]): Step | undefined {
  const last = done.at(-1);
  if (!last) return { kind: 'dial', sessions: asked.isUp && asked.configured <= asked.most ? asked.configured : 1 };
  const { step, outcome } = last;
  if (outcome.kind === 'stopped') return undefined;
  const isAccepted = outcome.kind === 'accepted';
  switch (step.kind) {
    case 'dial':
      if (isAccepted) return step.sessions < asked.most ? { kind: 'dial', sessions: step.sessions + 1 } : measure(asked, step.sessions);
      if (step.sessions === 1) return undefined;
      return step.sessions === 2 && outcome.how !== 'router' ? { kind: 'alone' } : { kind: 'confirm', sessions: step.sessions - 1 };
    case 'alone':
      return { kind: 'confirm', sessions: 1 };
    case 'confirm': {
      if (isAccepted) return measure(asked, step.sessions);
      const refusals = done.filter((other) => other.outcome.kind === 'refused').length;
      return step.sessions > 1 && refusals < MOST_REFUSALS ? { kind: 'confirm', sessions: step.sessions - 1 } : undefined;
    }
    case 'measure':
      return undefined;
    default:
      return step satisfies never;
  }
}

/** As many as were up at once in the end. */
export function acceptedBy(done: readonly Done[]): number {
  const confirms = done.filter(({ step }) => step.kind === 'confirm');
  const counting = confirms.length ? confirms : done.filter(({ step }) => step.kind === 'dial');
  const worked = counting.flatMap(({ step, outcome }) => (outcome.kind === 'accepted' && 'sessions' in step ? [step.sessions] : []));
  return Math.max(0, ...worked);
}

/** The first refusal of a dial, and of how many sessions it was. */
export function refusalOf(done: readonly Done[]): (Refusal & { sessions: number }) | undefined {
  for (const { step, outcome } of done) if (step.kind === 'dial' && outcome.kind === 'refused') return { ...outcome, sessions: step.sessions };
  return undefined;
}

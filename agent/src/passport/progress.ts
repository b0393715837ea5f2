// What is said of a step while it goes on, and once its outcome is known.
import { toNote } from '../contract/index.ts';
import type { PassportNote, PassportStep } from '../contract/index.ts';
import type { Outcome, Step } from './steps.ts';

const note = (code: PassportNote['code'], details: PassportNote['details'], state: PassportStep['state']): PassportStep => ({
  ...toNote(code, details),
  state,
});

/** `second`: the link that dials alone. */
export function describeBegin(step: Step, line: string, second: string): PassportStep {
  switch (step.kind) {
    case 'dial':
      return note('dialing', { line, sessions: step.sessions }, 'running');
    case 'alone':
      return note('alone_trying', { link: second }, 'running');
    case 'confirm':
      return note('confirming', { sessions: step.sessions }, 'running');
    case 'measure':
      return note('measuring', {}, 'running');
    default:
      return step satisfies never;
  }
}

function describeRefused(step: Step, { link, how, reason }: Extract<Outcome, { kind: 'refused' }>): PassportStep {
  const details = { link, reason, ...('sessions' in step ? { sessions: step.sessions } : {}) };
  if (step.kind === 'alone') return note('alone_refused', details, 'refused');
  if (step.kind === 'confirm') return note('unconfirmed', details, 'refused');
  switch (how) {
    case 'account':
    case 'hang_up':
      return note('refused', details, 'refused');
    case 'silent':
      return note('unanswered', details, 'refused');
    case 'displaced':
      return note('displaced', details, 'refused');
    case 'router':
      return note('faulty', details, 'failed');
    default:
      return how satisfies never;
  }
}

export function describeEnd(step: Step, outcome: Outcome, second: string): PassportStep {
  if (outcome.kind === 'stopped') return note('stopped', {}, 'failed');
  if (outcome.kind === 'refused') return describeRefused(step, outcome);
  switch (step.kind) {
    case 'dial':
      return note('accepted', { sessions: step.sessions }, 'done');
    case 'alone':
      return note('alone_accepted', { link: second }, 'done');
    case 'confirm':
      return note('confirmed', { sessions: step.sessions }, 'done');
    case 'measure':
      return note('measured', { sessions: step.sessions }, 'done');
    default:
      return step satisfies never;
  }
}

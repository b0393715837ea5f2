// Sentences for faults of a call and for the ends of an apply.
import { checkMessages, fillIn, type CheckCode, type Problem } from '../../../agent/src/contract/index.ts';
import type { AgentFault } from '../agent.ts';
import { said, t } from '../t.ts';
import type { Why } from './apply-state.ts';
import { describeExpected } from './expected.ts';

/** Details that are words and no name or value. */
const wordy = ['expected', 'got'] as const;

/** A complaint of the agent's, or of the page's own checks, which has no sentence yet. */
export function describeProblem(problem: Problem): string {
  const { code, section, option, message = fillIn(checkMessages[code as CheckCode] ?? code, problem) } = problem;
  const details = { ...problem.details };
  for (const name of wordy) if (typeof details[name] === 'string') details[name] = describeExpected(details[name]);
  return said(`problem.${code}`, message, { section, option, ...details });
}

/** A complaint beside the field that it is about, where the option's name need not be said. */
export function describeAtField(problem: Problem): string {
  switch (problem.code) {
    case 'option_missing':
      return t('Required.');
    case 'option_invalid':
    case 'section_name_invalid':
      return t('Must be {expected}.', { expected: describeExpected(String(problem.details?.expected)) });
    default:
      return describeProblem(problem);
  }
}

/** What went wrong with a call, and what to do. */
export function describeFault(fault: AgentFault): string {
  switch (fault.kind) {
    case 'network':
      return t('The router can’t be reached.');
    case 'timeout':
      return t('The router did not answer within {seconds} s.', { seconds: Math.round(fault.afterMs / 1000) });
    case 'aborted':
      return t('Stopped.');
    case 'http':
      return t('The web server answered {status}. It needs the package uhttpd-mod-ubus.', { status: fault.httpStatus });
    case 'malformed':
      return t('The router’s answer can’t be read: {message}.', { message: fault.message });
    case 'too_large':
      return t('The request is too large for the router ({bytes} bytes).', { bytes: fault.bytes });
    case 'expired':
      return t('The session has expired. Log in again.');
    case 'denied':
      return t('This account has no right to {method} on {object}. If it should: reload rpcd after installing the package.', fault);
    case 'protocol':
      return fault.code === -32000
        ? t('The router does not know multidial. Install the package, or restart rpcd.')
        : t('The router refused the request: {message} ({code}).', fault);
    case 'ubus':
      return t('The router answered {status} ({code}).', fault);
    case 'silent':
      return t('multidial gave no answer on the router. It may be overloaded: look at its system log.');
    case 'agent':
      return describeProblem(fault.problem);
    default:
      return fault satisfies never;
  }
}

/** Why a login failed. rpcd does not tell an unknown account from a wrong password. */
export function describeLoginFault(fault: AgentFault): string {
  return fault.kind === 'ubus' && fault.code === 6 ? t('Wrong account or password.') : describeFault(fault);
}

/** Why an apply did not come to a good end, and what to do. */
export function describeWhy(why: Why): string {
  switch (why.kind) {
    case 'fault':
      return describeFault(why.fault);
    case 'nothing':
      return t('There is nothing to apply: the router has this configuration already.');
    case 'busy':
      return t('Somebody else’s changes are waiting for their confirmation. Try again when they are done, at most 90 s from now.');
    case 'foreign':
      return t('Unsaved changes in {packages} wait in this session and would be applied too. Apply or discard them first.', {
        packages: why.packages.join(', '),
      });
    case 'problems':
      return t('Not everything could be done.');
    case 'late':
      return t('The router was not reached, or not done, in time.');
    case 'undone':
      return t('Undone as you asked.');
    default:
      return why satisfies never;
  }
}

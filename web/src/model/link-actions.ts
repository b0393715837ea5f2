// What can be done to a link: what each action is called, what it means, why not now, and how it went.
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import type { AgentFault } from '../agent.ts';
import { isGone } from '../ubus/index.ts';
import { t } from '../t.ts';
import { describeFault } from './sentences.ts';

export type Action = 'redial' | 'drain' | 'pause' | 'resume';

export const labelOf = (action: Action): string => ({ redial: t('Redial'), drain: t('Drain'), pause: t('Pause'), resume: t('Resume') })[action];

/** A pause and its end share a button, so that the focus stays on it. */
export const actionsOf = ({ rest }: LinkStatus): Action[] => ['redial', 'drain', rest ? 'resume' : 'pause'];

/** Would connections be cut that live now? Then it is asked first. */
export const isCutting = (action: Action, { state }: LinkStatus): boolean => action === 'redial' && state === 'up';

/** Why it can't be done as the link is; undefined where it can. */
export function obstacleTo(action: Action, { state, rest }: LinkStatus): string | undefined {
  if (action !== 'drain') return undefined;
  if (rest?.kind === 'drain') return t('It drains already.');
  return state === 'up' ? undefined : t('It is not up, so there is nothing to drain.');
}

export function describeUnderWay({ link, action }: { link: string; action: Action }): string {
  switch (action) {
    case 'redial':
      return t('Redialing {link}… Nothing else can be done meanwhile.', { link });
    case 'drain':
      return t('Telling {link} to drain… Nothing else can be done meanwhile.', { link });
    case 'pause':
      return t('Pausing {link}… Nothing else can be done meanwhile.', { link });
    case 'resume':
      return t('Resuming {link}… Nothing else can be done meanwhile.', { link });
    default:
      return action satisfies never;
  }
}

export function describeOutcome({ link, action, fault }: { link: string; action: Action; fault?: AgentFault }): string {
  if (fault && isGone(fault))
    return t('{action} of {link}: no answer came back, so it may have been done all the same. {fault}', {
      action: labelOf(action),
      link,
      fault: describeFault(fault),
    });
  if (fault) return t('{action} of {link} failed. {fault}', { action: labelOf(action), link, fault: describeFault(fault) });
  switch (action) {
    case 'redial':
      return t('{link} was hung up and is being dialed.', { link });
    case 'drain':
      return t('{link} drains: it gets no new connections, and is dialed again once its old ones are over, after 10 minutes at the latest.', { link });
    case 'pause':
      return t('{link} is paused: it gets no new connections.', { link });
    case 'resume':
      return t('{link} gets new connections again.', { link });
    default:
      return action satisfies never;
  }
}

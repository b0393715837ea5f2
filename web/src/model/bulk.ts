// What is done to several links: to which of them it applies, what it would cut, and how it went.
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import type { AgentFault } from '../agent.ts';
import { t, tn } from '../t.ts';
import { joinSentences } from './format.ts';
import { isCutting, labelOf, obstacleTo, type Action } from './link-actions.ts';
import { describeFault } from './sentences.ts';

export const bulkActions = ['redial', 'drain', 'pause', 'resume'] as const satisfies readonly Action[];

/** A pause of what is paused, or a drain of what is down, would only be refused. */
export const fitting = (action: Action, links: readonly LinkStatus[]): LinkStatus[] =>
  links.filter((link) => {
    if (action === 'pause') return link.rest === undefined;
    if (action === 'resume') return link.rest !== undefined;
    return obstacleTo(action, link) === undefined;
  });

/** `cut`: links whose connections end at once. `isAll`: nothing is left for new ones. */
export type Cost = { cut: number; isAll: boolean };

const carries = ({ balanced }: LinkStatus): boolean => balanced.ipv4 || balanced.ipv6;

/** undefined: it costs nothing that is to be asked about. */
export function costOf(action: Action, chosen: readonly LinkStatus[], all: readonly LinkStatus[]): Cost | undefined {
  if (action === 'resume') return undefined;
  const cut = chosen.filter((link) => isCutting(action, link)).length;
  const carrying = all.filter(carries);
  // One by one: while a link is dialed anew the others carry, so only one that is alone leaves nothing.
  const isAll =
    carrying.length > 0 && carrying.every(({ name }) => chosen.some((link) => link.name === name)) && (action !== 'redial' || carrying.length === 1);
  return cut > 0 || isAll ? { cut, isAll } : undefined;
}

export function describeCost({ cut, isAll }: Cost): string {
  return joinSentences([
    cut > 0 && tn(cut, 'It hangs up at once: its connections are cut.', '{count} links hang up, one after the other: their connections are cut.'),
    isAll && t('No link is left for new connections then.'),
  ]);
}

/** `place` of `count` is under way. */
export function describeBulkUnderWay({ link, action, place, count }: { link: string; action: Action; place: number; count: number }): string {
  return t('{action}: {link}, {place} of {count}…', { action: labelOf(action), link, place, count });
}

export type BulkTold = { action: Action; done: number; left: number; failed: { link: string; fault: AgentFault }[] };

export function describeBulk({ action, done, left, failed }: BulkTold): string {
  return joinSentences([
    tn(done, '{action}: {count} link done.', '{action}: {count} links done.', { action: labelOf(action) }),
    ...failed.map(({ link, fault }) => t('{link} failed. {fault}', { link, fault: describeFault(fault) })),
    left > 0 && tn(left, '{count} link was not tried.', '{count} links were not tried.'),
  ]);
}

// How far each link has come while an apply is going on: those of the status, and those that are still to come.
import type { LinkReason, LinkState, LinkStatus } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';

/** `awaited`: planned, and the router does not list it yet. */
export type LinkProgress = { name: string; state: LinkState | 'awaited'; reason?: LinkReason };

export function toProgress(planned: readonly string[], links: readonly LinkStatus[]): LinkProgress[] {
  const awaited = planned.filter((name) => !links.some((link) => link.name === name));
  return [
    ...links.map(({ name, state, reason }): LinkProgress => ({ name, state, ...(reason && state !== 'up' ? { reason } : {}) })),
    ...awaited.map((name): LinkProgress => ({ name, state: 'awaited' })),
  ];
}

/** As in "3 of 4 links are up." */
export function countUp(progress: readonly LinkProgress[]): string {
  const up = progress.filter((link) => link.state === 'up').length;
  if (up < progress.length) return t('{up} of {all} links are up.', { up, all: progress.length });
  return up === 1 ? t('The link is up.') : t('All {count} links are up.', { count: up });
}

// netifd's state of a link as a word.
import type { LinkState } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';

/** `awaited`: planned, and not yet known to the router. */
export type ShownState = LinkState | 'awaited';

export const describeState = (state: ShownState): string =>
  ({ up: t('up'), dialing: t('dialing'), down: t('down'), failed: t('failed'), absent: t('absent'), awaited: t('waiting') })[state];

// The answer to "Why this link?" in words.
import type { Reason, Why } from '../../../agent/src/contract/index.ts';
import { said, t } from '../t.ts';

export const describeReason = ({ code, details, text }: Reason): string => said(`why.${code}`, text, details);

export const isAnswered = ({ reasons }: Why): boolean => reasons.length > 0;

/** By which link it leaves. */
export function describeWay(why: Why): string {
  const { link, device, gateway } = why;
  if (!isAnswered(why)) return t('This can’t be answered now.');
  if (device === undefined) return t('No way was found for it.');
  const by = gateway === undefined ? device : t('{device} to {gateway}', { device, gateway });
  return link === undefined ? t('It leaves by {by}, which is no link.', { by }) : t('It takes link {link}, by {by}.', { link, by });
}

/** What decided. */
export function describeDecision({ by, pin, group }: Why): string {
  switch (by) {
    case 'pin':
      return group === undefined ? t('Pin {pin} decides.', { pin: pin ?? '' }) : t('Pin {pin} gives it to group {group}.', { pin: pin ?? '', group });
    case 'group':
      return t('Group {group} decides.', { group: group ?? '' });
    case 'routes':
      return group === undefined ? t('The routes alone decide.') : t('The routes decide, among the links of group {group}.', { group });
    default:
      return by satisfies never;
  }
}

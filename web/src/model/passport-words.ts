// The passport in words: its steps, what was found and proposed, and what "use this" would set.
import { fill, type PassportCode, type PassportNote, type PassportReport, type PassportStep } from '../../../agent/src/contract/index.ts';
import { said, t } from '../t.ts';
import type { LineDraft } from './draft.ts';
import { explain } from './reasons.ts';

/** Instead of sentences that name a command where the page has a button. English is the key for t(). */
const instead: Partial<Record<PassportCode, string>> = {
  restored_late: '{line} is as configured; not all that were up before are up yet.',
  sessions_open: 'All {sessions} that were tried are accepted. There may be more: try a higher number.',
  why_faulty: '{link} could not be dialed for a reason that lies on the router ({reason}). The doctor may know more.',
  speed_without_url: 'Speed was not measured, for no URL was given.',
  propose_sessions: 'Sessions: {sessions} (now {configured}).',
  mtu_differs: 'The sessions differ in their MTU: {mtus}. The line needs the smallest.',
  ipv6_off: 'IPv6 was not looked at, for {line} has it off.',
  ipv6_none: 'No session gets IPv6.',
};

export function describePassport({ code, details, text }: PassportNote): string {
  const { reason } = details;
  const isTold = typeof reason === 'string';
  // netifd's code of a refusal is put into words.
  const words = isTold ? explain({ subsystem: '', code: reason }).text : '';
  const values = isTold ? { ...details, reason: words } : details;
  const own = Object.hasOwn(instead, code) ? instead[code] : undefined;
  if (own !== undefined) return fill(t(own), values);
  return said(`passport.${code}`, isTold ? text.replace(`(${reason})`, () => `(${words})`) : text, values);
}

export function stateOfStep({ state }: PassportStep): 'done' | 'now' | 'answered' | 'failed' {
  switch (state) {
    case 'running':
      return 'now';
    case 'done':
      return 'done';
    case 'refused':
      return 'answered';
    case 'failed':
      return 'failed';
    default:
      return state satisfies never;
  }
}

/** The answer in one line. */
export function passportHeadline({ line, accepted, limit }: PassportReport): string {
  if (accepted === 0) return t('Not even one session of {line} comes up.', { line });
  if (limit === 'none') return t('{line} may have {count} sessions at once, perhaps more.', { line, count: accepted });
  return accepted === 1 ? t('{line} may have one session.', { line }) : t('{line} may have {count} sessions at once.', { line, count: accepted });
}

/** An option of the line, or the weight of one of its links. */
export type Adjustment = { option: 'sessions' | 'mtu' | 'ipv6'; value: string } | { option: 'weight'; link: string; value: string };

/** What the report would have otherwise in the line's form and its links' weights; nothing where all is as it should be, or nothing came up. */
export function toAdjustments(
  { accepted, proposal, links, findings }: PassportReport,
  { options }: LineDraft,
  weightOf: (link: string) => string,
): Adjustment[] {
  if (accepted === 0) return [];
  const mtus = links.flatMap(({ mtu }) => mtu ?? []);
  const wanted: Adjustment[] = [
    { option: 'sessions', value: String(proposal.sessions) },
    ...(new Set(mtus).size > 1 ? [{ option: 'mtu', value: String(Math.min(...mtus)) } as const] : []),
    ...(findings.some(({ code }) => code === 'ipv6_none') ? [{ option: 'ipv6', value: 'off' } as const] : []),
    ...Object.entries(proposal.weights).map(([link, weight]) => ({ option: 'weight', link, value: String(weight) }) as const),
  ];
  const defaults = { sessions: '1', mtu: '', ipv6: 'off' } as const;
  return wanted.filter((one) => (one.option === 'weight' ? weightOf(one.link) : options[one.option] || defaults[one.option]) !== one.value);
}

export function describeAdjustment(adjustment: Adjustment): string {
  const { value } = adjustment;
  switch (adjustment.option) {
    case 'sessions':
      return t('sessions {value}', { value });
    case 'mtu':
      return t('MTU {value}', { value });
    case 'ipv6':
      return t('IPv6 off');
    case 'weight':
      return t('weight of {link} {value}', { link: adjustment.link, value });
    default:
      return adjustment satisfies never;
  }
}

/** The line's part of them. */
export const adjust = (line: LineDraft, adjustments: readonly Adjustment[]): LineDraft => ({
  ...line,
  options: { ...line.options, ...Object.fromEntries(adjustments.flatMap(({ option, value }) => (option === 'weight' ? [] : [[option, value]]))) },
});

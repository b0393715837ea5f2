// The form of "Why this link?": what is typed, what is wrong with it, and the question it stands for.
import { toAddress, type Question } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';

/** As typed; '' is left open. */
export type QuestionDraft = { src: string; dst: string; proto: '' | 'tcp' | 'udp' | 'icmp'; sport: string; dport: string };

export const blankQuestion: QuestionDraft = { src: '', dst: '', proto: '', sport: '', dport: '' };

export const hasPorts = ({ proto }: QuestionDraft): boolean => proto === 'tcp' || proto === 'udp';

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
const isIpv6 = (text: string): boolean => text.includes(':');

export type QuestionComplaints = Partial<Record<keyof QuestionDraft, string>>;

export function checkQuestion(draft: QuestionDraft): QuestionComplaints {
  const complaints: QuestionComplaints = {};
  const [src, dst] = [draft.src.trim(), draft.dst.trim()];
  for (const [field, text] of Object.entries({ src, dst }) as ['src' | 'dst', string][]) {
    if (text === '') complaints[field] = t('Required.');
    else if (toAddress(text) === undefined) complaints[field] = t('An IPv4 or IPv6 address, not a name.');
  }
  if (!complaints.src && !complaints.dst && isIpv6(src) !== isIpv6(dst)) complaints.dst = t('Of the same family as the source.');
  for (const field of ['sport', 'dport'] as const) {
    const text = draft[field].trim();
    if (hasPorts(draft) && text !== '' && !isPort(text)) complaints[field] = t('A number from 1 to 65535.');
  }
  return complaints;
}

/** For a draft without complaints. */
export function toQuestion(draft: QuestionDraft): Question {
  const port = (field: 'sport' | 'dport') => (hasPorts(draft) && draft[field].trim() !== '' ? { [field]: Number(draft[field].trim()) } : {});
  return { src: draft.src.trim(), dst: draft.dst.trim(), ...(draft.proto ? { proto: draft.proto } : {}), ...port('sport'), ...port('dport') };
}

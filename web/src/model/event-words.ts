// Events of the timeline as sentences.
import { describeEvent, eventSentences, type TimelineEvent } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';
import { explain } from './reasons.ts';
import type { Topic } from './timeline.ts';

export const topicName = (topic: Topic): string =>
  ({ dialing: t('Dialing, up and down'), answers: t('Answers to probes'), hands: t('By hand'), service: t('The service itself') })[topic];

/** netifd's and pppd's codes are put into words; a kind that a newer agent knows is shown by its name. */
export function describeHappening({ kind, link, details }: TimelineEvent): string {
  if (!Object.hasOwn(eventSentences, kind)) return [link, kind].filter(Boolean).join(' ');
  const reason = details?.['reason'];
  const told = typeof reason === 'string' && reason !== '' ? { ...details, reason: explain({ subsystem: '', code: reason }).text } : details;
  return describeEvent(
    { kind, ...(link === undefined ? {} : { link }), ...(told ? { details: told } : {}) },
    { ...eventSentences, [kind]: t(eventSentences[kind]) },
  );
}

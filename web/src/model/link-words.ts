// What the probes, a rest and a hold say of a link: a word to stand beside netifd's, and notes with advice.
import type { LinkHold, LinkRest, LinkStatus, Verdict } from '../../../agent/src/contract/index.ts';
import { t, tn } from '../t.ts';
import { formatDuration, formatNumber } from './format.ts';
import { explain } from './reasons.ts';

/** `part`: dead in one family, alive in the other. */
export type ProbeWord = 'alive' | 'part' | 'dead' | 'unheard';

/** What the probes say; undefined where nobody asks, or netifd has the link down, so that nothing could answer. */
export function toProbeWord({ state, probe }: LinkStatus): ProbeWord | undefined {
  if (!probe || state !== 'up') return undefined;
  const has = (verdict: Verdict): boolean => probe.ipv4 === verdict || probe.ipv6 === verdict;
  if (has('dead')) return has('alive') ? 'part' : 'dead';
  return has('alive') ? 'alive' : 'unheard';
}

const deadFamily = ({ probe }: LinkStatus): string => (probe?.ipv6 === 'dead' ? 'IPv6' : 'IPv4');

export function describeProbe(link: LinkStatus): string | undefined {
  const word = toProbeWord(link);
  switch (word) {
    case 'alive':
      return t('answers');
    case 'part':
      return t('no answer in {family}', { family: deadFamily(link) });
    case 'dead':
      return t('no answer');
    case 'unheard':
      return t('not heard yet');
    case undefined:
      return undefined;
    default:
      return word satisfies never;
  }
}

export const percentText = (percent: number): string => t('{percent} %', { percent: formatNumber(percent, percent < 10 ? 1 : 0) });
export const latencyText = (ms: number): string => t('{ms} ms', { ms: formatNumber(ms, ms < 10 ? 1 : 0) });

/** As in "12 ms · 0 % loss"; empty where nothing was measured. */
export function describeQuality(link: LinkStatus): string {
  const { probe } = link;
  if (!probe || link.state !== 'up') return '';
  const parts = [
    probe.latencyMs === undefined ? '' : latencyText(probe.latencyMs),
    probe.loss === undefined ? '' : t('{loss} loss', { loss: percentText(probe.loss) }),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** What there is to know, and what to do about it. */
export type Note = { text: string; advice: string };

const secondsTo = (untilMs: number, atMs: number): string => formatDuration((untilMs - atMs) / 1000);

function noteOfHold({ untilMs, failures, reason }: LinkHold, atMs: number): Note {
  const why = explain({ subsystem: '', code: reason });
  return {
    text: t('Not dialed for another {time}: {reason}, {count} times in a row.', { time: secondsTo(untilMs, atMs), reason: why.text, count: failures }),
    advice: t('{advice} Redial tries at once.', { advice: why.advice }),
  };
}

function noteOfRest(rest: LinkRest, atMs: number): Note {
  if (rest.kind === 'pause') return { text: t('Paused: no new connections; those it has go on.'), advice: t('Resume gives it new ones again.') };
  return {
    text: t('Draining for {time}: no new connections.', { time: secondsTo(atMs, rest.sinceMs) }),
    advice: t('It is dialed again when it is idle, in {time} at the latest.', { time: secondsTo(rest.untilMs, atMs) }),
  };
}

function noteOfSilence(link: LinkStatus, atMs: number): Note {
  const { probe } = link;
  const family = toProbeWord(link) === 'part' ? deadFamily(link) : undefined;
  const time = secondsTo(atMs, probe?.sinceMs ?? atMs);
  const holdS = probe?.holdS;
  return {
    text: family
      ? t('No target has answered in {family} for {time}.', { family, time })
      : t('No target has answered through it for {time}, although it is up.', { time }),
    advice:
      holdS === undefined
        ? t('If it stays so, redial it, or ask the provider.')
        : tn(
            Math.round(holdS),
            'It is used again when it has answered for {count} second. If it stays so, redial it, or ask the provider.',
            'It is used again when it has answered for {count} seconds without a break. If it stays so, redial it, or ask the provider.',
          ),
  };
}

/** All that is unusual of a link, the most telling first. `atMs` is the agent's clock when it said so. */
export function notesOf(link: LinkStatus, atMs: number): Note[] {
  const { held, rest, reason, state } = link;
  const notes: Note[] = [];
  if (held) notes.push(noteOfHold(held, atMs));
  else if (reason && state !== 'up') {
    const { text, advice } = explain(reason);
    notes.push({ text: state === 'dialing' ? t('Last time: {reason}.', { reason: text }) : t('{reason}.', { reason: text }), advice });
  }
  if (rest) notes.push(noteOfRest(rest, atMs));
  const word = toProbeWord(link);
  if (word === 'dead' || word === 'part') notes.push(noteOfSilence(link, atMs));
  return notes;
}

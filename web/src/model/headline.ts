// The one sentence that matters about the links: how many carry traffic, and what is the matter with the worst of the others.
import type { LinkStatus, Status } from '../../../agent/src/contract/index.ts';
import { t, tn } from '../t.ts';
import { joinSentences } from './format.ts';
import { toProbeWord } from './link-words.ts';
import { explain } from './reasons.ts';

const carries = (link: LinkStatus): boolean => link.balanced.ipv4 || link.balanced.ipv6;

/** In order: what somebody must mend, what mends itself, what somebody asked for. */
const RANKS = ['held', 'failed', 'silent', 'down', 'silent6', 'paused', 'drains'] as const;
type Trouble = { rank: (typeof RANKS)[number]; sentence: string };

/** Nothing that counts down is in it: it is read aloud whenever it changes. */
function troubleOf(link: LinkStatus): Trouble | undefined {
  const { name, state, reason, held, rest } = link;
  const down = (): string => t('{link} is down: {reason}.', { link: name, reason: reason ? explain(reason).text : '' });
  if (held) return { rank: 'held', sentence: t('{link} waits: {reason}.', { link: name, reason: explain({ subsystem: '', code: held.reason }).text }) };
  if (state === 'failed' && reason) return { rank: 'failed', sentence: down() };
  if (state === 'down' && reason) return { rank: 'down', sentence: down() };
  const word = toProbeWord(link);
  if (word === 'dead') return { rank: 'silent', sentence: t('{link} gives no answer.', { link: name }) };
  if (word === 'part')
    return { rank: 'silent6', sentence: t('{link} gives no answer in {family}.', { link: name, family: link.probe?.ipv6 === 'dead' ? 'IPv6' : 'IPv4' }) };
  if (rest)
    return rest.kind === 'pause'
      ? { rank: 'paused', sentence: t('{link} is paused.', { link: name }) }
      : { rank: 'drains', sentence: t('{link} drains.', { link: name }) };
  return undefined;
}

/** The targets say nothing by any link, so what they say counts for nothing. */
function isDeaf(links: readonly LinkStatus[]): boolean {
  const words = links.map(toProbeWord).filter((word) => word !== undefined);
  return words.length > 1 && words.every((word) => word === 'dead') && links.some(carries);
}

function rest(links: readonly LinkStatus[]): string {
  if (isDeaf(links)) return t('No target answers through any of them, so all are used all the same.');
  const troubles = links.map(troubleOf).filter((trouble) => trouble !== undefined);
  const [worst, ...others] = troubles.toSorted((a, b) => RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank));
  const isAsked = ({ rank }: Trouble): boolean => rank === 'paused' || rank === 'drains';
  const resting = others.filter(isAsked).length;
  const bad = others.length - resting;
  const dialing = links.filter((link) => link.state === 'dialing' && !troubleOf(link)).length;
  return joinSentences([
    worst?.sentence,
    bad > 0 && tn(bad, '{count} more needs a look.', '{count} more need a look.'),
    resting > 0 &&
      (worst && isAsked(worst)
        ? tn(resting, '{count} more takes no new connections.', '{count} more take no new connections.')
        : tn(resting, '{count} takes no new connections.', '{count} take no new connections.')),
    dialing > 0 && tn(dialing, '{count} is dialing.', '{count} are dialing.'),
  ]);
}

export function headline({ enabled, links }: Status): string {
  if (links.length === 0) return enabled ? t('No line is set up yet.') : t('multidial is turned off.');
  const carrying = links.filter(carries).length;
  const first =
    carrying === links.length
      ? carrying === 1
        ? t('The one link carries traffic.')
        : t('All {count} links carry traffic.', { count: carrying })
      : t('{carrying} of {all} links carry traffic.', { carrying, all: links.length });
  return joinSentences([first, rest(links)]);
}

// What the picture of the router says of each link: how its line is drawn, a word, a width, and all of it as a sentence.
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { t, tn } from '../t.ts';
import { joinSentences, rateText } from './format.ts';
import { describeProbe, toProbeWord } from './link-words.ts';
import type { Rate, Rates } from './rates.ts';
import { describeState } from './state-words.ts';

/**
 * `flows`: has its share of the traffic. `part`: in one family only, the other is dead. `silent`: up, and no target answers. `rests`: no
 * new connections. `waits`: for its dial. `down`: nothing dials it. `idle`: up, and not asked to carry.
 */
export type Flow = 'flows' | 'part' | 'silent' | 'rests' | 'waits' | 'down' | 'idle';

export function flowOf(link: LinkStatus): Flow {
  const { state, held, rest, balanced } = link;
  if (held || state === 'dialing' || state === 'absent') return 'waits';
  if (state !== 'up') return 'down';
  if (rest) return 'rests';
  const word = toProbeWord(link);
  if (word === 'part') return 'part';
  const isUsed = balanced.ipv4 || balanced.ipv6;
  if (word === 'dead' && !isUsed) return 'silent';
  return isUsed ? 'flows' : 'idle';
}

/** Beside the name where there is no rate worth a figure; undefined where rates tell more. */
export function wordOf(link: LinkStatus): string | undefined {
  switch (flowOf(link)) {
    case 'flows':
    case 'part':
      return undefined;
    case 'silent':
      return describeProbe(link);
    case 'rests':
      return link.rest?.kind === 'drain' ? t('drains') : t('paused');
    case 'waits':
      return link.held ? t('waits') : describeState(link.state);
    case 'down':
      return describeState(link.state);
    case 'idle':
      return t('carries nothing');
    default:
      return undefined;
  }
}

export const bothWays = ({ downBps, upBps }: Rate): number => (downBps ?? 0) + (upBps ?? 0);

/** Where nothing flows, nothing is to look like much. */
const LEAST_PEAK_BPS = 1e6;
const LEAST_PX = 1.5;

/** Widths of lines by one scale, so that the trunk is as wide as its links together. `peakBps`: the most of late, which is `mostPx` wide. */
export function widthBy(peakBps: number, mostPx: number): (bps: number) => number {
  const perBps = mostPx / Math.max(peakBps, LEAST_PEAK_BPS);
  return (bps) => Math.max(LEAST_PX, Math.min(mostPx, Math.round(bps * perBps * 10) / 10));
}

/** The picture in words, for whoever does not see it. */
export function describePicture(links: readonly LinkStatus[], rates: Rates | undefined): string {
  const flowing = links.filter((link) => ['flows', 'part'].includes(flowOf(link)));
  const rateOf = ({ name }: LinkStatus): number => bothWays(rates?.links.get(name) ?? { downBps: null, upBps: null });
  const [busiest] = flowing.toSorted((a, b) => rateOf(b) - rateOf(a));
  const total = rates ? bothWays(rates.total) : 0;
  return joinSentences([
    tn(links.length, 'The LAN reaches the internet by {count} link.', 'The LAN reaches the internet by {count} links, among which the router balances.'),
    tn(flowing.length, '{count} carries traffic.', '{count} carry traffic.'),
    busiest && total > 0 && flowing.length > 1
      ? t('Most goes by {link}: {rate} of {total}.', { link: busiest.name, rate: rateText(rateOf(busiest)), total: rateText(total) })
      : '',
    ...links.flatMap((link) => {
      const word = wordOf(link);
      return word ? t('{link}: {word}.', { link: link.name, word }) : [];
    }),
    t('The table below has all of it.'),
  ]);
}

// The order of the links' table: by which column, which of two comes first, and when rows may change places.
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';
import { bothWays, flowOf, type Flow } from './picture.ts';
import type { Rates } from './rates.ts';

export type Column = 'name' | 'state' | 'loss' | 'latency' | 'share' | 'uptime' | 'carries' | 'down' | 'up';
export type Sort = { column: Column; isDescending: boolean };

export const byName: Sort = { column: 'name', isDescending: false };

export const columnName = (column: Column): string =>
  ({
    name: t('Link'),
    state: t('State'),
    loss: t('Loss'),
    latency: t('Latency'),
    share: t('Share'),
    uptime: t('Up for'),
    carries: t('Carries'),
    down: t('Download'),
    up: t('Upload'),
  })[column];

const probed: readonly Column[] = ['name', 'state', 'loss', 'latency', 'share', 'uptime', 'carries', 'down', 'up'];
const plain = probed.filter((column) => column !== 'loss' && column !== 'latency');

/** Loss and latency are there where anybody is asked. */
export const columnsOf = (links: readonly LinkStatus[]): readonly Column[] => (links.some(({ probe }) => probe) ? probed : plain);

/** Pressed again, a column turns round; figures begin with the most, words with the first. */
export function press({ column, isDescending }: Sort, pressed: Column): Sort {
  if (column === pressed) return { column, isDescending: !isDescending };
  return { column: pressed, isDescending: !['name', 'state'].includes(pressed) };
}

/** What needs a look comes first. */
const RANKS: readonly Flow[] = ['down', 'silent', 'part', 'waits', 'rests', 'idle', 'flows'];

/** Percent of all that goes now; null where nothing does or nothing is known. */
export function shareOf({ name }: LinkStatus, rates: Rates | undefined): number | null {
  const rate = rates?.links.get(name);
  const total = rates ? bothWays(rates.total) : 0;
  return !rate || total === 0 || (rate.downBps === null && rate.upBps === null) ? null : (bothWays(rate) / total) * 100;
}

function figureOf(link: LinkStatus, column: Column, rates: Rates | undefined): number | null | undefined {
  const { state, probe, uptimeS, balanced } = link;
  switch (column) {
    case 'name':
      return 0;
    case 'state':
      return RANKS.indexOf(flowOf(link));
    case 'loss':
      return state === 'up' ? probe?.loss : null;
    case 'latency':
      return state === 'up' ? probe?.latencyMs : null;
    case 'share':
      return shareOf(link, rates);
    case 'uptime':
      return uptimeS;
    case 'carries':
      return Number(balanced.ipv4) + Number(balanced.ipv6);
    case 'down':
      return rates?.links.get(link.name)?.downBps;
    case 'up':
      return rates?.links.get(link.name)?.upBps;
    default:
      return column satisfies never;
  }
}

const names = new Intl.Collator(undefined, { numeric: true });

/** What is not known comes last, whichever way round; what is equal by name. */
export function inOrder(links: readonly LinkStatus[], { column, isDescending }: Sort, rates: Rates | undefined): LinkStatus[] {
  const sign = isDescending ? -1 : 1;
  const rows = links.map((link) => ({ link, value: figureOf(link, column, rates) ?? null }));
  rows.sort((a, b) => {
    if (a.value !== b.value) {
      if (a.value === null) return 1;
      if (b.value === null) return -1;
      return sign * (a.value - b.value);
    }
    return (column === 'name' ? sign : 1) * names.compare(a.link.name, b.link.name);
  });
  return rows.map(({ link }) => link);
}

/** As it stands on the page; `key` is what it was made for, `atMs` the agent's clock then. */
export type Order = { key: string; atMs: number; names: readonly string[] };

/** Figures change each second; rows change places less often, so that they can be read. */
const CALM_MS = 5000;

type OrderInput = { links: readonly LinkStatus[]; sort: Sort; rates: Rates | undefined; atMs: number; isHeld: boolean };

/** `isHeld`: somebody points at a row or has the focus in one, and must not lose it. Another sorting, or other links, count at once. */
export function toOrder(before: Order | undefined, { links, sort, rates, atMs, isHeld }: OrderInput): Order {
  const key = [sort.column, sort.isDescending, ...links.map(({ name }) => name)].join(' ');
  if (before?.key === key && (isHeld || Math.abs(atMs - before.atMs) < CALM_MS)) return before;
  return { key, atMs, names: inOrder(links, sort, rates).map(({ name }) => name) };
}

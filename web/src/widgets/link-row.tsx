// One link in the table: a row where there is room, a card where there is not.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { formatDuration } from '../model/format.ts';
import { columnName, type Column } from '../model/link-order.ts';
import { latencyText, percentText } from '../model/link-words.ts';
import type { Rate } from '../model/rates.ts';
import { t } from '../t.ts';
import { Figure } from './figure.tsx';
import { LinkNotes } from './link-notes.tsx';
import { memo } from './memo.tsx';
import { ProbeMark } from './probe-mark.tsx';
import { StateMark } from './state-mark.tsx';

export function familiesOf({ balanced }: LinkStatus): string {
  const names = [balanced.ipv4 && 'IPv4', balanced.ipv6 && 'IPv6'].filter(Boolean);
  return names.length > 0 ? names.join(' + ') : t('nothing');
}

/** The name opens what there is to know and to do of a link, where somebody shows it. */
const Name = memo(({ name, isOpen, onToggle }: { name: string; isOpen: boolean; onToggle: RowProps['onToggle'] }) => {
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(isOpen);
  // At once: the next key belongs to it.
  useLayoutEffect(() => {
    // What was closed had the focus: it comes back to where it was opened.
    if (wasOpen.current && !isOpen && document.activeElement === document.body) button.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  if (!onToggle) return <>{name}</>;
  return (
    <button ref={button} type="button" class="md-open" aria-expanded={isOpen} onClick={() => onToggle(name)}>
      {name}
    </button>
  );
});

/** The bar is long as this link is fast, against the fastest in the same direction; the figure above it says the same. */
function rateFigure(bps: number | null, most: number) {
  const percent = most > 0 ? Math.round(((bps ?? 0) / most) * 100) : 0;
  return (
    <>
      <Figure bps={bps} />
      <span class="md-bar" aria-hidden="true">
        <span style={{ width: `${percent}%` }} />
      </span>
    </>
  );
}

const measured = (text: string | undefined) => <span class={text === undefined ? 'md-muted' : ''}>{text ?? '–'}</span>;

export type RowProps = {
  link: LinkStatus;
  columns: readonly Column[];
  atMs: number;
  series: number;
  rate: Rate;
  share: number | null;
  /** Links differ in it, so it says something. */
  hasWeight: boolean;
  /** Of all links, in each direction. */
  mostDown: number;
  mostUp: number;
  isOpen: boolean;
  isSelected: boolean;
  onToggle: ((name: string) => void) | undefined;
  onSelect: ((names: readonly string[], isSelected: boolean) => void) | undefined;
};

/** Not components: with 32 links there would be three hundred more of them to go through at each poll. */
function content(column: Column, { link, atMs, rate, share, hasWeight, mostDown, mostUp }: RowProps) {
  const probe = link.state === 'up' ? link.probe : undefined;
  switch (column) {
    case 'name':
      return null;
    case 'state':
      return (
        <>
          <span class="md-states">
            <StateMark state={link.state} />
            <ProbeMark link={link} isBrief />
          </span>
          <LinkNotes link={link} atMs={atMs} />
        </>
      );
    case 'loss':
      return measured(probe?.loss === undefined ? undefined : percentText(probe.loss));
    case 'latency':
      return measured(probe?.latencyMs === undefined ? undefined : latencyText(probe.latencyMs));
    case 'share':
      return (
        <>
          {measured(share === null ? undefined : t('{percent} %', { percent: Math.round(share) }))}
          {hasWeight && <span class="md-muted md-device">{t('weight {weight}', { weight: link.weight })}</span>}
        </>
      );
    case 'uptime':
      return measured(link.uptimeS === undefined ? undefined : formatDuration(link.uptimeS));
    case 'carries':
      return <span>{familiesOf(link)}</span>;
    case 'down':
      return rateFigure(rate.downBps, mostDown);
    case 'up':
      return rateFigure(rate.upBps, mostUp);
    default:
      return column satisfies never;
  }
}

export const LinkRow = memo((props: RowProps) => {
  const { link, columns, series, isOpen, isSelected, onToggle, onSelect } = props;
  return (
    <tr role="row" class={link.state === 'up' ? '' : 'md-idle'}>
      {onSelect && (
        <td role="cell" class="md-cell-pick">
          <input
            type="checkbox"
            aria-label={t('Choose {link}', { link: link.name })}
            checked={isSelected}
            onChange={(event) => onSelect([link.name], event.currentTarget.checked)}
          />
        </td>
      )}
      <th role="rowheader" scope="row">
        <span class={`md-swatch md-swatch-${series}`} aria-hidden="true" />
        <Name name={link.name} isOpen={isOpen} onToggle={onToggle} />
      </th>
      {columns
        .filter((column) => column !== 'name')
        .map((column) => (
          <td key={column} role="cell" data-label={columnName(column)} class={`md-cell-${column}`}>
            {content(column, props)}
          </td>
        ))}
    </tr>
  );
});

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
import { ProbeMark } from './probe-mark.tsx';
import { StateMark } from './state-mark.tsx';

export function familiesOf({ balanced }: LinkStatus): string {
  const names = [balanced.ipv4 && 'IPv4', balanced.ipv6 && 'IPv6'].filter(Boolean);
  return names.length > 0 ? names.join(' + ') : t('nothing');
}

/** The name opens what there is to know and to do of a link, where somebody shows it. */
function Name({ link, isOpen, onToggle }: { link: LinkStatus; isOpen: boolean; onToggle: (() => void) | undefined }) {
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(isOpen);
  // At once: the next key belongs to it.
  useLayoutEffect(() => {
    // What was closed had the focus: it comes back to where it was opened.
    if (wasOpen.current && !isOpen && document.activeElement === document.body) button.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  if (!onToggle) return <>{link.name}</>;
  return (
    <button ref={button} type="button" class="md-open" aria-expanded={isOpen} onClick={onToggle}>
      {link.name}
    </button>
  );
}

/** The bar is long as this link is fast, against the fastest in the same direction; the figure above it says the same. */
function RateFigure({ bps, most }: { bps: number | null; most: number }) {
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

function Measured({ text }: { text: string | undefined }) {
  return <span class={text === undefined ? 'md-muted' : ''}>{text ?? '–'}</span>;
}

export type RowProps = {
  link: LinkStatus;
  columns: readonly Column[];
  atMs: number;
  series: number;
  rate: Rate;
  share: number | null;
  /** Links differ in it, so it says something. */
  hasWeight: boolean;
  most: Record<keyof Rate, number>;
  isOpen: boolean;
  isSelected: boolean;
  onToggle: (() => void) | undefined;
  onSelect: ((isSelected: boolean) => void) | undefined;
};

function Content({ column, link, atMs, rate, share, hasWeight, most }: RowProps & { column: Column }) {
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
      return <Measured text={probe?.loss === undefined ? undefined : percentText(probe.loss)} />;
    case 'latency':
      return <Measured text={probe?.latencyMs === undefined ? undefined : latencyText(probe.latencyMs)} />;
    case 'share':
      return (
        <>
          <Measured text={share === null ? undefined : t('{percent} %', { percent: Math.round(share) })} />
          {hasWeight && <span class="md-muted md-device">{t('weight {weight}', { weight: link.weight })}</span>}
        </>
      );
    case 'uptime':
      return <Measured text={link.uptimeS === undefined ? undefined : formatDuration(link.uptimeS)} />;
    case 'carries':
      return <span>{familiesOf(link)}</span>;
    case 'down':
      return <RateFigure bps={rate.downBps} most={most.downBps} />;
    case 'up':
      return <RateFigure bps={rate.upBps} most={most.upBps} />;
    default:
      return column satisfies never;
  }
}

export function LinkRow(props: RowProps) {
  const { link, columns, series, isOpen, isSelected, onToggle, onSelect } = props;
  return (
    <tr role="row" class={link.state === 'up' ? '' : 'md-idle'}>
      {onSelect && (
        <td role="cell" class="md-cell-pick">
          <input
            type="checkbox"
            aria-label={t('Choose {link}', { link: link.name })}
            checked={isSelected}
            onChange={(event) => onSelect(event.currentTarget.checked)}
          />
        </td>
      )}
      <th role="rowheader" scope="row">
        <span class={`md-swatch md-swatch-${series}`} aria-hidden="true" />
        <Name link={link} isOpen={isOpen} onToggle={onToggle} />
      </th>
      {columns
        .filter((column) => column !== 'name')
        .map((column) => (
          <td key={column} role="cell" data-label={columnName(column)} class={`md-cell-${column}`}>
            <Content {...props} column={column} />
          </td>
        ))}
    </tr>
  );
}

// The links with state, addresses and live rates: a table where there is room, cards where there is not.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { formatDuration } from '../model/format.ts';
import { toSeries } from '../model/history.ts';
import type { Rate, Rates } from '../model/rates.ts';
import { t } from '../t.ts';
import { Figure } from './figure.tsx';
import { LinkNotes } from './link-notes.tsx';
import { ProbeMark } from './probe-mark.tsx';
import { StateMark } from './state-mark.tsx';

const NO_RATE: Rate = { downBps: null, upBps: null };

function Addresses({ link }: { link: LinkStatus }) {
  const all = [...link.ipv4, ...link.ipv6];
  if (all.length === 0) return <span class="md-muted">–</span>;
  return (
    <>
      {all.map((address) => (
        <span key={address} class="md-address">
          {address}
        </span>
      ))}
    </>
  );
}

/** The bar is long as this link is fast, against the fastest in the same direction; the figure above it says the same. */
function RateCell({ label, bps, most }: { label: string; bps: number | null; most: number }) {
  const percent = most > 0 ? Math.round(((bps ?? 0) / most) * 100) : 0;
  return (
    <td role="cell" data-label={label} class="md-number">
      <Figure bps={bps} />
      <span class="md-bar" aria-hidden="true">
        <span style={{ width: `${percent}%` }} />
      </span>
    </td>
  );
}

function familiesOf({ balanced }: LinkStatus): string {
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

type RowProps = {
  link: LinkStatus;
  atMs: number;
  series: number;
  rate: Rate;
  most: Record<keyof Rate, number>;
  isOpen: boolean;
  onToggle: (() => void) | undefined;
};

function Row({ link, atMs, series, rate, most, isOpen, onToggle }: RowProps) {
  return (
    <tr role="row" class={link.state === 'up' ? '' : 'md-idle'}>
      <th role="rowheader" scope="row">
        <span class={`md-swatch md-swatch-${series}`} aria-hidden="true" />
        <Name link={link} isOpen={isOpen} onToggle={onToggle} />
        {link.device && <span class="md-muted md-device">{link.device}</span>}
      </th>
      <td role="cell" data-label={t('State')}>
        <span class="md-states">
          <StateMark state={link.state} />
          <ProbeMark link={link} />
        </span>
        <LinkNotes link={link} atMs={atMs} />
      </td>
      <td role="cell" data-label={t('Addresses')}>
        <Addresses link={link} />
      </td>
      <td role="cell" data-label={t('Up for')} class="md-figure">
        {link.uptimeS === undefined ? <span class="md-muted">–</span> : formatDuration(link.uptimeS)}
      </td>
      <td role="cell" data-label={t('Carries')} class="md-carries">
        {familiesOf(link)}
        <span class="md-muted md-device">{t('weight {weight}', { weight: link.weight })}</span>
      </td>
      <RateCell label={t('Download')} bps={rate.downBps} most={most.downBps} />
      <RateCell label={t('Upload')} bps={rate.upBps} most={most.upBps} />
    </tr>
  );
}

type Props = {
  links: readonly LinkStatus[];
  /** The agent's clock when it told of them. */
  atMs: number;
  rates: Rates | undefined;
  opened?: string | undefined;
  onToggle?: ((name: string) => void) | undefined;
};

export function LinkTable({ links, atMs, rates, opened, onToggle }: Props) {
  const rateOf = (link: LinkStatus): Rate => rates?.links.get(link.name) ?? NO_RATE;
  const mostOf = (direction: keyof Rate): number => Math.max(0, ...links.map((link) => rateOf(link)[direction] ?? 0));
  const most = { downBps: mostOf('downBps'), upBps: mostOf('upBps') };
  return (
    // The roles stay when a narrow page turns rows into cards by CSS, which costs a table its meaning otherwise.
    <table role="table" class="md-links">
      <caption class="md-hidden">{t('Links')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {[t('Link'), t('State'), t('Addresses'), t('Up for'), t('Carries')].map((title) => (
            <th key={title} role="columnheader" scope="col">
              {title}
            </th>
          ))}
          {[t('Download'), t('Upload')].map((title) => (
            <th key={title} role="columnheader" scope="col" class="md-number">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {links.map((link, index) => (
          <Row
            key={link.name}
            link={link}
            atMs={atMs}
            series={toSeries(index)}
            rate={rateOf(link)}
            most={most}
            isOpen={link.name === opened}
            onToggle={onToggle && (() => onToggle(link.name))}
          />
        ))}
      </tbody>
      <tfoot role="rowgroup">
        <tr role="row">
          <th role="rowheader" scope="row" colSpan={5}>
            {t('Sum')}
          </th>
          <td role="cell" data-label={t('Download')} class="md-number">
            <Figure bps={rates?.total.downBps ?? null} />
          </td>
          <td role="cell" data-label={t('Upload')} class="md-number">
            <Figure bps={rates?.total.upBps ?? null} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

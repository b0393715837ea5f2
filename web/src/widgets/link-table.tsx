// The links with state, addresses and live rates: a table where there is room, cards where there is not.
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { formatDuration } from '../model/format.ts';
import { toSeries } from '../model/history.ts';
import type { Rate, Rates } from '../model/rates.ts';
import { explain } from '../model/reasons.ts';
import { t } from '../t.ts';
import { Figure } from './figure.tsx';
import { StateMark } from './state-mark.tsx';

const NO_RATE: Rate = { downBps: null, upBps: null };

function Reason({ link }: { link: LinkStatus }) {
  if (!link.reason || link.state === 'up') return null;
  const { text, advice } = explain(link.reason);
  return (
    <span class="md-reason">
      {link.state === 'dialing' ? t('Last time: {reason}.', { reason: text }) : `${text}.`} <span class="md-muted">{advice}</span>
    </span>
  );
}

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

function Row({ link, series, rate, most }: { link: LinkStatus; series: number; rate: Rate; most: Record<keyof Rate, number> }) {
  return (
    <tr role="row" class={link.state === 'up' ? '' : 'md-idle'}>
      <th role="rowheader" scope="row">
        <span class={`md-swatch md-swatch-${series}`} aria-hidden="true" />
        {link.name}
        {link.device && <span class="md-muted md-device">{link.device}</span>}
      </th>
      <td role="cell" data-label={t('State')}>
        <StateMark state={link.state} />
        <Reason link={link} />
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

type Props = { links: readonly LinkStatus[]; rates: Rates | undefined };

export function LinkTable({ links, rates }: Props) {
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
          <Row key={link.name} link={link} series={toSeries(index)} rate={rateOf(link)} most={most} />
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

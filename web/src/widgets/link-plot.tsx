// What was measured of a link: rates, or latency and loss, as two curves with a table of the same figures behind them.
import { useMemo } from 'preact/hooks';
import type { LinkHistory } from '../../../agent/src/contract/index.ts';
import type { ChartAxis, ChartData } from '../model/chart.ts';
import { formatAgo, formatTick } from '../model/format.ts';
import { latencyText, percentText } from '../model/link-words.ts';
import { timesOf, toCurves, toColumn, type Curve, type Quantity } from '../model/series.ts';
import { t } from '../t.ts';
import { PlotFrame } from './plot-frame.tsx';

type Props = { history: LinkHistory; quantity: Quantity };

/** Both rates by one axis; latency by the left one and loss by the right one. */
function toAxes(quantity: Quantity, curves: ChartAxis['curves']): ChartAxis[] {
  if (quantity === 'rates') return [{ curves, least: 1000, toText: formatTick }];
  return [
    { curves: curves.slice(0, 1), least: 10, toText: latencyText },
    { curves: curves.slice(1), least: 10, toText: percentText },
  ];
}

/** The second is dashed, so that the two can be told apart without colour. */
const lookOf = ({ isDashed }: Curve): string => (isDashed ? 'md-swatch-2 md-dashed' : 'md-swatch-1');

/** A column a curve: that leaves room on a phone. */
function Behind({ curves, caption }: { curves: readonly Curve[]; caption: string }) {
  const columns = curves.map(toColumn);
  return (
    <details class="md-details">
      <summary>{t('As a table')}</summary>
      <table class="md-figures">
        <caption class="md-hidden">{caption}</caption>
        <thead>
          <tr>
            <td />
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[t('Now'), t('Least'), t('Mean'), t('Most')].map((title, place) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {columns.map(({ name, cells }) => (
                <td key={name}>{cells[place]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function LinkPlot({ history, quantity }: Props) {
  const curves = toCurves(history, quantity);
  const times = timesOf(history);
  const data = useMemo(
    (): ChartData => ({
      times,
      windowS: history.stepS * Math.max(1, times.length - 1),
      axes: toAxes(
        quantity,
        curves.map((curve) => ({ values: curve.values, look: lookOf(curve) })),
      ),
    }),
    [history, quantity],
  );
  const toLegend = (place = times.length - 1) => (
    <ul class="md-legend">
      <li class="md-muted">{formatAgo((times.at(-1) ?? 0) - (times[place] ?? 0))}</li>
      {curves.map((curve) => (
        <li key={curve.name}>
          <span class={`md-dash ${lookOf(curve)}`} />
          {curve.name} <span class="md-figure">{curve.toText(curve.values[place] ?? null)}</span>
        </li>
      ))}
    </ul>
  );
  return (
    <>
      <PlotFrame data={data} legend={toLegend} />
      <Behind curves={curves} caption={`${history.link}: ${curves.map(({ name }) => name).join(', ')}`} />
    </>
  );
}

// What was measured of a link: rates, or latency and loss, as two curves with a table of the same figures behind them.
import { useMemo } from 'preact/hooks';
import type { LinkHistory } from '../../../agent/src/contract/index.ts';
import { formatAgo } from '../model/format.ts';
import { timesOf, toCurves, toColumn, type Curve, type Quantity } from '../model/series.ts';
import { t } from '../t.ts';
import type { CreateChart } from './plot-frame.ts';
import { useChart } from './use-chart.ts';

type Props = { history: LinkHistory; quantity: Quantity };

const loadLines = (quantity: Quantity): Promise<CreateChart> =>
  import('./plot-lines.ts').then(
    ({ createLines }) =>
      (element, data, onCursor) =>
        createLines(element, data, quantity, onCursor),
  );

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
    () => ({ columns: [times, ...curves.map(({ values }) => values)], windowS: history.stepS * Math.max(1, times.length - 1) }),
    [history, quantity],
  );
  const { element, failed, place } = useChart(() => loadLines(quantity), data, `${history.link} ${history.span} ${quantity}`);
  const at = place ?? times.length - 1;
  return (
    <>
      {failed ? (
        <p class="md-muted">{t('The plot could not be loaded; the table has the same figures.')}</p>
      ) : (
        <div aria-hidden="true">
          <div ref={element} class="md-chart" />
          <ul class="md-legend">
            <li class="md-muted">{formatAgo((times.at(-1) ?? 0) - (times[at] ?? 0))}</li>
            {curves.map(({ name, values, toText, isDashed }) => (
              <li key={name}>
                <span class={`md-dash md-swatch-${isDashed ? 2 : 1}${isDashed ? ' md-dashed' : ''}`} />
                {name} <span class="md-figure">{toText(values[at] ?? null)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Behind curves={curves} caption={`${history.link}: ${curves.map(({ name }) => name).join(', ')}`} />
    </>
  );
}

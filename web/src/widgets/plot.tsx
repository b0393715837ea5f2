// Rates over minutes, hours or days as a stack of the links: uPlot, fetched when first shown, with a table of the same figures behind it.
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Span } from '../../../agent/src/contract/index.ts';
import { formatAgo, rateText } from '../model/format.ts';
import { summarise, toColumns, toSeries, toStack, windowS, type Direction, type Sample } from '../model/history.ts';
import { spanNames } from '../model/series.ts';
import { t } from '../t.ts';
import { Figure } from './figure.tsx';
import type { ChartData, CreateChart } from './plot-frame.ts';
import { Switch } from './switch.tsx';
import { useChart } from './use-chart.ts';

type Props = { history: readonly Sample[]; names: readonly string[]; direction: Direction; span: Span };

function Behind({ history, names, direction }: Props) {
  const [, total = [], ...links] = toColumns(history, names, direction);
  const rows = [...names.map((name, index) => ({ name, values: links[index] ?? [] })), { name: t('Sum'), values: total }];
  return (
    <details class="md-details">
      <summary>{t('As a table')}</summary>
      <table class="md-figures">
        <caption class="md-hidden">{direction === 'downBps' ? t('Download') : t('Upload')}</caption>
        <thead>
          <tr>
            {[t('Link'), t('Now'), t('Least'), t('Mean'), t('Most')].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, values }) => {
            const summary = summarise(values);
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                {[values.at(-1) ?? null, summary?.least ?? null, summary?.mean ?? null, summary?.most ?? null].map((value, index) => (
                  <td key={index}>{rateText(value)}</td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}

/** What is drawn where the pointer is, or now. */
function Legend({ history, names, direction, place }: Props & { place: number | undefined }) {
  const sample = history.at(place ?? -1);
  const last = history.at(-1);
  return (
    <ul class="md-legend">
      <li class="md-muted">{sample && last ? formatAgo(last.atS - sample.atS) : ''}</li>
      <li>
        <span class="md-swatch md-swatch-sum" />
        {t('Sum')} <Figure bps={sample?.total[direction] ?? null} />
      </li>
      {names.map((name, index) => (
        <li key={name}>
          <span class={`md-swatch md-swatch-${toSeries(index)}`} />
          {name} <Figure bps={sample?.links.get(name)?.[direction] ?? null} />
        </li>
      ))}
    </ul>
  );
}

const loadChart = (): Promise<CreateChart> => import('./plot-chart.ts').then(({ createChart }) => createChart);

function toData({ history, names, direction, span }: Props): ChartData {
  const [times = [], total = [], ...edges] = toStack(toColumns(history, names, direction));
  return { columns: [times, ...edges, total], windowS: windowS(history, span) };
}

function Chart(props: Props) {
  const { history, names, direction, span } = props;
  const data = useMemo(() => toData(props), [history, names.join(' '), direction]);
  const { element, failed, place } = useChart(loadChart, data, names.join(' '));
  return (
    <>
      {failed ? (
        <p class="md-muted">{t('The plot could not be loaded; the table has the same figures.')}</p>
      ) : (
        <div aria-hidden="true">
          <div ref={element} class="md-chart" />
          <Legend history={history} names={names} direction={direction} span={span} place={place} />
        </div>
      )}
      <Behind history={history} names={names} direction={direction} span={span} />
    </>
  );
}

type PlotProps = Omit<Props, 'direction'> & {
  onSpan: (span: Span) => void;
  /** What is said in the plot's place while there is none. */
  word: string | undefined;
  children?: ComponentChildren;
};

export function Plot({ history, names, span, onSpan, word, children }: PlotProps) {
  const [direction, setDirection] = useState<Direction>('downBps');
  return (
    <section class="md-plot" aria-labelledby="md-plot-title">
      <div class="md-section-head">
        <h2 id="md-plot-title">{t('Rates')}</h2>
        <div class="md-switches">
          <Switch
            legend={t('Direction')}
            name="md-direction"
            choices={[
              { value: 'downBps', label: t('Download') },
              { value: 'upBps', label: t('Upload') },
            ]}
            value={direction}
            onChange={setDirection}
          />
          <Switch legend={t('How far back')} name="md-rates-span" choices={spanNames()} value={span} onChange={onSpan} />
        </div>
      </div>
      {word === undefined ? <Chart history={history} names={names} direction={direction} span={span} /> : <p class="md-muted md-chart">{word}</p>}
      {children}
    </section>
  );
}

// Rates over minutes, hours or days as a stack of the links, with a table of the same figures behind it.
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Span } from '../../../agent/src/contract/index.ts';
import type { ChartData } from '../model/chart.ts';
import { formatAgo, formatTick, rateText } from '../model/format.ts';
import { summarise, toColumns, toSeries, toStack, windowS, type Direction, type Sample } from '../model/history.ts';
import { spanNames } from '../model/series.ts';
import { t } from '../t.ts';
import { Figure } from './figure.tsx';
import { PlotFrame } from './plot-frame.tsx';
import { Switch } from './switch.tsx';

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

const LEAST_SCALE_BPS = 1000;
/** Edges of more links than this are thin: they stand close, and a processor strokes a hairline in a fraction of the time. */
const ROOMY = 8;

/** Filled down to the axis, from the highest edge to the lowest: what stays visible of each is its link's part. */
function toData({ history, names, direction, span }: Props): ChartData {
  const [, total = [], ...edges] = toStack(toColumns(history, names, direction));
  const weight = edges.length > ROOMY ? ' md-thin' : '';
  const stack = edges.map((values, index) => ({ values, look: `md-swatch-${toSeries(edges.length - 1 - index)}${weight}`, isFilled: true }));
  const curves = [...stack, { values: total, look: 'md-swatch-sum' }];
  return { times: history.map(({ atS }) => atS), windowS: windowS(history, span), axes: [{ curves, least: LEAST_SCALE_BPS, toText: formatTick }] };
}

function Chart(props: Props) {
  const { history, names, direction } = props;
  const data = useMemo(() => toData(props), [history, names.join(' '), direction]);
  return (
    <>
      <PlotFrame data={data} legend={(place) => <Legend {...props} place={place} />} />
      <Behind {...props} />
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

// Rates over the last minutes: uPlot, fetched when first shown, with a table of the same figures behind it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { rateText } from '../model/format.ts';
import { summarise, toColumns, type Direction, type Sample } from '../model/history.ts';
import { t } from '../t.ts';
import type { Chart } from './plot-chart.ts';

type Props = { history: readonly Sample[]; names: readonly string[] };

function Behind({ history, names, direction }: Props & { direction: Direction }) {
  const [, total = [], ...links] = toColumns(history, names, direction);
  const rows = [{ name: t('Sum'), values: total }, ...names.map((name, index) => ({ name, values: links[index] ?? [] }))];
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

/** Keeps a chart on the element: made when the code has arrived, made anew when the links change. */
function useChart({ history, names, direction }: Props & { direction: Direction }) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | undefined>(undefined);
  const [failed, setFailed] = useState(false);
  const columns = toColumns(history, names, direction);
  const latest = useRef(columns);
  latest.current = columns;
  const key = names.join(' ');
  useEffect(() => {
    let isGone = false;
    import('./plot-chart.ts').then(
      ({ createChart }) => {
        if (!isGone && element.current) chart.current = createChart(element.current, [t('Sum'), ...names], latest.current);
      },
      () => setFailed(true),
    );
    return () => {
      isGone = true;
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [key]);
  useEffect(() => chart.current?.update(columns));
  return { element, failed };
}

export function Plot({ history, names }: Props) {
  const [direction, setDirection] = useState<Direction>('downBps');
  const { element, failed } = useChart({ history, names, direction });
  return (
    <section class="md-plot" aria-label={t('Rates of the last five minutes')}>
      <div class="md-section-head">
        <h2>{t('Last five minutes')}</h2>
        <fieldset class="md-switch">
          <legend class="md-hidden">{t('Direction')}</legend>
          {(['downBps', 'upBps'] as const).map((each) => (
            <label key={each} class={each === direction ? 'md-on' : ''}>
              <input type="radio" name="md-direction" checked={each === direction} onChange={() => setDirection(each)} />
              {each === 'downBps' ? t('Download') : t('Upload')}
            </label>
          ))}
        </fieldset>
      </div>
      {failed ? (
        <p class="md-muted">{t('The plot could not be loaded; the table has the same figures.')}</p>
      ) : (
        <div ref={element} class="md-chart" aria-hidden="true" />
      )}
      <Behind history={history} names={names} direction={direction} />
    </section>
  );
}

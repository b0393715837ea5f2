// The place of a chart, whose code is fetched when the first is shown, with its legend below.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../t.ts';
import type { PlotProps } from './plot-chart.tsx';

let chart: typeof import('./plot-chart.tsx') | undefined;

export function PlotFrame(props: PlotProps) {
  const [state, setState] = useState(chart ? 'ready' : 'loading');
  useEffect(() => {
    if (chart) return;
    import('./plot-chart.tsx').then(
      (loaded) => {
        chart = loaded;
        setState('ready');
      },
      () => setState('failed'),
    );
  }, []);
  if (state === 'failed') return <p class="md-muted">{t('The plot could not be loaded; the table has the same figures.')}</p>;
  return (
    <div aria-hidden="true">
      {chart ? (
        <chart.PlotChart {...props} />
      ) : (
        <>
          <div class="md-chart" />
          {props.legend()}
        </>
      )}
    </div>
  );
}

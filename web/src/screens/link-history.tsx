// A link's history: asked for while it is shown, by span, as rates or as latency and loss.
import { useEffect, useState } from 'preact/hooks';
import type { Span } from '../../../agent/src/contract/index.ts';
import { describeFault } from '../model/sentences.ts';
import { isBlank, spanNames, type Quantity } from '../model/series.ts';
import { t } from '../t.ts';
import { LinkPlot } from '../widgets/link-plot.tsx';
import { Switch } from '../widgets/switch.tsx';
import { useStore } from './store-context.ts';

export function LinkHistory({ name }: { name: string }) {
  const { watching } = useStore();
  const [span, setSpan] = useState<Span>('5m');
  const [quantity, setQuantity] = useState<Quantity>('rates');
  useEffect(() => watching.followHistory(name, span), [name, span]);
  const history = watching.history.value;
  return (
    <div class="md-history">
      <div class="md-section-head">
        <Switch
          legend={t('What is shown')}
          name="md-quantity"
          choices={[
            { value: 'rates', label: t('Rates') },
            { value: 'quality', label: t('Latency and loss') },
          ]}
          value={quantity}
          onChange={setQuantity}
        />
        <Switch legend={t('How far back')} name="md-span" choices={spanNames()} value={span} onChange={setSpan} />
      </div>
      {history.state === 'failed' && <p class="md-muted">{describeFault(history.fault)}</p>}
      {history.state === 'ready' ? (
        <>
          {isBlank(history.value) && <p class="md-muted">{t('Nothing was measured in this time.')}</p>}
          <LinkPlot history={history.value} quantity={quantity} />
        </>
      ) : (
        history.state !== 'failed' && <p class="md-muted md-chart">{t('Asking the router…')}</p>
      )}
    </div>
  );
}

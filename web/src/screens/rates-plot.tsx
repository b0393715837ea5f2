// The plot of all links' rates: the last minutes from the page's memory, more from what the agent recorded.
import { useEffect } from 'preact/hooks';
import type { Sample } from '../model/history.ts';
import { describeFault } from '../model/sentences.ts';
import { everything } from '../model/timeline.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Plot } from '../widgets/plot.tsx';
import { useStore } from './store-context.ts';

const NONE: readonly Sample[] = [];

/** What is drawn, or a word in its place. */
function useDrawn(): { history: readonly Sample[]; word?: string } {
  const { live, watching } = useStore();
  const { span, recorded } = watching;
  const found = recorded.value;
  if (span.value === '5m') return { history: live.history.value };
  if (found.state === 'failed') return { history: NONE, word: describeFault(found.fault) };
  if (found.state !== 'ready' || found.value.span !== span.value) return { history: NONE, word: t('Asking the router…') };
  if (found.value.samples.length > 0) return { history: found.value.samples };
  return { history: NONE, word: t('Nothing was recorded. Where option watch is 0, nobody watches the links.') };
}

export function RatesPlot({ names }: { names: readonly string[] }) {
  const { watching, screen } = useStore();
  const span = watching.span.value;
  useEffect(() => watching.followRates(span), [span]);
  const { history, word } = useDrawn();
  return (
    <Plot
      history={history}
      names={names}
      span={span}
      onSpan={(next) => {
        watching.span.value = next;
      }}
      word={word}
    >
      <div class="md-actions">
        <Button
          onClick={() => {
            watching.filter.value = everything;
            screen.value = 'events';
          }}
        >
          {t('Events of all links')}
        </Button>
      </div>
    </Plot>
  );
}

// Takes back everything multidial added, after asking.
import { useState } from 'preact/hooks';
import { describeFault } from '../model/sentences.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { Notice } from '../widgets/notice.tsx';
import { useStore } from './store-context.ts';

export function TurnOff() {
  const { setup, live, screen } = useStore();
  const [step, setStep] = useState<'closed' | 'asking' | 'working'>('closed');
  const [error, setError] = useState<string>();
  async function turnOff(): Promise<void> {
    setStep('working');
    const fault = await setup.reset();
    setStep('closed');
    setError(fault && describeFault(fault));
    if (fault) return;
    live.now();
    screen.value = 'overview';
  }
  return (
    <section class="md-turn-off" aria-labelledby="md-off-title">
      <h2 id="md-off-title">{t('Turn off')}</h2>
      <p class="md-muted">{t('Hangs up every session and takes back what multidial added to network and firewall. This configuration stays.')}</p>
      {error && <Notice tone="bad">{error}</Notice>}
      <Button kind="danger" onClick={() => setStep('asking')}>
        {t('Turn off…')}
      </Button>
      {step !== 'closed' && (
        <Dialog title={t('Turn multidial off?')} onCancel={() => setStep('closed')}>
          <p>{t('All its links hang up at once. If you reach this router through them, you will be cut off.')}</p>
          <div class="md-actions">
            <Button kind="danger" disabled={step === 'working'} onClick={() => void turnOff()}>
              {step === 'working' ? t('Turning off…') : t('Turn off')}
            </Button>
            <Button onClick={() => setStep('closed')}>{t('Cancel')}</Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

// The way from the setup to the test of a line.
import type { ConfigSection } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';

export function PassportLink({ sections }: { sections: readonly ConfigSection[] }) {
  if (!sections.some(({ type }) => type === 'line')) return null;
  return (
    <section class="md-turn-off" aria-labelledby="md-test-title">
      <h2 id="md-test-title">{t('What the provider allows')}</h2>
      <p class="md-muted">{t('Finds out how many sessions a line may have, whether speed adds up, and what MTU and IPv6 they get.')}</p>
      <a class="md-way" href="#passport">
        {t('Go to the test')}
      </a>
    </section>
  );
}

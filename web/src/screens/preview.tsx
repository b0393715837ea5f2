// Preview: in words what will change, the exact edits on demand, and Apply.
import { useEffect } from 'preact/hooks';
import type { Plan } from '../../../agent/src/contract/index.ts';
import { describeFault } from '../model/sentences.ts';
import { toSentences } from '../model/summary.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { ChangeList } from '../widgets/change-list.tsx';
import { Notice } from '../widgets/notice.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';
import { useStore } from './store-context.ts';

function PlanInWords({ plan, changes }: { plan: Plan; changes: number }) {
  const sentences = toSentences(plan);
  if (sentences.length > 0) {
    return (
      <>
        <p>{t('Applying this makes:')}</p>
        <ul class="md-sentences">
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </>
    );
  }
  if (plan.blocked) return null;
  return <Notice>{changes === 0 ? t('Nothing would change.') : t('Nothing would change on the network. Your settings are only stored.')}</Notice>;
}

export function PreviewScreen() {
  const { setup, wizard, screen, session } = useStore();
  const plan = setup.plan.value;
  const back = (): void => {
    screen.value = wizard.isPreviewed.value ? 'wizard' : 'setup';
  };
  useEffect(
    () => () => {
      wizard.isPreviewed.value = false;
    },
    [],
  );
  function apply(): void {
    screen.value = 'apply';
    void setup.applyNow();
  }
  const isReady = plan.state === 'ready' && !plan.value.blocked && setup.changes.value > 0;
  return (
    <>
      {(plan.state === 'loading' || plan.state === 'empty') && (
        <p class="md-muted" role="status">
          {t('Working out what would change…')}
        </p>
      )}
      {plan.state === 'failed' && <Notice tone="bad">{describeFault(plan.fault)}</Notice>}
      {plan.state === 'ready' && (
        <>
          {plan.value.blocked && <Notice tone="bad">{t('This can’t be applied as it is:')}</Notice>}
          <ProblemList problems={plan.value.problems} />
          <PlanInWords plan={plan.value} changes={setup.changes.value} />
          {wizard.isPreviewed.value && wizard.due.value !== undefined && (
            <Notice>{t('One session first. After Apply you are led to the test of how many more there may be.')}</Notice>
          )}
          <ChangeList uci={plan.value.uci} system={plan.value.system} />
        </>
      )}
      <p class="md-muted md-way-back">{t('If the router can’t be reached afterwards, it goes back by itself within 90 seconds.')}</p>
      <div class="md-actions">
        {session.rights.value.write && (
          <Button kind="primary" disabled={!isReady} onClick={apply}>
            {t('Apply')}
          </Button>
        )}
        <Button onClick={back}>{t('Back')}</Button>
        {plan.state === 'failed' && <Button onClick={() => void setup.preview()}>{t('Try again')}</Button>}
      </div>
    </>
  );
}

// Apply: step by step, with the time that is left before the router goes back by itself.
import { useEffect, useState } from 'preact/hooks';
import { isOver, type ApplyState } from '../model/apply-state.ts';
import { countUp, toProgress } from '../model/progress.ts';
import { joinSentences } from '../model/format.ts';
import { describeWhy } from '../model/sentences.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { LinkProgressList } from '../widgets/link-progress.tsx';
import { Notice } from '../widgets/notice.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';
import { Steps, type Step } from '../widgets/steps.tsx';
import { useSecondsLeft } from './seconds-left.ts';
import { useStore } from './store-context.ts';

const order = ['staging', 'saving', 'settling', 'confirming', 'done'] as const;
const labels = [
  'Send the changes',
  'Store them, with a way back',
  'Wait for the router to set up network and firewall',
  'Confirm that the router is still reached',
] as const;

function toSteps(state: ApplyState, reached: number): Step[] {
  const isBad = (isOver(state) && state.step !== 'done') || state.step === 'returning';
  return labels.map((label, index) => ({
    label: t(label),
    state: index < reached ? 'done' : index > reached ? 'next' : isBad ? 'failed' : 'now',
  }));
}

/** How far it came: the bad ends are shown at the step where it stopped. */
function useReached(state: ApplyState): number {
  const [reached, setReached] = useState(0);
  const step = state.step === 'doubtful' ? 'settling' : state.step;
  const index = (order as readonly string[]).indexOf(step);
  useEffect(() => {
    if (index >= 0) setReached(index);
  }, [index]);
  return index >= 0 ? index : reached;
}

function Countdown({ state }: { state: ApplyState }) {
  const left = useSecondsLeft('deadlineMs' in state ? state.deadlineMs : undefined);
  if (left === undefined) return null;
  if (state.step === 'returning') {
    return (
      <Notice tone="bad">
        {joinSentences([
          describeWhy(state.why),
          left > 0 ? t('The router goes back to how it was by itself, in {left} s at most.', { left }) : t('The router is going back to how it was…'),
        ])}
      </Notice>
    );
  }
  const isLost = state.step === 'settling' && !state.reachable;
  return (
    <p class="md-countdown">
      {isLost && <strong>{t('The router does not answer at the moment.')} </strong>}
      <span role="timer">{t('Without a confirmation the router goes back in {left} s.', { left })}</span>
    </p>
  );
}

function End({ state }: { state: ApplyState }) {
  switch (state.step) {
    case 'done':
      return (
        <>
          <Notice tone="good">{t('Applied and confirmed.')}</Notice>
          <ProblemList problems={state.problems} />
        </>
      );
    case 'refused':
      return <Notice tone="bad">{joinSentences([t('Nothing was changed.'), describeWhy(state.why)])}</Notice>;
    case 'returned':
      return (
        <>
          <Notice tone={state.why.kind === 'undone' ? 'plain' : 'bad'}>
            {joinSentences([describeWhy(state.why), t('The router is as it was before. What you typed is still in the form.')])}
          </Notice>
          {state.why.kind === 'problems' && <ProblemList problems={state.why.problems} />}
        </>
      );
    case 'unknown':
      return (
        <Notice tone="bad">
          {joinSentences([
            describeWhy(state.why),
            t('How it ended is not known: without a confirmation the router goes back by itself. The overview shows what is in force.'),
          ])}
        </Notice>
      );
    default:
      return null;
  }
}

/** Each link on its way up, from the moment on that the router has the change. */
function Links({ state }: { state: ApplyState }) {
  const { setup, live } = useStore();
  const [planned] = useState(() => (setup.plan.value.state === 'ready' ? setup.plan.value.value.summary.linksAdded : []));
  const isShown = state.step === 'settling' || state.step === 'doubtful' || state.step === 'confirming' || state.step === 'done';
  const links = toProgress(state.step === 'done' ? [] : planned, live.status.value?.links ?? []);
  if (!isShown || links.length === 0) return null;
  return (
    <section aria-labelledby="md-progress-title">
      <h2 id="md-progress-title">{t('Links')}</h2>
      <p role="status" class="md-muted">
        {countUp(links)}
      </p>
      <LinkProgressList links={links} />
    </section>
  );
}

function Doubt({ state }: { state: ApplyState }) {
  const { setup } = useStore();
  if (state.step !== 'doubtful') return null;
  return (
    <>
      <Notice tone="bad">{t('The router is reached, but not everything could be done. Keep it nevertheless?')}</Notice>
      <ProblemList problems={state.problems} />
      <div class="md-actions">
        <Button kind="primary" onClick={() => setup.choose('keep')}>
          {t('Keep it')}
        </Button>
      </div>
    </>
  );
}

export function ApplyScreen() {
  const { setup, screen, live, wizard, passport } = useStore();
  const { value: due } = wizard.due;
  const state = setup.apply.value ?? { step: 'staging' as const };
  const steps = toSteps(state, useReached(state));
  function leave(next: 'overview' | 'setup' | 'passport'): void {
    setup.forgetApply();
    if (state.step === 'done') wizard.forget();
    if (next === 'passport') passport.line.value = due;
    screen.value = next;
    live.now();
  }
  return (
    <>
      <div aria-live="polite">
        <Steps steps={steps} />
      </div>
      <Countdown state={state} />
      <Doubt state={state} />
      <End state={state} />
      <Links state={state} />
      <div class="md-actions">
        {state.step === 'done' && due !== undefined && (
          <Button kind="primary" onClick={() => leave('passport')}>
            {t('Find out what the provider allows')}
          </Button>
        )}
        {state.step === 'done' && (
          <Button kind={due === undefined ? 'primary' : 'plain'} onClick={() => leave('overview')}>
            {t('Go to the overview')}
          </Button>
        )}
        {isOver(state) && state.step !== 'done' && (
          <Button kind="primary" onClick={() => leave('setup')}>
            {t('Back to the form')}
          </Button>
        )}
        {(state.step === 'settling' || state.step === 'doubtful') && <Button onClick={() => setup.choose('undo')}>{t('Undo now')}</Button>}
      </div>
    </>
  );
}

// Apply: step by step, with the time that is left before the router goes back by itself.
import { useEffect, useState } from 'preact/hooks';
import { isOver, type ApplyState } from '../model/apply-state.ts';
import { describeWhy } from '../model/sentences.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Notice } from '../widgets/notice.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';
import { Steps, type Step } from '../widgets/steps.tsx';
import { useStore } from './store-context.ts';

const order = ['staging', 'saving', 'settling', 'confirming', 'done'] as const;
const labels = [
  'Send the changes',
  'Store them, with a way back',
  'Wait for the router to set up network and firewall',
  'Confirm that the router is still reached',
] as const;

function toSteps(state: ApplyState, reached: number): Step[] {
  const isBad = state.step === 'refused' || state.step === 'returned' || state.step === 'returning';
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

function useSecondsLeft(deadlineMs: number | undefined): number | undefined {
  const { clock } = useStore().page;
  const [now, setNow] = useState(clock.now());
  useEffect(() => {
    if (deadlineMs === undefined) return;
    const timer = clock.setTimeout(() => setNow(clock.now()), 500);
    return () => clock.clearTimeout(timer);
  }, [now, deadlineMs]);
  return deadlineMs === undefined ? undefined : Math.max(0, Math.ceil((deadlineMs - now) / 1000));
}

function Countdown({ state }: { state: ApplyState }) {
  const left = useSecondsLeft('deadlineMs' in state ? state.deadlineMs : undefined);
  if (left === undefined) return null;
  if (state.step === 'returning') {
    return (
      <Notice tone="bad">
        {describeWhy(state.why)}{' '}
        {left > 0 ? t('The router goes back to how it was by itself, in {left} s at most.', { left }) : t('The router is going back to how it was…')}
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
      return (
        <Notice tone="bad">
          {t('Nothing was changed.')} {describeWhy(state.why)}
        </Notice>
      );
    case 'returned':
      return (
        <>
          <Notice tone="bad">
            {describeWhy(state.why)} {t('The router is as it was before. What you typed is still in the form.')}
          </Notice>
          {state.why.kind === 'problems' && <ProblemList problems={state.why.problems} />}
        </>
      );
    default:
      return null;
  }
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
  const { setup, screen, live } = useStore();
  const state = setup.apply.value ?? { step: 'staging' as const };
  const steps = toSteps(state, useReached(state));
  function leave(next: 'overview' | 'setup'): void {
    setup.forgetApply();
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
      <div class="md-actions">
        {state.step === 'done' && (
          <Button kind="primary" onClick={() => leave('overview')}>
            {t('Watch the links')}
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

// Why this link?: a connection to ask about, and which way it takes, step by step.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Why } from '../../../agent/src/contract/index.ts';
import { describeDecision, describeReason, describeWay, isAnswered } from '../model/answer.ts';
import { checkQuestion, hasPorts, toQuestion, type QuestionDraft } from '../model/question.ts';
import { describeFault } from '../model/sentences.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { SelectField, TextField } from '../widgets/field.tsx';
import { Notice } from '../widgets/notice.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';
import { useStore } from './store-context.ts';

/** Ask is always there to press: with mistakes it leads to the first of them instead. */
function useAsk() {
  const { watching } = useStore();
  const form = useRef<HTMLFormElement>(null);
  const [attempt, setAttempt] = useState(0);
  useLayoutEffect(() => {
    if (attempt > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempt]);
  function submit(event: Event): void {
    event.preventDefault();
    const { value: draft } = watching.question;
    if (Object.keys(checkQuestion(draft)).length > 0) setAttempt(attempt + 1);
    else if (watching.answer.value.state !== 'loading') void watching.askWhy(toQuestion(draft));
  }
  return { form, isStrict: attempt > 0, submit };
}

function QuestionForm() {
  const { watching } = useStore();
  const { form, isStrict, submit } = useAsk();
  const draft = watching.question.value;
  const complaints = isStrict ? checkQuestion(draft) : {};
  const field = (name: keyof QuestionDraft) => ({
    value: draft[name],
    error: complaints[name],
    onChange: (value: string) => {
      watching.question.value = { ...draft, [name]: value };
    },
  });
  return (
    <form ref={form} noValidate onSubmit={submit}>
      <div class="md-grid">
        <TextField label={t('Source address')} help={t('As in 192.168.1.20: a client of yours, or the router itself.')} required {...field('src')} />
        <TextField label={t('Destination address')} help={t('As in 203.0.113.5.')} required {...field('dst')} />
        <SelectField
          label={t('Protocol')}
          help={t('Matters where a pin names one.')}
          choices={[
            { value: '', label: t('Any') },
            { value: 'tcp', label: 'TCP' },
            { value: 'udp', label: 'UDP' },
            { value: 'icmp', label: 'ICMP' },
          ]}
          {...field('proto')}
        />
        {hasPorts(draft) && (
          <>
            <TextField label={t('Source port')} help={t('Of a connection that exists already, for its own link.')} inputMode="numeric" {...field('sport')} />
            <TextField label={t('Destination port')} help={t('As in 443.')} inputMode="numeric" {...field('dport')} />
          </>
        )}
      </div>
      <div class="md-actions">
        <Button type="submit" kind="primary" isIdle={watching.answer.value.state === 'loading'}>
          {t('Ask')}
        </Button>
      </div>
    </form>
  );
}

function Answer({ why }: { why: Why }) {
  return (
    <>
      <ProblemList problems={why.problems} />
      {isAnswered(why) && (
        <>
          <p>{describeDecision(why)}</p>
          <ol class="md-how">
            {why.reasons.map((reason, place) => (
              <li key={place}>{describeReason(reason)}</li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

export function WhyScreen() {
  const { watching } = useStore();
  const answer = watching.answer.value;
  return (
    <>
      <p class="md-muted md-lead">{t('Which link does a connection take, and what decides it? Nothing is sent and nothing changes.')}</p>
      <QuestionForm />
      <section class="md-answer" aria-label={t('Answer')}>
        <p class="md-headline" role="status">
          {answer.state === 'loading' ? t('Asking the router…') : answer.state === 'ready' && describeWay(answer.value)}
        </p>
        {answer.state === 'failed' && <Notice tone="bad">{describeFault(answer.fault)}</Notice>}
        {answer.state === 'ready' && <Answer why={answer.value} />}
      </section>
    </>
  );
}

export { WhyScreen as Part };

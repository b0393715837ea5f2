// Setup in three questions: port, account, sessions. What is found on the router is filled in; the answers become a line of the form.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ConfigReply } from '../../../agent/src/contract/index.ts';
import { describeFault } from '../model/sentences.ts';
import { begin, complaintsAbout, hiddenComplaints, othersOf, questions, toLine, toOffers, type Question } from '../model/wizard.ts';
import type { Answers } from '../store/wizard.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Notice } from '../widgets/notice.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';
import { Steps } from '../widgets/steps.tsx';
import { useStore } from './store-context.ts';
import { Conflicts } from './wizard-conflicts.tsx';
import { AccountQuestion, PortQuestion, SessionsQuestion } from './wizard-questions.tsx';

const parts = { port: PortQuestion, account: AccountQuestion, sessions: SessionsQuestion } as const;

function titleOf(question: Question): string {
  switch (question) {
    case 'port':
      return t('Which port leads to the provider?');
    case 'account':
      return t('Which account did the provider give you?');
    case 'sessions':
      return t('How many sessions at once?');
    default:
      return question satisfies never;
  }
}

function Progress({ step }: { step: number }) {
  const labels = [t('Port'), t('Account'), t('Sessions')];
  return <Steps steps={labels.map((label, place) => ({ label, state: place < step ? 'done' : place === step ? 'now' : 'next' }))} />;
}

/** Puts the answers into the form, where the preview and the apply take them from. */
function useWrite() {
  const { setup, wizard, watching } = useStore();
  const report = watching.report.value;
  const hasNft = report.state !== 'ready' || report.value.report.findings.every(({ code }) => code !== 'nft_missing');
  return (answers: Answers): void => {
    const line = toLine(answers, hasNft);
    // A form that nobody has typed anything into would be in the way.
    const others = othersOf(setup.lines.value, line).filter(({ isNew, options }) => !isNew || options.device !== undefined || options.username !== undefined);
    setup.lines.value = [...others, line];
    wizard.answers.value = { ...answers, isWritten: true };
    wizard.setDue(answers.findOut ? line.name : undefined);
  };
}

/** Next is always there to press: with a mistake it leads to it instead. */
function useSteps(answers: Answers, config: ConfigReply) {
  const { setup, wizard, screen } = useStore();
  const write = useWrite();
  const form = useRef<HTMLFormElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const [attempt, setAttempt] = useState(0);
  const step = wizard.step.value;
  const shown = useRef(step);
  const question = questions[step] ?? 'port';
  const lines = setup.lines.value;
  const offers = toOffers(config, othersOf(lines, answers.line));
  const complaints = complaintsAbout(question, answers, lines, offers);
  const hidden = attempt > 0 ? Object.values(hiddenComplaints(answers, lines)) : [];
  useLayoutEffect(() => {
    if (attempt > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempt]);
  useLayoutEffect(() => {
    // The first one is reached by the title of the screen.
    if (shown.current !== step) title.current?.focus();
    shown.current = step;
  }, [step]);
  function show(next: number): void {
    setAttempt(0);
    wizard.step.value = next;
  }
  function leave(to: 'preview' | 'setup'): void {
    write(answers);
    wizard.isPreviewed.value = to === 'preview';
    if (to === 'preview') void setup.preview();
    screen.value = to;
  }
  function submit(event: Event): void {
    event.preventDefault();
    const isLast = step === questions.length - 1;
    const isWrong = Object.keys(complaints).length > 0 || (isLast && Object.keys(hiddenComplaints(answers, lines)).length > 0);
    if (isWrong) setAttempt(attempt + 1);
    else if (isLast) leave('preview');
    else show(step + 1);
  }
  return { form, title, step, question, offers, complaints, hidden, isStrict: attempt > 0, show, leave, submit };
}

function Questions({ answers, config }: { answers: Answers; config: ConfigReply }) {
  const { wizard, setup } = useStore();
  const { form, title, step, question, offers, complaints, hidden, isStrict, show, leave, submit } = useSteps(answers, config);
  const stored = setup.lines.value.filter(({ isNew }) => !isNew).map(({ name }) => name);
  const Part = parts[question];
  return (
    <div class="md-wizard">
      {stored.length > 0 && (
        <p class="md-muted">
          {t('There is a line already: {names}. This adds another, called {name}.', { names: stored.join(', '), name: answers.line.name })}
        </p>
      )}
      <Conflicts adopt={String(answers.line.options.adopt ?? '')} isFirst={step === 0} />
      <Progress step={step} />
      {/* novalidate: the schema's own sentences, not the browser's */}
      <form ref={form} noValidate onSubmit={submit} aria-labelledby="md-question">
        <h2 id="md-question" ref={title} tabIndex={-1}>
          <span class="md-muted">{t('{step} of {count}', { step: step + 1, count: questions.length })}</span> {titleOf(question)}
        </h2>
        <ProblemList problems={hidden} />
        <Part
          answers={answers}
          onChange={(next) => {
            wizard.answers.value = { ...next, isWritten: false };
          }}
          config={config}
          offers={offers}
          complaints={complaints}
          isStrict={isStrict}
        />
        <div class="md-actions">
          <Button type="submit" kind="primary">
            {step === questions.length - 1 ? t('Preview changes') : t('Next')}
          </Button>
          {step > 0 && <Button onClick={() => show(step - 1)}>{t('Back')}</Button>}
          <Button onClick={() => leave('setup')}>{t('All settings as a form')}</Button>
        </div>
      </form>
    </div>
  );
}

export function WizardScreen() {
  const { setup, session, wizard } = useStore();
  const config = setup.config.value;
  const answers = wizard.answers.value;
  useEffect(() => {
    // A cable may have been plugged in since.
    if (config.state === 'ready') void setup.refresh();
  }, []);
  useEffect(() => {
    if (config.state === 'empty') void setup.load();
    if (config.state === 'ready') wizard.answers.value = begin(config.value, setup.lines.value, wizard.answers.value);
  }, [config]);
  if (!session.rights.value.write) return <Notice>{t('Your account may look, but not change anything.')}</Notice>;
  if (config.state === 'failed') {
    return (
      <Notice tone="bad">
        {describeFault(config.fault)} <Button onClick={() => void setup.load()}>{t('Try again')}</Button>
      </Notice>
    );
  }
  if (config.state !== 'ready' || !answers)
    return (
      <p class="md-muted" role="status">
        {t('Reading the configuration…')}
      </p>
    );
  return <Questions answers={answers} config={config.value} />;
}

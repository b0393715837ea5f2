// The passport of a line: what the test does, its start with a question, its steps as they come, and its report.
import { useEffect } from 'preact/hooks';
import type { PassportStatus } from '../../../agent/src/contract/index.ts';
import { formatDuration } from '../model/format.ts';
import { describePassport, stateOfStep } from '../model/passport-words.ts';
import { describeFault } from '../model/sentences.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Notice } from '../widgets/notice.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';
import { Steps } from '../widgets/steps.tsx';
import { PassportReportView } from './passport-report.tsx';
import { PassportStart } from './passport-start.tsx';
import { useStore } from './store-context.ts';

function Under({ status }: { status: PassportStatus }) {
  const { passport, session } = useStore();
  const { state, line = '', startedMs, atMs, steps } = status;
  return (
    <section aria-labelledby="md-passport-steps">
      <h2 id="md-passport-steps">{t('Test of {line}', { line })}</h2>
      {state === 'running' && startedMs !== undefined && (
        <p class="md-muted">{t('Under way for {duration}.', { duration: formatDuration((atMs - startedMs) / 1000) })}</p>
      )}
      <div aria-live="polite">
        <Steps steps={steps.map((step) => ({ label: describePassport(step), state: stateOfStep(step) }))} />
      </div>
      {state === 'running' && session.rights.value.write && (
        <div class="md-actions">
          <Button isIdle={passport.isStopping.value} onClick={() => void passport.stop()}>
            {passport.isStopping.value ? t('Stopping…') : t('Stop')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** What became of it where there is no report, or not only one. */
function End({ status: { state, problems } }: { status: PassportStatus }) {
  return (
    <>
      {state === 'failed' && <Notice tone="bad">{t('The test could not be made to its end.')}</Notice>}
      {state === 'interrupted' && <Notice tone="bad">{t('The test was ended on the way. The line is put back within a minute.')}</Notice>}
      <ProblemList problems={problems} />
    </>
  );
}

export function PassportScreen() {
  const { passport, setup, session } = useStore();
  const config = setup.config.value;
  const status = passport.status.value;
  useEffect(() => passport.follow(), []);
  useEffect(() => {
    if (config.state === 'empty') void setup.load();
  }, [config.state]);
  const now = status.state === 'ready' ? status.value : undefined;
  const isUnderWay = now?.state === 'running';
  return (
    <>
      <p class="md-muted md-lead">
        {t(
          'Dials a line with one session, then one more and so on until one is refused; looks at speed, MTU and IPv6; and proposes how to set the line up. It changes no setting.',
        )}
      </p>
      {!session.rights.value.write && <Notice>{t('Your account may look, but not change anything.')}</Notice>}
      {config.state === 'failed' && <Notice tone="bad">{describeFault(config.fault)}</Notice>}
      {status.state === 'failed' && <Notice tone="bad">{describeFault(status.fault)}</Notice>}
      {passport.refusal.value && <Notice tone="bad">{describeFault(passport.refusal.value)}</Notice>}
      {now && now.state !== 'none' && <Under status={now} />}
      {now && <End status={now} />}
      {now?.report && !isUnderWay && <PassportReportView report={now.report} />}
      {now?.state === 'none' && !session.rights.value.write && <p>{t('No test was made since the router has started.')}</p>}
      {session.rights.value.write && config.state === 'ready' && status.state !== 'empty' && !isUnderWay && (
        <PassportStart sections={config.value.sections} isAgain={now !== undefined && now.state !== 'none'} />
      )}
    </>
  );
}

export { PassportScreen as Part };

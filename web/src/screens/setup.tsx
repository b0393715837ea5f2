// Setup: the lines' forms, the way to the preview, and the switch that takes everything back.
import { useEffect, useRef, useState } from 'preact/hooks';
import { describeFault } from '../model/sentences.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Notice } from '../widgets/notice.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';
import { LineForm } from './line-form.tsx';
import { PassportLink } from './passport-link.tsx';
import { Sought } from './sought.tsx';
import { useStore } from './store-context.ts';
import { TurnOff } from './turn-off.tsx';

function LineForms({ isStrict }: { isStrict: boolean }) {
  const { setup, session } = useStore();
  const config = setup.config.value;
  const lines = setup.lines.value;
  const ports = config.state === 'ready' ? config.value.ports : [];
  return (
    <>
      {lines.map((line) => (
        <LineForm
          key={line.key}
          value={line}
          ports={ports}
          isStrict={isStrict}
          disabled={!session.rights.value.write}
          complaints={setup.complaints.value.get(line.key) ?? {}}
          onChange={(next) => {
            setup.lines.value = lines.map((each) => (each.key === line.key ? next : each));
          }}
          onRemove={
            lines.length > 1 || !line.isNew
              ? () => {
                  setup.lines.value = lines.filter((each) => each.key !== line.key);
                }
              : undefined
          }
        />
      ))}
    </>
  );
}

/** Preview is always there to press: with mistakes it leads to the first of them instead. */
function useContinue() {
  const { setup, screen } = useStore();
  const form = useRef<HTMLFormElement>(null);
  const [isStrict, setStrict] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (attempt === 0) return;
    const first = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    const closed = first?.closest('details');
    if (closed) closed.open = true;
    first?.focus();
  }, [attempt]);
  function submit(event: Event): void {
    event.preventDefault();
    if ([...setup.complaints.value.values()].some((complaints) => Object.keys(complaints).length > 0)) {
      setStrict(true);
      setAttempt(attempt + 1);
      return;
    }
    void setup.preview();
    screen.value = 'preview';
  }
  return { form, isStrict, submit };
}

export function SetupScreen() {
  const { setup, session, live, screen } = useStore();
  const { form, isStrict, submit } = useContinue();
  const config = setup.config.value;
  useEffect(() => {
    // Back on this screen: somebody may have changed it by another way meanwhile.
    if (config.state === 'ready') void setup.refresh();
  }, []);
  useEffect(() => {
    if (config.state === 'empty') void setup.load();
  }, [config.state]);
  if (config.state === 'empty' || config.state === 'loading')
    return (
      <p class="md-muted" role="status">
        {t('Reading the configuration…')}
      </p>
    );
  if (config.state === 'failed') {
    return (
      <Notice tone="bad">
        {describeFault(config.fault)} <Button onClick={() => void setup.load()}>{t('Try again')}</Button>
      </Notice>
    );
  }
  const canWrite = session.rights.value.write;
  const isOff = live.status.value?.enabled === false;
  return (
    <>
      <ProblemList problems={config.value.problems} />
      {!canWrite && <Notice>{t('Your account may look, but not change anything.')}</Notice>}
      {isOff && <Notice>{t('multidial is turned off. Applying turns it on again.')}</Notice>}
      {canWrite && <p class="md-muted md-lead">{t('Nothing changes on the router before you have seen what will change and pressed Apply.')}</p>}
      {setup.lines.value.length === 0 && <Notice>{t('No line is left. Applying this hangs up all sessions.')}</Notice>}
      {/* novalidate: the schema's own sentences, not the browser's */}
      <form ref={form} class="md-setup" noValidate onSubmit={submit}>
        <LineForms isStrict={isStrict} />
        <Sought form={form} />
        {canWrite && (
          <div class="md-actions">
            <Button type="submit" kind="primary">
              {t('Preview changes')}
            </Button>
            <Button onClick={setup.addLine}>{t('Add a line')}</Button>
            <Button
              onClick={() => {
                screen.value = 'wizard';
              }}
            >
              {t('Set up another in three questions')}
            </Button>
            {setup.isDirty.value && <Button onClick={setup.discard}>{t('Discard changes')}</Button>}
          </div>
        )}
      </form>
      <PassportLink sections={config.value.sections} />
      {canWrite && !isOff && (live.status.value?.links.length ?? 0) > 0 && <TurnOff />}
    </>
  );
}

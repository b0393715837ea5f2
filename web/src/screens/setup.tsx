// Setup: the forms of each kind of section, the way to the preview, and the switch that takes everything back.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SectionType } from '../../../agent/src/contract/index.ts';
import { describeFault } from '../model/sentences.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Notice } from '../widgets/notice.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';
import { Switch } from '../widgets/switch.tsx';
import { focusMistake } from './focus-mistake.ts';
import { lazy } from './lazy.tsx';
import { LineForms } from './line-forms.tsx';
import { PassportLink } from './passport-link.tsx';
import { Sought } from './sought.tsx';
import { useStore } from './store-context.ts';
import { TurnOff } from './turn-off.tsx';

const SectionList = lazy(() => import('./section-list.tsx'));
const kinds = ['line', 'link', 'group', 'pin', 'probe', 'globals'] as const satisfies readonly SectionType[];

function KindSwitch() {
  const { sections } = useStore().setup;
  const names = { line: t('Lines'), link: t('Links'), group: t('Groups'), pin: t('Pins'), probe: t('Probes'), globals: t('General') } as const;
  return (
    <div class="md-kinds">
      <Switch
        legend={t('What to set up')}
        name="kind"
        choices={kinds.map((kind) => ({ value: kind, label: names[kind] }))}
        value={sections.kind.value}
        onChange={(kind) => {
          sections.kind.value = kind;
        }}
      />
    </div>
  );
}

/** Preview is always there to press: with mistakes it leads to the first of them instead. */
function useContinue() {
  const { setup, screen } = useStore();
  const form = useRef<HTMLFormElement>(null);
  const [isStrict, setStrict] = useState(false);
  const [isSought, setSought] = useState(false);
  const onFound = (): void => setSought(false);
  useEffect(() => {
    // Forms of other kinds may yet have to be fetched: their list looks by itself.
    if (!isSought || setup.sections.kind.value !== 'line') return;
    focusMistake(form.current);
    onFound();
  });
  function submit(event: Event): void {
    event.preventDefault();
    const mistake = setup.mistakes.value;
    if (mistake) {
      const { sections } = setup;
      sections.kind.value = mistake.kind;
      if (mistake.kind !== 'line') sections.toggle(mistake.key, true);
      setStrict(true);
      setSought(true);
      return;
    }
    void setup.preview();
    screen.value = 'preview';
  }
  return { form, isStrict, isSought, onFound, submit };
}

export function SetupScreen() {
  const { setup, session, live, screen } = useStore();
  const { form, submit, ...seeking } = useContinue();
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
  const kind = setup.sections.kind.value;
  const isOff = live.status.value?.enabled === false;
  return (
    <>
      <ProblemList problems={config.value.problems} />
      {!canWrite && <Notice>{t('Your account may look, but not change anything.')}</Notice>}
      {isOff && <Notice>{t('multidial is turned off. Applying turns it on again.')}</Notice>}
      {canWrite && <p class="md-muted md-lead">{t('Nothing changes on the router before you have seen what will change and pressed Apply.')}</p>}
      <KindSwitch />
      {kind === 'line' && setup.lines.value.length === 0 && <Notice>{t('No line is left. Applying this hangs up all sessions.')}</Notice>}
      {/* novalidate: the schema's own sentences, not the browser's */}
      <form ref={form} class="md-setup" noValidate onSubmit={submit}>
        {kind === 'line' ? <LineForms isStrict={seeking.isStrict} /> : <SectionList key={kind} kind={kind} {...seeking} />}
        <Sought form={form} />
        {canWrite && (
          <div class="md-actions">
            <Button type="submit" kind="primary">
              {t('Preview changes')}
            </Button>
            {kind === 'line' && (
              <>
                <Button onClick={() => setup.addLine()}>{t('Add a line')}</Button>
                <Button
                  onClick={() => {
                    screen.value = 'wizard';
                  }}
                >
                  {setup.lines.value.some(({ isNew }) => !isNew) ? t('Set up another in three questions') : t('Answer three questions instead')}
                </Button>
              </>
            )}
            {setup.isDirty.value && <Button onClick={setup.discard}>{t('Discard changes')}</Button>}
          </div>
        )}
      </form>
      {kind === 'line' && <PassportLink sections={config.value.sections} />}
      {kind === 'line' && canWrite && !isOff && (live.status.value?.links.length ?? 0) > 0 && <TurnOff />}
    </>
  );
}

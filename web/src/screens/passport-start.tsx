// What to try on which line, and the question before its links are cut.
import { useRef, useState } from 'preact/hooks';
import { MAX_SESSIONS, type Arguments, type ConfigSection } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { SelectField, TextField } from '../widgets/field.tsx';
import { useStore } from './store-context.ts';

const isCount = (text: string): boolean => /^[0-9]{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_SESSIONS;
const isUrl = (text: string): boolean => /^https?:\/\/[!-~]{1,500}$/.test(text);

export function PassportStart({ sections, isAgain }: { sections: readonly ConfigSection[]; isAgain: boolean }) {
  const { passport } = useStore();
  const form = useRef<HTMLFormElement>(null);
  const [isAsking, setAsking] = useState(false);
  const names = sections.filter(({ type }) => type === 'line').map(({ name }) => name);
  const line = names.find((name) => name === passport.line.value) ?? names[0];
  if (line === undefined) return <p>{t('No line is set up yet, so there is nothing to test.')}</p>;
  const { sessions, url } = passport.draft.value;
  const badSessions = sessions !== '' && !isCount(sessions);
  const badUrl = url !== '' && !isUrl(url);
  function submit(event: Event): void {
    event.preventDefault();
    if (badSessions || badUrl) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    else setAsking(true);
  }
  function start(name: string): void {
    setAsking(false);
    const request: Arguments['passport'] = { line: name, ...(sessions ? { sessions: Number(sessions) } : {}), ...(url ? { url } : {}) };
    void passport.start(request);
  }
  return (
    <section aria-labelledby="md-passport-start">
      <h2 id="md-passport-start">{isAgain ? t('Test again') : t('Test a line')}</h2>
      <form ref={form} noValidate onSubmit={submit}>
        <div class="md-grid">
          <SelectField
            label={t('Line')}
            value={line}
            onChange={(name) => {
              passport.line.value = name;
            }}
            choices={names.map((name) => ({ value: name, label: name }))}
          />
          <TextField
            label={t('At most')}
            help={t('So many sessions are tried. Empty: four, or as many as the line is set to.')}
            inputMode="numeric"
            value={sessions}
            error={badSessions ? t('A number from 1 to {max}.', { max: MAX_SESSIONS }) : undefined}
            onChange={(next) => {
              passport.draft.value = { sessions: next, url };
            }}
          />
          <TextField
            label={t('Large file')}
            help={t('A URL to download by each link and by all, for the speed. Empty: speed is not measured.')}
            value={url}
            error={badUrl ? t('Must begin with http:// or https:// and have no spaces.') : undefined}
            onChange={(next) => {
              passport.draft.value = { sessions, url: next };
            }}
          />
        </div>
        <div class="md-actions">
          <Button type="submit" kind="primary" isIdle={passport.isStarting.value}>
            {passport.isStarting.value ? t('Starting…') : t('Test {line}…', { line })}
          </Button>
        </div>
      </form>
      {isAsking && (
        <Dialog title={t('Test {line} now?', { line })} onCancel={() => setAsking(false)}>
          <p>{t('For one to four minutes its links are hung up and dialed. Connections over them are cut; other lines go on.')}</p>
          <p>{t('It goes on without this page. However it ends, the line is put back as it is set up.')}</p>
          <div class="md-actions">
            <Button kind="danger" onClick={() => start(line)}>
              {t('Test')}
            </Button>
            <Button onClick={() => setAsking(false)}>{t('Cancel')}</Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

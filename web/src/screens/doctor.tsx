// Doctor: what is wrong or unusual on this router, why it matters, how to mend it, often by a press; and what could not be looked at.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DoctorReport, ToldFinding } from '../../../agent/src/contract/index.ts';
import { describeSkipped, summarise } from '../model/doctor-words.ts';
import { formatMoment, gapAfter, isoMoment } from '../model/format.ts';
import { describeMended, describeMending, isDeed, mayCut, mendLabel, mendOf, mendQuestion, type Deed, type Mend } from '../model/mending.ts';
import { reportText } from '../model/report-text.ts';
import { describeFault } from '../model/sentences.ts';
import { t, tn } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { CopyBlock } from '../widgets/copy-block.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { FindingList, type FindingAction } from '../widgets/finding-list.tsx';
import { Looking } from '../widgets/looking.tsx';
import { Notice } from '../widgets/notice.tsx';
import { useStore } from './store-context.ts';

function Skipped({ skipped }: Pick<DoctorReport, 'skipped'>) {
  if (skipped.length === 0) return null;
  return (
    <details class="md-details">
      <summary>{tn(skipped.length, '{count} check could not be done', '{count} checks could not be done')}</summary>
      <ul class="md-sentences">
        {skipped.map((each) => (
          <li key={each.check}>{describeSkipped(each)}</li>
        ))}
      </ul>
    </details>
  );
}

/** The question before connections are cut. */
function Question({ deed, onYes, onNo }: { deed: Deed; onYes: () => void; onNo: () => void }) {
  const { title, text } = mendQuestion(deed);
  return (
    <Dialog title={title} onCancel={onNo}>
      <p>{text}</p>
      <div class="md-actions">
        <Button kind="danger" onClick={onYes}>
          {mendLabel(deed)}
        </Button>
        <Button onClick={onNo}>{t('Cancel')}</Button>
      </div>
    </Dialog>
  );
}

/** What was found, with buttons for whoever may press them. */
function Findings({ findings }: Pick<DoctorReport, 'findings'>) {
  const { live, links, mending, session, screen, watching } = useStore();
  const [asking, setAsking] = useState<Deed>();
  const known = live.status.value?.links ?? [];
  const isBusy = mending.mending.value !== undefined || links.acting.value !== undefined || watching.isLooking.value;
  function press(mend: Mend): void {
    if (!isDeed(mend)) {
      mending.sought.value = mend.field;
      screen.value = 'setup';
    } else if (mayCut(mend, known)) setAsking(mend);
    else void mending.mend(mend);
  }
  function actionOf(finding: ToldFinding): FindingAction | undefined {
    const mend = session.rights.value.write ? mendOf(finding, known) : undefined;
    if (!mend) return undefined;
    const isQuestion = isDeed(mend) && mayCut(mend, known);
    return { label: `${mendLabel(mend)}${isQuestion ? '…' : ''}`, describedBy: isBusy && isDeed(mend) ? 'md-looked' : undefined, run: () => press(mend) };
  }
  return (
    <>
      <FindingList findings={findings} actionOf={actionOf} />
      {asking && (
        <Question
          deed={asking}
          onNo={() => setAsking(undefined)}
          onYes={() => {
            setAsking(undefined);
            void mending.mend(asking);
          }}
        />
      )}
    </>
  );
}

/** How the last mending ended. Where its button has gone with its finding, reading goes on here. */
function Mended() {
  const { mending, watching } = useStore();
  const element = useRef<HTMLParagraphElement>(null);
  const mended = mending.mended.value;
  useLayoutEffect(() => {
    if (mended && document.activeElement === document.body) element.current?.focus();
  }, [watching.report.value]);
  return (
    <p ref={element} tabIndex={-1} class={mended?.fault ? 'md-told md-told-bad' : 'md-told'} role="status">
      {mended && describeMended(mended)}
    </p>
  );
}

/** Expected of the first look. */
const FIRST_MS = 2500;

export function DoctorScreen() {
  const { watching, mending, live } = useStore();
  const { value: looked } = watching.report;
  const deed = mending.mending.value;
  const isLooking = watching.isLooking.value;
  const isIdle = isLooking || deed !== undefined;
  useEffect(() => {
    if (looked.state !== 'ready') void watching.look();
  }, []);
  return (
    <>
      <p class="md-muted md-lead">
        {t('Looks at configuration, kernel, firewall, ports and sessions, and at others who route on this router. It changes nothing.')}
      </p>
      <div class="md-actions md-look">
        <Button kind="primary" isIdle={isIdle} describedBy={isIdle ? 'md-looked' : undefined} onClick={() => void watching.look()}>
          {t('Look again')}
        </Button>
        <p id="md-looked" class="md-told" role="status">
          {deed
            ? describeMending(deed)
            : isLooking
              ? t('Looking… This takes a second or two.')
              : looked.state === 'ready' && (
                  <>
                    {summarise(looked.value.report)}
                    {gapAfter(summarise(looked.value.report))}
                    <time dateTime={isoMoment(looked.value.atS)}>{t('Looked at {time}.', { time: formatMoment(looked.value.atS) })}</time>
                  </>
                )}
        </p>
        {isLooking && <Looking expectedMs={looked.state === 'ready' ? looked.value.tookMs : FIRST_MS} />}
      </div>
      <Mended />
      {looked.state === 'failed' && !isLooking && <Notice tone="bad">{describeFault(looked.fault)}</Notice>}
      {looked.state === 'ready' && (
        <>
          {looked.value.report.findings.length === 0 && (
            <div class="md-notice md-notice-good">{t('Nothing is wrong, and nothing is unusual, as far as it could be looked at.')}</div>
          )}
          <Findings findings={looked.value.report.findings} />
          <Skipped skipped={looked.value.report.skipped} />
          <CopyBlock
            key={looked.value.atS}
            label={t('Copy report as text')}
            remark={t('Addresses and accounts are masked, and there is no password in it.')}
            text={() => reportText(looked.value.report, looked.value.atS, live.status.value?.version)}
          />
        </>
      )}
    </>
  );
}

export { DoctorScreen as Part };

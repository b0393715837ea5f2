// Doctor: what is wrong or unusual on this router, why it matters, how to mend it; and what could not be looked at.
import { useEffect } from 'preact/hooks';
import type { DoctorReport } from '../../../agent/src/contract/index.ts';
import { describeSkipped, summarise } from '../model/doctor-words.ts';
import { formatMoment } from '../model/format.ts';
import { describeFault } from '../model/sentences.ts';
import { t, tn } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { FindingList } from '../widgets/finding-list.tsx';
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

export function DoctorScreen() {
  const { watching } = useStore();
  const { value: looked } = watching.report;
  const isLooking = watching.isLooking.value;
  useEffect(() => {
    if (looked.state !== 'ready') void watching.look();
  }, []);
  return (
    <>
      <p class="md-muted md-lead">
        {t('Looks at configuration, kernel, firewall, ports and sessions, and at others who route on this router. It changes nothing.')}
      </p>
      <div class="md-actions md-look">
        <Button kind="primary" isIdle={isLooking} describedBy={isLooking ? 'md-looked' : undefined} onClick={() => void watching.look()}>
          {t('Look again')}
        </Button>
        <p id="md-looked" class="md-told" role="status">
          {isLooking
            ? t('Looking… This takes a second or two.')
            : looked.state === 'ready' && `${summarise(looked.value.report)} ${t('Looked at {time}.', { time: formatMoment(looked.value.atS) })}`}
        </p>
      </div>
      {looked.state === 'failed' && !isLooking && <Notice tone="bad">{describeFault(looked.fault)}</Notice>}
      {looked.state === 'ready' && (
        <>
          {looked.value.report.findings.length === 0 && (
            <div class="md-notice md-notice-good">{t('Nothing is wrong, and nothing is unusual, as far as it could be looked at.')}</div>
          )}
          <FindingList findings={looked.value.report.findings} />
          <Skipped skipped={looked.value.report.skipped} />
        </>
      )}
    </>
  );
}

export { DoctorScreen as Part };

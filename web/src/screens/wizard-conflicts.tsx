// What the doctor says of this router before a line is set up: others who route here, and what is missing.
import { useEffect } from 'preact/hooks';
import { toConflicts } from '../model/wizard.ts';
import { t, tn } from '../t.ts';
import { FindingList } from '../widgets/finding-list.tsx';
import { useStore } from './store-context.ts';

/** In full above the first question; above the others out of the way. */
export function Conflicts({ adopt, isFirst }: { adopt: string; isFirst: boolean }) {
  const { watching } = useStore();
  const { value: looked } = watching.report;
  useEffect(() => {
    if (looked.state !== 'ready') void watching.look();
  }, []);
  const found = looked.state === 'ready' ? toConflicts(looked.value.report.findings, adopt) : [];
  const count = tn(found.length, '{count} thing to know about this router', '{count} things to know about this router');
  return (
    <>
      <p class="md-muted" role="status">
        {watching.isLooking.value && t('Looking at what is on this router already…')}
        {!watching.isLooking.value && found.length > 0 && isFirst && count}
      </p>
      {found.length > 0 &&
        (isFirst ? (
          <FindingList findings={found} />
        ) : (
          <details class="md-details">
            <summary>{count}</summary>
            <FindingList findings={found} />
          </details>
        ))}
    </>
  );
}

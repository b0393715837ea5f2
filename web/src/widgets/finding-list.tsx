// The doctor's findings: what it is, why it matters, and how to mend it, with a button or with commands that can be copied.
import type { ToldFinding } from '../../../agent/src/contract/index.ts';
import { toParts } from '../model/commands.ts';
import { describeFinding, severityWord, worstFirst } from '../model/doctor-words.ts';
import { gapAfter } from '../model/format.ts';
import { t } from '../t.ts';
import { Button } from './button.tsx';
import { CopyText } from './copy-text.tsx';

const marks = { error: '✕', warning: '!', note: 'i' } as const;

/** What a button beside a finding does; `describedBy` says why it does nothing for now. */
export type FindingAction = { label: string; describedBy: string | undefined; run: () => void };
type ActionOf = (finding: ToldFinding) => FindingAction | undefined;

function FindingItem({ finding, action }: { finding: ToldFinding; action: FindingAction | undefined }) {
  const { what, why, mend } = describeFinding(finding);
  return (
    <li class={`md-problem md-finding md-problem-${finding.severity}`}>
      <p class="md-what">
        <span class={`md-event-mark md-finding-${finding.severity}`} aria-hidden="true">
          {marks[finding.severity]}
        </span>
        <strong>{severityWord(finding.severity)}</strong> {what}
      </p>
      {why && <p class="md-muted">{why}</p>}
      {mend && (
        <p>
          <span class="md-muted">{t('To mend it:')}</span>
          {gapAfter(t('To mend it:'))}
          {toParts(mend).map(({ text, isCommand }, place) => (isCommand ? <CopyText key={place} text={text} /> : text))}
        </p>
      )}
      {action && (
        <Button isIdle={action.describedBy !== undefined} describedBy={action.describedBy} onClick={action.run}>
          {action.label}
        </Button>
      )}
    </li>
  );
}

/** Without `actionOf` there are no buttons. */
export function FindingList({ findings, actionOf = () => undefined }: { findings: readonly ToldFinding[]; actionOf?: ActionOf }) {
  if (findings.length === 0) return null;
  return (
    <ul class="md-problems">
      {worstFirst(findings).map((finding, place) => (
        <FindingItem key={`${finding.code} ${finding.section ?? ''} ${finding.link ?? ''} ${place}`} finding={finding} action={actionOf(finding)} />
      ))}
    </ul>
  );
}

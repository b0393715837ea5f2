// The links as a short list with their states: how far an apply has come.
import { explain } from '../model/reasons.ts';
import type { LinkProgress } from '../model/progress.ts';
import { t } from '../t.ts';
import { StateMark } from './state-mark.tsx';

export function LinkProgressList({ links }: { links: readonly LinkProgress[] }) {
  return (
    <ul class="md-progress">
      {links.map(({ name, state, reason }) => (
        <li key={name}>
          <strong>{name}</strong>
          <StateMark state={state} />
          {reason && (
            <span class="md-muted">
              {state === 'dialing'
                ? t('Last time: {reason}.', { reason: explain(reason).text })
                : t('{reason}. {advice}', { reason: explain(reason).text, advice: explain(reason).advice })}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

// The agent's complaints as sentences, errors first.
import type { Problem } from '../../../agent/src/contract/index.ts';
import { describeProblem } from '../model/sentences.ts';
import { t } from '../t.ts';

export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  const sorted = [...problems].sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
  return (
    <ul class="md-problems">
      {sorted.map((problem) => {
        const sentence = describeProblem(problem);
        return (
          <li key={`${problem.severity} ${sentence}`} class={`md-problem md-problem-${problem.severity}`}>
            <strong>{problem.severity === 'error' ? t('Error') : t('Warning')}</strong> <span>{sentence}</span>
          </li>
        );
      })}
    </ul>
  );
}

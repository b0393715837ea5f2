// A list of steps, each done, going on or still to come. `answered`: it is over and did not come out as asked, which is an answer too.
export type Step = { label: string; state: 'done' | 'now' | 'next' | 'answered' | 'failed' };

const marks = { done: '✓', now: '…', next: '', answered: '–', failed: '✕' } as const;

export function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol class="md-steps">
      {steps.map(({ label, state }) => (
        <li key={label} class={`md-step md-step-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
          <span class="md-step-mark" aria-hidden="true">
            {marks[state]}
          </span>
          {label}
        </li>
      ))}
    </ol>
  );
}

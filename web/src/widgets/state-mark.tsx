// A link's state by shape and word, so that colour is never alone in saying it.
import { describeState, type ShownState } from '../model/state-words.ts';
import { memo } from './memo.tsx';

const dotted = <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="2.2 2.5" />;

/** Disc with a tick, open ring, bar, cross in a diamond, dotted ring: told apart in grey too. */
const shapes: Record<ShownState, preact.JSX.Element> = {
  up: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M4.6 8.2 7 10.6l4.4-5" fill="none" stroke="var(--md-bg)" stroke-width="1.8" />
    </>
  ),
  dialing: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2" opacity=".35" />
      <path class="md-turn" d="M8 2a6 6 0 0 1 6 6" fill="none" stroke="currentColor" stroke-width="2" />
    </>
  ),
  down: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2" />
      <path d="M5 8h6" stroke="currentColor" stroke-width="2" />
    </>
  ),
  failed: (
    <>
      <path d="M8 .8 15.2 8 8 15.2.8 8Z" fill="currentColor" />
      <path d="m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2" stroke="var(--md-bg)" stroke-width="1.8" />
    </>
  ),
  absent: dotted,
  awaited: dotted,
};

export const StateShape = memo(({ state }: { state: ShownState }) => (
  <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    {shapes[state]}
  </svg>
));

export const StateMark = memo(({ state }: { state: ShownState }) => (
  <span class={`md-state md-state-${state}`}>
    <StateShape state={state} />
    {describeState(state)}
  </span>
));

// Events, newest first, each with its time by the reader's clock; the older ones on demand.
import { useState } from 'preact/hooks';
import { describeHappening } from '../model/event-words.ts';
import { formatMoment, isoMoment } from '../model/format.ts';
import { toneOf, type Happening } from '../model/timeline.ts';
import { tn } from '../t.ts';
import { Button } from './button.tsx';

/** As many as are drawn at a time. */
const PART = 100;
const marks = { good: '✓', bad: '✕', plain: '•' } as const;

export function EventList({ happenings }: { happenings: readonly Happening[] }) {
  const [most, setMost] = useState(PART);
  const left = happenings.length - most;
  return (
    <>
      <ol class="md-events">
        {happenings.slice(0, most).map((event) => {
          const tone = toneOf(event.kind);
          return (
            <li key={event.key}>
              <time class="md-muted md-figure" dateTime={isoMoment(event.wallS)}>
                {formatMoment(event.wallS)}
              </time>
              <span class={`md-event-mark md-event-${tone}`} aria-hidden="true">
                {marks[tone]}
              </span>
              <span>{describeHappening(event)}</span>
            </li>
          );
        })}
      </ol>
      {left > 0 && <Button onClick={() => setMost(most + PART)}>{tn(left, 'Show the one that is older', 'Show older ones ({count})')}</Button>}
    </>
  );
}

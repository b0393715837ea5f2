// A handle to drag a row of a list by, with mouse, pen or finger. By keyboard the row's buttons do the same.
import { useEffect, useRef, useState } from 'preact/hooks';

/** How many rows the pointer is away from the row of `grip`: each counts whose middle it has passed. */
function rowsAway(grip: Element, y: number): number {
  const own = grip.closest('li');
  const rows = [...(own?.parentElement?.children ?? [])];
  const from = own ? rows.indexOf(own) : -1;
  return rows.reduce((sum, row, place) => {
    const { top, height } = row.getBoundingClientRect();
    const middle = top + height / 2;
    return sum + (place < from && y < middle ? -1 : place > from && y > middle ? 1 : 0);
  }, 0);
}

export function Grip({ onMove }: { onMove: (by: number) => void }) {
  const element = useRef<HTMLSpanElement>(null);
  const move = useRef(onMove);
  move.current = onMove;
  const [isHeld, setHeld] = useState(false);
  const letGo = useRef<(() => void) | undefined>(undefined);
  useEffect(() => () => letGo.current?.(), []);
  /** On the window: a row that is moved in it loses a pointer it had captured. At once: the next move may come before anything is drawn. */
  function hold(): void {
    const held = new AbortController();
    const { signal } = held;
    letGo.current?.();
    letGo.current = () => {
      held.abort();
      setHeld(false);
    };
    const follow = ({ clientY }: PointerEvent): void => {
      const by = element.current ? rowsAway(element.current, clientY) : 0;
      if (by !== 0) move.current(by);
    };
    addEventListener('pointermove', follow, { signal });
    addEventListener('pointerup', letGo.current, { signal });
    addEventListener('pointercancel', letGo.current, { signal });
    setHeld(true);
  }
  return (
    <span
      ref={element}
      class={`md-grip${isHeld ? ' md-held-grip' : ''}`}
      aria-hidden="true"
      onPointerDown={(event) => {
        // Text would be selected instead.
        event.preventDefault();
        hold();
      }}
    >
      ⠿
    </span>
  );
}

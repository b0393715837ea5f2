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
  // On the document: a row that is moved in it loses a pointer it had captured.
  useEffect(() => {
    if (!isHeld) return undefined;
    const follow = ({ clientY }: PointerEvent): void => {
      const by = element.current ? rowsAway(element.current, clientY) : 0;
      if (by !== 0) move.current(by);
    };
    const release = (): void => setHeld(false);
    addEventListener('pointermove', follow);
    addEventListener('pointerup', release);
    addEventListener('pointercancel', release);
    return () => {
      removeEventListener('pointermove', follow);
      removeEventListener('pointerup', release);
      removeEventListener('pointercancel', release);
    };
  }, [isHeld]);
  return (
    <span
      ref={element}
      class={`md-grip${isHeld ? ' md-held-grip' : ''}`}
      aria-hidden="true"
      onPointerDown={(event) => {
        // Text would be selected instead.
        event.preventDefault();
        setHeld(true);
      }}
    >
      ⠿
    </span>
  );
}

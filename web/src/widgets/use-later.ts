// What takes long to draw comes after the browser has drawn the rest: so a press is answered at once.
import { useEffect, useState } from 'preact/hooks';

/** Follows `value`, one drawing later. */
export function useLater<T>(value: T): T {
  const [later, setLater] = useState(value);
  useEffect(() => setLater(() => value), [value]);
  return later;
}

/** Whether the component that asks stands on the page already. */
export function useDrawn(): boolean {
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => setDrawn(true), []);
  return isDrawn;
}

// Seconds until a moment of the page's clock, counted down while they are shown.
import { useEffect, useState } from 'preact/hooks';
import { useStore } from './store-context.ts';

const STEP_MS = 500;

export function useSecondsLeft(deadlineMs: number | undefined): number | undefined {
  const { clock } = useStore().page;
  const [now, setNow] = useState(clock.now());
  useEffect(() => {
    if (deadlineMs === undefined) return;
    const timer = clock.setTimeout(() => setNow(clock.now()), STEP_MS);
    return () => clock.clearTimeout(timer);
  }, [now, deadlineMs]);
  return deadlineMs === undefined ? undefined : Math.max(0, Math.floor((deadlineMs - now) / 1000));
}

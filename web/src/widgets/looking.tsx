// How far a look at the router has come, by how long the last one took: nobody tells on the way.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../t.ts';

const STEP_MS = 200;
/** The rest is left for when it is done. */
const MOST = 0.95;

export function Looking({ expectedMs }: { expectedMs: number }) {
  const [passedMs, setPassed] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setPassed((passed) => passed + STEP_MS), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return <progress class="md-looking" aria-label={t('Progress')} max={1} value={Math.min(MOST, passedMs / Math.max(expectedMs, STEP_MS))} />;
}

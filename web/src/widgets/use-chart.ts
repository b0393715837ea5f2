// Keeps a chart on an element: made when its code has arrived, made anew when `key` changes, and told what is new.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Chart, ChartData, CreateChart } from './plot-frame.ts';

/** `place`: what is pointed at, a place in the columns. `failed`: the code did not arrive. */
export function useChart(load: () => Promise<CreateChart>, data: ChartData, key: string) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | undefined>(undefined);
  const [failed, setFailed] = useState(false);
  const [place, setPlace] = useState<number>();
  const latest = useRef(data);
  latest.current = data;
  useEffect(() => {
    let isGone = false;
    load().then(
      (create) => {
        if (!isGone && element.current) chart.current = create(element.current, latest.current, setPlace);
      },
      () => setFailed(true),
    );
    return () => {
      isGone = true;
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [key]);
  useEffect(() => chart.current?.update(data), [data]);
  return { element, failed, place };
}

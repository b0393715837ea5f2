// Two curves over time as a chart: both rates by one scale, or latency by the left one and loss by the right one.
import type uPlot from 'uplot';
import { formatTick } from '../model/format.ts';
import { latencyText, percentText } from '../model/link-words.ts';
import { axisOf, frame, HEIGHT_PX, resolve, timeAxis, timeScale, type Chart, type ChartData } from './plot-frame.ts';
import type { Quantity } from '../model/series.ts';

const LEAST: Record<Quantity, number> = { rates: 1000, quality: 10 };
const LEAST_LOSS = 10;
const DASH = [5, 4];

const upTo =
  (least: number): uPlot.Scale.Range =>
  (_chart, _least, most) => [0, Math.max(least, (most ?? 0) * 1.1)];

/** `columns`: times, then the solid curve, then the dashed one. */
export function createLines(element: HTMLElement, data: ChartData, quantity: Quantity, onCursor: (place: number | undefined) => void): Chart {
  const second = quantity === 'quality' ? 'loss' : 'y';
  const colour = (value: string) => () => resolve(element, value);
  return frame(element, data, (windowOf) => ({
    width: element.clientWidth || 300,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: timeScale(windowOf), y: { range: upTo(LEAST[quantity]) }, ...(second === 'loss' ? { loss: { range: upTo(LEAST_LOSS) } } : {}) },
    axes: [
      timeAxis(element),
      { ...axisOf(element), size: 72, values: (_chart, marks) => marks.map(quantity === 'rates' ? formatTick : latencyText) },
      ...(second === 'loss'
        ? [
            {
              ...axisOf(element),
              scale: 'loss',
              side: 1 as const,
              size: 48,
              grid: { show: false },
              values: (_: uPlot, marks: number[]) => marks.map(percentText),
            },
          ]
        : []),
    ],
    series: [
      {},
      { stroke: colour('var(--md-series-1)'), width: 1.8, points: { show: false } },
      { scale: second, stroke: colour('var(--md-series-2)'), width: 1.8, dash: DASH, points: { show: false } },
    ],
    hooks: { setCursor: [(chart) => onCursor(chart.cursor.idx ?? undefined)] },
  }));
}

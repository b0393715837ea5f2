// The stack of the links' rates as a chart.
import type uPlot from 'uplot';
import { formatTick } from '../model/format.ts';
import { toSeries } from '../model/history.ts';
import { axisOf, frame, HEIGHT_PX, resolve, timeAxis, timeScale, type Chart, type ChartData } from './plot-frame.ts';

const LEAST_SCALE_BPS = 1000;
// A const enum in uPlot's types, which isolated modules can't name.
const gridOnTop = ['series', 'axes'] as unknown as NonNullable<uPlot.Options['drawOrder']>;
function toOptions(element: HTMLElement, links: number, windowOf: () => number, onCursor: (place: number | undefined) => void): uPlot.Options {
  const colour = (value: string) => () => resolve(element, value);
  // Filled down to the axis, from the highest edge to the lowest: what stays visible of each is its link's part.
  const edges = Array.from({ length: links }, (_, index): uPlot.Series => {
    const series = `var(--md-series-${toSeries(links - 1 - index)})`;
    return { stroke: colour(series), width: 1.5, fill: colour(`color-mix(in srgb, ${series} 40%, var(--md-bg))`), points: { show: false } };
  });
  return {
    width: element.clientWidth || 300,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    drawOrder: gridOnTop,
    scales: {
      x: timeScale(windowOf),
      y: { range: (_chart, _least, most) => [0, Math.max(LEAST_SCALE_BPS, (most ?? 0) * 1.1)] },
    },
    axes: [timeAxis(element), { ...axisOf(element), size: 72, values: (_chart, marks) => marks.map(formatTick) }],
    series: [{}, ...edges, { stroke: colour('var(--md-fg)'), width: 2, points: { show: false } }],
    hooks: { setCursor: [(chart) => onCursor(chart.cursor.idx ?? undefined)] },
  };
}

/**
 * Draws a stack into `element` and follows its width and the theme. `columns`: times, edges from the highest to the lowest, the
 * total. `onCursor` is told the place in the columns that is pointed at.
 */
export function createChart(element: HTMLElement, data: ChartData, onCursor: (place: number | undefined) => void): Chart {
  return frame(element, data, (windowOf) => toOptions(element, data.columns.length - 2, windowOf, onCursor));
}

// uPlot behind two calls, in a chunk of its own: the first load of the page does not carry it.
import uPlot from 'uplot';
import { formatAgo, formatTick } from '../model/format.ts';
import { toSeries } from '../model/history.ts';

export type ChartData = { columns: (number | null)[][]; windowS: number };
export type Chart = { update(data: ChartData): void; destroy(): void };

const HEIGHT_PX = 220;
const LEAST_SCALE_BPS = 1000;
// A const enum in uPlot's types, which isolated modules can't name.
const gridOnTop = ['series', 'axes'] as unknown as NonNullable<uPlot.Options['drawOrder']>;
/** Seconds between two marks of the time axis, by the window they have to fit into. */
const steps = [
  { upToS: 60, stepS: 15 },
  { upToS: 150, stepS: 30 },
  { upToS: Number.POSITIVE_INFINITY, stepS: 60 },
] as const;

/** A colour of the theme in force, resolved: a canvas knows no CSS variables. */
function resolve(element: HTMLElement, colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Marks counted back from the right edge, which is now. */
function toSplits(chart: uPlot): number[] {
  const { min = 0, max = 0 } = chart.scales['x'] ?? {};
  const windowS = (max ?? 0) - (min ?? 0);
  const stepS = steps.find(({ upToS }) => windowS <= upToS)?.stepS ?? 60;
  const count = Math.floor(windowS / stepS);
  return Array.from({ length: count + 1 }, (_, index) => (max ?? 0) - (count - index) * stepS);
}

function toOptions(element: HTMLElement, links: number, windowOf: () => number, onCursor: (place: number | undefined) => void): uPlot.Options {
  const colour = (value: string) => () => resolve(element, value);
  const axis = {
    stroke: colour('var(--md-muted)'),
    grid: { stroke: colour('var(--md-line)'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
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
      x: { time: false, range: (_chart, _first, last) => [last - windowOf(), last] },
      y: { range: (_chart, _least, most) => [0, Math.max(LEAST_SCALE_BPS, (most ?? 0) * 1.1)] },
    },
    axes: [
      { ...axis, size: 30, splits: toSplits, values: (_chart, marks) => marks.map((mark) => formatAgo((marks.at(-1) ?? mark) - mark)) },
      { ...axis, size: 72, values: (_chart, marks) => marks.map(formatTick) },
    ],
    series: [{}, ...edges, { stroke: colour('var(--md-fg)'), width: 2, points: { show: false } }],
    hooks: { setCursor: [(chart) => onCursor(chart.cursor.idx ?? undefined)] },
  };
}

/**
 * Draws a stack into `element` and follows its width and the theme. `columns`: times, edges from the highest to the lowest, the
 * total. `onCursor` is told the place in the columns that is pointed at.
 */
export function createChart(element: HTMLElement, data: ChartData, onCursor: (place: number | undefined) => void): Chart {
  let { windowS } = data;
  const options = toOptions(element, data.columns.length - 2, () => windowS, onCursor);
  const chart = new uPlot(options, data.columns as uPlot.AlignedData, element);
  const observer = new ResizeObserver(() => {
    if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: HEIGHT_PX });
  });
  observer.observe(element);
  const redraw = (): void => chart.redraw(false);
  const theme = matchMedia('(prefers-color-scheme: dark)');
  theme.addEventListener('change', redraw);
  // LuCI's theme changes by an attribute of the root.
  const attributes = new MutationObserver(redraw);
  attributes.observe(document.documentElement, { attributes: true });
  return {
    update: (next) => {
      windowS = next.windowS;
      chart.setData(next.columns as uPlot.AlignedData);
    },
    destroy: () => {
      observer.disconnect();
      attributes.disconnect();
      theme.removeEventListener('change', redraw);
      chart.destroy();
    },
  };
}

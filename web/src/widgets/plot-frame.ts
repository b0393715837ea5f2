// uPlot behind two calls, and what all our charts have in common. Only what is fetched when a plot is first shown imports it.
import uPlot from 'uplot';
import { formatAgo } from '../model/format.ts';

/** Times in seconds, oldest first, then the curves. */
export type ChartData = { columns: (number | null)[][]; windowS: number };
export type Chart = { update(data: ChartData): void; destroy(): void };
/** `onCursor` is told the place in the columns that is pointed at. */
export type CreateChart = (element: HTMLElement, data: ChartData, onCursor: (place: number | undefined) => void) => Chart;

export const HEIGHT_PX = 220;

/** Seconds between two marks of the time axis: the first that leaves room for each. */
const steps = [15, 30, 60, 120, 1800, 3600, 86_400, 172_800] as const;
const MARK_PX = 48;
const MOST_MARKS = 7;

/** Asking for a colour costs a look over the page's style, and a chart of many links asks hundreds of times at each drawing. */
const resolved = new Map<string, string>();

/** A colour of the theme in force, resolved: a canvas knows no CSS variables. */
export function resolve(element: HTMLElement, colour: string): string {
  const known = resolved.get(colour);
  if (known !== undefined) return known;
  const probe = document.createElement('span');
  probe.style.color = colour;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  resolved.set(colour, color);
  return color;
}

/** Marks counted back from the right edge, which is now. */
function toSplits(chart: uPlot): number[] {
  const { min = 0, max = 0 } = chart.scales['x'] ?? {};
  const windowS = (max ?? 0) - (min ?? 0);
  const room = Math.min(MOST_MARKS, Math.floor(chart.bbox.width / devicePixelRatio / MARK_PX));
  const stepS = steps.find((each) => windowS / each <= room) ?? windowS;
  const count = Math.floor(windowS / stepS);
  return Array.from({ length: count + 1 }, (_, index) => (max ?? 0) - (count - index) * stepS);
}

export const axisOf = (element: HTMLElement) => ({
  stroke: () => resolve(element, 'var(--md-muted)'),
  grid: { stroke: () => resolve(element, 'var(--md-line)'), width: 1 },
  ticks: { show: false },
  font: '12px system-ui, sans-serif',
});

export const timeAxis = (element: HTMLElement): uPlot.Axis => ({
  ...axisOf(element),
  size: 30,
  splits: toSplits,
  values: (_chart, marks) => marks.map((mark) => formatAgo((marks.at(-1) ?? mark) - mark)),
});

export const timeScale = (windowOf: () => number): uPlot.Scale => ({ time: false, range: (_chart, _first, last) => [last - windowOf(), last] });

/** Puts a chart into `element` and lets it follow the element's width and the theme. */
export function frame(element: HTMLElement, data: ChartData, toOptions: (windowOf: () => number) => uPlot.Options): Chart {
  let { windowS } = data;
  resolved.clear();
  const chart = new uPlot(
    toOptions(() => windowS),
    data.columns as uPlot.AlignedData,
    element,
  );
  const observer = new ResizeObserver(() => {
    if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: HEIGHT_PX });
  });
  observer.observe(element);
  const redraw = (): void => {
    resolved.clear();
    chart.redraw(false);
  };
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

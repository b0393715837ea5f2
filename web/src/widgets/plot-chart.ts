// uPlot behind two calls, in a chunk of its own: the first load of the page does not carry it.
import uPlot from 'uplot';
import css from 'uplot/dist/uPlot.min.css?inline';
import { formatRate, rateText } from '../model/format.ts';

export type Chart = { update(columns: (number | null)[][]): void; destroy(): void };

const HEIGHT_PX = 220;
/** Told apart without colour too: each link has its own dash. */
const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [14, 4]];

function addStyle(): void {
  if (document.getElementById('md-uplot')) return;
  const style = document.createElement('style');
  style.id = 'md-uplot';
  style.textContent = css;
  document.head.append(style);
}

/** A colour of the theme in force, resolved: a canvas knows no CSS variables. */
function colourOf(element: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function toOptions(element: HTMLElement, labels: readonly string[]): uPlot.Options {
  const colour = (name: string) => () => colourOf(element, name);
  const axis = { stroke: colour('--md-muted'), grid: { stroke: colour('--md-line'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
  return {
    width: element.clientWidth || 300,
    height: HEIGHT_PX,
    cursor: { y: false, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: (_chart, _least, most) => [0, Math.max(1000, most * 1.1)] } },
    axes: [
      axis,
      {
        ...axis,
        size: 76,
        values: (_chart, ticks) =>
          ticks.map((tick) => {
            const { figure, unit } = formatRate(tick);
            return `${figure} ${unit}`;
          }),
      },
    ],
    series: [
      {},
      ...labels.map((label, index) => ({
        label,
        spanGaps: false,
        points: { show: false },
        stroke: colour(index === 0 ? '--md-fg' : `--md-series-${((index - 1) % 6) + 1}`),
        width: index === 0 ? 2.5 : 1.5,
        ...(index === 0 ? {} : { dash: dashes[(index - 1) % dashes.length] ?? [] }),
        value: (_chart: uPlot, value: number | null) => rateText(value),
      })),
    ],
  };
}

/** Draws into `element` and follows its width and the theme. */
export function createChart(element: HTMLElement, labels: readonly string[], columns: (number | null)[][]): Chart {
  addStyle();
  const chart = new uPlot(toOptions(element, labels), columns as uPlot.AlignedData, element);
  const observer = new ResizeObserver(() => {
    if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: HEIGHT_PX });
  });
  observer.observe(element);
  const theme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = (): void => chart.redraw();
  theme.addEventListener('change', redraw);
  return {
    update: (next) => chart.setData(next as uPlot.AlignedData),
    destroy: () => {
      observer.disconnect();
      theme.removeEventListener('change', redraw);
      chart.destroy();
    },
  };
}

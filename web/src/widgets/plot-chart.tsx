// A chart over time, drawn as SVG, and its legend for the moment that is pointed at. Only what is fetched when a plot is first shown imports it.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { PLANE_PX, toGrid, toPaths, toPlace, toScale, toTimeMarks, toXs, type ChartAxis, type ChartData } from '../model/chart.ts';
import { formatAgo } from '../model/format.ts';
import { useWidth } from './use-width.ts';

export type PlotProps = {
  data: ChartData;
  /** `place`: what is pointed at, a place in the times. */
  legend: (place?: number) => ComponentChildren;
};

/** Grounds, then the grid over them, then lines over both. */
function Curves({ data, scales, ago, width }: { data: ChartData; scales: ReturnType<typeof toScale>[]; ago: readonly number[]; width: number }) {
  const xs = toXs(data, width);
  const drawn = data.axes.flatMap(({ curves }, axis) =>
    curves.map(({ values, look, isFilled }) => ({ ...toPaths(xs, values, scales[axis]?.top ?? 1), look, isFilled })),
  );
  const [scale] = scales;
  return (
    <>
      {drawn.map(({ ground, look, isFilled }, index) => isFilled && <path key={index} class={`md-ground ${look}`} d={ground} />)}
      {scale && <path class="md-grid-lines" d={toGrid(scale, ago, data.windowS, width)} />}
      {drawn.map(({ line, look }, index) => (
        <path key={index} class={`md-curve ${look}`} d={line} />
      ))}
    </>
  );
}

function Marks({ axis, scale: { top, marks } }: { axis: ChartAxis; scale: ReturnType<typeof toScale> }) {
  return (
    <div class="md-marks" style={{ height: `${((marks.at(-1) ?? 0) / top) * PLANE_PX}px` }}>
      {marks.map((mark) => (
        <span key={mark}>{axis.toText(mark)}</span>
      ))}
    </div>
  );
}

/** Which part of the width is pointed at. A finger that is lifted leaves it there, until another place of the page is touched. */
function usePointed(plane: { current: HTMLElement | null }) {
  const [part, setPart] = useState<number>();
  const isPointed = part !== undefined;
  // In time for whatever is touched next, which an effect behind the next drawing is not.
  useLayoutEffect(() => {
    if (!isPointed) return undefined;
    const leave = ({ target }: PointerEvent): void => {
      if (!plane.current?.contains(target as Node)) setPart(undefined);
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [isPointed]);
  const point = ({ clientX, currentTarget }: PointerEvent): void => {
    const { left, width } = (currentTarget as HTMLElement).getBoundingClientRect();
    setPart((clientX - left) / width);
  };
  const leave = ({ pointerType }: PointerEvent): void => {
    if (pointerType !== 'touch') setPart(undefined);
  };
  // The browser takes a finger that scrolls away from us.
  const cancel = (): void => setPart(undefined);
  return { part, handlers: { onPointerDown: point, onPointerMove: point, onPointerLeave: leave, onPointerCancel: cancel } };
}

export function PlotChart({ data, legend }: PlotProps) {
  const { element, width = 0 } = useWidth();
  const { part, handlers } = usePointed(element);
  const place = part === undefined ? undefined : toPlace(data, part);
  const drawn = useMemo(() => {
    const scales = data.axes.map(toScale);
    const ago = toTimeMarks(data.windowS, width);
    const [left, right] = data.axes.map((axis, index) => {
      const scale = scales[index];
      return scale && <Marks axis={axis} scale={scale} />;
    });
    const times = (
      <div class="md-times" style={{ width: `${((ago[0] ?? 0) / data.windowS) * 100}%` }}>
        {ago.map((seconds) => (
          <span key={seconds}>{formatAgo(seconds)}</span>
        ))}
      </div>
    );
    return { left, right, times, curves: width > 0 && <Curves data={data} scales={scales} ago={ago} width={width} /> };
  }, [data, width]);
  const words = useMemo(() => legend(place), [legend, place]);
  return (
    <>
      <div class="md-chart md-axes">
        {drawn.left}
        <div ref={element} class="md-plane" {...handlers}>
          <svg aria-hidden="true">
            {drawn.curves}
            {place !== undefined && <path class="md-cursor" d={`M${Math.round(toXs(data, width)[place] ?? 0)} 0V${PLANE_PX}`} />}
          </svg>
        </div>
        {drawn.right}
        {drawn.times}
      </div>
      {words}
    </>
  );
}

// A chart in numbers: what stands beside its axes, and its curves as paths in CSS pixels. Pure.

export type Values = readonly (number | null)[];
/** `look`: the classes that say how it is drawn. */
export type ChartCurve = { values: Values; look: string; isFilled?: boolean };
/** Curves that are measured by one axis, which reaches `least` or further. */
export type ChartAxis = { curves: readonly ChartCurve[]; least: number; toText: (value: number) => string };
/** `times` in seconds, oldest first: the last is now. The first axis stands left, the second right. */
export type ChartData = { times: readonly number[]; windowS: number; axes: readonly ChartAxis[] };

export const PLANE_PX = 180;
/** Room above the highest curve, as a part of it. */
const HEADROOM = 0.1;
const MOST_STEPS = 5;

/** The first of 1, 2, 5, 10, 20 and so on that is `least` or more. */
function toRound(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((step) => step * power >= least) ?? 10);
}

/** How far an axis reaches from 0, and its marks. */
export function toScale({ curves, least }: Pick<ChartAxis, 'curves' | 'least'>): { top: number; marks: number[] } {
  let most = 0;
  for (const { values } of curves) for (const value of values) if (value !== null && value > most) most = value;
  const top = Math.max(least, most * (1 + HEADROOM));
  const step = toRound(top / MOST_STEPS);
  return { top, marks: Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step) };
}

/** Seconds between two marks of the time axis: the first that leaves room for each. Where none does, now stands alone. */
const steps = [15, 30, 60, 120, 300, 1800, 3600, 7200, 86_400, 172_800, 345_600] as const;
const MARK_PX = 52;
const MOST_MARKS = 7;

/** Marks of the time axis in seconds before now, the longest ago first. */
export function toTimeMarks(windowS: number, widthPx: number): number[] {
  const room = Math.min(MOST_MARKS, Math.floor(widthPx / MARK_PX));
  const stepS = steps.find((each) => windowS / each <= room) ?? 2 * windowS;
  const count = Math.floor(windowS / stepS);
  return Array.from({ length: count + 1 }, (_, index) => (count - index) * stepS);
}

const toTenths = (px: number): number => Math.round(px * 10) / 10;

/** Where each time stands, from the left. */
export function toXs({ times, windowS }: Pick<ChartData, 'times' | 'windowS'>, widthPx: number): number[] {
  const last = times.at(-1) ?? 0;
  return times.map((atS) => toTenths(widthPx - ((last - atS) / windowS) * widthPx));
}

/**
 * A curve as a line, and as the ground below it: both leave out what was not measured. What stands alone between two gaps is a
 * line of no length, which round ends make a dot.
 */
export function toPaths(xs: readonly number[], values: Values, top: number): { line: string; ground: string } {
  const paths = { line: '', ground: '' };
  let [piece, first, last] = ['', 0, 0];
  const end = (): void => {
    if (piece === '') return;
    paths.line += first === last ? `${piece}h0` : piece;
    paths.ground += `${piece}V${PLANE_PX}H${first}Z`;
    piece = '';
  };
  for (const [place, x] of xs.entries()) {
    const value = values[place] ?? null;
    if (value === null) {
      end();
      continue;
    }
    if (piece === '') first = x;
    piece += `${piece === '' ? 'M' : ' '}${x} ${toTenths(PLANE_PX - (value / top) * PLANE_PX)}`;
    last = x;
  }
  end();
  return paths;
}

/** The place of what was measured nearest to `part` of the width; undefined where there is nothing. */
export function toPlace({ times, windowS }: Pick<ChartData, 'times' | 'windowS'>, part: number): number | undefined {
  const atS = (times.at(-1) ?? 0) - (1 - part) * windowS;
  let nearest: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  times.forEach((time, place) => {
    const distance = Math.abs(time - atS);
    if (distance < least) [nearest, least] = [place, distance];
  });
  return nearest;
}

/** Horizontals at the marks of the first axis, verticals at those of the time: in the middle of a pixel, so that they are sharp. */
export function toGrid({ top, marks }: { top: number; marks: readonly number[] }, ago: readonly number[], windowS: number, widthPx: number): string {
  const middle = (px: number): number => Math.max(1, Math.round(px)) - 0.5;
  const level = marks.map((mark) => `M0 ${middle(PLANE_PX - (mark / top) * PLANE_PX)}H${widthPx}`);
  const upright = ago.map((seconds) => `M${middle(widthPx - (seconds / windowS) * widthPx)} 0V${PLANE_PX}`);
  return [...level, ...upright].join('');
}

// Where things stand in the picture of the router, in CSS pixels: side by side where there is room, from top to bottom where there is not. Pure.

export type Point = { x: number; y: number };
export type Station = Point & { width: number; height: number };
/** Of one link: the way in from the router, the box, the way out to the internet, and where a cross lies on the way in. */
export type Place = { station: Station; into: string; out: string; cross: Point };
/** A piece that links share, and which of them: from the first's place to the last's. */
export type Trunk = { path: string; from: number; to: number };
export type Layout = {
  isWide: boolean;
  /** Many links: low boxes with fewer words. */
  isDense: boolean;
  height: number;
  lan: Point;
  router: Point;
  internet: Point;
  radius: number;
  places: Place[];
  trunks: Trunk[];
};

/** Below this, from top to bottom. */
const WIDE_PX = 640;
/** From here on two columns have room. */
const TWO_COLUMNS_PX = 900;
/** More links than this stand closely. */
const ROOMY = 8;
const STATION_MOST_PX = 360;

/** `count` places around 0, so far apart that all are within `spread`. */
const spreadOf = (index: number, count: number, spread: number): number => (count < 2 ? 0 : (index / (count - 1) - 0.5) * 2 * Math.min(spread, count * 3.5));

const bend = (from: Point, to: Point): string => {
  const middle = from.x + (to.x - from.x) / 2;
  return `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
};

/** Two columns are laid as bricks: the ways of one run through the gaps of the other. */
function toWide(count: number, width: number): Layout {
  const isDense = count > ROOMY;
  const columns = isDense && width >= TWO_COLUMNS_PX ? 2 : 1;
  const [pitch, boxHeight, radius] = isDense ? [columns === 2 ? 36 : 28, columns === 2 ? 22 : 22, 25] : [46, 34, 25];
  const rows = Math.ceil(count / columns);
  const height = Math.max(144, rows * pitch + (columns - 1) * (pitch / 2)) + 8;
  const middle = height / 2;
  const lan = { x: 32, y: middle };
  const router = { x: Math.round(Math.min(150, width * 0.16)), y: middle };
  const internet = { x: width - 32, y: middle };
  const fan = Math.round(Math.min(110, width * 0.1)) + radius;
  const [left, right] = [router.x + fan, internet.x - fan];
  const gap = columns === 2 ? 44 : 0;
  const boxWidth = Math.min(STATION_MOST_PX, (right - left - gap) / columns);
  const start = left + (right - left - gap - boxWidth * columns) / 2;
  const top = middle - (rows * pitch + (columns - 1) * (pitch / 2)) / 2;
  const places = Array.from({ length: count }, (_, index): Place => {
    const column = index % columns;
    const y = Math.round(top + (Math.floor(index / columns) + 0.5) * pitch + column * (pitch / 2));
    const x = Math.round(start + column * (boxWidth + gap));
    const end = start + columns * boxWidth + gap;
    const offset = spreadOf(index, count, radius - 9);
    return {
      station: { x, y: y - boxHeight / 2, width: Math.round(boxWidth), height: boxHeight },
      into: `${bend({ x: router.x, y: middle + offset }, { x: Math.round(start), y })}H${x}`,
      out: `M${x + Math.round(boxWidth)} ${y}H${Math.round(end)}${bend({ x: Math.round(end), y }, { x: internet.x, y: middle + offset }).replace(/^M[^C]*/, '')}`,
      cross: { x: x - 20, y },
    };
  });
  return {
    isWide: true,
    isDense,
    height,
    lan,
    router,
    internet,
    radius,
    places,
    trunks: [{ path: `M${lan.x} ${middle}H${router.x}`, from: 0, to: count - 1 }],
  };
}

const RAIL_PX = 20;
const INSET_PX = 46;
const TURN_PX = 12;

/** Two rails, and the links as rungs between them: the left one loses a link at each rung, the right one gains it. */
function toNarrow(count: number, width: number): Layout {
  const isDense = count > ROOMY;
  const [pitch, boxHeight] = isDense ? [30, 24] : [50, 42];
  const radius = 19;
  const lan = { x: RAIL_PX, y: radius + 1 };
  const router = { x: RAIL_PX, y: lan.y + 62 };
  const top = router.y + radius + 14;
  const right = width - RAIL_PX;
  const ys = Array.from({ length: count }, (_, index) => top + (index + 0.5) * pitch);
  const internet = { x: right, y: top + count * pitch + radius + 10 };
  const places = ys.map((y): Place => {
    const station = { x: INSET_PX, y: y - boxHeight / 2, width: width - 2 * INSET_PX, height: boxHeight };
    return {
      station,
      into: `M${RAIL_PX} ${y - TURN_PX}Q${RAIL_PX} ${y} ${RAIL_PX + TURN_PX} ${y}H${INSET_PX}`,
      out: `M${width - INSET_PX} ${y}H${right - TURN_PX}Q${right} ${y} ${right} ${y + TURN_PX}`,
      cross: { x: INSET_PX - 9, y },
    };
  });
  const lefts = ys.map(
    (y, index): Trunk => ({ path: `M${RAIL_PX} ${(ys[index - 1] ?? router.y + TURN_PX) - TURN_PX}V${y - TURN_PX}`, from: index, to: count - 1 }),
  );
  const rights = ys.map((y, index): Trunk => ({ path: `M${right} ${y + TURN_PX}V${(ys[index + 1] ?? internet.y - TURN_PX) + TURN_PX}`, from: 0, to: index }));
  const first: Trunk = { path: `M${lan.x} ${lan.y}V${router.y}`, from: 0, to: count - 1 };
  return { isWide: false, isDense, height: internet.y + radius + 2, lan, router, internet, radius, places, trunks: [first, ...lefts, ...rights] };
}

export const layOut = (count: number, width: number): Layout => (width >= WIDE_PX ? toWide(count, width) : toNarrow(count, width));

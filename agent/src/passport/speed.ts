// Do the links' speeds add up, and how should they share: from what each one downloaded alone and all did together.

/** Bytes a second; `alone` by link. */
export type Speeds = { alone: Readonly<Record<string, number>>; togetherPerS: number };

/** Of the sum of the links. */
const ADDS = 0.8;
/** Against the fastest one alone. */
const SHARED = 1.2;
/** Speeds that differ by less are taken as alike: a download of some seconds is not more exact. */
const ALIKE = 1.5;
const MOST_SCALE = 4;
const GOOD_FIT = 0.15;
const MAX_WEIGHT = 255;
/** Of one session more: so much less than a whole one's speed is not worth it. */
const WORTH = 0.25;

const valuesOf = ({ alone }: Speeds): number[] => Object.values(alone);
export const bestOf = (speeds: Speeds): number => Math.max(0, ...valuesOf(speeds));

export function addsUp(speeds: Speeds): 'adds' | 'partly' | 'shared' {
  const sum = valuesOf(speeds).reduce((total, rate) => total + rate, 0);
  if (speeds.togetherPerS >= ADDS * sum) return 'adds';
  return speeds.togetherPerS <= SHARED * bestOf(speeds) ? 'shared' : 'partly';
}

/** As many sessions as bring more speed. */
export function worthwhile(speeds: Speeds): number {
  const count = valuesOf(speeds).length;
  if (count < 2 || addsUp(speeds) === 'adds') return count;
  return Math.max(1, Math.min(count, Math.ceil(speeds.togetherPerS / bestOf(speeds) - WORTH)));
}

/** Small numbers in about the ratio of the speeds; none where they are alike, or where the links share one speed anyway. */
export function weightsFor(speeds: Speeds): Record<string, number> {
  const rates = Object.entries(speeds.alone);
  const least = Math.min(...rates.map(([, rate]) => rate));
  if (rates.length < 2 || !(least > 0) || bestOf(speeds) < ALIKE * least || addsUp(speeds) === 'shared') return {};
  const weigh = (scale: number): [link: string, weight: number][] =>
    rates.map(([link, rate]) => [link, Math.min(MAX_WEIGHT, Math.round((rate / least) * scale))]);
  const misfit = (scale: number): number => Math.max(...weigh(scale).map(([, weight], at) => Math.abs(weight / scale / ((rates[at]?.[1] ?? 0) / least) - 1)));
  const scales = Array.from({ length: MOST_SCALE }, (_, at) => at + 1);
  return Object.fromEntries(weigh(scales.find((scale) => misfit(scale) <= GOOD_FIT) ?? MOST_SCALE));
}

// Turns and shares by weight: who is next when packets go in turn, and which part of a range is whose.
import type { Leg } from './members.ts';

/** Longer rotations are rounded: a map of this size is what a small router is asked for. */
const MOST_TURNS = 256;
/** Clients are spread over so many buckets; those of a link that leaves go to the others, the rest stay where they are. */
const BUCKETS = 256;

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** Weights in their smallest whole numbers, rounded where their sum is too large. */
function smallest(weights: readonly number[]): number[] {
  const common = weights.reduce(divisor, 0) || 1;
  const whole = weights.map((weight) => weight / common);
  const sum = whole.reduce((total, weight) => total + weight, 0);
  return sum <= MOST_TURNS ? whole : whole.map((weight) => Math.max(1, Math.round((weight * MOST_TURNS) / sum)));
}

/** One round of turns, each leg as often as it weighs, as evenly as it goes. */
export function rotation(legs: readonly Leg[]): Leg[] {
  const weights = smallest(legs.map((leg) => leg.weight));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const credit = weights.map(() => 0);
  return Array.from({ length: sum }, () => {
    weights.forEach((weight, at) => {
      credit[at] = (credit[at] ?? 0) + weight;
    });
    const best = credit.indexOf(Math.max(...credit));
    credit[best] = (credit[best] ?? 0) - sum;
    return legs[best] as Leg;
  });
}

/** A number that is the same for the same two, and as good as random: each bucket likes some link best. */
function liking(bucket: number, slot: number): number {
  let hash = Math.imul(bucket + 1, 0x9e3779b1) ^ Math.imul(slot, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

export type Range = { from: number; to: number; leg: Leg };

/** Whose each number below `total` is: by weight, in one piece each (`isBlocks`), or so that few change hands when a leg comes or goes. */
export function shares(legs: readonly Leg[], isBlocks: boolean): { total: number; ranges: Range[] } {
  if (isBlocks) {
    let from = 0;
    const ranges = legs.map((leg): Range => {
      const range = { from, to: from + leg.weight - 1, leg };
      from += leg.weight;
      return range;
    });
    return { total: from, ranges };
  }
  const ranges: Range[] = [];
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    // The highest of u^(1/weight) falls to each leg as often as it weighs, and does not depend on the others.
    const rank = (leg: Leg): number => Math.log(liking(bucket, leg.slot)) / leg.weight;
    const leg = legs.reduce((best, other) => (rank(other) > rank(best) ? other : best));
    const last = ranges.at(-1);
    if (last?.leg === leg) last.to = bucket;
    else ranges.push({ from: bucket, to: bucket, leg });
  }
  return { total: BUCKETS, ranges };
}

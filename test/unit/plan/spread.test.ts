// Turns and shares by weight: exact where packets go in turn, and steady where clients are spread over links.
import * as assert from 'uvu/assert';
import type { Leg } from '../../../agent/src/plan/members.ts';
import { rotation, shares } from '../../../agent/src/plan/spread.ts';
import { aLeg } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const weighted = (...weights: number[]): Leg[] => weights.map((weight, at) => aLeg(at + 1, { weight }));
const slots = (legs: readonly Leg[]): number[] => legs.map((leg) => leg.slot);
const count = (legs: readonly Leg[], slot: number): number => legs.filter((leg) => leg.slot === slot).length;

const turns: [weights: number[], slots: number[]][] = [
  [[1], [1]],
  [[255], [1]],
  [
    [1, 1],
    [1, 2],
  ],
  [
    [1, 2],
    [2, 1, 2],
  ],
  [
    [100, 200],
    [2, 1, 2],
  ],
  [
    [3, 1],
    [1, 1, 2, 1],
  ],
  [
    [5, 1, 1],
    [1, 1, 2, 1, 3, 1, 1],
  ],
];

for (const [weights, expected] of turns) {
  test(`packets by ${weights.join(':')} go in turn ${expected.join(' ')}`, () => {
    assert.equal(slots(rotation(weighted(...weights))), expected);
  });
}

test('a round has each leg exactly as often as it weighs, never much ahead of its share', () => {
  for (const weights of [
    [7, 3, 2],
    [13, 5, 1, 1],
    [10, 20, 30],
    [255, 1],
  ]) {
    const legs = weighted(...weights);
    const round = rotation(legs);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    assert.is(sum % round.length, 0);
    for (const [at, weight] of weights.entries()) {
      assert.is(count(round, at + 1) * (sum / round.length), weight);
      for (let turn = 1; turn <= round.length; turn++) {
        const ahead = count(round.slice(0, turn), at + 1) - (turn * weight) / sum;
        assert.ok(Math.abs(ahead) < 2, `leg ${at + 1} of ${weights} is ${ahead} ahead after ${turn} turns`);
      }
    }
  }
});

test('a round too long for a small router is rounded, and nobody is left out', () => {
  const legs = weighted(255, 254, 1);
  const round = rotation(legs);
  assert.ok(round.length >= 250 && round.length <= 260, `${round.length}`);
  assert.is(count(round, 3), 1);
  assert.ok(Math.abs(count(round, 1) - count(round, 2)) <= 1);
});

test('without legs there are neither turns nor shares', () => {
  assert.equal(rotation([]), []);
  assert.equal(shares([], true), { total: 0, ranges: [] });
});

test('by chance each leg has one piece of its weight', () => {
  const legs = weighted(1, 2, 5);
  assert.equal(shares(legs, true), {
    total: 8,
    ranges: [
      { from: 0, to: 0, leg: legs[0] as Leg },
      { from: 1, to: 2, leg: legs[1] as Leg },
      { from: 3, to: 7, leg: legs[2] as Leg },
    ],
  });
});

/** The slot of each bucket. */
function buckets(legs: readonly Leg[]): number[] {
  const { total, ranges } = shares(legs, false);
  const owners = ranges.flatMap(({ from, to, leg }) => Array<number>(to - from + 1).fill(leg.slot));
  assert.is(owners.length, total);
  for (const [at, { from }] of ranges.entries()) assert.is(from, at === 0 ? 0 : (ranges[at - 1]?.to ?? NaN) + 1, 'pieces are next to one another');
  return owners;
}

test('when a leg leaves only its clients move, and when it comes back only they do', () => {
  for (const weights of [
    [1, 1],
    [1, 1, 1, 1],
    [3, 1, 2],
    [255, 1, 1],
  ]) {
    const legs = weighted(...weights);
    const before = buckets(legs);
    for (const gone of legs.slice(0, legs.length)) {
      const after = buckets(legs.filter((leg) => leg !== gone));
      if (legs.length === 1) continue;
      const moved = before.filter((slot, at) => slot !== after[at]);
      assert.ok(
        moved.every((slot) => slot === gone.slot),
        `${weights} without ${gone.slot}`,
      );
      assert.equal(moved.length, before.filter((slot) => slot === gone.slot).length);
    }
  }
});

test('those of a leg that left go to all others, not to one of them', () => {
  const legs = weighted(1, 1, 1, 1);
  const [before, after] = [buckets(legs), buckets(legs.slice(1))];
  const heirs = new Set(after.filter((_, at) => before[at] === 1));
  assert.equal([...heirs].toSorted(), [2, 3, 4]);
});

test('clients are shared by weight within some points, wherever the links stand', () => {
  for (const weights of [
    [1, 1],
    [1, 2],
    [3, 1],
    [1, 1, 1],
    [5, 3, 2],
    [1, 1, 1, 1, 1, 1, 1, 1],
  ]) {
    for (const first of [1, 50, 184]) {
      const legs = weights.map((weight, at) => aLeg(first + at, { weight }));
      const owners = buckets(legs);
      const sum = weights.reduce((total, weight) => total + weight, 0);
      for (const leg of legs) {
        const share = owners.filter((slot) => slot === leg.slot).length / owners.length;
        assert.ok(Math.abs(share - leg.weight / sum) < 0.1, `slot ${leg.slot} of ${weights} has ${share}`);
      }
    }
  }
});

test('neither the order of legs nor a weight in other units changes whose a client is', () => {
  const legs = weighted(1, 2, 3);
  assert.equal(buckets(legs.toReversed()), buckets(legs));
  assert.equal(buckets(weighted(10, 20, 30)), buckets(legs));
});

test.run();

// The stand-in knows rules, not recordings: with other names, values and order it does as well.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import { accepted } from './accepted.ts';
import { createMutation, typeHash } from './mutate.ts';
import { RECORDINGS, readRecording } from './recording.ts';
import type { RecordingName } from './recording.ts';
import type { Share } from './replay.ts';
import { SCENES, mutationOf, playScenes } from './scenes.ts';
import { differences, note, shareOf } from './shown.ts';

/** By how much a recording may do worse or better than with its own names. */
const MOST_DIFFERENCE = 0.03;

/** `SEED=N` repeats a run. */
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const test = suite('mutated', {}, { limitMs: 280_000 });
let shares: Map<RecordingName, Share>;

test('changes every recording', () => {
  for (const scene of SCENES) {
    const mutation = mutationOf(scene, seed);
    for (const name of scene) {
      const [before, after] = [readRecording(name), mutation.entries(name, readRecording(name))];
      assert.is(after.length, before.length);
      const changed = after.filter((entry) => !before.some((other) => JSON.stringify(other) === JSON.stringify(entry)));
      assert.ok(changed.length >= before.length * 0.6, `${changed.length} of ${before.length} are others (${name}, seed ${seed})`);
    }
  }
});

test('derives the ids of anonymous sections from their types', () => {
  assert.is(typeHash('thing'), 'ef3f');
  const { text } = createMutation(1, { free: [], types: ['thing'] }, '');
  const [type, id] = text('thing cfg02ef3f').split(' ');
  assert.is(id, `cfg02${typeHash(type ?? '')}`);
});

test.before(async () => {
  shares = await playScenes((names) => mutationOf(names, seed));
});

for (const name of RECORDINGS) {
  test(`replays ${name} with other names`, () => {
    const share = shares.get(name) as Share;
    // With its own names a recording misses what is accepted, and nothing else.
    const plain = 1 - Object.keys(accepted[name] ?? {}).length / share.total;
    note(`${share.matching} of ${share.total} with other names, seed ${seed} (${name})`);
    assert.ok(Math.abs(shareOf(share) - plain) <= MOST_DIFFERENCE, `seed ${seed}: ${share.matching} of ${share.total}\n${differences(share)}`);
  });
}

test.run();

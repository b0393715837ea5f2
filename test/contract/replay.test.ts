// The stand-in answers as the real components were recorded to answer.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import { accepted } from './accepted.ts';
import { apart } from './apart.ts';
import { unchanged } from './mutate.ts';
import { RECORDINGS, readRecording } from './recording.ts';
import type { RecordingName } from './recording.ts';
import type { Share } from './replay.ts';
import { playScenes } from './scenes.ts';
import { differences, note, shareOf } from './shown.ts';

/** What a recording must reach. */
const LEAST_SHARE = 0.9;

const test = suite('replay', {}, { limitMs: 280_000 });
let shares: Map<RecordingName, Share>;

test.before(async () => {
  shares = await playScenes(() => unchanged);
});

for (const name of RECORDINGS) {
  test(`replays ${name} as recorded`, () => {
    const share = shares.get(name) as Share;
    note(`${share.matching} of ${share.total} replayed as recorded (${name})`);
    assert.ok(shareOf(share) >= LEAST_SHARE, `${share.matching} of ${share.total}\n${differences(share)}`);
    assert.is(differences(share, accepted[name]), '', 'what differs is listed in accepted.ts with its reason');
  });
}

test('accepts no mismatch that is none, and none that was never replayed', () => {
  const stale = RECORDINGS.flatMap((name) =>
    Object.keys(accepted[name] ?? {}).filter((id) => {
      const outcome = shares.get(name)?.outcomes.find((other) => other.id === id);
      return !outcome || outcome.expected === outcome.actual;
    }),
  );
  assert.equal(stale, []);
});

test('counts every entry but those that are listed apart', () => {
  for (const name of RECORDINGS) {
    const ids = readRecording(name).map(({ id }) => id);
    const aside = Object.keys(apart[name] ?? {});
    assert.equal(
      aside.filter((id) => !ids.includes(id)),
      [],
    );
    assert.is(shares.get(name)?.total, ids.length - aside.length);
    if (aside.length > 0) note(`${aside.length} of ${ids.length} need the real machine (${name})`);
  }
});

test('compares what was answered, not what the masks leave of it', () => {
  for (const name of RECORDINGS) {
    const { outcomes, total } = shares.get(name) as Share;
    const kinds = new Set(outcomes.map(({ expected }) => expected)).size;
    assert.ok(kinds >= total / 4, `${kinds} different replies of ${total} (${name})`);
  }
});

test.run();

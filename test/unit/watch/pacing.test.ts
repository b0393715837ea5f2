// Dials in vain: a wrong password is tried a few times, then more and more seldom; other failures are netifd's business.
import * as assert from 'uvu/assert';
import { onClock, onDialFailed, unpaced, type Pacing } from '../../../agent/src/watch/pacing.ts';
import { test } from '../../limit.ts';

/** netifd redials every 4 s while nobody holds it back; each dial fails. Returns the seconds of the dials. */
function dials(seconds: number, reason: string): number[] {
  let pacing: Pacing = unpaced;
  let nextDial = 0;
  const dialed: number[] = [];
  for (let now = 0; now < seconds * 1000; now += 500) {
    const clock = onClock(pacing, now);
    pacing = clock.pacing;
    if (clock.action === 'dial') nextDial = now;
    if (pacing.untilMs !== undefined || now < nextDial) continue;
    dialed.push(now / 1000);
    nextDial = now + 4000;
    pacing = onDialFailed(pacing, now, reason).pacing;
  }
  return dialed;
}

test('a wrong password is dialed four times in ten minutes, and twice more for a moment', () => {
  assert.equal(dials(1000, 'AUTH_TOPEER_FAILED'), [0, 4, 8, 128, 608]);
  assert.is(dials(600, 'HANGUP').length, 4);
});

test('later at most once an hour, but never given up', () => {
  const late = dials(24 * 3600, 'AUTH_TOPEER_FAILED');
  assert.ok(late.length < 35, `${late.length}`);
  assert.ok((late.at(-1) ?? 0) > 22 * 3600);
});

test('what is no refusal is left to netifd', () => {
  assert.is(dials(40, 'CONNECT_FAILED').length, 10);
});

test('two refusals that are far apart are no row', () => {
  let pacing: Pacing = unpaced;
  for (const now of [0, 100_000, 200_000, 300_000]) {
    const step = onDialFailed(pacing, now, 'HANGUP');
    assert.is(step.action, 'none');
    pacing = step.pacing;
  }
});

test.run();

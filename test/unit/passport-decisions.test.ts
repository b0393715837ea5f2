// The decisions of a passport without a router: what netifd's errors say, which step follows, what speeds are worth.
import * as assert from 'uvu/assert';
import { beginWait, judge, type Seen } from '../../agent/src/passport/judge.ts';
import { limitOf } from '../../agent/src/passport/conclude.ts';
import { addsUp, weightsFor, worthwhile } from '../../agent/src/passport/speed.ts';
import { acceptedBy, nextStep, type Done, type How, type Outcome, type Step } from '../../agent/src/passport/steps.ts';
import { livingPid } from '../../agent/src/process.ts';
import type { System } from '../../agent/src/system.ts';
import { livingTrial, withTrial } from '../../agent/src/trial.ts';
import { readConfig } from '../../agent/src/reconcile.ts';
import { aRouter, line } from '../fake/scene.ts';
import { test } from '../limit.ts';

/** Looks second by second; `a`: wan_01, `b`: wan_02, upper case where it is up, with netifd's error behind it. */
function watch(looks: readonly string[]): [outcome: string, second: number] | undefined {
  const toSeen = (look: string): Seen[] =>
    look.split(' ').map((word) => {
      const isUp = /^[A-Z]/.test(word);
      const reason = word.slice(1) || undefined;
      return { link: word.toLowerCase().startsWith('a') ? 'wan_01' : 'wan_02', isUp, reason: isUp ? undefined : reason };
    });
  let wait = beginWait(toSeen(looks[0] ?? ''), 0);
  for (let second = 0; second < 200; second++) {
    const judged = judge(wait, toSeen(looks[Math.min(second, looks.length - 1)] ?? ''), second * 1000);
    const { outcome } = judged;
    if (outcome) return [outcome.kind === 'refused' ? `${outcome.link} ${outcome.how} ${outcome.reason}` : outcome.kind, second];
    wait = judged.wait;
  }
  return undefined;
}

const looks: [name: string, looks: string[], outcome: string, second: number][] = [
  ['all up and steady', ['A B'], 'accepted', 8],
  ['the second comes up later', ['A b', 'A b', 'A B'], 'accepted', 10],
  ['a password that is refused', ['A b', 'A b', 'A bAUTH_TOPEER_FAILED'], 'wan_02 account AUTH_TOPEER_FAILED', 2],
  ['hang-ups while dialing', ['A b', 'A bHANGUP'], 'wan_02 hang_up HANGUP', 12],
  ['a hang-up that the next dial makes good', ['A b', 'A bHANGUP', 'A bHANGUP', 'A B'], 'accepted', 11],
  ['an error of before that is over soon', ['A bHANGUP', 'A bHANGUP', 'A bHANGUP', 'A B'], 'accepted', 11],
  ['an error of before that stays', ['A bHANGUP'], 'wan_02 hang_up HANGUP', 12],
  ['nobody answers', ['A b'], 'wan_02 silent no answer', 32],
  ['netifd says that nobody answers', ['A b', 'A bCONNECT_FAILED'], 'wan_02 silent CONNECT_FAILED', 1],
  ['the older session falls', ['A b', 'A b', 'aHANGUP B'], 'wan_01 displaced HANGUP', 2],
  ['the newest falls again', ['A b', 'A B', 'A bHANGUP'], 'wan_02 hang_up HANGUP', 2],
  ['the router can’t dial', ['A b', 'A bNO_DEVICE'], 'wan_02 router NO_DEVICE', 12],
  ['a device that is late', ['A b', 'A bNO_DEVICE', 'A b', 'A B'], 'accepted', 11],
  ['told to hang up, then up', ['A bUSER_REQUEST', 'A bUSER_REQUEST', 'A B'], 'accepted', 10],
];
for (const [name, given, outcome, second] of looks) test(`${name}: ${outcome}, after ${second} s`, () => assert.equal(watch(given), [outcome, second]));

const no = (how: How, link = 'wan_02'): Outcome => ({ kind: 'refused', link, how, reason: 'X' });
const yes: Outcome = { kind: 'accepted' };
/** `2+`: a dial of two that was accepted, `3-` refused, `a` alone, `c` confirm, `m` measured, `!` stopped. */
const toDone = (text: string): Done[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const [, kind = '', number = ''] = /^([acm]?)(\d*)/.exec(word) ?? [];
      const kinds: Record<string, Step> = {
        '': { kind: 'dial', sessions: Number(number) },
        a: { kind: 'alone' },
        c: { kind: 'confirm', sessions: Number(number) },
        m: { kind: 'measure', sessions: Number(number) },
      };
      const outcome: Outcome = word.endsWith('+') ? yes : word.endsWith('!') ? { kind: 'stopped' } : no('account');
      return { step: kinds[kind] as Step, outcome };
    });
const toText = (step: Step | undefined): string =>
  step ? `${{ dial: '', alone: 'a', confirm: 'c', measure: 'm' }[step.kind]}${'sessions' in step ? step.sessions : ''}` : 'end';

const asked = { configured: 1, most: 4, isUp: true, measures: false };
const steps: [given: string, more: Partial<typeof asked>, next: string][] = [
  ['', {}, '1'],
  ['', { configured: 3 }, '3'],
  ['', { configured: 3, isUp: false }, '1'],
  ['', { configured: 3, most: 2 }, '1'],
  ['1+', {}, '2'],
  ['1-', {}, 'end'],
  ['1+ 2+ 3+ 4+', {}, 'end'],
  ['1+ 2+ 3+ 4+', { measures: true }, 'm4'],
  ['1+ 2-', {}, 'a'],
  ['1+ 2- a+', {}, 'c1'],
  ['1+ 2- a-', {}, 'c1'],
  ['1+ 2- a- c1+', { measures: true }, 'm1'],
  ['1+ 2+ 3-', {}, 'c2'],
  ['1+ 2+ 3- c2+', {}, 'end'],
  ['1+ 2+ 3- c2-', {}, 'c1'],
  ['1+ 2+ 3+ 4- c3- c2- c1-', {}, 'end'],
  ['5- c4- c3- c2-', { configured: 5, most: 5 }, 'end'],
  ['1+ 2+ m2+', { measures: true }, 'end'],
  ['1+ 2!', {}, 'end'],
];
for (const [given, more, next] of steps)
  test(`after ${given || 'nothing'} (${JSON.stringify(more)}) comes ${next}`, () => assert.is(toText(nextStep({ ...asked, ...more }, toDone(given))), next));

for (const [given, count] of [
  ['1+ 2+ 3-  c2+', 2],
  ['1+ 2+ 3- c2- c1+', 1],
  ['1-', 0],
  ['1+ 2- a+ c1-', 0],
  ['3+ 4+', 4],
] as const)
  test(`${given} is ${count} accepted`, () => assert.is(acceptedBy(toDone(given)), count));

const dial = (sessions: number, outcome: Outcome): Done => ({ step: { kind: 'dial', sessions }, outcome });
const alone = (outcome: Outcome): Done => ({ step: { kind: 'alone' }, outcome });
const limits: [done: Done[], own: string[], limit: string][] = [
  [[dial(2, no('account')), alone(yes)], [], 'account'],
  [[dial(2, no('hang_up')), alone(yes)], [], 'account'],
  [[dial(2, no('silent')), alone(yes)], [], 'port'],
  [[dial(2, no('account')), alone(yes)], ['wan_02'], 'port'],
  [[dial(2, no('account')), alone(no('account'))], ['wan_02'], 'login'],
  [[dial(2, no('account')), alone(no('account'))], [], 'mac'],
  [[dial(2, no('silent')), alone(no('silent'))], [], 'mac'],
  [[dial(2, no('router'))], [], 'router'],
  [[dial(3, no('account', 'wan_03'))], [], 'account'],
  [[dial(3, no('account', 'wan_03'))], ['wan_03'], 'login'],
  [[dial(3, no('silent', 'wan_03'))], [], 'port'],
  [[dial(1, no('account', 'wan_01'))], [], 'none'],
  [[dial(4, yes)], [], 'none'],
];
for (const [done, ownAccounts, limit] of limits)
  test(`${JSON.stringify(done.map(({ outcome }) => ('how' in outcome ? outcome.how : outcome.kind)))}, own accounts ${ownAccounts.join() || 'none'}: ${limit}`, () =>
    assert.is(limitOf({ done, ownAccounts }), limit));

const speeds: [alone: number[], together: number, speed: string, worth: number, weights: number[]][] = [
  [[10, 10], 20, 'adds', 2, []],
  [[10, 10], 16, 'adds', 2, []],
  [[10, 10], 15, 'partly', 2, []],
  [[10, 10], 12, 'shared', 1, []],
  [[10, 10, 10, 10], 21, 'partly', 2, []],
  [[30, 10], 40, 'adds', 2, [3, 1]],
  [[14, 10], 24, 'adds', 2, []],
  [[25, 10, 10], 45, 'adds', 3, [5, 2, 2]],
  [[30, 10], 30, 'shared', 1, []],
  [[10], 10, 'adds', 1, []],
];
for (const [rates, togetherPerS, speed, worth, weights] of speeds) {
  test(`${rates.join(' and ')} alone and ${togetherPerS} together: ${speed}, ${worth} worth it, weights ${weights.join(':') || 'none'}`, () => {
    const given = { alone: Object.fromEntries(rates.map((rate, at) => [`wan_0${at + 1}`, rate])), togetherPerS };
    assert.equal([addsUp(given), worthwhile(given), Object.values(weightsFor(given))], [speed, worth, weights]);
  });
}

test('a process that has ended and was not waited for counts as dead', () => {
  const system = (state: string) => ({ readFile: () => `7 (qjs (x)) ${state} ${Array(18).fill('0').join(' ')} 70 0\n` }) as unknown as System;
  assert.equal(
    ['S', 'R', 'Z', 'X'].map((state) => livingPid(system(state), '7.70')),
    [7, 7, undefined, undefined],
  );
});

test('a trial counts for its line alone, and only while who made it lives', () => {
  const router = aRouter(`${line('sessions 2')}${line('sessions 3').replace("line 'wan'", "line 'dsl'")}`);
  const owner = router.start();
  router.write('/var/run/multidial/trial', JSON.stringify({ by: `${owner.pid}.${owner.pid * 10}`, line: 'wan', sessions: 5, down: [], children: [] }));
  const sessions = (): number[] | undefined =>
    router.run((system) => withTrial(readConfig(system).config, livingTrial(system)).lines.map((each) => each.sessions));
  assert.equal(sessions(), [5, 3]);
  router.end(owner.pid);
  assert.equal(sessions(), [2, 3]);
});

test.run();

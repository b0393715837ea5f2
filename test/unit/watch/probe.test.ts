// Verdicts by replies and the clock: a black hole is seen in three seconds, loss and jitter are not, flapping settles.
import * as assert from 'uvu/assert';
import { judge, onNewDevice, onReply, parseReply, startJudging, type Judgement, type ProbeRules } from '../../../agent/src/watch/probe.ts';
import { test } from '../../limit.ts';
import { numbers } from '../../fake/random.ts';

const RULES: ProbeRules = { intervalS: 1, misses: 2, backS: 5, vetoPackets: 0 };
const TICK_MS = 100;

/** Three targets, asked each second from 0 on; `replyMs` says after how long each packet is answered, if ever. */
function watch(seconds: number, replyMs: (sentMs: number, target: number) => number | undefined, rules = RULES, rxPackets = 0): string[] {
  const replies: { atMs: number; afterMs: number }[] = [];
  for (let sent = 0; sent < seconds * 1000; sent += rules.intervalS * 1000) {
    for (const target of [0, 1, 2]) {
      const after = replyMs(sent, target);
      if (after !== undefined) replies.push({ atMs: sent + after, afterMs: after });
    }
  }
  replies.sort((a, b) => a.atMs - b.atMs);
  let judgement: Judgement = startJudging(0, rules);
  const changes: string[] = [];
  for (let now = TICK_MS; now <= seconds * 1000; now += TICK_MS) {
    const before = judgement.verdict;
    for (let reply = replies[0]; reply && reply.atMs <= now; reply = replies[0]) {
      judgement = onReply(judgement, reply.atMs, reply.afterMs, rules);
      replies.shift();
    }
    judgement = judge(judgement, { nowMs: now, askingSinceMs: 0, rxPackets }, rules);
    if (judgement.verdict !== before) changes.push(`${now / 1000} ${judgement.verdict}`);
  }
  return changes;
}

const within = (from: number, to: number) => (sent: number) => (sent >= from * 1000 && sent < to * 1000 ? undefined : 20);

test('a black hole makes a link dead within three seconds, whenever it begins', () => {
  for (let begin = 10_000; begin < 11_000; begin += 50) {
    const [, dead = ''] = watch(20, (sent) => (sent + 20 >= begin ? undefined : 20));
    const [at, verdict] = dead.split(' ');
    assert.is(verdict, 'dead');
    assert.ok(Number(at) * 1000 - begin <= 2400, `began ${begin}, ${dead}`);
  }
});

test('it is back after five stable seconds, and not before', () => {
  assert.equal(watch(40, within(10, 20)), ['0.1 alive', '11.3 dead', '25.1 alive']);
});

test('a link that never answers is dead, one that nobody asks is not', () => {
  assert.equal(
    watch(10, () => undefined),
    ['2.3 dead'],
  );
  const silent = judge(startJudging(0, RULES), { nowMs: 60_000, askingSinceMs: undefined, rxPackets: 0 }, RULES);
  assert.is(silent.verdict, 'unknown');
  const askedAnew = judge(onReply(startJudging(0, RULES), 100, 20, RULES), { nowMs: 60_000, askingSinceMs: 59_000, rxPackets: 0 }, RULES);
  assert.is(askedAnew.verdict, 'alive');
});

test('ten minutes of 10 % loss, or of 200 ms jitter on 300 ms, change nothing', () => {
  const random = numbers(77);
  assert.equal(
    watch(600, () => (random.chance(10) ? undefined : 20)),
    ['0.1 alive'],
  );
  assert.equal(
    watch(600, () => 200 + random.below(200)),
    ['0.3 alive'],
  );
});

test('one target of three that answers is enough', () => {
  assert.equal(
    watch(30, (_, target) => (target === 2 ? 20 : undefined)),
    ['0.1 alive'],
  );
});

test('a link that comes and goes every five seconds stays out', () => {
  const changes = watch(300, (sent) => (Math.floor(sent / 5000) % 2 ? undefined : 20));
  assert.equal(changes, ['0.1 alive', '6.3 dead']);
});

test('whoever dies again soon after coming back must be stable for twice as long, up to five minutes', () => {
  const up = (sent: number): boolean => sent < 10_000 || (sent >= 20_000 && sent < 40_000) || sent >= 50_000;
  assert.equal(
    watch(80, (sent) => (up(sent) ? 20 : undefined)),
    ['0.1 alive', '11.3 dead', '25.1 alive', '41.3 dead', '60.1 alive'],
  );
});

test('ten quiet minutes make it trusted as before', () => {
  const up = (sent: number): boolean => !(sent >= 10_000 && sent < 20_000) && !(sent >= 30_000 && sent < 40_000) && !(sent >= 700_000 && sent < 710_000);
  const changes = watch(730, (sent) => (up(sent) ? 20 : undefined));
  assert.equal(changes.slice(-2), ['701.3 dead', '715.1 alive']);
});

test('a veto keeps a busy link alive', () => {
  const rules = { ...RULES, vetoPackets: 20 };
  assert.equal(watch(30, within(10, 30), rules, 25), ['0.1 alive']);
  assert.equal(watch(30, within(10, 30), rules, 19), ['0.1 alive', '11.3 dead']);
});

test('longer rounds and more misses take longer', () => {
  assert.equal(watch(60, within(10, 60), { ...RULES, intervalS: 5, misses: 3 }), ['0.1 alive', '20.3 dead']);
});

test('a redial leaves a dead link dead until it answers', () => {
  const dead = judge(startJudging(0, RULES), { nowMs: 10_000, askingSinceMs: 0, rxPackets: 0 }, RULES);
  let judgement = onNewDevice(dead, 12_000);
  assert.is(judgement.verdict, 'dead');
  for (let now = 12_500; now < 18_000; now += 500) {
    judgement = judge(onReply(judgement, now, 20, RULES), { nowMs: now, askingSinceMs: 12_000, rxPackets: 0 }, RULES);
  }
  assert.is(judgement.verdict, 'alive');
  assert.is(onNewDevice(judgement, 20_000).verdict, 'unknown');
});

for (const [line, expected] of [
  ['64 bytes from 223.5.5.5: seq=3 ttl=117 time=12.345 ms', 12.345],
  ['64 bytes from 223.5.5.5: icmp_seq=3 ttl=117 time=12.3 ms', 12.3],
  ['64 bytes from 2001:db8::1: seq=0 ttl=64 time=0.095 ms', 0.095],
  ['64 bytes from one.one.one.one (1.1.1.1): icmp_seq=2 ttl=57 time=8 ms', 8],
  ['64 bytes from 1.1.1.1: seq=2 ttl=57', 0],
  ['64 bytes from 1.1.1.1: icmp_seq=2 ttl=57 time=1.2 ms (DUP!)', undefined],
  ['From 10.0.0.1 icmp_seq=3 Destination Host Unreachable', undefined],
  ['PING 1.1.1.1 (1.1.1.1): 56 data bytes', undefined],
  ['', undefined],
] as const) {
  test(`reads ${JSON.stringify(line)}`, () => assert.is(parseReply(line), expected));
}

test.run();

// A passport that ends on the way, however it does: killed anywhere, interrupted at the terminal, without power, reset meanwhile.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import type { PassportStatus } from '../../agent/src/contract/index.ts';
import { Watcher } from '../../agent/src/watch/watcher.ts';
import { FakeLoop } from '../fake/loop.ts';
import { stateOf } from '../fake/random.ts';
import type { Effect } from '../fake/router.ts';
import { line } from '../fake/scene.ts';
import { background, multidial, rpc } from '../fake/shell.ts';
import { test } from '../limit.ts';
import { atMost, scene as aScene, URL, type Scene, type State } from './passport-scene.ts';

const TRIAL = '/var/run/multidial/trial';

/** Two sessions, of which the provider takes no third; a download shows each effect there is. */
function scene(sessions = 2, limit = 2): Scene {
  const it = aScene(line(`sessions ${sessions}`), atMost(limit));
  it.provider.speeds = (links) => Object.fromEntries(links.map((link) => [link, 1e6]));
  return it;
}

/** Starts it as the page does, and lets it run until it dies before its effect number `effect`. */
function killed(it: Scene, effect?: number): Effect[] {
  rpc(it.router, 'passport', { line: 'wan', url: URL });
  const from = it.router.effects.length;
  background(it.router, effect === undefined ? undefined : { effect });
  return it.router.effects.slice(from);
}

const statusOf = ({ router }: Scene): PassportStatus => rpc(router, 'passport_status').reply as unknown as PassportStatus;

/** Where the provider takes fewer than are configured, which of them are up is up to it. */
function isRestored(it: Scene, where: string, isWhole = true): void {
  it.provider.pass(12);
  const [{ uci, files }, before] = [stateOf(it.router) as State, it.before];
  assert.equal(isWhole ? stateOf(it.router) : { uci, files }, isWhole ? before : { uci: before.uci, files: before.files }, where);
  assert.is(it.router.files.read(TRIAL), undefined, where);
  assert.equal([...it.router.netifd.stopped], [], where);
}

/** Downloads that go on. */
const downloads = ({ router }: Scene): unknown[] => router.spawned.filter(({ pid }) => router.isAlive(pid));

/** Effects of the passport's own process, in order; those of others come between them. */
function ownEffects(it: Scene): string[] {
  const own: string[] = [];
  rpc(it.router, 'passport', { line: 'wan', url: URL });
  let depth = 0;
  const { onEffect } = it.router;
  it.router.onEffect = (effect) => {
    if (depth === 0 && !effect.what.startsWith('sleep ')) own.push(effect.what);
    depth++;
    onEffect(effect);
    depth--;
  };
  background(it.router);
  it.router.onEffect = onEffect;
  return own;
}

/** Of effects of one kind that follow each other, such as looks at netifd, one is enough. */
const worth = (effects: readonly string[]): number[] => effects.flatMap((what, at) => (what === effects[at - 1] ? [] : [at]));

for (const [sessions, limit] of [
  [2, 2],
  [3, 1],
] as const) {
  test(
    `killed before any of its effects, ${sessions} sessions where ${limit} ${limit === 1 ? 'is' : 'are'} taken: one apply puts everything back`,
    () => {
      const effects = ownEffects(scene(sessions, limit));
      for (const effect of worth(effects)) {
        const it = scene(sessions, limit);
        killed(it, effect);
        multidial(it.router, 'apply');
        isRestored(it, `killed at effect ${effect} (${effects[effect]})`, sessions <= limit);
        // One that is not noted yet when we are killed goes on to the end of its file.
        if (!effects[effect - 1]?.startsWith('& uclient-fetch')) assert.equal(downloads(it), [], effects[effect]);
      }
    },
    { limitMs: 60_000 },
  );
}
test('what was downloaded is ended, interfaces are dialed and the note goes, even where the note was cut off by a full RAM disk', () => {
  const it = scene();
  it.router.write(TRIAL, '{"by":"99.1","line":"wa');
  multidial(it.router, 'apply');
  isRestored(it, 'cut off');
});

test('after a kill the line goes back by the next event of the hook', () => {
  const it = scene(3, 1);
  killed(it, 30);
  assert.ok(it.router.files.read(TRIAL));
  assert.is(statusOf(it).state, 'interrupted');
  assert.match(JSON.stringify(statusOf(it).problems), /passport_interrupted/);
  multidial(it.router, 'hotplug', 'ifdown', '');
  isRestored(it, 'by the hook', false);
});

test('after a kill a configuration that can’t be read keeps the note, and routes still follow events', () => {
  const it = scene();
  killed(it, 40);
  const good = it.router.files.read('/etc/config/multidial') ?? '';
  it.router.config('multidial', "config line 'wan\n");
  it.router.netifd.down('wan_02');
  it.router.netifd.up('wan_02');
  multidial(it.router, 'hotplug', 'ifup', '');
  const shared = it.router.kernel.routes.find((route) => route.protocol === 77 && route.table === 254);
  const devices = shared ? it.router.kernel.legsOf(shared).map(({ device }) => device) : [];
  assert.ok(devices.includes('pppoe-wan_02'), devices.join());
  it.router.config('multidial', good);
  multidial(it.router, 'hotplug', 'ifup', '');
  isRestored(it, 'once it could be read');
});

test('after a kill the watcher puts the line back within half a minute, by itself', () => {
  const it = scene();
  const loop = new FakeLoop(it.router);
  new Watcher(it.router.start(), loop).start();
  loop.pass(5000);
  killed(it, 40);
  const sessions = (): number => (it.router.files.read('/etc/config/network') ?? '').split("option multidial 'wan'").length;
  const during = sessions();
  loop.pass(35_000);
  assert.is(it.router.files.read(TRIAL), undefined);
  assert.ok(sessions() < during, `${sessions()} of ${during} sections`);
  isRestored(it, 'by the watcher');
});

test('Ctrl-C ends who waits, and within seconds the passport stops and puts the line back', () => {
  const it = scene();
  const person = it.router.start();
  const it2 = it.router.files;
  rpc(it.router, 'passport', { line: 'wan' });
  const note = JSON.parse(it2.read('/var/run/multidial/passport') ?? '');
  it.router.write(
    '/var/run/multidial/passport',
    JSON.stringify({ ...note, request: { ...note.request, follower: `${person.pid}.${person.pid * 10}` } }),
    0o600,
  );
  let seconds = 0;
  let endedAt = 0;
  const { onEffect } = it.router;
  it.router.onEffect = (effect) => {
    if (effect.what === 'sleep 1000' && ++seconds === 4) {
      it.router.end(person.pid);
      endedAt = it.router.nowMs;
    }
    onEffect(effect);
  };
  background(it.router);
  assert.ok(endedAt > 0 && it.router.nowMs - endedAt < 5000, `${it.router.nowMs - endedAt} ms`);
  const { state, steps, report } = statusOf(it);
  assert.equal([state, steps.map(({ code }) => code), report], ['failed', ['stopped', 'restored'], undefined]);
  isRestored(it, 'stopped');
});

test('what is told to stop stops within seconds and puts the line back; whoever comes next is not meant', () => {
  const it = scene();
  rpc(it.router, 'passport', { line: 'wan' });
  let seconds = 0;
  let askedAt = 0;
  const { onEffect } = it.router;
  it.router.onEffect = (effect) => {
    if (effect.what === 'sleep 1000' && ++seconds === 4) {
      rpc(it.router, 'passport_stop');
      askedAt = it.router.nowMs;
    }
    onEffect(effect);
  };
  background(it.router);
  assert.ok(askedAt > 0 && it.router.nowMs - askedAt < 5000, `${it.router.nowMs - askedAt} ms`);
  const { state, steps, report } = statusOf(it);
  assert.equal([state, steps.map(({ code }) => code), report], ['failed', ['stopped', 'restored'], undefined]);
  isRestored(it, 'stopped');

  it.router.onEffect = onEffect;
  assert.is(rpc(it.router, 'passport_stop').reply['state'], 'failed', 'nothing is left to be stopped');
  rpc(it.router, 'passport', { line: 'wan' });
  background(it.router);
  assert.is(statusOf(it).state, 'done');
});

test('where the one in the background is killed, who waits puts the line back and says so', () => {
  const it = scene();
  const { onEffect } = it.router;
  it.router.onEffect = (effect) => {
    const { output } = it.router;
    if (effect.what.startsWith('sleep ')) background(it.router, { effect: 45 });
    it.router.output = output;
    onEffect(effect);
  };
  const said = multidial(it.router, 'passport', 'wan');
  assert.is(said.exit, 1);
  assert.match(said.output, /warning: The passport of wan was ended on the way/);
  isRestored(it, 'by who waited');
});

test('a power cut on the way: the boot puts the line back', () => {
  for (const effect of [20, 40, 60, 80]) {
    const it = scene();
    killed(it, effect);
    it.router.reboot();
    multidial(it.router, 'apply');
    it.provider.pass(12);
    const { uci } = stateOf(it.router) as State;
    assert.equal([uci, it.router.files.read(TRIAL)], [it.before.uci, undefined], `at effect ${effect}`);
  }
});

test('an apply of somebody else meanwhile keeps what is tried, and says so', () => {
  const it = scene();
  let said = '';
  const { onEffect } = it.router;
  it.router.onEffect = (effect) => {
    onEffect(effect);
    if (effect.what === 'sleep 1000' && !said && (it.router.files.read(TRIAL) ?? '').includes('"sessions":3')) said = multidial(it.router, 'apply').output;
  };
  killed(it);
  assert.match(said, /warning: line\.wan has 3 sessions for now/);
  assert.is(statusOf(it).state, 'done');
  isRestored(it, 'after all');
});

test('a reset meanwhile ends it, and nothing is dialed any more', () => {
  const it = scene();
  let isReset = false;
  const { onEffect } = it.router;
  it.router.onEffect = (effect) => {
    onEffect(effect);
    if (effect.what === 'sleep 1000' && !isReset) isReset = multidial(it.router, 'reset').exit === 0;
  };
  killed(it);
  it.provider.pass(5);
  assert.ok(isReset);
  assert.not.match(it.router.files.read('/etc/config/network') ?? '', /multidial/);
  assert.is(it.router.files.read(TRIAL), undefined);
  assert.is(statusOf(it).state, 'failed');
});

test('netifd that does not answer for a moment changes nothing; one that stays silent ends it, and the next event puts the line back', () => {
  for (const seconds of [3, 1000]) {
    const it = scene();
    let slept = 0;
    const { onEffect } = it.router;
    it.router.onEffect = (effect) => {
      if (effect.what === 'sleep 1000') slept++;
      if (slept === 12) it.router.broken.set('ubus -t', { exit: 7, stderr: 'Request timed out' });
      if (slept === 12 + seconds) it.router.broken.delete('ubus -t');
      onEffect(effect);
    };
    killed(it);
    it.router.onEffect = onEffect;
    it.router.broken.delete('ubus -t');
    const { state, problems, report } = statusOf(it);
    if (seconds === 3) assert.equal([state, report?.accepted], ['done', 2]);
    else assert.equal([state, problems[0]?.code], ['failed', 'command_failed']);
    multidial(it.router, 'hotplug', 'ifup', '');
    isRestored(it, `${seconds} s without an answer`);
  }
});

test('what stops a run stops the passport, which says it, and nothing was tried', () => {
  const it = scene();
  it.router.write('/tmp/.uci/network', 'network.lan.mtu=1400\n');
  killed(it);
  const { state, problems } = statusOf(it);
  assert.equal([state, problems.map(({ code }) => code).includes('pending_changes')], ['failed', true]);
  it.router.files.remove('/tmp/.uci/network');
  multidial(it.router, 'apply');
  isRestored(it, 'after the change was reverted');
});

test.run();

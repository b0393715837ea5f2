// Histories over a reboot: saved when the watcher ends, moved to the new boot's clock, and gone where nobody wants them.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import type { Sample } from '../../../agent/src/contract/index.ts';
import { pruneHistories, readHistoryFile, Recorder, saveHistories } from '../../../agent/src/watch/history-files.ts';
import { readSeries } from '../../../agent/src/watch/history.ts';
import { Watcher } from '../../../agent/src/watch/watcher.ts';
import { FakeLoop } from '../../fake/loop.ts';
import { Router } from '../../fake/router.ts';
import { line } from '../../fake/scene.ts';
import { multidial, settle } from '../../fake/shell.ts';
import { test } from '../../limit.ts';
import { watching } from './scene.ts';

const HOUR = 3_600_000;
const SAVED = '/etc/multidial/history.wan_01';
const sample = (rx: number): Sample => ({ rx, tx: null, loss: null, latencyMs: null });

/** Recorded for three hours from a minute after boot, and saved. */
function aSavedRouter(): Router {
  const router = new Router();
  router.run((system) => {
    const recorder = new Recorder(system, 'wan_01');
    for (const endMs = router.nowMs + 3 * HOUR; router.nowMs < endMs; router.nowMs += 1000) recorder.record(router.nowMs, sample(router.nowMs / 1000));
    assert.is(saveHistories(system, ['wan_01', 'wan_09']), undefined);
  });
  return router;
}

const read = (router: Router, span: '5m' | '2h' | '7d', field: keyof Sample = 'rx'): (number | null)[] => {
  let values: (number | null)[] = [];
  router.run((system) => {
    values = readSeries(readHistoryFile(system, 'wan_01'), span, router.nowMs)[field];
  });
  return values;
};

/** Boots so long after the router went off, as the clock on the wall tells; a minute later something is recorded again. */
function boot(router: Router, offMs: number): void {
  const wallMs = router.bootWallMs + router.nowMs;
  router.reboot();
  router.nowMs = 60_000;
  router.bootWallMs = wallMs + offMs - router.nowMs;
  router.run((system) => {
    new Recorder(system, 'wan_01').record(router.nowMs, sample(7));
  });
}

const known = (values: readonly (number | null)[]): (number | null)[] => values.filter((value) => value !== null);

for (const [span, stepMs] of [
  ['2h', 10_000],
  ['7d', 300_000],
] as const) {
  test(`${span}: what was recorded before a reboot stands as far back as the router was off`, () => {
    const router = aSavedRouter();
    const before = read(router, span);
    boot(router, 1_200_000);
    const after = read(router, span);
    const gap = 1_200_000 / stepMs;
    const aligned = [-1, 0, 1].filter((by) => JSON.stringify(after.slice(0, -gap - 2)) === JSON.stringify(before.slice(gap + by, before.length - 2 + by)));
    assert.is(aligned.length, 1, 'the same values, as many steps earlier');
    assert.ok(known(after.slice(-gap + 1)).length <= 1, 'nothing was recorded meanwhile');
    assert.ok(known(after).length > 5);
  });
}

test('of the last five minutes nothing is taken over', () => {
  const router = aSavedRouter();
  boot(router, 1000);
  assert.equal(known(read(router, '5m')), [7]);
});

test('a clock that was set back tells of no time off', () => {
  const router = aSavedRouter();
  boot(router, -1_600_000_000_000);
  assert.ok(known(read(router, '2h')).length >= 719);
  assert.is(known(read(router, '7d')).length, 36);
});

test('after more than a week nothing is left', () => {
  const router = aSavedRouter();
  boot(router, 8 * 24 * HOUR);
  assert.equal([known(read(router, '2h')), known(read(router, '7d'))], [[], []]);
});

for (const [what, text] of [
  ['cut off', 'x'],
  ['empty', ''],
  ['of nonsense', 'x'.repeat(36_468)],
] as const) {
  test(`a saved file that is ${what} counts as none`, () => {
    const router = aSavedRouter();
    router.write(SAVED, text);
    boot(router, 0);
    assert.equal([known(read(router, '5m')), known(read(router, '7d'))], [[7], []]);
  });
}

test('saved are just the links that are', () => {
  const router = aSavedRouter();
  assert.is(router.files.modeOf(SAVED), 0o600);
  assert.is(router.files.read('/etc/multidial/history.wan_09'), undefined);
  router.write('/etc/multidial/other', 'of somebody');
  router.run((system) => pruneHistories(system, ['wan_02'], true));
  assert.equal([router.files.read(SAVED), router.files.read('/etc/multidial/other')], [undefined, 'of somebody']);
});

const KEEPING = `config globals\n\toption keep_history 1\n\n${line('sessions 3')}`;

test('the watcher saves when it ends, and the next one goes on after the boot', () => {
  const { router, loop, watcher } = watching(KEEPING);
  loop.pass(30_000);
  const before = known(read(router, '2h', 'loss')).length;
  assert.ok(before >= 2, `${before} values`);
  watcher.stop();
  router.reboot();
  multidial(router, 'apply');
  settle(router);
  assert.is(router.files.read('/var/run/multidial/history/wan_01'), undefined);
  const after = new FakeLoop(router);
  new Watcher(router.start(), after).start();
  after.pass(5000);
  assert.ok(known(read(router, '2h', 'loss')).length >= before);
});

test('the watcher saves once a day', () => {
  const { router, loop } = watching(KEEPING);
  router.nowMs += 23 * HOUR;
  loop.pass(5000);
  assert.is(router.files.read(SAVED), undefined);
  router.nowMs += HOUR;
  loop.pass(5000);
  assert.ok(router.files.read(SAVED));
});

test('without the option nothing is saved', () => {
  const { router, watcher } = watching();
  watcher.stop();
  assert.is(router.files.read(SAVED), undefined);
});

for (const [how, work] of [
  ['the option is turned off', (router: Router) => [router.config('multidial', line('sessions 3')), multidial(router, 'apply')]],
  ['the router is given back', (router: Router) => multidial(router, 'reset')],
] as const) {
  test(`nothing stays on flash where ${how}`, () => {
    const { router, loop, watcher } = watching(KEEPING);
    watcher.stop();
    assert.ok(router.files.read(SAVED));
    const next = new Watcher(router.start(), loop);
    next.start();
    loop.pass(5000);
    work(router);
    next.stop();
    assert.is(router.files.read(SAVED), undefined);
  });
}

test.run();

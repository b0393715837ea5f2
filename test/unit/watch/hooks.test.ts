// The user's programs: who is run, with what, in which order, and what happens to one that does not end.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import { toEnvironment } from '../../../agent/src/watch/hooks.ts';
import { Watcher } from '../../../agent/src/watch/watcher.ts';
import { FakeLoop } from '../../fake/loop.ts';
import { aDialedRouter, line } from '../../fake/scene.ts';
import { multidial } from '../../fake/shell.ts';
import { test } from '../../limit.ts';

const DIRECTORY = '/etc/multidial/hooks.d';

function watching(programs: Record<string, number>) {
  const router = aDialedRouter(line('sessions 2'));
  router.files.makeDirectory(DIRECTORY, 0o755);
  for (const [name, mode] of Object.entries(programs)) router.write(`${DIRECTORY}/${name}`, '', mode);
  const loop = new FakeLoop(router);
  new Watcher(router.start(), loop).start();
  loop.pass(5000);
  loop.started = [];
  return { router, loop };
}

test('every program is told of every event, in the order of their names', () => {
  const { router, loop } = watching({ '20-mail': 0o755, '10-log': 0o700, notes: 0o644, 'old.bak': 0o755, '.hidden': 0o755 });
  multidial(router, 'pause', 'wan_02');
  loop.pass(1000);
  assert.equal(loop.started, [`${DIRECTORY}/10-log`, `${DIRECTORY}/20-mail`]);
  const { MULTIDIAL_TIME, ...rest } = loop.environment;
  assert.equal(rest, { MULTIDIAL_EVENT: 'paused', MULTIDIAL_LINK: 'wan_02' });
  assert.match(MULTIDIAL_TIME ?? '', /^\d+$/);
});

test('what happened while it did not run is not told', () => {
  const router = aDialedRouter(line('sessions 2'));
  multidial(router, 'pause', 'wan_02');
  router.files.makeDirectory(DIRECTORY, 0o755);
  router.write(`${DIRECTORY}/all`, '', 0o755);
  const loop = new FakeLoop(router);
  new Watcher(router.start(), loop).start();
  loop.pass(300);
  assert.equal(loop.started, []);
  loop.pass(500);
  assert.is(loop.environment['MULTIDIAL_EVENT'], 'up', 'its own events are');
});

test('one at a time, and one that does not end is ended', () => {
  const { router, loop } = watching({ slow: 0o755 });
  loop.says = () => ({ lines: [], exit: 0, takesMs: 1e9 });
  multidial(router, 'pause', 'wan_02');
  multidial(router, 'resume', 'wan_02');
  loop.pass(25_000);
  assert.is(loop.started.length, 1);
  loop.pass(10_000);
  assert.is(loop.started.length, 2);
});

test('a flood of events does not pile up', () => {
  const { router, loop } = watching({ slow: 0o755 });
  loop.says = () => ({ lines: [], exit: 0, takesMs: 1000 });
  for (let count = 0; count < 200; count++) multidial(router, count % 2 ? 'resume' : 'pause', 'wan_02');
  loop.pass(300_000);
  assert.ok(loop.started.length >= 60 && loop.started.length <= 66, `${loop.started.length}`);
});

test('details become variables, and nothing else does', () => {
  const details = { reason: 'AUTH $(reboot)', seconds: 60, 'a b': 1, 'x=y': 2, nul: 'a\0b' };
  assert.equal(toEnvironment({ at: 5, upMs: 1, kind: 'down', link: 'wan_01', details }), {
    MULTIDIAL_EVENT: 'down',
    MULTIDIAL_LINK: 'wan_01',
    MULTIDIAL_TIME: '5',
    MULTIDIAL_REASON: 'AUTH $(reboot)',
    MULTIDIAL_SECONDS: '60',
    MULTIDIAL_NUL: 'ab',
  });
  assert.is(toEnvironment({ at: 5, upMs: 1, kind: 'started' }).MULTIDIAL_LINK, '');
});

test.run();

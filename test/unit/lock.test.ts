// The lock: one run at a time, no lock left behind by the dead, and any number of events in one more run.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import { coalesce, isHeld, tryLock, waitLock, type Lock } from '../../agent/src/lock.ts';
import { Router, type Effect } from '../fake/router.ts';
import { test } from '../limit.ts';

const DIRECTORY = '/var/run/multidial';
const locks = (router: Router) => router.files.list(DIRECTORY).filter((name) => name.startsWith('lock.'));
const takeLock = (router: Router): Lock => {
  const result = tryLock(router.start());
  if (isHeld(result)) throw new Error(`held by ${result.pid}`);
  return result;
};

/** Calls `work` once, before the first effect that matches. */
function onceAt(router: Router, isIt: (effect: Effect) => boolean, work: () => void): void {
  router.onEffect = (effect) => {
    if (!isIt(effect)) return;
    router.onEffect = () => undefined;
    work();
  };
}

test('a second process is told who holds it, and gets it afterwards', () => {
  const router = new Router();
  const first = router.start();
  const lock = tryLock(first) as Lock;
  assert.equal(tryLock(router.start()), { pid: first.pid });
  lock.release();
  takeLock(router);
});

test('a holder that was killed does not keep it', () => {
  const router = new Router();
  const first = router.start();
  tryLock(first);
  router.end(first.pid);
  takeLock(router);
  assert.equal(locks(router), ['lock.2'], 'the old link is gone');
});

test('another process under the number of a dead holder does not hold it', () => {
  const router = new Router();
  const { pid } = router.start();
  router.files.createLink(`${pid}.1`, `${DIRECTORY}/lock.7`);
  takeLock(router);
  assert.equal(locks(router), ['lock.8']);
});

test('a command that outlives its killed run keeps the lock until it ends, and an event waits for it', () => {
  const router = new Router();
  const first = router.start();
  tryLock(first);
  router.end(first.pid);
  const stderr = '/proc/4711/fd/2';
  router.files.makeDirectory('/proc/4711/fd', 0o755);
  router.files.createLink(`/tmp/run/multidial/.io-${first.pid}-5 (deleted)`, stderr);
  assert.equal(tryLock(router.start()), { pid: 4711, isOrphan: true });
  let looks = 0;
  let waits = 0;
  router.onEffect = ({ what }) => {
    if (what.startsWith('sleep') && ++waits === 3) router.files.remove(stderr);
  };
  coalesce(router.start(), () => looks++);
  assert.equal([looks, waits], [1, 3]);
});

test('where no link can be made it says so at once, and no event waits for it', () => {
  const router = new Router();
  const system = router.start();
  system.createLink = () => false;
  assert.equal(waitLock(system, 60_000), { pid: undefined });
  coalesce(system, () => assert.unreachable());
});

test('numbers only grow, and after many runs one link is left', () => {
  const router = new Router();
  for (let run = 0; run < 20; run++) takeLock(router).release();
  assert.equal(locks(router), ['lock.20']);
});

test('whoever makes the link first wins a race for a free lock', () => {
  const router = new Router();
  const other = router.start();
  let won: unknown;
  onceAt(
    router,
    ({ what }) => what.endsWith('/lock.1'),
    () => {
      won = tryLock(other);
    },
  );
  assert.equal(tryLock(router.start()), { pid: other.pid });
  assert.not.ok(isHeld(won as Lock));
});

test('a lock that changed hands while we looked is not taken back', () => {
  const router = new Router();
  takeLock(router).release();
  let last: unknown;
  // Between our look (highest is 1) and our link 2, another takes 2, releases it, and a third one takes 3 and cleans up.
  onceAt(
    router,
    ({ what }) => what.endsWith('/lock.2'),
    () => {
      takeLock(router).release();
      last = takeLock(router);
    },
  );
  assert.ok(isHeld(tryLock(router.start())), 'the third one holds it');
  assert.not.ok(isHeld(last as Lock));
  assert.equal(locks(router), ['lock.3']);
});

test('a killed release leaves a lock that is free', () => {
  for (let effect = 1; effect < 6; effect++) {
    const router = new Router();
    router.run((system) => (tryLock(system) as Lock).release(), { effect });
    takeLock(router);
  }
});

test('waits for the lock until it is free, at most as long as it was told', () => {
  const router = new Router();
  const lock = takeLock(router);
  const startMs = router.nowMs;
  assert.ok(isHeld(waitLock(router.start(), 1000)));
  assert.ok(router.nowMs - startMs >= 1000 && router.nowMs - startMs <= 1100);
  onceAt(
    router,
    ({ what }) => what.startsWith('sleep'),
    () => lock.release(),
  );
  assert.not.ok(isHeld(waitLock(router.start(), 1000)));
});

test('an event looks at once, and leaves no mark', () => {
  const router = new Router();
  let looks = 0;
  coalesce(router.start(), () => looks++);
  assert.equal([looks, router.files.read(`${DIRECTORY}/look-again`)], [1, undefined]);
  takeLock(router);
});

test('any number of events during a run make one more', () => {
  const router = new Router();
  let looks = 0;
  coalesce(router.start(), () => {
    looks++;
    if (looks === 1) for (let event = 0; event < 5; event++) coalesce(router.start(), () => assert.unreachable('two runs at once'));
  });
  assert.is(looks, 2);
});

test('an event while somebody else holds the lock is left to him', () => {
  const router = new Router();
  const lock = takeLock(router);
  coalesce(router.start(), () => assert.unreachable('two runs at once'));
  lock.release();
  let looks = 0;
  coalesce(router.start(), () => looks++);
  assert.is(looks, 1, 'both events in one run');
});

test('an event that comes between the last look and the release is not lost', () => {
  const router = new Router();
  let looks = 0;
  const isRelease = ({ what }: Effect) => what.includes('/.released-');
  onceAt(router, isRelease, () => coalesce(router.start(), () => assert.unreachable('two runs at once')));
  coalesce(router.start(), () => looks++);
  assert.is(looks, 2);
});

test('a run that throws gives the lock back', () => {
  const router = new Router();
  assert.throws(
    () =>
      coalesce(router.start(), () => {
        throw new Error('a bug');
      }),
    /a bug/,
  );
  takeLock(router);
});

test.run();

// Properties over random configurations and routers: a second run does nothing, reset restores, a killed run is mended.
import * as assert from 'uvu/assert';
import type { Router } from '../fake/router.ts';
import { changesOf, multidial, multidialDying, settle } from '../fake/shell.ts';
import { copyOf, foreignOf, numbers, randomConfig, randomRouter, shake, stateOf, strayNames, type Random } from '../fake/random.ts';
import { aDialedRouter, line } from '../fake/scene.ts';
import { test } from '../limit.ts';

/** `make test` asks the same each time, `make properties` another thing. */
const seed = Number(process.env['SEED'] ?? 77);
/** Each router gets two configurations, one after the other. */
const ROUTERS = 250;

/** Runs `work` for each case; a failure names the seed and the case that bring it back. */
function forEach(cases: number, salt: number, work: (random: Random) => void): void {
  for (let index = 0; index < cases; index++) {
    try {
      work(numbers(seed * 1000 + salt + index * 7919));
    } catch (error) {
      const { message, stack = '' } = error as Error;
      throw new Error(`SEED=${seed}, case ${index}: ${message}\n${stack}\n${(error as { details?: string }).details ?? ''}`);
    }
  }
}

/** An apply, and netifd and the hook until all is quiet. */
function bring(router: Router): void {
  multidial(router, 'apply');
  settle(router);
}

const changesIn = (router: Router): unknown[] => {
  const plan = JSON.parse(multidial(router, 'plan', '--json').output);
  return [...plan.uci, ...plan.system];
};

test(
  `${2 * ROUTERS} configurations: after an apply the plan is empty, a second apply does nothing, and what is foreign stays (SEED=${seed})`,
  () => {
    forEach(ROUTERS, 0, (random) => {
      const router = randomRouter(random);
      const foreign = foreignOf(router);
      bring(router);
      assert.equal(changesIn(router), []);
      assert.equal(changesOf(multidial(router, 'apply').effects), []);
      shake(router, random);
      multidial(router, 'hotplug');
      assert.equal(changesIn(router), [], 'after links came and went');
      router.config('multidial', randomConfig(random));
      bring(router);
      assert.equal(changesIn(router), [], 'after another configuration');
      assert.equal(foreignOf(router), foreign);
    });
  },
  { limitMs: 60_000 },
);

test('100 times: reset gives uci, routes, nexthops, ruleset and settings back as they were', () => {
  forEach(100, 1, (random) => {
    const router = randomRouter(random);
    const before = stateOf(router);
    bring(router);
    router.config('multidial', randomConfig(random));
    bring(router);
    multidial(router, 'reset');
    settle(router);
    assert.equal(stateOf(router), before);
  });
});

test('60 times: netifd starts anew, which takes all rules away, and the hook’s run brings ours back', () => {
  forEach(60, 8, (random) => {
    const router = randomRouter(random);
    bring(router);
    router.restartNetwork();
    settle(router);
    assert.equal(changesIn(router), []);
  });
});

test('12 times: an apply killed before any effect, or within any batch, is mended by the next', () => {
  forEach(12, 2, (random) => {
    const start = randomRouter(random);
    bring(start);
    start.config('multidial', randomConfig(random));
    checkKills(start, 'apply', random);
  });
});

test('6 times: after an apply killed anywhere the former configuration is put back, and nothing of the other one is left', () => {
  forEach(6, 5, (random) => {
    const start = randomRouter(random);
    bring(start);
    const former = start.files.read('/etc/config/multidial') ?? '';
    start.config('multidial', randomConfig(random));
    forEachDeath(start, 'apply', random, (router, where) => {
      router.config('multidial', former);
      finish(router, 'apply');
      assert.equal([changesIn(router), strayNames(router)], [[], []], where);
    });
  });
});

test('4 times: a reset killed anywhere is finished by the next', () => {
  forEach(4, 3, (random) => {
    const start = randomRouter(random);
    bring(start);
    checkKills(start, 'reset', random);
  });
});

test('4 times: the power fails anywhere in an apply, and the boot mends it', () => {
  forEach(4, 4, (random) => {
    const start = randomRouter(random);
    for (const path of start.settings.keys()) start.settings.set(path, '0'); // as they are after any boot
    bring(start);
    start.config('multidial', randomConfig(random));
    checkKills(start, 'apply', random, (router) => router.reboot());
  });
});

for (const [salt, command, times] of [
  [6, 'apply', 8],
  [7, 'reset', 6],
] as const) {
  test(`${times} times: the power fails anywhere in ${command}, the flash keeps what it happens to, and the boot and one ${command} mend it`, () => {
    forEach(times, salt, (random) => {
      const start = randomRouter(random);
      for (const path of start.settings.keys()) start.settings.set(path, '0'); // as they are after any boot
      const foreign = foreignOf(start).uci;
      bring(start);
      if (command === 'apply') start.config('multidial', randomConfig(random));
      checkPowerCuts(start, command, foreign, random);
    });
  });
}

test('the file of settings, cut after any of its bytes, is whole after the boot, with the values of before', () => {
  const path = '/etc/sysctl.d/77-multidial.conf';
  const start = aDialedRouter(line('sessions 2'));
  const text = start.files.read(path) ?? '';
  assert.ok(text.length > 200);
  for (let length = 0; length < text.length; length++) {
    const router = copyOf(start);
    router.write(path, text.slice(0, length));
    router.reboot();
    bring(router);
    assert.is(router.files.read(path), text, `cut after ${length}`);
  }
});

/** However the flash was left, the init script's apply and one more run come to where an undisturbed router comes. */
function checkPowerCuts(start: Router, command: 'apply' | 'reset', foreign: unknown, random: Random): void {
  const whole = copyOf(start);
  finish(whole, command);
  whole.reboot();
  bring(whole);
  const end = stateOf(whole);
  forEachDeath(start, command, random, (router, where) => {
    router.powerCut(random.below);
    bring(router);
    if (command === 'reset') {
      multidial(router, 'reset');
      settle(router);
    }
    assert.equal([stateOf(router), strayNames(router)], [end, []], where);
    assert.equal(foreignOf(router).uci, foreign, where);
  });
}

/** Kills `command` before each of its effects, and of each batch after some of its lines. */
function forEachDeath(start: Router, command: 'apply' | 'reset', random: Random, work: (router: Router, where: string) => void): void {
  for (const [effect, { what, text }] of multidial(copyOf(start), command).effects.entries()) {
    const lines = what.includes('batch') && !what.includes('-j') ? text.split('\n').filter(Boolean).length : 0;
    const cuts = lines ? [undefined, 1, lines - 1, 1 + random.below(lines)] : [undefined];
    for (const line of cuts) {
      const router = copyOf(start);
      multidialDying(router, line === undefined ? { effect } : { effect, line }, command);
      work(router, `killed at effect ${effect} (${what})${line === undefined ? '' : ` after line ${line}`}`);
    }
  }
}

/** However a run was killed, the next one must come to where an undisturbed one comes. */
function checkKills(start: Router, command: 'apply' | 'reset', random: Random, after: (router: Router) => void = () => undefined): void {
  const whole = copyOf(start);
  multidial(whole, command);
  after(whole);
  finish(whole, command);
  const end = stateOf(whole);
  forEachDeath(start, command, random, (router, where) => {
    after(router);
    finish(router, command);
    assert.equal([stateOf(router), leftovers(router)], [end, []], where);
  });
}

/** What a run has only while it edits: half a batch, copies with passwords, the room it tries out. */
const leftovers = (router: Router): string[] =>
  [...router.files.all().keys()].filter((path) => /^\/var\/run\/multidial\/(uci|backup)\/|multidial-room|look-again|reload-due/.test(path));

function finish(router: Router, command: 'apply' | 'reset'): void {
  multidial(router, command);
  settle(router);
  multidial(router, command);
  settle(router);
}

test.run();

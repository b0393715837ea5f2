// The apply: what each turn of events ends in, and what it left on the router.
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import type { Problem } from '../../agent/src/contract/index.ts';
import { run, whyOf } from './web-apply-run.ts';
import type { FakeRouter } from './web-fake-router.ts';

const failure: Problem = { code: 'pending_changes', severity: 'error', details: { packages: ['network'] } };

test('confirms as soon as the agent has derived the rest', async () => {
  const { end, steps, router, tookS } = await run({});
  assert.equal(end, { step: 'done', problems: [] });
  assert.equal(steps, ['staging', 'saving', 'settling', 'confirming', 'done']);
  assert.equal(router.done, ['changes', 'revert', 'set', 'apply', 'confirm']);
  assert.not.ok(router.isPending, 'nothing waits for a rollback any more');
  assert.is(router.revision, 'new');
  assert.ok(tookS < 5, `${tookS} s`);
});

test('does not confirm before the agent has derived the rest', async () => {
  const { steps, router } = await run({
    before: (router) => {
      router.deriveMs = 30_000;
    },
    on: ({ step }, router) => {
      if (step === 'confirming') assert.is(router.status().last?.revision, 'new');
    },
  });
  assert.is(steps.at(-1), 'done');
  assert.is(router.revision, 'new');
});

test('a file of equal content counts as derived after a new run, or after five seconds', async () => {
  const { end, tookS } = await run({
    before: (router) => {
      router.next = 'old';
      router.deriveMs = undefined;
    },
  });
  assert.is(end.step, 'done');
  assert.ok(tookS > 5 && tookS < 10, `${tookS} s`);
});

test('a browser that is cut off lets rpcd go back, and says so when the router is there again', async () => {
  const { end, steps, router, tookS } = await run({
    on: ({ step }, router) => {
      const backMs = router.clock.now() + 120_000;
      if (step === 'saving') router.mishap = (calls) => (calls[0]?.method !== 'apply' && router.clock.now() < backMs ? 'refuse' : undefined);
    },
  });
  assert.equal(steps, ['staging', 'saving', 'settling', 'returning', 'returned']);
  assert.is(whyOf(end), 'late');
  assert.is(router.revision, 'old');
  assert.not.ok(router.done.includes('confirm'));
  assert.ok(tookS >= 120, `${tookS} s`);
});

test('says while it waits whether the router is reached', async () => {
  const { states } = await run({
    on: ({ step }, router) => {
      const backMs = router.clock.now() + 5000;
      if (step === 'saving') router.mishap = (calls) => (calls[0]?.method !== 'apply' && router.clock.now() < backMs ? 'refuse' : undefined);
    },
  });
  const reachable = states.flatMap((state) => (state.step === 'settling' ? [state.reachable] : []));
  assert.ok(reachable.includes(false) && reachable[0] === true && states.at(-1)?.step === 'done');
});

test('an agent that never comes to an end is taken back at the deadline, by rpcd or by us', async () => {
  const { end, router, tookS } = await run({
    before: (router) => {
      router.deriveMs = undefined;
    },
  });
  assert.equal([end.step, whyOf(end)], ['returned', 'late']);
  assert.is(router.revision, 'old');
  assert.is(router.staged, 0, 'the changes that a rollback gives back are thrown away');
  assert.ok(tookS > 85 && tookS < 105, `${tookS} s`);
});

for (const [what, code, why] of [
  ['an apply of somebody else that waits for its confirm', 6, 'busy'],
  ['nothing to apply', 5, 'nothing'],
  ['a full flash', 13, 'fault'],
] as const) {
  test(`${what} refuses, and leaves nothing staged`, async () => {
    const { end, router } = await run({
      before: (router) => {
        router.override = ({ method }) => (method === 'apply' ? [code] : undefined);
      },
    });
    assert.equal([end.step, whyOf(end)], ['refused', why]);
    assert.is(router.staged, 0);
    assert.is(router.revision, 'old');
  });
}

test('uncommitted changes of other packages in this session refuse before anything is staged', async () => {
  const { end, router } = await run({
    before: (router) => {
      router.foreign = ['network', 'dhcp'];
    },
  });
  assert.equal(end, { step: 'refused', why: { kind: 'foreign', packages: ['network', 'dhcp'] } });
  assert.equal(router.done, ['changes']);
});

test('a change that rpcd does not take refuses, and takes the others back', async () => {
  const { end, router } = await run({
    before: (router) => {
      router.override = ({ method }) => (method === 'set' ? [2] : undefined);
    },
  });
  assert.equal(end, { step: 'refused', why: { kind: 'fault', fault: { kind: 'ubus', code: 2, status: 'INVALID_ARGUMENT' } } });
  assert.equal(router.done, ['changes', 'revert', 'revert']);
});

test('a router that is gone from the start refuses', async () => {
  const { end } = await run({
    before: (router) => {
      router.mishap = () => 'refuse';
    },
  });
  assert.equal([end.step, whyOf(end)], ['refused', 'fault']);
});

const failing = (router: FakeRouter): void => {
  router.runProblems = [failure];
};

test('a run that could not do everything asks, and keeps it when told so', async () => {
  const { end, steps, router } = await run({ before: failing, choose: ({ step }) => (step === 'doubtful' ? 'keep' : undefined) });
  assert.equal(end, { step: 'done', problems: [failure] });
  assert.ok(steps.includes('doubtful'));
  assert.is(router.revision, 'new');
});

test('silence after a run that could not do everything takes it back', async () => {
  const { end, router } = await run({ before: failing });
  assert.equal(end, { step: 'returned', why: { kind: 'problems', problems: [failure] } });
  assert.is(router.revision, 'old');
});

test('to keep is heard only where it was asked', async () => {
  const { end } = await run({
    before: (router) => {
      router.deriveMs = undefined;
    },
    choose: ({ step }) => (step === 'settling' ? 'keep' : undefined),
  });
  assert.is(end.step, 'returned');
});

for (const step of ['settling', 'doubtful'] as const) {
  test(`undo while ${step} goes back at once`, async () => {
    const before = (router: FakeRouter): void => {
      if (step === 'settling') router.deriveMs = undefined;
      else failing(router);
    };
    const { end, router, tookS } = await run({ before, choose: (state) => (state.step === step ? 'undo' : undefined) });
    assert.equal([end.step, whyOf(end)], ['returned', 'undone']);
    assert.is(router.revision, 'old');
    assert.ok(tookS < 12, `${tookS} s`);
  });
}

test('each status on the way is passed on, for the links’ progress', async () => {
  const { revisions } = await run({});
  assert.ok(revisions.length >= 2 && revisions.every((revision) => revision === 'new'));
});

test.run();

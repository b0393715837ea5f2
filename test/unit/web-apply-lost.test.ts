// The apply where an answer is lost, the router is away, or rpcd's timer or session is not what it was.
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { run, whyOf } from './web-apply-run.ts';

const NEW_SESSION = 'c'.repeat(32);

test('a lost answer to uci.apply does not matter when it was heard', async () => {
  const { end, router } = await run({
    before: (router) => {
      router.mishap = (calls) => (calls[0]?.method === 'apply' && router.handle(calls[0]) ? 'hang' : undefined);
    },
  });
  assert.is(end.step, 'done');
  assert.is(router.revision, 'new');
});

test('a uci.apply that was never heard is found out soon, not after the whole time', async () => {
  const { end, router, tookS } = await run({
    before: (router) => {
      router.mishap = (calls) => (calls[0]?.method === 'apply' ? 'refuse' : undefined);
    },
  });
  assert.is(end.step, 'returned');
  assert.is(router.revision, 'old');
  assert.is(router.staged, 0);
  assert.ok(tookS < 20, `${tookS} s`);
});

test('a lost answer to the confirm is a success when it was heard', async () => {
  let lost = 0;
  const { end, router } = await run({
    before: (router) => {
      router.mishap = (calls) => (calls[0]?.method === 'confirm' && lost++ === 0 && router.handle(calls[0]) ? 'hang' : undefined);
    },
  });
  assert.equal([end.step, router.revision, router.isPending], ['done', 'new', false]);
});

test('goes by rpcd’s timer, which starts late on a slow flash', async () => {
  let answered = false;
  const { end, router } = await run({
    before: (router) => {
      router.applyMs = 15_000;
      router.deriveMs = undefined;
      // As if the answer came after 15 s: the browser hears nothing until then, and no rollback of ours gets through.
      router.mishap = (calls) => {
        if (calls[0]?.method === 'apply') {
          answered = true;
          router.handle(calls[0]);
          return 'hang';
        }
        return answered && calls[0]?.method === 'rollback' ? 'refuse' : undefined;
      };
    },
  });
  assert.equal([end.step, router.revision, router.isPending], ['returned', 'old', false]);
});

for (const isHeard of [true, false]) {
  test(`a restart of rpcd keeps the change; after a login the page ${isHeard ? 'says so' : 'does not know, where the router never told of it'}`, async () => {
    let asked = 0;
    const { end, router } = await run({
      on: ({ step }, router) => {
        router.deriveMs = undefined;
        if (step === 'settling' && ++asked === (isHeard ? 3 : 1)) router.restart();
      },
      renew: (router) => {
        router.session = NEW_SESSION;
        return NEW_SESSION;
      },
    });
    assert.equal([end.step, router.revision], [isHeard ? 'done' : 'unknown', 'new']);
  });
}

test('a declined login ends with not knowing', async () => {
  const { end, tookS } = await run({
    on: ({ step }, router) => {
      if (step === 'settling') router.restart();
    },
  });
  assert.equal([end.step, whyOf(end)], ['unknown', 'fault']);
  assert.ok(tookS < 30, `${tookS} s: nobody is asked for the password again and again`);
});

test.run();

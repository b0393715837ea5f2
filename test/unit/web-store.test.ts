// The page’s state: one question a cycle, sessions that end and come back.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import { setUp } from './web-fake-world.ts';
import type { Call } from './web-fakes.ts';

const methodsOf = (posts: Call[][]): string[] => posts.flat().map(({ method }) => method);
const last = <T>(list: readonly T[]): T | undefined => list.at(-1);

const live = suite('live');

live('asks once a second, one question at a time', async () => {
  const { page, store, posts } = setUp();
  store.live.start();
  await page.clock.pass(10_500);
  assert.is(posts.length, 11);
  assert.ok(posts.every((calls) => calls.length === 1 && calls[0]?.method === 'status'));
  store.live.stop();
  await page.clock.pass(5000);
  assert.is(posts.length, 11);
});

live('never has two questions under way, however slow the router is and however often it is told to ask now', async () => {
  const { page, store, posts, router } = setUp();
  router.mishap = 'hang';
  store.live.start();
  await page.clock.pass(5000);
  store.live.now();
  store.live.now();
  await page.clock.pass(1000);
  assert.is(posts.length, 1);
  store.live.stop();
});

live('asks nothing in a hidden tab, and at once when it is seen again', async () => {
  const { page, store, posts } = setUp();
  store.live.start();
  await page.clock.pass(2500);
  page.hide(true);
  const before = posts.length;
  await page.clock.pass(60_000);
  assert.is(posts.length, before);
  page.hide(false);
  await page.clock.settle();
  assert.is(posts.length, before + 1);
  store.live.stop();
});

live('does not begin in a hidden tab', async () => {
  const { page, store, posts } = setUp();
  page.hide(true);
  store.live.start();
  await page.clock.pass(5000);
  assert.is(posts.length, 0);
  store.live.stop();
});

live('asks less often while the router is gone, goes on by itself, and keeps what was known', async () => {
  const { page, store, posts, router } = setUp();
  store.live.start();
  await page.clock.pass(500);
  router.mishap = 'refuse';
  await page.clock.pass(60_000);
  assert.is(store.live.trouble.value?.kind, 'network');
  assert.ok(store.live.status.value, 'the last status stays');
  assert.ok(posts.length < 12, `${posts.length} posts in a minute`);
  router.mishap = undefined;
  await page.clock.pass(15_000);
  assert.is(store.live.trouble.value, undefined);
  const before = posts.length;
  await page.clock.pass(3000);
  assert.is(posts.length, before + 3);
  store.live.stop();
});

live('tells when a router that is gone is asked next: later each time, and not while it is asked or answers', async () => {
  const { page, store, router } = setUp();
  const pauseMs = (): number | undefined => store.live.retryAtMs.value && store.live.retryAtMs.value - page.clock.now();
  store.live.start();
  await page.clock.pass(1500);
  assert.is(pauseMs(), undefined);
  router.mishap = 'refuse';
  await page.clock.pass(500);
  assert.is(pauseMs(), 1000);
  const pauses: (number | undefined)[] = [];
  for (const afterMs of [1000, 2000, 4000, 8000, 15_000]) {
    await page.clock.pass(afterMs);
    pauses.push(pauseMs());
  }
  assert.equal(pauses, [2000, 4000, 8000, 15_000, 15_000]);
  router.mishap = 'hang';
  await page.clock.pass(15_000);
  assert.is(pauseMs(), undefined, 'it is asked now');
  store.live.stop();
});

live('an agent that gave rpcd no answer in time is told as silent, not as a number', async () => {
  const { page, store, router } = setUp();
  router.mishap = { text: '{"jsonrpc":"2.0","id":1,"result":[5]}' };
  store.live.start();
  await page.clock.settle();
  assert.is(store.live.trouble.value?.kind, 'silent');
  store.live.stop();
});

live('leaves the asking to whoever else asks, and goes on afterwards', async () => {
  const { page, store, posts } = setUp();
  store.live.start();
  await page.clock.pass(500);
  let end: () => void = () => {};
  const work = store.live.leaveTo(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  const before = posts.length;
  store.live.start();
  await page.clock.pass(5000);
  assert.is(posts.length, before);
  end();
  await work;
  await page.clock.pass(500);
  assert.is(posts.length, before + 1);
  store.live.stop();
});

live('does not go on after that when it was stopped meanwhile', async () => {
  const { page, store, posts } = setUp();
  store.live.start();
  await page.clock.settle();
  await store.live.leaveTo(async () => store.live.stop());
  const before = posts.length;
  await page.clock.pass(5000);
  assert.is(posts.length, before);
});
live.run();

const session = suite('session');

session('a session that was kept and lives is taken, with its rights', async () => {
  const { page, store } = setUp();
  await page.clock.until(store.session.check());
  assert.is(store.session.state.value, 'live');
  assert.equal(store.session.rights.value, { read: true, write: true });
});

session('who may only look may not write', async () => {
  const { page, store, router } = setUp();
  router.rights = ['status', 'write', 'apply'];
  await page.clock.until(store.session.check());
  assert.equal(store.session.rights.value, { read: true, write: false });
});

for (const [what, given] of [
  ['none was kept', undefined],
  ['the one that was kept is gone', 'f'.repeat(32)],
] as const) {
  session(`there is a login when ${what}`, async () => {
    const { page, store } = setUp(given ?? '');
    if (given === undefined) store.session.logout();
    await page.clock.until(store.session.check());
    assert.is(store.session.state.value, 'none');
    assert.is(page.kept, undefined);
  });
}

session('a router that is gone is no reason for a login', async () => {
  const { page, store, router } = setUp();
  router.mishap = 'refuse';
  const result = await page.clock.until(store.session.check());
  assert.is(!result.ok && result.fault.kind, 'network');
  assert.is(store.session.state.value, 'checking');
});

session('a login asks for an hour, keeps the session for this tab, and no password', async () => {
  const { page, store, posts } = setUp('');
  const result = await page.clock.until(store.session.login('root', 'lab'));
  assert.ok(result.ok);
  assert.is(store.session.state.value, 'live');
  assert.is(page.kept, '1'.repeat(32));
  assert.equal(posts[0]?.[0]?.args, { username: 'root', password: 'lab', timeout: 3600 });
});

session('when it expires the question waits for the login and is asked again; nobody asks meanwhile', async () => {
  const { page, store, posts, router } = setUp();
  await page.clock.until(store.session.check());
  store.live.start();
  await page.clock.pass(500);
  router.session = undefined;
  await page.clock.pass(1000);
  assert.is(store.session.state.value, 'expired');
  const before = posts.length;
  await page.clock.pass(30_000);
  assert.is(posts.length, before, 'no question while the dialog is open');
  assert.not.ok((await page.clock.until(store.session.login('root', 'wrong'))).ok);
  assert.is(store.session.state.value, 'expired');
  await page.clock.until(store.session.login('root', 'lab'));
  await page.clock.pass(1500);
  assert.is(store.session.state.value, 'live');
  assert.is(last(posts)?.[0]?.session, router.session);
  assert.is(last(methodsOf(posts)), 'status');
  store.live.stop();
});

session('a login that is declined ends the session', async () => {
  const { page, store, router } = setUp();
  await page.clock.until(store.session.check());
  store.live.start();
  await page.clock.settle();
  router.session = undefined;
  await page.clock.pass(1500);
  store.session.decline();
  await page.clock.settle();
  assert.is(store.session.state.value, 'none');
  assert.is(page.kept, undefined);
});
session.run();

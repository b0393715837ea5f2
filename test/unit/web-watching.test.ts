// What rides along with the status, what is done to links, and what the agent has noted: asked only while it is shown.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import { setUp } from './web-fake-world.ts';
import { denied, type Answer, type Call } from './web-fakes.ts';

const namesOf = (posts: Call[][]): string[] => posts.map((calls) => calls.map(({ method }) => method).join('+'));
const empty = { atMs: 1, events: [] };

const along = suite('along');
along('is in the status’ own request, at once and then when it is due, and no more once it is let go', async () => {
  const { page, store, posts, router } = setUp();
  router.replies['events'] = [0, empty];
  store.live.start();
  await page.clock.pass(1500);
  const from = posts.length;
  const end = store.watching.followEvents();
  await page.clock.pass(6100);
  const names = namesOf(posts.slice(from));
  assert.equal([...new Set(names)].toSorted(), ['status', 'status+events']);
  assert.is(names[0], 'status+events');
  assert.ok(names.filter((name) => name === 'status+events').length <= 3, names.join(' '));
  assert.ok(names.length <= 8, 'one request a second');
  end();
  const after = posts.length;
  await page.clock.pass(5000);
  assert.equal([...new Set(namesOf(posts.slice(after)))], ['status']);
  store.live.stop();
});

along('a failure of its own is its own: the status is taken all the same', async () => {
  const { page, store, router } = setUp();
  router.replies['history'] = [0, { error: { code: 'history_missing', severity: 'error', details: { link: 'wan_01', links: 'none' } } }];
  store.live.start();
  const end = store.watching.followHistory('wan_01', '5m');
  await page.clock.pass(1500);
  const history = store.watching.history.value;
  assert.equal([history.state, history.state === 'failed' && history.fault.kind], ['failed', 'agent']);
  assert.ok(store.live.status.value);
  assert.is(store.live.trouble.value, undefined);
  end();
  store.live.stop();
});

along('a router that is gone is told once, by the status; what was known of events stays', async () => {
  const { page, store, router } = setUp();
  router.replies['events'] = [0, { atMs: 9000, events: [{ kind: 'started', at: 5, upMs: 5000 }] }];
  store.live.start();
  const end = store.watching.followEvents();
  await page.clock.pass(1500);
  router.mishap = 'refuse';
  await page.clock.pass(20_000);
  const events = store.watching.events.value;
  assert.is(events.state === 'ready' && events.value.happenings.length, 1);
  assert.is(store.live.trouble.value?.kind, 'network');
  router.mishap = undefined;
  await page.clock.pass(20_000);
  assert.is(store.live.trouble.value, undefined);
  end();
  store.live.stop();
});

along('an answer that comes after it was let go is not taken', async () => {
  const { page, store, router } = setUp();
  router.replies['history'] = [0, { link: 'wan_01', span: '5m' }];
  store.live.start();
  await page.clock.pass(500);
  store.watching.followHistory('wan_01', '5m')();
  await page.clock.pass(3000);
  assert.is(store.watching.history.value.state, 'loading');
  store.live.stop();
});
along('rates of all links are one question in the status’ request; the last minutes fill what the page did not see itself', async () => {
  const { page, store, posts, router } = setUp();
  const rx = [125_000, 250_000, 125_000];
  const reply = (span: string, stepS: number) => ({ span, stepS, atMs: page.clock.now(), links: [{ link: 'a', endMs: page.clock.now() - 5000, rx, tx: rx }] });
  router.replies['histories'] = [0, reply('5m', 1)];
  store.live.start();
  await page.clock.pass(500);
  const short = store.watching.followRates('5m');
  await page.clock.pass(3000);
  assert.equal(
    store.live.history.value.slice(0, 3).map(({ total }) => total.downBps),
    [1e6, 2e6, 1e6],
  );
  short();
  router.replies['histories'] = [0, reply('2h', 24)];
  const from = posts.length;
  const long = store.watching.followRates('2h');
  assert.is(store.watching.recorded.value.state, 'loading');
  await page.clock.pass(60_000);
  const recorded = store.watching.recorded.value;
  assert.equal(recorded.state === 'ready' && [recorded.value.span, recorded.value.samples.length], ['2h', 3]);
  assert.is(posts.slice(from).filter((calls) => calls.some(({ method }) => method === 'histories')).length, 3);
  assert.equal([...new Set(namesOf(posts.slice(from)))].toSorted(), ['status', 'status+histories']);
  page.hide(true);
  const before = posts.length;
  await page.clock.pass(60_000);
  assert.is(posts.length, before, 'nothing in a hidden tab');
  long();
  store.live.stop();
});
along.run();

const links = suite('links');
const done = { ok: true, revision: 'r', changed: true, uci: 0, system: 1, problems: [] };
links('are told what to do one at a time, the status is asked for afterwards, and the end is told', async () => {
  const { page, store, posts, router } = setUp();
  router.replies['pause'] = [0, done];
  store.live.start();
  await page.clock.pass(500);
  const from = posts.length;
  const first = store.links.act('pause', 'wan_02');
  assert.equal(store.links.acting.value, { action: 'pause', link: 'wan_02' });
  await store.links.act('redial', 'wan_01');
  await page.clock.until(first);
  await page.clock.settle();
  assert.equal([store.links.acting.value, store.links.told.value], [undefined, { action: 'pause', link: 'wan_02' }]);
  assert.equal(namesOf(posts.slice(from)), ['pause', 'status']);
  assert.equal(posts[from]?.[0]?.args, { link: 'wan_02' });
  store.live.stop();
});

for (const [what, reply, kind] of [
  ['refused by a problem', [0, { ...done, ok: false, problems: [{ code: 'link_missing', severity: 'error', details: { name: 'wan_02' } }] }], 'agent'],
  ['refused without a reason', [0, { ...done, ok: false }], 'malformed'],
  ['not allowed', denied, 'denied'],
  ['not answered by the agent', [5], 'silent'],
] as [string, Answer, string][]) {
  links(`what is ${what} is told so`, async () => {
    const { store, router } = setUp();
    router.replies['drain'] = reply;
    await store.links.act('drain', 'wan_02');
    assert.is(store.links.told.value?.fault?.kind, kind);
  });
}
links.run();

const asked = suite('asked');
asked('the doctor is asked once at a time; a report stays until the next one is there', async () => {
  const { page, store, posts, router } = setUp();
  router.replies['doctor'] = [0, { findings: [], checked: ['ip'], skipped: [] }];
  const first = store.watching.look();
  await store.watching.look();
  await page.clock.until(first);
  assert.equal(namesOf(posts), ['doctor']);
  router.mishap = 'hang';
  void store.watching.look();
  await page.clock.settle();
  assert.equal([store.watching.isLooking.value, store.watching.report.value.state], [true, 'ready']);
});

asked('why is answered, and all is forgotten with the user', async () => {
  const { store, router } = setUp();
  router.replies['why'] = [0, { reasons: ['x'], problems: [] }];
  store.watching.question.value = { ...store.watching.question.value, src: '192.168.1.7' };
  await store.watching.askWhy({ src: '192.168.1.7', dst: '203.0.113.5' });
  assert.is(store.watching.answer.value.state, 'ready');
  store.links.opened.value = 'wan_01';
  for (const part of [store.watching, store.links]) part.forget();
  assert.equal([store.watching.answer.value.state, store.watching.question.value.src, store.links.opened.value], ['empty', '', undefined]);
});
asked.run();

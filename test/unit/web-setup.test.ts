// The forms of the page: what was typed stays until it is applied, whatever others store meanwhile.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import type { ConfigSection } from '../../agent/src/contract/index.ts';
import type { Store } from '../../web/src/store/store.ts';
import { setUp, stored } from './web-fake-world.ts';

const setup = suite('setup');

const type = (store: Store, option: string, value: string): void => {
  store.setup.lines.value = store.setup.lines.value.map((line) => ({ ...line, options: { ...line.options, [option]: value } }));
};

setup('an untouched form has nothing to apply', async () => {
  const { page, store } = setUp();
  await page.clock.until(store.setup.load());
  assert.equal([store.setup.isDirty.value, store.setup.changes.value], [false, 0]);
  type(store, 'sessions', '2');
  assert.equal([store.setup.isDirty.value, store.setup.changes.value], [true, 1]);
  store.setup.discard();
  assert.equal([store.setup.isDirty.value, store.setup.changes.value], [false, 0]);
});

setup('an empty router’s form is not typed, though it would add a line', async () => {
  const { page, store, router } = setUp();
  router.sections = [];
  await page.clock.until(store.setup.load());
  assert.not.ok(store.setup.isDirty.value);
  assert.is(store.setup.lines.value.length, 1);
});

setup('what was typed stays when the configuration is read again; forms without any follow', async () => {
  const { page, store, router } = setUp();
  await page.clock.until(store.setup.load());
  router.sections = stored().map((section) => (section.type === 'line' ? { ...section, options: { ...section.options, sessions: '8' } } : section));
  await page.clock.until(store.setup.refresh());
  assert.is(store.setup.lines.value[0]?.options.sessions, '8');
  type(store, 'username', 'typed');
  router.sections = stored();
  await page.clock.until(store.setup.refresh());
  assert.is(store.setup.lines.value[0]?.options.username, 'typed');
  assert.is(store.setup.lines.value[0]?.options.sessions, '8');
});

setup('lines that others added, changed or removed while one was typed in are left so by an apply', async () => {
  const { page, store, router } = setUp();
  const line = (name: string, sessions: string): ConfigSection => ({ type: 'line', name, options: { device: `eth0.${name.length}`, sessions } });
  router.sections = [...stored(), line('wanb', '2'), line('wangone', '2')];
  await page.clock.until(store.setup.load());
  store.setup.lines.value = store.setup.lines.value.map((each) => (each.name === 'wan' ? { ...each, options: { ...each.options, username: 'typed' } } : each));
  router.sections = [...stored(), line('wanb', '3'), line('wannew', '1')];
  await page.clock.until(store.setup.refresh());
  assert.equal(
    store.setup.lines.value.map(({ name, options }) => [name, options.username === 'typed' || options.sessions]),
    [
      ['wan', true],
      ['wanb', '3'],
      ['wannew', '1'],
    ],
  );
  assert.is(store.setup.changes.value, 1, 'the name that was typed, and nothing else');
});

setup('a new line of a name that others stored meanwhile is theirs, as it was typed', async () => {
  const { page, store, router } = setUp();
  router.sections = [];
  await page.clock.until(store.setup.load());
  type(store, 'mtu', '1480');
  router.sections = stored();
  await page.clock.until(store.setup.refresh());
  const [line, ...others] = store.setup.lines.value;
  assert.equal([line?.key, line?.isNew, line?.hasPassword, line?.options.mtu, others], ['wan', false, true, '1480', []]);
  store.setup.addLine();
  store.setup.lines.value = store.setup.lines.value.map((each) => ({ ...each, name: 'wan' }));
  await page.clock.until(store.setup.refresh());
  assert.equal(
    store.setup.lines.value.map(({ key }) => key),
    ['wan', 'new 1'],
    'one that has a name twice is told, and stays',
  );
});

setup('a line that others stored takes the place of an empty first form', async () => {
  const { page, store, router } = setUp();
  router.sections = [];
  await page.clock.until(store.setup.load());
  store.setup.sections.add('group');
  router.sections = stored();
  await page.clock.until(store.setup.refresh());
  assert.equal(
    store.setup.lines.value.map(({ name, isNew }) => [name, isNew]),
    [['wan', false]],
  );
});

setup('a preview is made for the configuration as it is now, and never holds a stored password', async () => {
  const { page, store, posts, router } = setUp();
  await page.clock.until(store.setup.load());
  type(store, 'sessions', '2');
  router.sections = [...stored(), { type: 'group', name: 'added', options: {} }];
  await page.clock.until(store.setup.preview());
  const { config } = posts.flat().at(-1)?.args ?? {};
  const { sections } = config as { sections: ConfigSection[] };
  assert.equal(sections.map(({ name }) => name).sort(), ['added', 'globals', 'wan']);
  assert.is(sections.find(({ name }) => name === 'wan')?.options.password, undefined);
  assert.is(store.setup.plan.value.state, 'ready');
});

setup('a preview that fails says why and leaves the form alone', async () => {
  const { page, store, router } = setUp();
  await page.clock.until(store.setup.load());
  type(store, 'sessions', '2');
  router.mishap = 'refuse';
  await page.clock.until(store.setup.preview());
  const { plan, isDirty } = store.setup;
  assert.is(plan.value.state === 'failed' && plan.value.fault.kind, 'network');
  assert.ok(isDirty.value);
});

setup('logging out forgets what was typed', async () => {
  const { page, store } = setUp();
  await page.clock.until(store.setup.load());
  type(store, 'password', 'typed');
  store.setup.forget();
  assert.not.match(JSON.stringify(store.setup.lines.value), 'typed');
  assert.is(store.setup.config.value.state, 'empty');
});
setup.run();

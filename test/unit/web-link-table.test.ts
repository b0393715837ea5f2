// The table of links: order by each column, when rows may move, shares, and what is done to several links at once.
import type { ComponentClass } from 'preact';
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import type { LinkStatus } from '../../agent/src/contract/index.ts';
import { costOf, describeBulk, describeCost, fitting } from '../../web/src/model/bulk.ts';
import { bytesText } from '../../web/src/model/format.ts';
import { byName, columnsOf, inOrder, press, shareOf, toOrder, type Column } from '../../web/src/model/link-order.ts';
import type { Rates } from '../../web/src/model/rates.ts';
import { memo } from '../../web/src/widgets/memo.tsx';
import { setUp } from './web-fake-world.ts';

const link = (name: string, more: Partial<LinkStatus> = {}): LinkStatus => ({
  name,
  state: 'up',
  ipv4: [],
  ipv6: [],
  weight: 1,
  balanced: { ipv4: true, ipv6: true },
  ...more,
});
const none = { ipv4: false, ipv6: false };
const rate = (downBps: number | null, upBps: number | null = 0) => ({ downBps, upBps });

const links = [
  link('wan_10', { uptimeS: 5, probe: { ipv4: 'alive', loss: 2, latencyMs: 30 } }),
  link('wan_2', { uptimeS: 500, probe: { ipv4: 'alive', loss: 0, latencyMs: 9 } }),
  link('wan_1', { state: 'failed', balanced: none }),
  link('wan_3', { uptimeS: 50, rest: { kind: 'pause' }, balanced: none }),
];
const rates: Rates = {
  links: new Map([
    ['wan_10', rate(2e6, 1e6)],
    ['wan_2', rate(5e6, 0)],
    ['wan_1', rate(null, null)],
    ['wan_3', rate(0, 2e6)],
  ]),
  total: rate(7e6, 3e6),
};
const namesBy = (column: Column, isDescending: boolean) => inOrder(links, { column, isDescending }, rates).map(({ name }) => name.slice(4));

const order = suite('order');
for (const [column, isDescending, expected] of [
  ['name', false, ['1', '2', '3', '10']],
  ['name', true, ['10', '3', '2', '1']],
  ['state', false, ['1', '3', '2', '10']],
  ['down', true, ['2', '10', '3', '1']],
  ['down', false, ['3', '10', '2', '1']],
  ['up', true, ['3', '10', '2', '1']],
  ['share', true, ['2', '10', '3', '1']],
  ['loss', true, ['10', '2', '1', '3']],
  ['latency', false, ['2', '10', '1', '3']],
  ['uptime', true, ['2', '3', '10', '1']],
  ['carries', true, ['2', '10', '1', '3']],
] as [Column, boolean, string[]][]) {
  order(`by ${column}${isDescending ? ', turned round' : ''}: what is not known is last, equals by name`, () =>
    assert.equal(namesBy(column, isDescending), expected),
  );
}

order('a column pressed again turns round; figures begin with the most', () => {
  assert.equal(press(byName, 'name'), { column: 'name', isDescending: true });
  assert.equal(press(byName, 'down'), { column: 'down', isDescending: true });
  assert.equal(press({ column: 'down', isDescending: true }, 'state'), { column: 'state', isDescending: false });
});

order('rows move every five seconds at most, not under a hand, and at once when something else is asked for', () => {
  const sort = { column: 'down', isDescending: true } as const;
  const input = { links, sort, rates, atMs: 10_000, isHeld: false };
  const turned: Rates = { ...rates, links: new Map([...rates.links, ['wan_3', rate(9e6)]]) };
  const first = toOrder(undefined, input);
  assert.is(first.names[0], 'wan_2');
  assert.is(toOrder(first, { ...input, rates: turned, atMs: 14_000 }), first);
  assert.is(toOrder(first, { ...input, rates: turned, atMs: 15_000 }).names[0], 'wan_3');
  assert.is(toOrder(first, { ...input, rates: turned, atMs: 60_000, isHeld: true }), first);
  assert.is(toOrder(first, { ...input, rates: turned, atMs: 200 }).names[0], 'wan_3', 'a router that was started anew');
  assert.is(toOrder(first, { ...input, sort: byName, isHeld: true }).names[0], 'wan_1');
  assert.equal(toOrder(first, { ...input, links: links.slice(1), isHeld: true }).names, ['wan_2', 'wan_3', 'wan_1']);
});

order('a share is of both directions, and none where nothing flows', () => {
  const shares = links.map((each) => shareOf(each, rates));
  assert.equal(shares, [30, 50, null, 20]);
  assert.is(shareOf(links[1] as LinkStatus, { links: rates.links, total: rate(0, 0) }), null);
  assert.is(shareOf(links[1] as LinkStatus, undefined), null);
});

order('loss and latency have columns where somebody asks', () => {
  assert.ok(columnsOf(links).includes('latency'));
  assert.equal(columnsOf([link('a')]), ['name', 'state', 'share', 'uptime', 'carries', 'down', 'up']);
});

for (const [bytes, text] of [
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [999_999, '1.00 MB'],
  [12_345_678, '12.3 MB'],
  [9e15, '9000 TB'],
] as const) {
  order(`${bytes} bytes are ${text}`, () => assert.is(bytesText(bytes), text));
}
order.run();

const bulk = suite('bulk');
const namesOf = (chosen: LinkStatus[]): string[] => chosen.map(({ name }) => name);
bulk('each action goes to those it makes sense for', () => {
  assert.equal(namesOf(fitting('redial', links)), ['wan_10', 'wan_2', 'wan_1', 'wan_3']);
  assert.equal(namesOf(fitting('drain', links)), ['wan_10', 'wan_2', 'wan_3']);
  assert.equal(namesOf(fitting('pause', links)), ['wan_10', 'wan_2', 'wan_1']);
  assert.equal(namesOf(fitting('resume', links)), ['wan_3']);
});

bulk('is asked about where it cuts, or leaves nothing', () => {
  const [ten, two, failed, paused] = links as [LinkStatus, LinkStatus, LinkStatus, LinkStatus];
  assert.equal(costOf('redial', [ten, two, failed], links), { cut: 2, isAll: false });
  assert.equal(costOf('redial', [failed], links), undefined);
  assert.equal(costOf('redial', [ten], [ten, failed]), { cut: 1, isAll: true });
  assert.equal(costOf('pause', [ten], links), undefined);
  assert.equal(costOf('pause', [ten, two], links), { cut: 0, isAll: true });
  assert.equal(costOf('drain', [ten, two, paused], links), { cut: 0, isAll: true });
  assert.equal(costOf('resume', [paused], links), undefined);
  assert.is(
    describeCost({ cut: 2, isAll: true }),
    '2 links hang up, one after the other: their connections are cut. No link is left for new connections then.',
  );
});

const done = { ok: true, revision: 'r', changed: true, uci: 0, system: 1, problems: [] };
const refused = { ...done, ok: false, problems: [{ code: 'link_missing', severity: 'error', details: { name: 'b' } }] };

bulk('is done one after the other; a refusal does not stop the others, and is told', async () => {
  const { store, posts, router } = setUp();
  router.replies['pause'] = [0, refused];
  const all = store.links.actOnAll('pause', ['a', 'b']);
  assert.equal(store.links.acting.value, { action: 'pause', link: 'a', place: 1, count: 2 });
  await store.links.act('redial', 'c');
  await all;
  assert.equal(
    posts.map((calls) => calls.map(({ method, args }) => [method, args])),
    [[['pause', { link: 'a' }]], [['pause', { link: 'b' }]]],
  );
  const told = store.links.toldOfAll.value;
  assert.equal([told?.done, told?.left, told?.failed.map(({ link: name }) => name)], [0, 0, ['a', 'b']]);
  router.replies['pause'] = [0, done];
  await store.links.actOnAll('pause', ['a', 'b']);
  assert.is(store.links.toldOfAll.value && describeBulk(store.links.toldOfAll.value), 'Pause: 2 links done.');
  assert.is(store.links.acting.value, undefined);
});

bulk('stops at a router that is gone, and says what was not tried', async () => {
  const { store, posts, router } = setUp();
  router.mishap = 'refuse';
  await store.links.actOnAll('redial', ['a', 'b', 'c']);
  assert.is(posts.length, 1);
  const told = store.links.toldOfAll.value;
  assert.match((told && describeBulk(told)) ?? '', /Redial: 0 links done\. a failed\. .* 2 links were not tried\./);
});

bulk('chooses several links and lets them go again, beside those that stay', () => {
  const { links: own } = setUp().store;
  own.select(['a', 'b', 'c'], true);
  own.select(['c', 'a'], false);
  own.select(['d'], true);
  assert.equal([...own.selected.value], ['b', 'd']);
});

bulk('a press on a name opens its panel, another closes it or opens another’s', () => {
  const { links: own } = setUp().store;
  const pressed = ['a', 'b', 'b'].map((name) => {
    own.toggle(name);
    return own.opened.value;
  });
  assert.equal(pressed, ['a', 'b', undefined]);
});

bulk('order and choice are the page’s own, and forgotten with the user', () => {
  const { store } = setUp();
  store.links.selected.value = new Set(['a']);
  store.links.sort.value = { column: 'up', isDescending: true };
  store.links.forget();
  assert.equal([store.links.selected.value.size, store.links.sort.value], [0, byName]);
});
bulk.run();

const drawing = suite('drawing');

drawing('what is remembered is drawn anew where any property is another value, and only there', () => {
  type Props = { name: string; rate: object; isOpen?: boolean };
  const Part = memo<Props>(() => null) as ComponentClass<Props>;
  const now = rate(1);
  const isDrawn = (next: Props) => new Part({ name: 'a', rate: now }).shouldComponentUpdate?.(next, {}, undefined);
  assert.equal(
    [
      { name: 'a', rate: now },
      { name: 'b', rate: now },
      { name: 'a', rate: rate(1) },
      { name: 'a', rate: now, isOpen: true },
    ].map(isDrawn),
    [false, true, true, true],
  );
});

drawing('the columns that each row gets stay the same object from poll to poll', () => {
  assert.is(columnsOf(links), columnsOf([...links].reverse()));
});
drawing.run();

// The kernel's routes in words, and how they are asked for.
import * as assert from 'uvu/assert';
import { toPurpose, type PurposeCode, type RoutesReply } from '../../agent/src/contract/index.ts';
import { describeRow, ownerWord, partTitle, partsOf, summariseRoutes } from '../../web/src/model/routes-words.ts';
import { useCatalog } from '../../web/src/t.ts';
import { suite } from '../limit.ts';
import { setUp } from './web-fake-world.ts';

const routes = suite('routes');
const reply: RoutesReply = {
  routes: [
    { owner: 'ours', family: 'ipv6', destination: 'default', table: 254, metric: 7, protocol: 77, hops: [] },
    { owner: 'foreign', interface: 'lan', family: 'ipv4', destination: '10.0.0.0/8', table: 100, metric: 0, protocol: 0, hops: [{ device: 'br-lan' }] },
  ],
  rules: [{ owner: 'kernel', family: 'ipv4', preference: 32_766, selectors: [], table: 254 }],
  nexthops: null,
  left: { routes: 0, rules: 0, nexthops: 0 },
  problems: [],
};
routes('are parts with titles, of everybody or of one owner', () => {
  assert.equal(partsOf(reply, '').map(partTitle), ['IPv4 routes, table 100', 'IPv4 rules', 'IPv6 routes, table main']);
  assert.equal(
    partsOf(reply, 'foreign').flatMap(({ rows }) => rows.map((row) => [row.words, describeRow(row)])),
    [['10.0.0.0/8 dev br-lan', 'interface lan']],
  );
  assert.equal(partsOf(reply, 'netifd'), []);
  assert.is(ownerWord('foreign'), 'others');
});
routes('are counted, with what was left out', () => {
  assert.is(summariseRoutes(reply), '2 routes, 1 rule, no nexthop objects on this system.');
  assert.is(
    summariseRoutes({ ...reply, nexthops: [], left: { routes: 5, rules: 1, nexthops: 0 } }),
    '2 routes, 1 rule, 0 nexthops. 6 more are not shown: others have too many.',
  );
});
routes('what they are for is translated by its code, with names as they are; what only a newer agent knows stays English', () => {
  useCatalog({ 'purpose.table_link': 'Der Weg über {link}.' });
  assert.is(describeRow({ owner: 'ours', words: '', purpose: toPurpose('table_link', { link: '<b>' }) }), 'Der Weg über <b>.');
  const newer = { code: 'constructor' as PurposeCode, details: { link: 'x' }, text: 'For <b> and {link}.' };
  assert.is(describeRow({ owner: 'ours', words: '', purpose: newer }), 'For <b> and {link}.');
  useCatalog({});
});
routes('are asked for once at a time, and forgotten with the user', async () => {
  const { page, store, posts, router } = setUp();
  router.replies['routes'] = [0, { routes: [], rules: [], nexthops: [], left: {}, problems: [] }];
  const first = store.routes.look();
  await store.routes.look();
  await page.clock.until(first);
  assert.equal([posts.flat().map(({ method }) => method), store.routes.found.value.state], [['routes'], 'ready']);
  store.routes.owner.value = 'ours';
  store.routes.forget();
  assert.equal([store.routes.found.value.state, store.routes.owner.value], ['empty', '']);
});
routes.run();

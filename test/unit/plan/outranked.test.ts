// Defaults of others that win over the balanced one are named; everything else is none of our business.
import * as assert from 'uvu/assert';
import type { Route } from '../../../agent/src/observe/kernel.ts';
import { findOutranking } from '../../../agent/src/plan/outranked.ts';
import { aKernel, anInterface, aRoute } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const foreign = (fields: Partial<Route>): Route => aRoute({ protocol: 4, metric: 0, legs: [{ device: 'usb0', gateway: '192.0.2.1', weight: 1 }], ...fields });
const find = (route: Route) => findOutranking(aKernel({ routes: [route] }), [anInterface('lte', { l3Device: 'usb0' })]);

const rows: [title: string, route: Partial<Route>, isNamed: boolean][] = [
  ['a default without metric', {}, true],
  ['a default of metric 6', { metric: 6 }, true],
  ['an IPv6 default of metric 1', { family: 'ipv6', metric: 1 }, true],
  ['a default of our own metric', { metric: 7 }, false],
  ['a default of a worse metric', { metric: 1024 }, false],
  ['our own route', { protocol: 77 }, false],
  ['a route that is no default', { destination: '10.0.0.0/8' }, false],
  ['a default in another table', { table: 100 }, false],
  ['a source-specific default', { family: 'ipv6', source: '2001:db8::/64' }, false],
];

for (const [title, route, isNamed] of rows) {
  test(`${title} is ${isNamed ? 'named' : 'passed over'}`, () => {
    assert.is(find(foreign(route)).length, isNamed ? 1 : 0);
  });
}

test('says which interface it belongs to', () => {
  assert.equal(find(foreign({ metric: 3 }))[0]?.details, { family: 'IPv4', interface: 'lte', device: 'usb0', metric: 3, ours: 7 });
  assert.is(findOutranking(aKernel({ routes: [foreign({})] }), [])[0]?.details?.['interface'], '?');
});

test.run();

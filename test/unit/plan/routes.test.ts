// Nexthops, groups and routes: added before anything is deleted, shared by weight, and never over somebody else's.
import * as assert from 'uvu/assert';
import type { Kernel, Nexthop, Route } from '../../../agent/src/observe/kernel.ts';
import type { Leg } from '../../../agent/src/plan/members.ts';
import { needsSix, planRoutes, refusalAt, renderRouteStep, type Wish } from '../../../agent/src/plan/routes.ts';
import { aKernel, aLeg, aNexthop, aRoute } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const V4 = 77_004_000;
const G4 = 77_104_001;
const six = { family: 'ipv6', prefix: '::/0' } as const;

const lines = (wanted: Wish[], kernel: Kernel) => planRoutes(wanted, [], kernel).steps.map(renderRouteStep);
const codes = (wanted: Wish[], kernel: Kernel) => planRoutes(wanted, [], kernel).problems.map((problem) => problem.code);
const aWish = (fields: Partial<Wish> = {}): Wish => ({
  family: 'ipv4',
  prefix: '0.0.0.0/0',
  table: 254,
  owner: 'group.default',
  legs: [],
  by: { group: 1 },
  ...fields,
});
const wanted = (...legs: Leg[]): Wish => aWish({ legs });

const member = (slot: number, fields: Partial<Nexthop> = {}) => aNexthop(V4 + slot, { device: `pppoe-wan_0${slot}`, ...fields });
const group = (members: [slot: number, weight: number][]) => aNexthop(G4, { members: members.map(([slot, weight]) => ({ id: V4 + slot, weight })) });
const balanced = (fields: Partial<Route> = {}) => aRoute({ nexthopId: G4, legs: [], ...fields });
/** A kernel in which links 1 and 2 share the default. */
const standing = (): Kernel =>
  aKernel({
    nexthops: [
      member(1),
      member(2),
      group([
        [1, 1],
        [2, 1],
      ]),
    ],
    routes: [balanced()],
  });

const ADD = 'nexthop replace id';
const ROUTE = `route replace 0.0.0.0/0 nhid ${G4} metric 7 proto 77`;

const rows: [title: string, wanted: Wish[], kernel: Kernel, lines: string[]][] = [
  [
    'an empty kernel: members, then the group, then the route',
    [wanted(aLeg(1), aLeg(2))],
    aKernel(),
    [`${ADD} 77004001 dev pppoe-wan_01 proto 77`, `${ADD} 77004002 dev pppoe-wan_02 proto 77`, `${ADD} ${G4} group 77004001/77004002 proto 77`, ROUTE],
  ],
  ['what stands already: nothing', [wanted(aLeg(1), aLeg(2))], standing(), []],
  ['the same members in another order: nothing', [wanted(aLeg(2), aLeg(1))], standing(), []],
  ['weights: only the group', [wanted(aLeg(1, { weight: 3 }), aLeg(2))], standing(), [`${ADD} ${G4} group 77004001,3/77004002 proto 77`]],
  [
    'one more link: its nexthop, then the group',
    [wanted(aLeg(1), aLeg(2), aLeg(3))],
    standing(),
    [`${ADD} 77004003 dev pppoe-wan_03 proto 77`, `${ADD} ${G4} group 77004001/77004002/77004003 proto 77`],
  ],
  ['one link less: the group first, its nexthop last', [wanted(aLeg(1))], standing(), [`${ADD} ${G4} group 77004001 proto 77`, 'nexthop del id 77004002']],
  [
    'a link swapped for another: added before the other is deleted',
    [wanted(aLeg(1), aLeg(3))],
    standing(),
    [`${ADD} 77004003 dev pppoe-wan_03 proto 77`, `${ADD} ${G4} group 77004001/77004003 proto 77`, 'nexthop del id 77004002'],
  ],
  [
    'another gateway: its nexthop alone',
    [wanted(aLeg(1), aLeg(2, { gateway: '192.0.2.1' }))],
    standing(),
    [`${ADD} 77004002 via 192.0.2.1 dev pppoe-wan_02 proto 77`],
  ],
  [
    'no link at all: route, group, members',
    [wanted()],
    standing(),
    ['route del 0.0.0.0/0 metric 7 proto 77', `nexthop del id ${G4}`, 'nexthop del id 77004001', 'nexthop del id 77004002'],
  ],
  ['a prefix that nobody wants any more', [], aKernel({ routes: [balanced({ destination: '10.0.0.0/8' })] }), ['route del 10.0.0.0/8 metric 7 proto 77']],
  ['a single address', [aWish({ prefix: '192.0.2.9/32', legs: [aLeg(1), aLeg(2)] })], { ...standing(), routes: [balanced({ destination: '192.0.2.9' })] }, []],
  [
    'a vanished group took its route along',
    [wanted(aLeg(1))],
    aKernel({ nexthops: [member(1)], routes: [balanced()] }),
    [`${ADD} ${G4} group 77004001 proto 77`, ROUTE],
  ],
  [
    'foreign routes and nexthops',
    [],
    aKernel({ routes: [aRoute({ protocol: 4, metric: 7001 })], nexthops: [aNexthop(12), aNexthop(V4 + 5, { protocol: 3 })] }),
    [],
  ],
  ['a route with our protocol in a table of somebody else’s', [], aKernel({ routes: [aRoute({ table: 100 })] }), []],
  ['a route in a table of ours that nobody wants', [], aKernel({ routes: [aRoute({ table: 77_005 })] }), ['route del 0.0.0.0/0 table 77005 metric 7 proto 77']],
  [
    'a link’s own table: its nexthop, no group',
    [aWish({ table: 77_001, by: 'link', legs: [aLeg(1, { weight: 5 })] })],
    aKernel(),
    [`${ADD} 77004001 dev pppoe-wan_01 proto 77`, 'route replace 0.0.0.0/0 nhid 77004001 table 77001 metric 7 proto 77'],
  ],
  [
    'a link’s own table that stands: nothing',
    [aWish({ table: 77_001, by: 'link', legs: [aLeg(1)] })],
    aKernel({ nexthops: [member(1)], routes: [aRoute({ table: 77_001, nexthopId: V4 + 1, legs: [] })] }),
    [],
  ],
  [
    'a link’s nexthop that has vanished took its table’s route along, as it took the group’s',
    [wanted(aLeg(1)), aWish({ table: 77_001, by: 'link', legs: [aLeg(1)] })],
    aKernel({ routes: [balanced(), aRoute({ table: 77_001, nexthopId: V4 + 1 })] }),
    [
      `${ADD} 77004001 dev pppoe-wan_01 proto 77`,
      `${ADD} ${G4} group 77004001 proto 77`,
      ROUTE,
      'route replace 0.0.0.0/0 nhid 77004001 table 77001 metric 7 proto 77',
    ],
  ],
  [
    'a route over somebody else’s device: plain, with no nexthop of ours',
    [aWish({ table: 77_254, by: 'plain', legs: [aLeg(0, { device: 'usb0', gateway: '192.0.2.1' })] })],
    aKernel(),
    ['route replace 0.0.0.0/0 via 192.0.2.1 dev usb0 table 77254 metric 7 proto 77'],
  ],
  [
    'a plain route that stands: nothing',
    [aWish({ table: 77_254, by: 'plain', legs: [aLeg(0, { device: 'usb0' })] })],
    aKernel({ routes: [aRoute({ table: 77_254, legs: [{ device: 'usb0', gateway: undefined, weight: 1 }] })] }),
    [],
  ],
];

for (const [title, all, kernel, expected] of rows) {
  test(title, () => {
    assert.equal(lines(all, kernel), expected);
  });
}

test('two prefixes of a group share its nexthops', () => {
  const both = ['0.0.0.0/0', '10.0.0.0/8'].map((prefix) => aWish({ prefix, legs: [aLeg(1)] }));
  assert.equal(lines(both, aKernel()), [
    `${ADD} 77004001 dev pppoe-wan_01 proto 77`,
    `${ADD} ${G4} group 77004001 proto 77`,
    ROUTE,
    `route replace 10.0.0.0/8 nhid ${G4} metric 7 proto 77`,
  ]);
});

test('IPv6 has ids of its own, and a nexthop without gateway needs ip -6', () => {
  const { steps } = planRoutes([aWish({ ...six, legs: [aLeg(1), aLeg(2, { gateway: 'fe80::1' })] })], [], aKernel());
  assert.equal(
    steps.map((step) => [needsSix(step), renderRouteStep(step)]),
    [
      [true, `${ADD} 77006001 dev pppoe-wan_01 proto 77`],
      [false, `${ADD} 77006002 via fe80::1 dev pppoe-wan_02 proto 77`],
      [false, `${ADD} 77106001 group 77006001/77006002 proto 77`],
      [false, 'route replace ::/0 nhid 77106001 metric 7 proto 77'],
    ],
  );
});

test('somebody’s route with our prefix and metric is not replaced, and named', () => {
  const taken = aRoute({ protocol: 4, legs: [{ device: 'usb0', gateway: undefined, weight: 1 }] });
  const kernel = aKernel({ routes: [taken] });
  assert.equal(lines([wanted(aLeg(1))], kernel), []);
  assert.equal(planRoutes([wanted(aLeg(1))], [], kernel).problems, [
    { code: 'metric_taken', severity: 'error', section: 'group.default', details: { family: 'IPv4', device: 'usb0', metric: 7 } },
  ]);
  for (const other of [{ metric: 8 }, { table: 100 }, { source: '10.0.0.0/8' }, { destination: '10.0.0.0/8' }, { family: 'ipv6' as const }]) {
    assert.equal(codes([wanted(aLeg(1))], aKernel({ routes: [{ ...taken, ...other }] })), []);
  }
});

const old = (...routes: Route[]): Kernel => aKernel({ nexthops: undefined, routes });
test('what refuses is added ahead of all, and taken away behind the routes that do better', () => {
  const { steps } = planRoutes([wanted(aLeg(1))], [refusalAt('ipv4', 254, '0.0.0.0/0', 8), refusalAt('ipv6', 77_200)], aKernel());
  assert.equal(steps.map(renderRouteStep), [
    'route replace unreachable 0.0.0.0/0 metric 8 proto 77',
    'route replace unreachable ::/0 table 77200 metric 4278198272 proto 77',
    `${ADD} 77004001 dev pppoe-wan_01 proto 77`,
    `${ADD} ${G4} group 77004001 proto 77`,
    ROUTE,
  ]);
  const there = { unreachable: [aRoute({ metric: 8 }), aRoute({ table: 77_200, metric: 4_278_198_272 }), aRoute({ protocol: 3 }), aRoute({ table: 100 })] };
  assert.equal(planRoutes([], [refusalAt('ipv4', 254, '0.0.0.0/0', 8)], aKernel(there)).steps.map(renderRouteStep), [
    'route del 0.0.0.0/0 table 77200 metric 4278198272 proto 77',
  ]);
});

test('a foreign route in a table of ours names the section that wants it', () => {
  const kernel = aKernel({ routes: [aRoute({ table: 77_001, protocol: 3, legs: [{ device: 'usb0', gateway: undefined, weight: 1 }] })] });
  const { problems } = planRoutes([aWish({ table: 77_001, owner: 'link.wan_01', by: 'link', legs: [aLeg(1)] })], [], kernel);
  assert.equal(
    problems.map(({ code, section }) => [code, section]),
    [['metric_taken', 'link.wan_01']],
  );
});

const classic = (legs: [slot: number, weight: number][], fields: Partial<Route> = {}) =>
  aRoute({ legs: legs.map(([slot, weight]) => ({ device: `pppoe-wan_0${slot}`, gateway: undefined, weight })), ...fields });

const oldRows: [title: string, wanted: Wish[], routes: Route[], lines: string[]][] = [
  [
    'two links: one classic multipath route',
    [wanted(aLeg(1, { weight: 3 }), aLeg(2, { gateway: '192.0.2.1' }))],
    [],
    ['route replace 0.0.0.0/0 metric 7 proto 77 nexthop dev pppoe-wan_01 weight 3 nexthop via 192.0.2.1 dev pppoe-wan_02 weight 1'],
  ],
  [
    'what stands already: nothing',
    [wanted(aLeg(1, { weight: 3 }), aLeg(2))],
    [
      classic([
        [1, 3],
        [2, 1],
      ]),
    ],
    [],
  ],
  [
    'another weight: the route anew',
    [wanted(aLeg(1), aLeg(2))],
    [
      classic([
        [1, 3],
        [2, 1],
      ]),
    ],
    ['route replace 0.0.0.0/0 metric 7 proto 77 nexthop dev pppoe-wan_01 weight 1 nexthop dev pppoe-wan_02 weight 1'],
  ],
  ['one link: a plain route', [wanted(aLeg(1, { weight: 3 }))], [], ['route replace 0.0.0.0/0 dev pppoe-wan_01 metric 7 proto 77']],
  ['one link of any weight that stands: nothing', [wanted(aLeg(1, { weight: 3 }))], [classic([[1, 1]])], []],
  [
    'no link: the route goes',
    [wanted()],
    [
      classic([
        [1, 1],
        [2, 1],
      ]),
    ],
    ['route del 0.0.0.0/0 metric 7 proto 77'],
  ],
  ['IPv6 without gateways can’t be shared', [aWish({ ...six, legs: [aLeg(1), aLeg(2)] })], [], []],
  ['one IPv6 link needs no gateway', [aWish({ ...six, legs: [aLeg(1)] })], [], ['route replace ::/0 dev pppoe-wan_01 metric 7 proto 77']],
];

for (const [title, all, routes, expected] of oldRows) {
  test(`without nexthop objects: ${title}`, () => {
    assert.equal(lines(all, old(...routes)), expected);
  });
}

test('a system without nexthop objects is told so, but only while something is shared', () => {
  assert.equal(codes([wanted(aLeg(1))], old()), ['nexthop_unsupported']);
  assert.equal(codes([wanted()], old()), []);
  assert.equal(codes([aWish({ ...six, legs: [aLeg(1), aLeg(2)] })], old()), ['nexthop_unsupported', 'multipath6_needs_gateway']);
});

test.run();

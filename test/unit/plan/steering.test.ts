// Marks, tables and rules: which traffic finds which table, and what a table holds while links live or not.
import * as assert from 'uvu/assert';
import type { Group, Pin } from '../../../agent/src/config/parse.ts';
import type { Rule } from '../../../agent/src/observe/kernel.ts';
import type { NetifdInterface } from '../../../agent/src/observe/netifd.ts';
import { chooseLegs } from '../../../agent/src/plan/legs.ts';
import { liveLegs, planBalances, type Link } from '../../../agent/src/plan/members.ts';
import { renderRule } from '../../../agent/src/plan/rules.ts';
import { addressesOf, chooseTargets, planTables, wantedRules, type Live } from '../../../agent/src/plan/steering.ts';
import { aConfig, aGroup, aKernel, aLink, anInterface, aPin, aRoute } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const LINKS = [aLink('wan_01', 1), aLink('wan_02', 2)];
const upOf = (name: string, last: number, fields: Partial<NetifdInterface> = {}) => anInterface(name, { ipv4: [`10.67.1.${last}`], ...fields });
const UP = [upOf('wan_01', 1), upOf('wan_02', 2)];

const liveOf = (interfaces: NetifdInterface[], kernel = aKernel(), links = LINKS, groups: Group[] = [], asked: Partial<Asked> = {}): Live => ({
  interfaces,
  kernel,
  legs: chooseLegs(links, groups, { dead: { ipv4: [], ipv6: [] }, unheard: { ipv4: [], ipv6: [] }, resting: [], ...asked }, (some, family) =>
    liveLegs(some, family, interfaces, () => true),
  ),
});

type Asked = Parameters<typeof chooseLegs>[2];
type Given = {
  asked?: Partial<Asked>;
  links?: Link[];
  groups?: Group[];
  pins?: Pin[];
  interfaces?: NetifdInterface[];
  kernel?: ReturnType<typeof aKernel>;
  hasMarks?: boolean;
};

function steer({ links = LINKS, groups = [], pins = [], interfaces = UP, kernel = aKernel(), hasMarks = true, asked = {} }: Given) {
  const config = aConfig({ groups, pins });
  const live = liveOf(interfaces, kernel, links, groups, asked);
  const targets = chooseTargets(config, links, live.legs.isAvoided);
  const { balances } = planBalances(config, links);
  const { wishes, refusals } = planTables(links, balances, targets, live);
  const rules = wantedRules(links, balances, targets, live, hasMarks);
  return {
    targets,
    tables: wishes
      .filter((wish) => wish.family === 'ipv4')
      .map(({ table, prefix, legs, by, owner }) => [
        table,
        prefix,
        legs.map((leg) => leg.device).join('+'),
        typeof by === 'object' ? `group ${by.group}` : by,
        owner,
      ]),
    refusals: refusals.filter(({ family }) => family === 'ipv4').map(({ table, prefix, metric }) => [table, prefix, metric]),
    rules: rulesIn(rules, 'ipv4'),
    rules6: rulesIn(rules, 'ipv6'),
  };
}

const rulesIn = (rules: readonly Rule[], family: string): string[] => rules.filter((rule) => rule.family === family).map(renderRule);
const MARKED = [
  'pref 4000 not fwmark 0/0xff000000 lookup 254 suppress_prefixlength 0',
  'pref 4001 fwmark 0x01000000/0xff000000 lookup 77001',
  'pref 4002 fwmark 0x02000000/0xff000000 lookup 77002',
];

test('each link has a mark and a table, its address finds it, and main’s own prefixes go first', () => {
  const { rules, rules6, tables } = steer({});
  assert.equal(rules, [
    ...MARKED,
    'pref 4300 from 10.67.1.1 lookup 254 suppress_prefixlength 0',
    'pref 4301 from 10.67.1.1 lookup 77001',
    'pref 4300 from 10.67.1.2 lookup 254 suppress_prefixlength 0',
    'pref 4302 from 10.67.1.2 lookup 77002',
  ]);
  assert.equal(rules6, MARKED);
  assert.equal(tables, [
    [254, '0.0.0.0/0', 'pppoe-wan_01+pppoe-wan_02', 'group 1', 'group.default'],
    [77_001, '0.0.0.0/0', 'pppoe-wan_01', 'link', 'link.wan_01'],
    [77_002, '0.0.0.0/0', 'pppoe-wan_02', 'link', 'link.wan_02'],
  ]);
});

test('a link that is down keeps its mark, for it will be back, and loses its table and its address', () => {
  const { rules, tables } = steer({ interfaces: [upOf('wan_01', 1), upOf('wan_02', 2, { up: false })] });
  assert.equal(rules.slice(0, 3), MARKED);
  assert.not.ok(rules.some((rule) => rule.includes('10.67.1.2')));
  assert.not.ok(tables.some(([table]) => table === 77_002));
});

test('without nft nothing has a mark, and addresses still find their link', () => {
  const { rules, rules6 } = steer({ hasMarks: false });
  assert.equal([rules.length, rules6], [4, []]);
  assert.ok(rules.every((rule) => rule.includes('from 10.67.1.')));
});

test('without links there is nothing', () => {
  assert.equal(steer({ links: [], pins: [aPin('p', 'none')], groups: [aGroup('g')] }), {
    targets: { groups: [], pins: [], problems: [] },
    tables: [[254, '0.0.0.0/0', '', 'group 1', 'group.g']],
    refusals: [],
    rules: [],
    rules6: [],
  });
});

test('an address that two links have finds the first, and only good ones become words', () => {
  const { rules } = steer({ interfaces: [upOf('wan_01', 1, { ipv4: ['10.67.1.9', '10.67.1.9 table 1', ''] }), upOf('wan_02', 9)] });
  assert.equal(rules.slice(3), ['pref 4300 from 10.67.1.9 lookup 254 suppress_prefixlength 0', 'pref 4301 from 10.67.1.9 lookup 77001']);
});

test('a link’s addresses are those of all interfaces over its device, without link-local ones', () => {
  const made = anInterface('wan_01_6', { l3Device: 'pppoe-wan_01', ipv4: [], ipv6: ['2001:DB8:0::1', 'fe80::1', 'febf::1', '2001:db8::1'] });
  assert.equal(addressesOf(LINKS[0] as Link, [...UP, made]), ['10.67.1.1', '2001:db8::1']);
  assert.equal(addressesOf(LINKS[0] as Link, [upOf('wan_01', 1, { up: false }), made]), []);
});

const resolving = (...lists: string[][]) => lists.map((dns, at) => upOf(`wan_0${at + 1}`, at + 1, { dns }));
const resolverRules = (...lists: string[][]) => steer({ interfaces: resolving(...lists) }).rules.filter((rule) => /^pref 4[56]/.test(rule));

test('a resolver of one link is asked by that link, one of all links by any', () => {
  assert.equal(resolverRules(['192.0.2.53', '198.51.100.1'], ['192.0.2.53']), [
    'pref 4500 to 198.51.100.1 lookup 254 suppress_prefixlength 0',
    'pref 4501 to 198.51.100.1 lookup 77001',
  ]);
  assert.equal(resolverRules(['192.0.2.53'], ['192.0.2.53']), []);
  assert.equal(resolverRules([], ['192.0.2.53 table 1', 'fe80::1', '']), []);
});

test('a resolver of several links, but not all, is asked by the first that lives', () => {
  const links = [...LINKS, aLink('wan_03', 3)];
  const interfaces = [upOf('wan_01', 1, { routes: [], dns: ['192.0.2.53'] }), upOf('wan_02', 2, { dns: ['192.0.2.53'] }), upOf('wan_03', 3)];
  const { rules } = steer({ links, interfaces });
  assert.equal(
    rules.filter((rule) => rule.includes('to 192.0.2.53 lookup 77')),
    ['pref 4502 to 192.0.2.53 lookup 77002'],
  );
});

test('a link that is down has no say in which resolvers are everybody’s', () => {
  const links = [...LINKS, aLink('wan_03', 3)];
  const interfaces = [upOf('wan_01', 1, { dns: ['192.0.2.53'] }), upOf('wan_02', 2, { dns: ['192.0.2.53'] })];
  const { rules } = steer({ links, interfaces });
  assert.not.ok(rules.some((rule) => rule.includes('192.0.2.53')));
});

test('balanced prefixes have a table of their own, the longest first, each behind what main has for longer ones', () => {
  const groups = [aGroup('g', { dest: ['10.0.0.0/8', '0.0.0.0/0', '198.51.100.7/32', '10.9.0.0/16'] })];
  const { rules, tables } = steer({ groups });
  assert.equal(
    rules.filter((rule) => rule.startsWith('pref 47')),
    [
      'pref 4700 to 198.51.100.7 lookup 254 suppress_prefixlength 32',
      'pref 4701 to 198.51.100.7 lookup 77255',
      'pref 4702 to 10.9.0.0/16 lookup 254 suppress_prefixlength 16',
      'pref 4703 to 10.9.0.0/16 lookup 77255',
      'pref 4704 to 10.0.0.0/8 lookup 254 suppress_prefixlength 8',
      'pref 4705 to 10.0.0.0/8 lookup 77255',
    ],
  );
  assert.equal(
    tables.filter(([, , , by]) => by === 'group 1').map(([table, prefix]) => [table, prefix]),
    [
      [77_255, '10.0.0.0/8'],
      [254, '0.0.0.0/0'],
      [77_255, '198.51.100.7/32'],
      [77_255, '10.9.0.0/16'],
    ],
  );
});

test('a last resort refuses behind the balanced route, in the same table, also while links live', () => {
  const { refusals } = steer({ groups: [aGroup('g', { isLastResort: true, dest: ['0.0.0.0/0', '10.0.0.0/8'] })] });
  assert.equal(refusals, [
    [254, '0.0.0.0/0', 8],
    [77_255, '10.0.0.0/8', 8],
  ]);
  assert.equal(steer({ groups: [aGroup('g')] }).refusals, []);
  assert.equal(steer({ groups: [aGroup('g', { isLastResort: true, links: ['ghost'] })] }).refusals, [], 'not where no link could ever live');
});

test('a pin to a link uses that link’s mark, a pin to a group a table for the group', () => {
  const { targets, tables, rules, refusals } = steer({ groups: [aGroup('g', { links: ['wan_02'] })], pins: [aPin('p', 'wan_01'), aPin('q', 'g')] });
  assert.equal(
    targets.pins.map(({ target }) => [target.kind, target.mark]),
    [
      ['link', 1],
      ['group', 192],
    ],
  );
  assert.equal(tables.at(-1), [77_192, '0.0.0.0/0', 'pppoe-wan_02', 'group 1', 'pin.q']);
  assert.ok(rules.includes('pref 4192 fwmark 0xc0000000/0xff000000 lookup 77192'));
  assert.equal(refusals, []);
});

test('a strict pin has a table of its own that ends in a refusal, one for all pins to the same', () => {
  const pins = [aPin('p', 'wan_01', { strict: true }), aPin('q', 'wan_01', { strict: true }), aPin('r', 'wan_01')];
  const { targets, tables, refusals } = steer({ pins });
  assert.equal(
    targets.pins.map(({ target }) => target.mark),
    [192, 192, 1],
  );
  assert.equal(
    tables.filter(([table]) => table === 77_192),
    [[77_192, '0.0.0.0/0', 'pppoe-wan_01', 'link', 'pin.p']],
  );
  assert.equal(refusals, [[77_192, '0.0.0.0/0', 4_278_198_272]]);
  const down = steer({ pins, interfaces: [upOf('wan_01', 1, { up: false }), upOf('wan_02', 2)] });
  assert.equal([down.tables.find(([table]) => table === 77_192)?.[2], down.refusals], ['', [[77_192, '0.0.0.0/0', 4_278_198_272]]]);
});

test('a strict pin to a group refuses once all its links are down', () => {
  const { tables, refusals } = steer({ groups: [aGroup('g')], pins: [aPin('p', 'g', { strict: true })] });
  assert.equal(tables.at(-1), [77_193, '0.0.0.0/0', 'pppoe-wan_01+pppoe-wan_02', 'group 1', 'pin.p']);
  assert.equal(refusals, [[77_193, '0.0.0.0/0', 4_278_198_272]]);
});

test('a pin to something unknown has no effect, a strict one refuses, and both are told', () => {
  const { targets, tables, refusals } = steer({ pins: [aPin('p', 'ghost'), aPin('q', 'ghost', { strict: true })] });
  assert.equal(
    targets.problems.map(({ code, severity, section }) => [code, severity, section]),
    [
      ['pin_target_unknown', 'warning', 'pin.p'],
      ['pin_target_unknown', 'error', 'pin.q'],
    ],
  );
  assert.equal(
    targets.pins.map(({ pin }) => pin.name),
    ['q'],
  );
  assert.equal([tables.at(-1)?.[2], refusals.length], ['', 1]);
});

test('a link is meant before a group of the same name', () => {
  const { targets } = steer({ groups: [aGroup('wan_01')], pins: [aPin('p', 'wan_01')] });
  assert.is(targets.pins[0]?.target.kind, 'link');
});

test('none is the best default that is not ours, by a plain route', () => {
  const leg = { device: 'usb0', gateway: '192.0.2.1', weight: 1 };
  const own = (metric: number, device: string) => aRoute({ protocol: 4, metric, legs: [{ ...leg, device }] });
  const routes = [
    aRoute({ legs: [leg] }),
    own(7001, 'pppoe-wan_01'),
    own(50, 'usb0'),
    { ...own(1, 'x'), table: 100 },
    { ...own(1, 'x'), source: '10.0.0.0/8' },
  ];
  const { tables } = steer({ pins: [aPin('p', 'none')], kernel: aKernel({ routes }) });
  assert.equal(tables.at(-1), [77_254, '0.0.0.0/0', 'usb0', 'plain', 'pin']);
  assert.not.ok(steer({ pins: [aPin('p', 'none')] }).tables.some(([table]) => table === 77_254));
});

test('only a group that spreads packets, is sticky or is asked for by a pin has a mark', () => {
  const groups = [aGroup('plain'), aGroup('sticky', { sticky: 'site' }), aGroup('packet', { mode: 'packet' }), aGroup('asked'), aGroup('other')];
  const marksOf = (pins: Pin[]) => chooseTargets(aConfig({ groups, pins }), LINKS).groups.map(({ index, mark }) => [index, mark]);
  const marks = (...list: number[]) => list.map((mark, at) => [at + 1, mark]);
  assert.equal(marksOf([aPin('p', 'asked')]), marks(0, 192, 193, 194, 0));
  assert.equal(marksOf([aPin('p', 'asked', { strict: true })]), marks(0, 192, 193, 194, 0));
  assert.equal(marksOf([]), marks(0, 192, 193, 0, 0));
});

test('there are marks for 62 groups and strict targets; any further group is shared like any other, and that is told once', () => {
  const groups = Array.from({ length: 70 }, (_, at) => aGroup(`g${at}`, { sticky: 'client', ...(at === 69 ? { mode: 'packet' } : {}) }));
  const pins = [aPin('p', 'g61'), aPin('q', 'g62'), aPin('r', 'wan_01', { strict: true })];
  const { groups: marked, pins: pinned, problems } = chooseTargets(aConfig({ groups, pins }), LINKS);
  assert.equal(
    [0, 61, 62, 69].map((at) => [marked[at]?.mark, marked[at]?.group.sticky, marked[at]?.group.mode]),
    [
      [192, 'client', 'flow'],
      [253, 'client', 'flow'],
      [0, 'off', 'flow'],
      [0, 'off', 'flow'],
    ],
  );
  assert.is(marked.length, 70);
  assert.equal(
    pinned.map(({ pin, target }) => [pin.name, target.mark]),
    [['p', 253]],
  );
  assert.equal(
    problems.map(({ code, section }) => [code, section]),
    [
      ['slots_exhausted', 'group.g62'],
      ['pin_target_unknown', 'pin.q'],
    ],
  );
});

test('any number of plain groups costs no mark', () => {
  const groups = Array.from({ length: 70 }, (_, at) => aGroup(`g${at}`));
  const { groups: marked, problems } = chooseTargets(aConfig({ groups }), LINKS);
  assert.equal([marked.length, marked.every(({ mark }) => mark === 0), problems], [70, true, []]);
});

test.run();

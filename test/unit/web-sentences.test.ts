// Sentences: for every code the agent can send, every fault of a call, every end of an apply, every state of the links.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import {
  checkMessages,
  messages,
  toTold,
  type GroupRoute,
  type LinkStatus,
  type Plan,
  type Problem,
  type ProblemCode,
  type Status,
} from '../../agent/src/contract/index.ts';
import type { AgentFault } from '../../web/src/agent.ts';
import type { Why } from '../../web/src/model/apply-state.ts';
import { countUp, toProgress } from '../../web/src/model/progress.ts';
import { explain } from '../../web/src/model/reasons.ts';
import { describeFault, describeLoginFault, describeProblem, describeWhy } from '../../web/src/model/sentences.ts';
import { headline } from '../../web/src/model/headline.ts';
import { describeRoute, toSentences } from '../../web/src/model/summary.ts';
import { t, tn, useCatalog } from '../../web/src/t.ts';

const isFilled = (text: string): boolean => text.length > 7 && !/[{}]|undefined|NaN|\[object/.test(text);
const isSentence = (text: string): boolean => /^\S.*[.?!]$/su.test(text) && isFilled(text);

const problems = suite('problems');
const told: Record<ProblemCode, string> = { ...checkMessages, ...messages };
const codes = Object.keys(told) as ProblemCode[];

problems('there are some', () => assert.ok(codes.length > 30));

for (const code of codes) {
  const names = [...told[code].matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const details = Object.fromEntries(names.filter((name) => name !== 'section' && name !== 'option').map((name) => [name, `<${name}>`]));
  problems(`${code} has a sentence that holds all its details`, () => {
    const problem: Problem = { code, severity: 'error', section: 'line.wan', option: 'mtu', details };
    const text = describeProblem(code in checkMessages ? problem : toTold(problem));
    assert.ok(isFilled(text), text);
    for (const value of Object.values(details)) assert.ok(text.includes(value), `${value} in: ${text}`);
  });
}

problems('a translation is found by the code, and filled in', () => {
  useCatalog({ 'problem.busy': 'Läuft schon ({pid}).', 'problem.option_missing': '{section}: {option} fehlt.' });
  assert.is(describeProblem(toTold({ code: 'busy', severity: 'error', details: { pid: 7 } })), 'Läuft schon (7).');
  assert.is(describeProblem({ code: 'option_missing', severity: 'error', section: 'line.wan', option: 'device' }), 'line.wan: device fehlt.');
  useCatalog({});
});
problems('what only a newer agent knows is said in its own English', () => {
  const newer: Problem = { code: 'heard_of_tomorrow' as ProblemCode, severity: 'error', details: { name: 'x' }, message: 'There is a {name} <b>.' };
  assert.is(describeProblem(newer), 'There is a {name} <b>.');
});

problems('a list in the details is joined, markup in them stays what it is', () => {
  const problem: Problem = { code: 'pending_changes', severity: 'error', details: { packages: ['network', '<img src=x onerror=alert(1)>'] } };
  assert.match(describeProblem(toTold(problem)), 'in network, <img src=x onerror=alert(1)>.');
});
problems.run();

const faults = suite('faults');
const every: AgentFault[] = [
  { kind: 'network', message: 'Failed to fetch' },
  { kind: 'timeout', afterMs: 8000 },
  { kind: 'aborted' },
  { kind: 'http', httpStatus: 404 },
  { kind: 'malformed', message: 'not JSON' },
  { kind: 'too_large', bytes: 70_000 },
  { kind: 'expired' },
  { kind: 'denied', object: 'uci', method: 'set' },
  { kind: 'protocol', code: -32000, message: 'Object not found' },
  { kind: 'protocol', code: -32700, message: 'Parse error' },
  { kind: 'ubus', code: 2, status: 'INVALID_ARGUMENT' },
  { kind: 'silent' },
  { kind: 'agent', problem: toTold({ code: 'busy', severity: 'error', details: { pid: 12 } }) },
];
for (const fault of every) {
  faults(`${fault.kind}${'code' in fault ? ` ${fault.code}` : ''} is a sentence`, () => assert.ok(isSentence(describeFault(fault)), describeFault(fault)));
}

faults('are told apart: no two kinds share a sentence', () => {
  assert.is(new Set(every.map(describeFault)).size, every.length);
});

faults('a refused login speaks of account and password', () => {
  assert.match(describeLoginFault({ kind: 'ubus', code: 6, status: 'PERMISSION_DENIED' }), /password/);
  assert.not.match(describeLoginFault({ kind: 'timeout', afterMs: 10_000 }), /password/);
});

const whys: Why[] = [
  { kind: 'fault', fault: { kind: 'expired' } },
  { kind: 'nothing' },
  { kind: 'busy' },
  { kind: 'foreign', packages: ['network', 'dhcp'] },
  { kind: 'problems', problems: [] },
  { kind: 'late' },
  { kind: 'undone' },
];
for (const why of whys)
  faults(`an apply that ended for the reason “${why.kind}” is a sentence`, () => assert.ok(isSentence(describeWhy(why)), describeWhy(why)));
faults('names the packages that are in the way', () => assert.match(describeWhy({ kind: 'foreign', packages: ['network', 'dhcp'] }), 'network, dhcp'));
faults.run();

const reasons = suite('reasons');
for (const code of ['AUTH_TOPEER_FAILED', 'CONNECT_FAILED', 'HANGUP', 'PEER_DEAD', 'NO_DEVICE', 'USER_REQUEST', 'OPTION_ERROR']) {
  reasons(`${code} has words of its own and advice`, () => {
    const { text, advice } = explain({ subsystem: 'pppoe', code });
    assert.not.match(text, code);
    assert.ok(isSentence(advice), advice);
  });
}
reasons('a wrong password leads to account and password', () =>
  assert.match(explain({ subsystem: 'pppoe', code: 'AUTH_TOPEER_FAILED' }).advice, /account and password/),
);
for (const code of ['NEW_CODE', 'constructor', '__proto__']) {
  reasons(`the unknown code ${code} is shown as it came`, () =>
    assert.equal(explain({ subsystem: 'x', code }), { text: code, advice: 'Look at the system log.' }),
  );
}
reasons.run();

const words = suite('words');
const link = (name: string, more: Partial<LinkStatus> = {}): LinkStatus => ({
  name,
  state: 'up',
  ipv4: [],
  ipv6: [],
  weight: 1,
  balanced: { ipv4: true, ipv6: false },
  ...more,
});
const idle = { balanced: { ipv4: false, ipv6: false } } as const;
const auth = { subsystem: 'pppoe', code: 'AUTH_TOPEER_FAILED' };
const heads: [enabled: boolean, links: LinkStatus[], sentence: string][] = [
  [true, [], 'No line is set up yet.'],
  [false, [], 'multidial is turned off.'],
  [true, [link('a')], 'The one link carries traffic.'],
  [true, [link('a'), link('b')], 'All 2 links carry traffic.'],
  [true, [link('a'), link('b', { state: 'dialing', ...idle })], '1 of 2 links carry traffic. 1 is dialing.'],
  [true, [link('a'), link('b', { state: 'failed', reason: auth, ...idle })], '1 of 2 links carry traffic. b is down: The provider refused the account.'],
];
for (const [enabled, links, sentence] of heads) {
  words(`the overview begins: ${sentence}`, () => assert.is(headline({ enabled, links } as Status), sentence));
}

const route = (more: Partial<GroupRoute>): GroupRoute => ({
  group: 'default',
  family: 'ipv4',
  prefix: '0.0.0.0/0',
  route: 'present',
  kind: 'nexthop',
  members: [],
  ...more,
});
for (const [given, sentence] of [
  [route({ members: ['a', 'b', 'c'].map((name) => ({ link: name, weight: 1 })) }), 'shared by 3 next hops'],
  [route({ members: [{ link: 'a', weight: 1 }] }), '1 next hop'],
  [route({ route: 'none' }), 'no route'],
  [route({ route: 'fallback' }), 'one link at a time, by the router’s own default'],
] as const) {
  words(`a route is “${sentence}”`, () => assert.is(describeRoute(given), sentence));
}

const plan = (summary: Partial<Plan['summary']>, more: Partial<Plan> = {}): Plan => ({
  revision: 'r',
  blocked: false,
  summary: { linksAdded: [], linksRemoved: [], linksChanged: [], lines: [], ...summary },
  uci: [],
  system: [],
  problems: [],
  ...more,
});
words('a plan of four links says what comes into being', () => {
  const lines = [{ name: 'wan', device: 'eth0.2', sessions: 2, ipv6: 'nat' as const }];
  const text = toSentences(plan({ lines, linksAdded: ['wan_01', 'wan_02'] })).join('\n');
  assert.match(text, '2 virtual ports on eth0.2');
  assert.match(text, 'wan_01, wan_02');
  assert.match(text, 'NAT66');
});
words('a plan says which links go', () => assert.match(toSentences(plan({ linksRemoved: ['wan_03'] })).join('\n'), 'wan_03'));
words('a plan of routes alone is not called nothing', () => assert.is(toSentences(plan({}, { system: [{ tool: 'ip', text: 'x' }] })).length, 1));
words('a plan of nothing says nothing', () => assert.equal(toSentences(plan({})), []));

words('progress lists what is planned until the router lists it', () => {
  const progress = toProgress(['wan_01', 'wan_02'], [link('wan_01', { state: 'failed', reason: auth }), link('wwan', { reason: auth })]);
  assert.equal(progress, [
    { name: 'wan_01', state: 'failed', reason: auth },
    { name: 'wwan', state: 'up' },
    { name: 'wan_02', state: 'awaited' },
  ]);
  assert.is(countUp(progress), '1 of 3 links are up.');
  assert.is(countUp([{ name: 'a', state: 'up' }]), 'The link is up.');
});

words('values are filled in once: what they hold is not looked at again', () => {
  assert.is(t('{a} {b}', { a: '{b}', b: 'x' }), '{b} x');
  assert.is(t('{unknown}'), '{unknown}');
  assert.is(tn(1, 'one', 'many'), 'one');
  assert.is(tn(0, 'one', '{count} of {all}', { all: 3 }), '0 of 3');
});
words.run();

// Policy rules: what is missing is added ahead of what goes, and nobody else's is ever taken away.
import * as assert from 'uvu/assert';
import type { Rule } from '../../../agent/src/observe/kernel.ts';
import { planRules, renderRule, renderRuleStep } from '../../../agent/src/plan/rules.ts';
import { aRule } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const lines = (wanted: Rule[], present: Rule[]): string[] => planRules(wanted, present).map(renderRuleStep);
const marked = (mark: number, fields: Partial<Rule> = {}) => aRule(4000 + mark, { mark, table: 77_000 + mark, ...fields });

const words: [rule: Rule, text: string][] = [
  [aRule(4000, { not: true, mark: 0, suppress: 0 }), 'pref 4000 not fwmark 0/0xff000000 lookup 254 suppress_prefixlength 0'],
  [marked(1), 'pref 4001 fwmark 0x01000000/0xff000000 lookup 77001'],
  [marked(254), 'pref 4254 fwmark 0xfe000000/0xff000000 lookup 77254'],
  [aRule(4501, { to: '192.0.2.53', table: 77_001 }), 'pref 4501 to 192.0.2.53 lookup 77001'],
  [aRule(4301, { from: '2001:db8::1', table: 77_001 }), 'pref 4301 from 2001:db8::1 lookup 77001'],
  [aRule(4700, { to: '10.0.0.0/8', suppress: 8 }), 'pref 4700 to 10.0.0.0/8 lookup 254 suppress_prefixlength 8'],
];

for (const [rule, text] of words) {
  test(`writes ${text}`, () => {
    assert.is(renderRule(rule), text);
  });
}

test('what stands is left, what is missing is added, then what is too many goes', () => {
  assert.equal(lines([marked(1), marked(2)], [marked(2), marked(3)]), [
    'rule add pref 4001 fwmark 0x01000000/0xff000000 lookup 77001 protocol 77',
    'rule del pref 4003 fwmark 0x03000000/0xff000000 lookup 77003 protocol 77',
  ]);
  assert.equal(lines([marked(1)], [marked(1)]), []);
  assert.equal(lines([], []), []);
});

test('the same selector in another family or with another table is another rule', () => {
  assert.equal(planRules([marked(1)], [marked(1, { family: 'ipv6' })]), [
    { op: 'rule-add', rule: marked(1) },
    { op: 'rule-del', rule: marked(1, { family: 'ipv6' }) },
  ]);
  assert.equal(lines([marked(1)], [marked(1, { table: 77_002 })]).length, 2);
});

test('the same one twice is one too many', () => {
  assert.equal(lines([marked(1)], [marked(1), marked(1)]), ['rule del pref 4001 fwmark 0x01000000/0xff000000 lookup 77001 protocol 77']);
});

const foreign: [title: string, rule: Rule][] = [
  ['the kernel’s own', aRule(32766, { protocol: 0 })],
  ['one of another protocol among our preferences', marked(9, { protocol: 4 })],
  ['one of another protocol that looks up a table of ours', aRule(4500, { from: '10.0.0.1', table: 77_001, protocol: 3 })],
  ['one of our protocol beside our preferences', aRule(5000, { table: 77_001 })],
  ['one of our protocol below them', aRule(3999, { table: 77_001 })],
  ['one without a protocol that looks up somebody’s table', aRule(4100, { table: 100, protocol: 0 })],
  ['one without a protocol that looks up main', aRule(4100, { protocol: 0 })],
  ['one without a protocol that looks up a range of somebody’s table', aRule(4100, { table: 100, suppress: 0, protocol: 0 })],
  ['one without a protocol that looks up a table of ours elsewhere', aRule(100, { table: 77_001, protocol: 0 })],
];

for (const [title, rule] of foreign) {
  test(`leaves ${title}`, () => {
    assert.equal(lines([], [rule]), []);
  });
}

test('before Linux 4.17, which keeps no protocol, ours are known by what they look up', () => {
  const old = [marked(1, { protocol: 0 }), aRule(4000, { not: true, mark: 0, suppress: 0, protocol: 0 })];
  assert.equal(lines([], old), [
    'rule del pref 4001 fwmark 0x01000000/0xff000000 lookup 77001 protocol 77',
    'rule del pref 4000 not fwmark 0/0xff000000 lookup 254 suppress_prefixlength 0 protocol 77',
  ]);
  assert.equal(lines([marked(1)], [marked(1, { protocol: 0 })]), []);
});

test('one of somebody else’s with just our words is not taken for ours', () => {
  assert.equal(lines([marked(1)], [marked(1, { protocol: 4 })]), ['rule add pref 4001 fwmark 0x01000000/0xff000000 lookup 77001 protocol 77']);
});

test.run();

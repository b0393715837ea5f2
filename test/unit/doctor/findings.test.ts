// The doctor's checks: each finding is provoked and mended, a healthy router has none, and what can't be asked is skipped with its reason.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { explain, findings, skipReasons } from '../../../agent/src/contract/index.ts';
import type { CheckName, FindingCode, SkipReason } from '../../../agent/src/contract/index.ts';
import { checks, examine } from '../../../agent/src/doctor/examine.ts';
import { test } from '../../limit.ts';
import { neighbourRows, ruleRows, sessionRows } from './network-rows.ts';
import { aPatient, failing, INTERFACES } from './patient.ts';
import type { Changes } from './patient.ts';
import { deviceRows, dialRows, firewallRows, kernelRows, setupRows } from './rows.ts';

const rows = [...setupRows, ...kernelRows, ...firewallRows, ...deviceRows, ...dialRows, ...sessionRows, ...ruleRows, ...neighbourRows];
const contract = readFileSync(join(import.meta.dirname, '../../../agent/src/contract/doctor.ts'), 'utf8');
const wordsOf = (type: string): string[] =>
  [...(contract.split(`export type ${type} =`)[1]?.split(';')[0] ?? '').matchAll(/'(\w+)'/g)].map(([, word = '']) => word);
const isLeft = (text: string): boolean => /\{\w+\}|undefined|\[object/.test(text);

test('a healthy router has no findings, and every check was made', () => {
  const report = examine(aPatient({}));
  assert.equal([report.findings, report.skipped], [[], []]);
  assert.equal(report.checked.toSorted(), wordsOf('CheckName').toSorted());
  assert.is(new Set(checks.map(({ name }) => name)).size, checks.length);
});

for (const { finding, ill, well = [{}] } of rows) {
  const { code, severity, link = '', section = '', details = {} } = finding;
  test(`${code} is found (${[severity, link, section, Object.values(details).join(' ')].filter(Boolean).join(', ')}), and gone when it is mended`, () => {
    const found = examine(aPatient(ill)).findings.filter((other) => other.code === code);
    assert.equal(found, [finding]);
    const { what, why, mend } = explain(finding);
    for (const said of [what, why, mend]) assert.not.ok(isLeft(said), said);
    for (const mended of well) {
      const left = examine(aPatient(mended)).findings.filter((other) => other.code === code);
      assert.equal(left, [], JSON.stringify(mended));
    }
  });
}

test('every code has a row that provokes it and its sentences', () => {
  assert.ok(wordsOf('FindingCode').length > 40);
  assert.equal([...new Set(rows.map(({ finding }) => finding.code))].toSorted(), wordsOf('FindingCode').toSorted());
  assert.equal(Object.keys(findings).toSorted(), wordsOf('FindingCode').toSorted());
  assert.equal(Object.keys(skipReasons).toSorted(), wordsOf('SkipReason').toSorted());
});

for (const [code, { what, why, mend }] of Object.entries(findings)) {
  test(`${code} says what, why and how to mend it in sentences that end`, () => {
    assert.match(what, /[.:}]$/);
    assert.match(why, /\.$/);
    assert.ok(mend.length > 10 && !/[.,;] *$/.test(mend.replace(/\.$/, '')));
    for (const text of [what, why, mend]) assert.not.match(text, /[^ -~’]| {2}|'t\b|'s\b/);
  });
}

const noLinks = { network: '' };
const netifdSilent = { interfaces: { exit: 7, reason: 'x' } };
const allDown = { interfaces: INTERFACES.map((entry) => ({ ...entry, up: false })) };
const unreadable = { packageProblems: [{ code: 'reply_unreadable', severity: 'error' } as const], firewall: '' };

const otherUnreadable = { packageProblems: [{ code: 'reply_unreadable', severity: 'error' } as const] };

test('a package that can’t be read leaves out only what needs it', () => {
  assert.equal(examine(aPatient(otherUnreadable)).skipped, []);
});

const skipRows: [reason: SkipReason, ill: Changes, checks: CheckName[]][] = [
  ['no_lines', { config: { lines: [] } }, ['ports']],
  ['no_lines', { config: { enabled: false } }, ['ports']],
  ['no_links', noLinks, ['hash_policy', 'macs', 'names', 'dialing', 'zone', 'metrics']],
  ['no_live_links', allDown, ['carrier', 'addresses', 'mtu', 'resolvers']],
  ['netifd_silent', netifdSilent, ['carrier', 'dialing', 'addresses', 'mtu', 'resolvers']],
  ['ip_silent', { kernel: { exit: 1, reason: 'x' } }, ['rules_ipv4', 'rules_ipv6', 'tables', 'defaults', 'metrics']],
  ['ip_silent', { rules: { ipv4: [], ipv6: undefined } }, ['rules_ipv6']],
  ['nft_missing', { hasNft: false }, ['marks']],
  ['nft_silent', { ruleset: undefined }, ['marks']],
  ['package_unreadable', unreadable, ['offload', 'zone']],
  ['iptables_unread', { hasMangle: true }, ['marks_iptables']],
];

for (const [reason, ill, names] of skipRows) {
  test(`${names.join(', ')} can’t be answered: ${reason}`, () => {
    const { skipped, checked } = examine(aPatient(ill));
    const because = skipped.filter((entry) => entry.reason === reason).map(({ check }) => check);
    assert.equal(because.toSorted(), names.toSorted());
    assert.ok(names.every((name) => !checked.includes(name)));
    assert.is(checked.length + skipped.length, checks.length);
  });
}

test('errors come first, then warnings, then notes', () => {
  const { findings: found } = examine(aPatient({ canEndConnections: false, wallMs: 0, interfaces: failing('AUTH_TOPEER_FAILED') }));
  assert.equal(
    found.map(({ code }) => code),
    ['account_refused', 'clock_unset', 'connections_unlisted'] satisfies FindingCode[],
  );
});

test.run();

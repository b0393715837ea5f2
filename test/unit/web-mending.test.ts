// The doctor's remedies, what the page does of them, and its report as text.
import * as assert from 'uvu/assert';
import {
  explain,
  findings,
  schema,
  toDoctorReport,
  toTold,
  type Finding,
  type FindingCode,
  type LinkStatus,
  type ToldFinding,
} from '../../agent/src/contract/index.ts';
import { toParts } from '../../web/src/model/commands.ts';
import { mask } from '../../web/src/model/mask.ts';
import { describeMended, isDeed, mayCut, mendLabel, mendOf, mendQuestion } from '../../web/src/model/mending.ts';
import { reportText } from '../../web/src/model/report-text.ts';
import { suite } from '../limit.ts';
import { setUp } from './web-fake-world.ts';

const commandsIn = (code: string): string[] =>
  toParts(findings[code as FindingCode].mend.replace('{install}', 'apk add')).flatMap(({ text, isCommand }) => (isCommand ? [text] : []));

const table = suite('remedies');
for (const [code, { remedy }] of Object.entries(findings)) {
  table(`${code}: ${remedy?.kind ?? 'no button'} is what its sentence says`, () => {
    const commands = commandsIn(code);
    switch (remedy?.kind) {
      case 'apply':
        return assert.ok(commands.some((command) => command.startsWith('multidial apply')));
      case 'redial':
        return assert.ok(commands.some((command) => /ifup/.test(command)));
      case 'setup':
        return assert.ok(remedy.option === undefined || Object.hasOwn(schema.line, remedy.option));
      case undefined:
        // `multidial apply` alone, with nothing to be done before it, is what a button does.
        return assert.not.match(findings[code as FindingCode].mend, /^multidial apply\b/);
      default:
        return remedy satisfies never;
    }
  });
}
table.run();

const link = (name: string, more: Partial<LinkStatus> = {}): LinkStatus => ({
  name,
  line: 'wan',
  state: 'up',
  ipv4: [],
  ipv6: [],
  weight: 1,
  balanced: { ipv4: true, ipv6: true },
  ...more,
});
const { line: _, ...lte } = link('lte', { state: 'down' });
const links = [link('wan_01'), link('wan_02', { state: 'failed' }), lte];
const finding = (code: FindingCode, more: Partial<Finding> = {}): Finding => ({ code, severity: 'error', ...more });

const mends = suite('mends');
for (const [given, label] of [
  [finding('zone_lacks_link', { link: 'wan_01' }), 'Apply again'],
  [finding('apply_due'), 'Apply again'],
  [finding('dial_failed', { link: 'wan_02' }), 'Redial wan_02'],
  [finding('dial_failed', { link: 'wan_09' }), undefined],
  [finding('dial_failed'), undefined],
  [finding('account_refused', { link: 'wan_02' }), 'Edit “Account” of line wan'],
  [finding('account_refused', { link: 'lte' }), undefined],
  [finding('port_missing', { section: 'line.fibre' }), 'Edit “Port” of line fibre'],
  [finding('config_faulty'), 'Open Setup'],
  [finding('disabled'), 'Open Setup'],
  [finding('masquerade_off'), undefined],
  [finding('pbr_beside'), undefined],
] as [Finding, string | undefined][]) {
  mends(`${given.code} of ${given.link ?? given.section ?? 'the router'}: ${label ?? 'no button'}`, () => {
    const mend = mendOf(explain(given), links);
    assert.is(mend && mendLabel(mend), label);
  });
}
mends('of a finding that only a newer agent knows, the remedy is pressed all the same, and one of another kind has no button', () => {
  const newer: ToldFinding = { ...finding('constructor' as FindingCode, { link: 'wan_02' }), what: 'New.', why: '', mend: '' };
  assert.equal(mendOf({ ...newer, remedy: { kind: 'redial' } }, links), { kind: 'redial', link: 'wan_02' });
  assert.is(mendOf({ ...newer, remedy: { kind: 'constructor' as 'apply' } }, links), undefined);
  assert.is(mendOf(newer, links), undefined);
});
mends('it is asked first where connections could be cut', () => {
  assert.equal(
    [mayCut({ kind: 'apply' }, links), mayCut({ kind: 'redial', link: 'wan_01' }, links), mayCut({ kind: 'redial', link: 'wan_02' }, links)],
    [true, true, false],
  );
  assert.match(mendQuestion({ kind: 'apply' }).text, /connections are cut/);
  assert.ok(isDeed({ kind: 'apply' }) && !isDeed({ kind: 'setup' }));
});
mends('how it went is told, also where nobody knows', () => {
  assert.is(describeMended({ deed: { kind: 'apply' } }), 'The stored configuration was applied.');
  assert.match(describeMended({ deed: { kind: 'apply' }, fault: { kind: 'timeout', afterMs: 30_000 } }), /^No answer came back, so it may have been done/);
  const fault = { kind: 'agent', problem: toTold({ code: 'busy', severity: 'error', details: { pid: 7 } }) } as const;
  assert.match(describeMended({ deed: { kind: 'redial', link: 'wan_01' }, fault }), /^Redial wan_01 failed\. Another run is going on/);
});
mends.run();

const done = { ok: true, revision: 'r', changed: true, uci: 0, system: 1, problems: [] };
const report = { findings: [], checked: ['ip'], skipped: [] };
const store = suite('store');
store('after an apply the doctor is asked again, once', async () => {
  const { page, store: all, posts, router } = setUp();
  router.replies['apply'] = [0, done];
  router.replies['doctor'] = [0, report];
  const first = all.mending.mend({ kind: 'apply' });
  await all.mending.mend({ kind: 'apply' });
  assert.equal(all.mending.mending.value, { kind: 'apply' });
  await page.clock.until(first);
  assert.equal(
    posts.flat().map(({ method }) => method),
    ['apply', 'doctor'],
  );
  assert.equal([all.mending.mending.value, all.mending.mended.value, all.watching.report.value.state], [undefined, { deed: { kind: 'apply' } }, 'ready']);
});
store('an apply that could not do everything is told, and looked at all the same', async () => {
  const { page, store: all, router } = setUp();
  router.replies['apply'] = [0, { ...done, ok: false, problems: [toTold({ code: 'busy', severity: 'error', details: { pid: 7 } })] }];
  router.replies['doctor'] = [0, report];
  await page.clock.until(all.mending.mend({ kind: 'apply' }));
  assert.equal([all.mending.mended.value?.fault?.kind, all.watching.report.value.state], ['agent', 'ready']);
  all.mending.forget();
  assert.is(all.mending.mended.value, undefined);
});
store('after a redial the link has its time to come up', async () => {
  const { page, store: all, posts, router } = setUp();
  router.replies['redial'] = [0, done];
  router.replies['doctor'] = [0, report];
  const mending = all.mending.mend({ kind: 'redial', link: 'wan_01' });
  await page.clock.pass(5000);
  assert.not.ok(posts.flat().some(({ method }) => method === 'doctor'));
  await page.clock.pass(6000);
  await page.clock.until(mending);
  assert.is(
    posts
      .flat()
      .map(({ method }) => method)
      .at(-1),
    'doctor',
  );
});
store.run();

const text = suite('text');
for (const [given, masked] of [
  ['wan_01 got 100.64.3.17, others 203.0.113.5/32.', 'wan_01 got 100.64.x.x, others 203.0.x.x/32.'],
  ['mac 02:00:5e:00:00:02 and 02:00:5E:AA:BB:CC', 'mac 02:00:5e:xx:xx:xx and 02:00:5E:xx:xx:xx'],
  ['2001:db8:1:2::5/64', '2001:db8:x/64'],
  ['fe80::1%wan, fd00:77:1::1.', 'fe80::x%wan, fd00:77:x.'],
  ['::ffff:203.0.113.5', '::ffff:203.0.x.x'],
  ['the default ::/0 and 0x00ffffff/0xff000000', 'the default ::/0 and 0x00ffffff/0xff000000'],
  ['Linux 5.15.167, at 12:34:56 of 2026-11-26T09:10:11.000Z', 'Linux 5.15.167, at 12:34:56 of 2026-11-26T09:10:11.000Z'],
  ['uci set firewall.@defaults[0].flow_offloading=0', 'uci set firewall.@defaults[0].flow_offloading=0'],
  ['option username must be one word, not “my.name@provider.example”', 'option username must be one word, not “x@x”'],
  ['pref 4000: from 10.1.2.3 lookup 77001', 'pref 4000: from 10.1.x.x lookup 77001'],
] as const) {
  text(`masks ${given}`, () => assert.is(mask(given), masked));
}
text('the report has its time, its sum, each finding with its code, and what was left out', () => {
  const said = reportText(
    toDoctorReport({
      findings: [finding('mtu_low', { link: 'wan_01', severity: 'note', details: { mtu: 1400 } }), finding('disabled')],
      checked: ['ip'],
      skipped: [{ check: 'zone', reason: 'no_links' }],
    }),
    1_795_000_000.7,
    '1.2.3',
  );
  const [head, sum, , first] = said.split('\n');
  assert.equal([head, sum], ['multidial 1.2.3 doctor, 2026-11-18T11:06:40.000Z', '1 error, 1 note. 1 check, 1 left out.']);
  assert.is(first, 'Error [disabled] multidial is disabled.');
  assert.match(said, /\nNote \[mtu_low\] wan_01: packets of at most 1400 bytes.*\n {2}Each packet.*\n {2}To mend it: Take option mtu/);
  assert.match(said, /\nNot checked:\n {2}The firewall’s zone: there are no links yet\.\n$/);
});
text.run();

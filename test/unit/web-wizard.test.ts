// The wizard's decisions: what is suggested, what is wrong with an answer, which line comes of it; and the passport's words.
import * as assert from 'uvu/assert';
import {
  passportSentences,
  toNote,
  type ConfigReply,
  type Finding,
  type PassportCode,
  type PassportReport,
  type Port,
} from '../../agent/src/contract/index.ts';
import { newLine, type LineDraft } from '../../web/src/model/draft.ts';
import { weightOf } from '../../web/src/model/known-names.ts';
import { adjust, describeAdjustment, describePassport, passportHeadline, toAdjustments } from '../../web/src/model/passport-words.ts';
import { newDraft, type SectionDraft } from '../../web/src/model/section-draft.ts';
import { begin, complaintsAbout, hiddenComplaints, suggestPort, toConflicts, toLine, toOffers } from '../../web/src/model/wizard.ts';
import type { Answers } from '../../web/src/store/wizard.ts';
import { suite } from '../limit.ts';
import { REPORT } from '../browser/router-passport.ts';

const port = (device: string, carrier: boolean | null, ...usedBy: string[]): Port => ({ device, mac: '02:00:5e:00:00:01', carrier, usedBy });
const config = (more: Partial<ConfigReply> = {}): ConfigReply => ({ revision: 'r', sections: [], ports: [], pppoe: [], problems: [], ...more });
const line = (options: LineDraft['options'], more: Partial<LineDraft> = {}): LineDraft => ({
  ...newLine([]),
  ...more,
  options: { ...newLine([]).options, ...options },
});
const dsl = { name: 'dsl', device: 'eth0.2', username: 'user@isp', hasPassword: true };
const answers = (options: LineDraft['options'], more: Partial<Answers> = {}): Answers => ({ line: line(options), findOut: false, isWritten: false, ...more });
const whole = { device: 'wan', username: 'u', password: 'p' };

const wizard = suite('wizard');

const portRows: [title: string, ports: Port[], suggested: string][] = [
  ['the port that wan uses', [port('br-lan', true, 'lan'), port('eth0', true), port('lan1', true), port('wan', true, 'wan', 'wan6')], 'wan'],
  ['a VLAN that wan uses', [port('eth0', true), port('eth0.1', true, 'lan'), port('eth0.2', true, 'wan')], 'eth0.2'],
  ['a port called wan without a cable before one of no name', [port('eth0', true), port('wan', false, 'wan')], 'wan'],
  ['one with a cable that nobody uses', [port('eth1', true), port('eth2', false)], 'eth1'],
  ['none where all is the network’s own', [port('br-lan', true, 'lan'), port('lan1', true), port('phy0-ap0', true)], ''],
  ['none where there is no cable anywhere', [port('eth1', false), port('eth2', null)], ''],
];
for (const [title, ports, suggested] of portRows) wizard(`suggests ${title}`, () => assert.is(suggestPort(ports, []), suggested));
wizard('suggests no port that is dialed already', () => assert.is(suggestPort([port('wan', true)], [line({ device: 'wan' })]), ''));

wizard('offers interfaces with a device, each to one line', () => {
  const pppoe = [dsl, { ...dsl, name: 'nodev', device: '' }, { ...dsl, name: 'alias', device: '@lan' }, { ...dsl, name: '<b>' }];
  assert.equal(
    toOffers({ pppoe }, []).map(({ name }) => name),
    ['dsl'],
  );
  assert.equal(toOffers({ pppoe }, [line({ adopt: 'dsl' })]), []);
  assert.equal(toOffers({}, []), [], 'an older agent tells of none');
});

wizard('begins with an interface that can lend its account, else with a port', () => {
  const ports = [port('wan', true, 'wan')];
  const { options } = begin(config({ pppoe: [dsl], ports }), [], undefined).line;
  assert.equal([options.adopt, options.device], ['dsl', 'eth0.2']);
  const without = begin(config({ pppoe: [{ ...dsl, hasPassword: false }], ports }), [], undefined).line;
  assert.equal([without.options.adopt, without.options.device], [undefined, 'wan']);
});

wizard('goes on with what was begun in the form, and beside what is complete', () => {
  const begun = line({ username: 'me' }, { key: 'new 1' });
  assert.is(begin(config(), [begun], undefined).line.options.username, 'me');
  const stored = line(whole, { isNew: false, key: 'wan' });
  assert.is(begin(config(), [stored], undefined).line.name, 'wan2');
});

wizard('keeps its answers, follows the form that they were put into, and starts anew once they are applied', () => {
  const before = answers({ ...whole, sessions: '3' });
  assert.is(begin(config(), [newLine([])], before), before);
  const written = { ...before, isWritten: true };
  const form = { ...before.line, options: { ...before.line.options, username: 'other', sessions: '1' } };
  assert.equal(begin(config(), [form], written).line, form);
  assert.is(begin(config(), [form], { ...written, findOut: true }).line.options.sessions, '3', 'one session for the test is no answer');
  const sections: ConfigReply['sections'] = [{ type: 'line', name: 'wan', options: whole, secrets: ['password'] }];
  assert.is(begin(config({ sections }), [line(whole, { isNew: false })], before).line.name, 'wan2');
});

wizard('complains about a question’s own options only, by the form’s check', () => {
  const empty = answers({ sessions: '65' });
  assert.equal(Object.keys(complaintsAbout('port', empty, [], [])), ['device']);
  assert.equal(Object.keys(complaintsAbout('account', empty, [], [])).toSorted(), ['password', 'username']);
  assert.equal(Object.keys(complaintsAbout('sessions', empty, [], [])), ['sessions']);
  assert.equal(complaintsAbout('account', answers({ device: 'eth0.2', adopt: 'dsl' }), [], [dsl]), {}, 'a lender has an account');
  assert.equal(Object.keys(complaintsAbout('account', answers({ device: 'eth0.2', adopt: 'dsl' }), [], [{ ...dsl, username: '' }])).toSorted(), [
    'password',
    'username',
  ]);
});

wizard('what no question asks for is not lost', () => {
  assert.equal(Object.keys(hiddenComplaints(answers({ ...whole, mtu: '9' }), [])), ['mtu']);
  assert.equal(Object.keys(hiddenComplaints(answers(whole), [line(whole, { key: 'wan', isNew: false })])), ['name']);
  assert.equal(hiddenComplaints(answers({}), []), {});
});

wizard('to find out is to begin with one session; without nft there is no IPv6 by NAT', () => {
  assert.equal(toLine(answers(whole), true).options, { ...whole, sessions: '4', ipv6: 'nat' });
  assert.is(toLine(answers(whole, { findOut: true }), true).options.sessions, '1');
  assert.is(toLine(answers(whole), false).options.ipv6, 'off');
  assert.is(toLine(answers({ ...whole, ipv6: 'native' }), false).options.ipv6, 'native');
});

wizard('tells beforehand of others who route here, but not of a default that is adopted', () => {
  const outranks: Finding = { code: 'default_outranks', severity: 'note', details: { interface: 'dsl' } };
  const found: Finding[] = [outranks, { code: 'mwan3_first', severity: 'warning' }, { code: 'clock_unset', severity: 'warning' }];
  const codes = (adopt: string) => toConflicts(found, adopt).map(({ code }) => code);
  assert.equal(codes(''), ['default_outranks', 'mwan3_first']);
  assert.equal(codes('other'), ['default_outranks', 'mwan3_first']);
  assert.equal(codes('dsl'), ['mwan3_first']);
});
wizard.run();

const passport = suite('passport');
for (const code of Object.keys(passportSentences) as PassportCode[]) {
  const names = [...passportSentences[code].matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  passport(`${code} is a sentence without a command that the page can’t run`, () => {
    const text = describePassport(toNote(code, Object.fromEntries(names.map((name) => [name, `<${name}>`]))));
    assert.ok(text.length > 7 && !/[{}]|undefined/.test(text), text);
    const refused = describePassport(toNote(code, { ...Object.fromEntries(names.map((name) => [name, '(x)'])), reason: 'HANGUP' }));
    if (names.includes('reason')) assert.not.match(refused, 'HANGUP');
    assert.not.match(text, /multidial (?:passport|doctor|status|apply)|uci (?:set|commit)/);
  });
}
passport('a reason is told in words, what only a newer agent knows in its own English', () => {
  assert.match(
    describePassport(toNote('refused', { sessions: 3, link: 'AUTH_TOPEER_FAILED', reason: 'AUTH_TOPEER_FAILED' })),
    /: AUTH_TOPEER_FAILED is refused \(The provider refused the account\)\.$/,
  );
  const newer = { code: 'constructor' as PassportCode, details: { reason: 'HANGUP' }, text: 'It says <b> (HANGUP).' };
  assert.is(describePassport(newer), 'It says <b> (The provider hung up).');
});

const stored = line({ ...whole, sessions: '4' }, { isNew: false });
const report = (more: Partial<PassportReport>): PassportReport => ({ ...REPORT, ...more });
const proposed = (found: PassportReport, form: LineDraft, drafts: SectionDraft[] = []) => toAdjustments(found, form, (link) => weightOf(link, [form], drafts));
passport('proposes what differs from the form, and nothing where nothing came up', () => {
  assert.equal(proposed(REPORT, stored), [
    { option: 'sessions', value: '2' },
    { option: 'mtu', value: '1480' },
  ]);
  assert.equal(adjust(stored, proposed(REPORT, stored)).options, { ...stored.options, sessions: '2', mtu: '1480' });
  assert.equal(proposed(REPORT, adjust(stored, proposed(REPORT, stored))), []);
  assert.equal(proposed(report({ accepted: 0 }), stored), []);
  const without6 = report({ links: [], findings: [toNote('ipv6_none')], proposal: { sessions: 4, weights: {} } });
  assert.equal(proposed(without6, stored), [{ option: 'ipv6', value: 'off' }]);
  assert.equal(proposed(without6, line({ ...whole, ipv6: '' })), [], 'off is the default');
});
passport('proposes weights that links have not: their own, else their line’s', () => {
  const weighed = report({ links: [], proposal: { sessions: 4, weights: { wan_01: 3, wan_02: 2, wan_03: 1 } } });
  const heavy = line({ ...whole, sessions: '4', weight: '2' }, { isNew: false });
  assert.equal(proposed(weighed, heavy, [newDraft('link', 'wan_01', [], { weight: '3' })]), [{ option: 'weight', link: 'wan_03', value: '1' }]);
  assert.equal(proposed(weighed, stored).map(describeAdjustment), ['weight of wan_01 3', 'weight of wan_02 2']);
  assert.equal(adjust(stored, proposed(weighed, stored)), stored, 'they are no options of the line');
});
passport('the headline says how many, and whether more may be', () => {
  assert.is(passportHeadline(REPORT), 'wan may have 2 sessions at once.');
  assert.is(passportHeadline(report({ accepted: 1 })), 'wan may have one session.');
  assert.match(passportHeadline(report({ limit: 'none' })), 'perhaps more');
  assert.match(passportHeadline(report({ accepted: 0 })), 'Not even one');
});
passport.run();

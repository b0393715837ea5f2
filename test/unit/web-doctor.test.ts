// The doctor's report in words, the commands in its sentences, and the form and answer of "Why this link?".
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import {
  explain,
  findings,
  skipReasons,
  toDoctorReport,
  toReason,
  type CheckName,
  type Examination,
  type Finding,
  type FindingCode,
  type SkipReason,
  type Why,
} from '../../agent/src/contract/index.ts';
import { describeDecision, describeWay, isAnswered } from '../../web/src/model/answer.ts';
import { toParts } from '../../web/src/model/commands.ts';
import { describeFinding, describeSkipped, summarise, worstFirst } from '../../web/src/model/doctor-words.ts';
import { blankQuestion, checkQuestion, toQuestion, type QuestionDraft } from '../../web/src/model/question.ts';
import { useCatalog } from '../../web/src/t.ts';

const commandsIn = (sentence: string): string[] => toParts(sentence).flatMap(({ text, isCommand }) => (isCommand ? [text] : []));
const fill = (sentence: string): string => sentence.replaceAll('{install}', 'apk add').replace(/\{\w+\}/g, 'x');

const commands = suite('commands');
for (const [code, found] of [
  ['apply_due', ['multidial apply']],
  ['disabled', ['uci set multidial.globals.enabled=1; uci commit multidial; multidial apply']],
  ['uncommitted', ['uci changes x', 'uci commit x', 'uci revert x']],
  ['netifd_silent', ['ubus call network.interface dump', '/etc/init.d/network restart']],
  ['ip_unfit', ['apk add ip-full']],
  ['nexthops_missing', ['apk add ip-full']],
  ['clock_unset', ['/etc/init.d/sysntpd restart', 'uci show system.ntp']],
  ['mac_duplicate', ['uci delete network.x.macaddr; uci commit network; multidial apply']],
  ['address_restricted', ['ifdown x; sleep 60; ifup x']],
  ['dial_failed', ['logread -e pppd; logread -e netifd', 'ifup x']],
  ['metric_shared', ['multidial apply']],
  ['port_missing', ['ls /sys/class/net']],
  ['hash_policy_differs', ['multidial apply', 'grep -r x /etc/sysctl.conf /etc/sysctl.d']],
  ['resolvers_private', ['nslookup openwrt.org x', 'uci add_list dhcp.@dnsmasq[0].server=ADDRESS']],
  ['mwan3_first', ['/etc/init.d/mwan3 stop; /etc/init.d/mwan3 disable']],
  ['account_refused', []],
  ['rule_first', []],
] as [FindingCode, string[]][]) {
  commands(`that mend ${code} are found`, () => assert.equal(commandsIn(fill(findings[code].mend)), found));
}
for (const [code, { mend }] of Object.entries(findings)) {
  commands(`${code}: the parts make up the sentence, and no command has prose in it`, () => {
    const sentence = fill(mend);
    assert.is(
      toParts(sentence)
        .map(({ text }) => text)
        .join(''),
      sentence,
    );
    for (const command of commandsIn(sentence)) assert.not.match(command, /[.:;,]$|, | \(|\b(?:if|then|which|once|and|it)\b/i);
  });
}
commands('a sentence that speaks of multidial or of a rule of ip holds none', () => {
  assert.equal(commandsIn('Either uci commit x or uci revert x'), ['uci commit x', 'uci revert x']);
  assert.equal(commandsIn('A pin of multidial’s comes before pbr. Delete it by ip rule del and add it; look at /etc/init.d.'), []);
});
commands.run();

const doctor = suite('doctor');
const finding = (code: FindingCode, severity: Finding['severity']): Finding => ({ code, severity });
doctor('puts the worst first, and keeps the order of the checks otherwise', () => {
  const found = [finding('clock_unset', 'note'), finding('disabled', 'error'), finding('mtu_low', 'warning'), finding('port_missing', 'error')];
  assert.equal(
    worstFirst(found).map(({ code }) => code),
    ['disabled', 'port_missing', 'mtu_low', 'clock_unset'],
  );
});
for (const [report, sentence] of [
  [{ findings: [], checked: ['ip'], skipped: [] }, 'Nothing found. 1 check.'],
  [{ findings: [finding('disabled', 'error')], checked: ['ip', 'kernel'], skipped: [] }, '1 error. 2 checks.'],
  [
    {
      findings: [finding('disabled', 'error'), finding('mtu_low', 'note'), finding('mtu_low', 'note')],
      checked: ['ip', 'kernel'],
      skipped: [{ check: 'zone', reason: 'no_links' }],
    },
    '1 error, 2 notes. 2 checks, 1 left out.',
  ],
] as [Examination, string][]) {
  doctor(`sums up: ${sentence}`, () => assert.is(summarise(toDoctorReport(report)), sentence));
}
doctor('explains a finding by its code, translated, with its details as they are', () => {
  const given: Finding = { code: 'link_stopped', severity: 'error', link: '<b>wan_02', details: { interface: 'wan_02' } };
  const told = explain(given);
  assert.match(describeFinding(told).what, /^<b>wan_02: its interface wan_02 is down/);
  useCatalog({ 'finding.link_stopped.mend': 'Tippe: ifup {interface}', 'finding.link_stopped.what': '{link} steht.' });
  assert.equal(describeFinding(told), { what: '<b>wan_02 steht.', why: told.why, mend: 'Tippe: ifup wan_02' });
  useCatalog({});
});
doctor('what only a newer agent knows is said in its own English, in any language', () => {
  const what = 'The {link} of wan_07 is new.';
  useCatalog({ 'finding.link_stopped.what': 'Steht.', [what]: 'Falsch.', toString: 'Falsch.' });
  for (const code of ['heard_of_tomorrow', 'constructor', '__proto__'] as string[] as FindingCode[])
    assert.equal(describeFinding({ ...finding(code, 'note'), link: 'x', what, why: 'It is <new>.', mend: '' }), { what, why: 'It is <new>.', mend: '' });
  assert.is(describeSkipped({ check: 'new' as CheckName, reason: '__proto__' as SkipReason, text: 'nobody was asked' }), 'new: nobody was asked.');
  useCatalog({});
});
for (const [reason, text] of Object.entries(skipReasons) as [SkipReason, string][]) {
  doctor(`says why a check was left out: ${reason}`, () => assert.is(describeSkipped({ check: 'mtu', reason, text }), `Size of packets: ${text}.`));
}
doctor.run();

const why = suite('why');
const draft = (more: Partial<QuestionDraft>): QuestionDraft => ({ ...blankQuestion, src: '192.168.1.7', dst: '203.0.113.5', ...more });
for (const [more, fields] of [
  [{}, []],
  [{ src: ' 192.168.1.7 ' }, []],
  [{ src: 'fd00::7', dst: '2001:db8::1' }, []],
  [{ src: '', dst: '' }, ['src', 'dst']],
  [{ src: 'lan' }, ['src']],
  [{ dst: 'example.org' }, ['dst']],
  [{ dst: '2001:db8::1' }, ['dst']],
  [{ proto: 'tcp', sport: '0', dport: '65536' }, ['sport', 'dport']],
  [{ proto: 'udp', dport: '1.5' }, ['dport']],
  [{ proto: 'icmp', dport: 'x' }, []],
  [{ proto: 'tcp', sport: '40000', dport: '443' }, []],
] as [Partial<QuestionDraft>, string[]][]) {
  why(`a form with ${JSON.stringify(more)} has ${fields.length === 0 ? 'no complaint' : `complaints of ${fields.join(', ')}`}`, () =>
    assert.equal(Object.keys(checkQuestion(draft(more))), fields),
  );
}
why('the question holds what was typed, and nothing that was left open', () => {
  assert.equal(toQuestion(draft({ src: ' 192.168.1.7 ' })), { src: '192.168.1.7', dst: '203.0.113.5' });
  assert.equal(toQuestion(draft({ proto: 'tcp', dport: '443' })), { src: '192.168.1.7', dst: '203.0.113.5', proto: 'tcp', dport: 443 });
  assert.equal(toQuestion(draft({ proto: 'icmp', dport: '443' })).dport, undefined);
});
const answer = (more: Partial<Why>): Why => ({
  question: { src: 'a', dst: 'b' },
  by: 'routes',
  mark: 0,
  reasons: [toReason('refused')],
  problems: [],
  ...more,
});
for (const [more, way, decision] of [
  [
    { link: 'wan_02', device: 'pppoe-wan_02', group: 'default' },
    'It takes link wan_02, by pppoe-wan_02.',
    'The routes decide, among the links of group default.',
  ],
  [{ device: 'wwan0', gateway: '192.0.2.1' }, 'It leaves by wwan0 to 192.0.2.1, which is no link.', 'The routes alone decide.'],
  [{ by: 'pin', pin: 'tv', link: 'wan_01', device: 'd' }, 'It takes link wan_01, by d.', 'Pin tv decides.'],
  [{ by: 'pin', pin: 'tv', group: 'fast' }, 'No way was found for it.', 'Pin tv gives it to group fast.'],
  [{ by: 'group', group: 'fast' }, 'No way was found for it.', 'Group fast decides.'],
  [{ reasons: [] }, 'This can’t be answered now.', 'The routes alone decide.'],
] as [Partial<Why>, string, string][]) {
  why(`${JSON.stringify(more)}: ${way} ${decision}`, () => {
    assert.equal([describeWay(answer(more)), describeDecision(answer(more))], [way, decision]);
    assert.is(isAnswered(answer(more)), more.reasons === undefined);
  });
}
why.run();

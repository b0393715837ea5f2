// The schema's checks: what is refused, with the sentence a person reads, and that nothing refused is echoed raw.
import * as assert from 'uvu/assert';
import { checkSection, describe, schema, sectionTypes, specsOf, utf8Length } from '../../../agent/src/contract/index.ts';
import type { ConfigSection, OptionValue, SectionType } from '../../../agent/src/contract/index.ts';
import { test } from '../../limit.ts';

const GOOD: Record<SectionType, Record<string, OptionValue>> = {
  globals: {},
  line: { device: 'eth0.2', username: 'user@isp', password: 'secret' },
  link: {},
  group: {},
  pin: { use: 'wan_01' },
  probe: {},
};

const check = (type: SectionType, options: Record<string, OptionValue>, name = 'wan') => checkSection({ type, name, options: { ...GOOD[type], ...options } });
const sentences = (...given: Parameters<typeof check>) => check(...given).map((problem) => describe(problem));
const KEPT = 'The section is skipped and what it had before stays.';
const must = (option: string, expected: string, got: string, type = 'line') => `${type}.wan: option ${option} must be ${expected}, not “${got}”. ${KEPT}`;

const wholeNumber = (option: string, low: number, high: number, values: [string, string?][]) =>
  values.map(([value, got = value]): Row => ['line', option, value, must(option, `a whole number from ${low} to ${high}`, got)]);
const refusedText = (option: string, expected: string, values: [string, string?][]) =>
  values.map(([value, got = value]): Row => ['line', option, value, must(option, expected, got)]);

type Row = [type: SectionType, option: string, value: OptionValue, sentence: string];
const DEVICE = 'a network device such as wan or eth0.2';
const PROTOCOLS = 'tcp, udp, icmp or a protocol number';
const PORTS = 'ports from 1 to 65535, or ranges such as 8000-8099';
const PREFIX = 'a prefix such as 0.0.0.0/0 or ::/0';

const rows: Row[] = [
  ...wholeNumber('sessions', 1, 64, [['0'], ['65'], ['-1'], ['four'], ['1.5'], ['1e1'], [' 4'], ['0x4'], ['4\n', '4?'], ['9999999999'], ['٤']]),
  ...wholeNumber('mtu', 576, 9000, [['575'], ['9001'], ['1492 ']]),
  ...wholeNumber('weight', 1, 255, [['0'], ['256']]),
  ...refusedText('device', DEVICE, [['eth 0'], ['-a'], ['../etc'], ['eth0;reboot'], ['$(reboot)'], ['`id`'], ["wan'"], ['wän'], ['.'], ['wan/x'], ['@wan']]),
  ['line', 'device', 'a123456789abcdef', must('device', 'at most 15 bytes', '16 bytes')],
  ['line', 'username', 'a'.repeat(256), must('username', 'at most 255 bytes', '256 bytes')],
  ['line', 'username', 'ä'.repeat(128), must('username', 'at most 255 bytes', '256 bytes')],
  ['line', 'username', 'a\nb', must('username', 'UTF-8 without control characters', 'a?b')],
  ['line', 'username', 'a\u0000b', must('username', 'UTF-8 without control characters', 'a?b')],
  ['line', 'username', 'a\tb', must('username', 'UTF-8 without control characters', 'a?b')],
  ['line', 'username', '\u001b[31m', must('username', 'UTF-8 without control characters', '?[31m')],
  ['line', 'password', 'very\nsecret', must('password', 'UTF-8 without control characters', '***')],
  ['line', 'password', 's'.repeat(256), must('password', 'at most 255 bytes', '***')],
  ['line', 'host_uniq', 'abc', must('host_uniq', 'an even number of hexadecimal digits', 'abc')],
  ['line', 'host_uniq', 'zz', must('host_uniq', 'an even number of hexadecimal digits', 'zz')],
  ['line', 'keepalive', '5 ', must('keepalive', 'FAILURES or FAILURES INTERVAL, as in 5 1', '5 ')],
  ['line', 'keepalive', '5 1 1', must('keepalive', 'FAILURES or FAILURES INTERVAL, as in 5 1', '5 1 1')],
  ['line', 'ipv6', 'NAT', must('ipv6', 'off, nat, native', 'NAT')],
  ['line', 'ipv6', 'constructor', must('ipv6', 'off, nat, native', 'constructor')],
  ['line', 'disabled', '2', must('disabled', '0 or 1', '2')],
  ['line', 'mtu', ['1400', '1500'], 'line.wan: option mtu takes one value, not a list of 2.'],
  ['globals', 'enabled', 'maybe', must('enabled', '0 or 1', 'maybe', 'globals')],
  ['link', 'interface', 'a-b', must('interface', 'the name of a network interface', 'a-b', 'link')],
  ['link', 'weight', 'x', must('weight', 'a whole number from 1 to 255', 'x', 'link')],
  ['group', 'link', ['wan', 'a b'], must('link', 'the name of a link or a line', 'a b', 'group')],
  ['group', 'dest', '10.0.0.0', must('dest', PREFIX, '10.0.0.0', 'group')],
  ['group', 'dest', '10.0.0.0/33', must('dest', PREFIX, '10.0.0.0/33', 'group')],
  ['group', 'dest', '300.0.0.0/8', must('dest', PREFIX, '300.0.0.0/8', 'group')],
  ['group', 'dest', ['::/0', '1::2::/64'], must('dest', PREFIX, '1::2::/64', 'group')],
  ['group', 'dest', '2001:db8::/129', must('dest', PREFIX, '2001:db8::/129', 'group')],
  ['group', 'dest', '0.0.0.0/0 nhid 1', must('dest', PREFIX, 'nhid', 'group')],
  ['group', 'dest', Array<string>(33).fill('::/0'), must('dest', 'at most 32 items', '33 items', 'group')],
  ['group', 'hash', 'l7', must('hash', 'l3, l4', 'l7', 'group')],
  ['group', 'mode', 'packets', must('mode', 'flow, packet', 'packets', 'group')],
  ['group', 'spread', 'even', must('spread', 'nth, random', 'even', 'group')],
  ['group', 'sticky', '1', must('sticky', 'off, client, site', '1', 'group')],
  ['group', 'last_resort', 'blackhole', must('last_resort', 'system, unreachable', 'blackhole', 'group')],
  ['link', 'ipv6', 'on', must('ipv6', 'off, nat, native', 'on', 'link')],
  ['pin', 'use', 'a b', must('use', 'a link, a group, or none', 'a b', 'pin')],
  ['pin', 'use', ['wan_01', 'wan_02'], 'pin.wan: option use takes one value, not a list of 2.'],
  ['pin', 'strict', 'very', must('strict', '0 or 1', 'very', 'pin')],
  ...['300.0.0.1', '10.0.0.0/33', '::/129', 'lan', '10.0.0.1;', '!10.0.0.1', '@set', 'fe80::1%lan'].flatMap((value): Row[] => [
    ['pin', 'src', value, must('src', 'an address or a prefix', value, 'pin')],
    ['pin', 'dest', ['10.0.0.1', value], must('dest', 'an address or a prefix', value, 'pin')],
  ]),
  ['pin', 'src', Array<string>(65).fill('10.0.0.1'), must('src', 'at most 64 items', '65 items', 'pin')],
  ...['0', '256', 'TCP', 'sctp', '-1', '06', '1.5'].map((value): Row => ['pin', 'proto', value, must('proto', PROTOCOLS, value, 'pin')]),
  ...['0', '65536', '80-', '-80', '90-80', '1-2-3', 'http', '80,81', '0x50', '999999'].flatMap((value): Row[] => [
    ['pin', 'src_port', value, must('src_port', PORTS, value, 'pin')],
    ['pin', 'dest_port', value, must('dest_port', PORTS, value, 'pin')],
  ]),
  ['pin', 'dest_port', Array<string>(33).fill('80'), must('dest_port', 'at most 32 items', '33 items', 'pin')],
  ['pin', 'in', 'br-lan', must('in', 'the name of a network interface', 'br-lan', 'pin')],
  ...['02:00:00:00:00', '02-00-00-00-00-01', '02:00:00:00:00:0g', '02:00:00:00:00:01:02'].map(
    (value): Row => ['pin', 'mac', value, must('mac', 'a MAC address such as 02:00:00:00:00:01', value, 'pin')],
  ),
  ['pin', 'disabled', 'maybe', must('disabled', '0 or 1', 'maybe', 'pin')],
];

for (const [type, option, value, sentence] of rows) {
  test(`${type}: ${option} may not be ${JSON.stringify(value).slice(0, 40)}`, () => {
    assert.equal(sentences(type, { [option]: value }), [sentence]);
  });
}

const nameRows: [type: SectionType, name: string][] = [
  ['line', ''],
  ['line', 'seven77'],
  ['line', '1wan'],
  ['line', '_wan'],
  ['line', 'wa-n'],
  ['line', 'wän'],
  ['line', "w'"],
  ['line', 'w\n'],
  ['line', '$(w)'],
  ['link', 'a b'],
  ['link', ''],
  ['group', 'a'.repeat(33)],
  ['pin', 'a-b'],
  ['globals', 'a.b'],
];

for (const [type, name] of nameRows) {
  test(`${type}: ${JSON.stringify(name)} is no name`, () => {
    const [problem, ...more] = check(type, {}, name);
    assert.equal([problem?.code, problem?.severity, more.length], ['section_name_invalid', 'error', 0]);
    assert.match(describe(problem as never), /: the name must be .*Rename the section\.$/);
  });
}

test('these values are good', () => {
  const good: [SectionType, string, OptionValue][] = [
    ['line', 'sessions', '64'],
    ['line', 'sessions', '1'],
    ['line', 'device', 'a123456789abcde'],
    ['line', 'device', 'br-lan.7'],
    ['line', 'username', `it's "ä" $(x) \\ #${'€'.repeat(70)}`],
    ['line', 'password', ' '],
    ['line', 'keepalive', '5,10'],
    ['line', 'mtu', ''],
    ['line', 'disabled', 'Disabled'],
    ['group', 'dest', '10.0.0.0/8 2001:DB8::/32'],
    ['group', 'dest', []],
    ['link', 'interface', 'lte_1'],
    ['link', 'ipv6', 'native'],
    ['group', 'mode', 'packet'],
    ['group', 'sticky', 'site'],
    ['group', 'last_resort', 'unreachable'],
    ['pin', 'use', 'none'],
    ['pin', 'src', '10.0.0.1 10.0.0.9/8 FD00::1 ::/0'],
    ['pin', 'proto', ['tcp', 'udp', 'icmp', '1', '255']],
    ['pin', 'dest_port', ['1', '65535', '80-80', '8000-8099']],
    ['pin', 'mac', '02:00:00:00:00:01 0A:FF:00:00:00:02'],
    ['pin', 'in', 'lan guest'],
  ];
  for (const [type, option, value] of good) assert.equal(sentences(type, { [option]: value }), [], `${option} ${JSON.stringify(value)}`);
});

test('what is required is asked for, an unknown option is only warned about, and errors come first', () => {
  const problems = checkSection({ type: 'line', name: 'wan', options: { zone: 'x', sessions: '0' } });
  assert.equal(
    problems.map(({ code, severity, option }) => [severity, code, option]),
    [
      ['error', 'option_invalid', 'sessions'],
      ['error', 'option_missing', 'device'],
      ['error', 'option_missing', 'username'],
      ['error', 'option_missing', 'password'],
      ['warning', 'option_unknown', 'zone'],
    ],
  );
});

test('names from the prototype are neither options nor types', () => {
  assert.equal(
    check('line', JSON.parse('{"constructor":"x","__proto__":"y"}')).map(({ code }) => code),
    ['option_unknown', 'option_unknown'],
  );
  assert.is(checkSection({ type: 'toString' as SectionType, name: 'a', options: {} })[0]?.code, 'section_unknown_type');
});

test('a refused value is shown short and without control characters', () => {
  const [problem] = check('line', { device: `\u001b[2J${'x'.repeat(5)}\r` });
  assert.is(problem?.details?.['got'], '?[2Jxxxxx?');
  const [long] = checkSection({ type: 'line', name: 'n'.repeat(500), options: GOOD.line } as ConfigSection);
  assert.is(String(long?.details?.['got']).length, 64);
});

test('length is that of UTF-8', () => {
  for (const text of ['', 'a', 'ä', '€', '😀', 'aä€😀']) assert.is(utf8Length(text), Buffer.byteLength(text));
});

test('every option has a label and a help, and every default passes its own check', () => {
  for (const type of sectionTypes) {
    for (const [option, spec] of Object.entries(specsOf(type))) {
      assert.ok(spec.label && spec.help.endsWith('.'), `${type}.${option}`);
      if ('default' in spec && spec.default !== undefined) {
        const value = typeof spec.default === 'object' ? [...spec.default] : String(spec.default);
        assert.equal(sentences(type, { [option]: value }), [], `${type}.${option}`);
      }
    }
  }
  assert.equal(sectionTypes, Object.keys(schema));
});

test.run();

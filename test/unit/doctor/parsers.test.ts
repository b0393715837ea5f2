// What the doctor reads by itself: rules of all kinds from ip, and which mark bits a statement of nft may change.
import * as assert from 'uvu/assert';
import { findMarkStatements, touchedBits } from '../../../agent/src/doctor/marks.ts';
import { isOurRule, parsePolicyRules, renderRules } from '../../../agent/src/doctor/rules.ts';
import { test } from '../../limit.ts';

const rule = (entry: unknown) => parsePolicyRules(JSON.stringify([entry]), 'ipv4', 0)?.[0];
const said = (entry: unknown): string | undefined => renderRules([rule(entry)].flatMap((found) => found ?? []))[0];

// As `ip -N -j rule show` of iproute2 6.1 prints them.
const ruleRows: [entry: object, text: string][] = [
  [{ priority: 0, src: 'all', table: '255' }, '0: all lookup 255'],
  [{ priority: 100, src: '10.0.0.0', srclen: 8, iif: 'eth9', iif_detached: null, table: '100' }, '100: from 10.0.0.0/8 iif eth9 lookup 100'],
  [{ priority: 101, src: 'all', dst: '10.0.0.1', fwmark: '0x1', table: '100' }, '101: to 10.0.0.1 fwmark 0x1 lookup 100'],
  [{ priority: 102, src: 'all', fwmark: '0x100', fwmask: '0x3f00', action: '7' }, '102: fwmark 0x100/0x3f00 refused'],
  [{ priority: 103, src: 'all', goto: 32_766 }, '103: all goto 32766'],
  [{ priority: 104, src: 'all', ipproto: '6', dport: 80, table: '100' }, '104: ipproto 6 dport 80 lookup 100'],
  [{ priority: 105, src: 'all', tos: '0x10', oif: 'eth9', oif_detached: null, nop: null }, '105: tos 0x10 oif eth9'],
  [{ priority: 106, src: 'all', dst: 'all', table: 'main', protocol: 'static' }, '106: all lookup 254'],
  [{ priority: 32_767, src: 'all', table: 'default' }, '32767: all lookup 253'],
  [{ priority: 0, src: 'all', iif: 'all', table: 'local' }, '0: iif all lookup 255'],
  [{ priority: 107, src: 'all', iif: '\u001b[2J', table: 'pbr_isp2' }, '107: iif ?[2J'],
];

for (const [entry, text] of ruleRows) test(`a rule is told as ${text}`, () => assert.is(said(entry), text));

test('of many rules the first eight are told', () => {
  const all = parsePolicyRules(JSON.stringify(Array.from({ length: 20 }, (_, at) => ({ priority: at, src: 'all', table: '9' }))), 'ipv4', 0) ?? [];
  assert.equal(renderRules(all).slice(7), ['7: all lookup 9', '12 more']);
});

const bad: [text: string, line: number][] = [
  ['', 0],
  ['[]', 1],
  ['nonsense', 0],
  ['[{"priority":1', 0],
  ['{}', 0],
  ['5', 0],
  ['null', 0],
];

test('an answer that is none gives no rules, and odd entries are passed over', () => {
  for (const [text, line] of bad) assert.is(parsePolicyRules(text, 'ipv4', line), undefined, text);
  assert.equal(parsePolicyRules('[null, 5, "x", [], {}, {"priority":"x"}, {"priority":null}]', 'ipv4', 0), []);
  assert.equal(
    parsePolicyRules('[]\n\n[5]\n[{"priority":7}]\n', 'ipv6', 2)?.map(({ preference }) => preference),
    [7],
  );
  const odd = rule({ priority: 1, src: {}, fwmark: {}, fwmask: null, table: [], protocol: {}, constructor: 'x', goto: 'y' });
  assert.equal([odd?.mark, odd?.table, odd?.goto, odd?.protocol, odd?.selectors], [undefined, undefined, undefined, 0, ['from', 'fwmark', 'constructor x']]);
});

test('a rule is ours by its protocol, and without one by its place and where it leads', () => {
  const ours = (entry: object): boolean => {
    const found = rule({ src: 'all', ...entry });
    return found !== undefined && isOurRule(found);
  };
  assert.equal(
    [
      ours({ priority: 9, table: '5', protocol: '77' }),
      ours({ priority: 4001, table: '77001' }),
      ours({ priority: 4000, table: '254', suppress_prefixlen: 0 }),
      ours({ priority: 4000, table: '254' }),
      ours({ priority: 5001, table: '77001' }),
      ours({ priority: 4001, table: '77001', protocol: '3' }),
    ],
    [true, true, true, false, false, false],
  );
});

// The left side is what `nft list ruleset` prints, with the bits behind it that the statement may change.
const markRows: [what: 'meta' | 'ct', value: string, bits: number][] = [
  ['meta', '0x00000001', 0xffffffff],
  ['meta', '0x00000001 accept', 0xffffffff],
  ['meta', 'meta mark & 0xff01ffff | 0x00010000', 0x00ff0000],
  ['meta', 'meta mark & 0x05ffffff | 0x05000000', 0xff000000],
  ['meta', 'meta mark | 0x00010000', 0x00010000],
  ['meta', 'mark and 0xff00ffff xor 0x10000', 0x00ff0000],
  ['meta', '(meta mark & 0xffff00ff) | 0x100 counter', 0x0000ff00],
  ['meta', 'meta mark ^ 0x01000000', 0x01000000],
  ['ct', 'ct mark & 0xffffc1ff | 0x00000100 counter packets 0 bytes 0', 0x00003f00],
  ['ct', 'meta mark', 0xffffffff],
  ['ct', 'meta mark & 0x000000ff', 0xffffffff],
  ['meta', 'ct mark', 0xffffffff],
  ['meta', 'meta mark map { 0x00000001 : 0x00000002 }', 0xffffffff],
  ['meta', 'numgen inc mod 2 map { 0 : 0x00000001, 1 : 0x00000002 }', 0xffffffff],
  ['meta', '', 0xffffffff],
];

for (const [what, value, bits] of markRows) {
  test(`${what} mark set ${value || 'nothing'} may change 0x${bits.toString(16)}`, () => assert.is(touchedBits(what, value), bits));
}

test('of each chain of others the first statement is told, with its place', () => {
  const ruleset = [
    'table inet multidial {\n\tchain output {\n\t\tmeta mark set meta mark & 0x01ffffff | 0x01000000\n\t}\n}',
    'table ip mangle {\n\tchain p {\n\t\tmeta mark set 0x00000001\n\t\tmeta mark set 0x00000002\n\t}\n\n\tchain q {\n\t\tct mark set meta mark\n\t}\n}',
    'table inet fw4 {\n\tchain p {\n\t\tmeta mark & 0xff000000 != 0x00000000 return\n\t\tmeta mark set 0x00000003 comment "a { b"\n\t}\n}',
  ].join('\n');
  assert.equal(findMarkStatements(ruleset), [
    { table: 'ip mangle', chain: 'p', statement: 'meta mark set 0x00000001' },
    { table: 'ip mangle', chain: 'q', statement: 'ct mark set meta mark' },
    { table: 'inet fw4', chain: 'p', statement: 'meta mark set 0x00000003 comment ""' },
  ]);
});

test.run();

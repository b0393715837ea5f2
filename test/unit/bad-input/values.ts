// Rows of single values: what may not stand there, and what may and must reach network byte for byte.
import { line } from '../../fake/scene.ts';
import { DSL, WAN, type Row } from './scene.ts';

export const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
export const REST = ['wan_01', 'wan_02', 'dsl_01'];

/** Line `wan` with one more option, or another value of one. */
const wanWith = (option: string, value: string): string =>
  WAN.includes(`option ${option} `)
    ? WAN.replace(new RegExp(`option ${option} .*`), () => `option ${option} ${quote(value)}`)
    : `${WAN}\toption ${option} ${quote(value)}\n`;

export const show = (value: string): string => JSON.stringify(value.length > 30 ? `${value.slice(0, 27)}...` : value);
const printable = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?').slice(0, 64);

/** Good in an account, a password, an access concentrator and a service name, whatever a shell or uci would make of them. */
export const legal: string[] = [
  "it's",
  "'",
  "''''",
  'say "hi"',
  '"',
  "x'; reboot; '",
  '$(reboot)',
  '$IFS',
  '`reboot`',
  'a;b',
  'a|b',
  'a&&b',
  'a>/etc/passwd',
  '-rf',
  '--help',
  ' ',
  ' two  blanks ',
  'back\\slash',
  '\\',
  '\\n',
  '#no comment',
  '%n%s',
  '*',
  '~',
  '!!',
  '../../etc/passwd',
  'network.lan.proto=none',
  "'\\''",
  'Größe@isp',
  '宽带账号',
  '😀',
  'nul',
  '0',
  '__proto__',
  'x'.repeat(64),
];

/** Sections of names that may be anything: said by name where it can be printed, and the rest goes on. */
const names: Row[] = [
  "it's",
  '"',
  '$(reboot)',
  '`reboot`',
  'a;b',
  'a|b',
  '-rf',
  'a b',
  'wän',
  'back\\slash',
  'a\nb',
  'a\tb',
  '../x',
  '1st',
  'sevenup',
  '_x',
  '__proto__',
  'y'.repeat(9000),
].map((name) => ({
  name: `a line named ${show(name)}`,
  text: `${WAN}\n${WAN.replace("'wan'", () => quote(name))}${DSL}`,
  says: [`section_name_invalid line.${printable(name)}`],
  marker: name.length > 2 ? name : 'line.',
  links: REST,
}));

const options: Row[] = ['$(reboot)', "it's", 'a b', 'a;b', '-rf', 'a\nb', 'Größe', '__proto__', 'constructor', 'passwort', 'x'.repeat(9000)].map((option) => ({
  name: `an option named ${show(option)}`,
  text: `${WAN}\toption ${quote(option)} 'x'\n${DSL}`,
  says: [`option_unknown line.wan ${printable(option)}`],
  marker: option,
  links: REST,
}));

const HOSTILE = ["it's", '"', '$(reboot)', '`reboot`', 'a;b', 'a|b', '-rf', 'a b', 'wän', 'back\\slash', 'a\nb', 'a\tb', '../x', 'a/b', 'x'.repeat(16)];

const devices: Row[] = HOSTILE.map((value) => ({
  name: `a port ${show(value)}`,
  text: `${wanWith('device', value)}${DSL}`,
  says: ['option_invalid line.wan device'],
  ...(value.length > 1 ? { marker: value } : {}),
  links: REST,
}));

const interfaces: Row[] = HOSTILE.map((value) => ({
  name: `a link of interface ${show(value)}`,
  text: `${WAN}${DSL}\nconfig link 'mine'\n\toption interface ${quote(value)}\n`,
  says: ['option_invalid link.mine interface'],
  ...(value.length > 1 ? { marker: value } : {}),
  links: REST,
}));

type Spoilt = [option: string, value: string, why: string];
const spoilt: Spoilt[] = [
  ...['username', 'password', 'ac', 'service'].flatMap((option): Spoilt[] => [
    [option, 'two\nlines', 'UTF-8 without control characters'],
    [option, 'a\ttab', 'UTF-8 without control characters'],
    [option, 'a\rreturn', 'UTF-8 without control characters'],
    [option, '\u001b[2J', 'UTF-8 without control characters'],
    [option, 'delete\u007f', 'UTF-8 without control characters'],
    [option, 'p\ufffdw', 'UTF-8 without control characters'],
    [option, 'p\ud800w', 'UTF-8 without control characters'],
  ]),
  ['username', 'x'.repeat(256), 'at most 255 bytes'],
  ['password', 'ü'.repeat(128), 'at most 255 bytes'],
  ['password', 'x'.repeat(60_000), 'at most 255 bytes'],
  ['ac', 'x'.repeat(65), 'at most 64 bytes'],
  ['service', '密'.repeat(22), 'at most 64 bytes'],
  ...['0', '65', '-1', 'many', '1.5', '1e1', '0x4', '+4', '4 ', ' 4', '٤', '4;5', '99999999999'].map(
    (value): Spoilt => ['sessions', value, 'a whole number from 1 to 64'],
  ),
  ...['0', '256', '-1', '1.5', 'heavy'].map((value): Spoilt => ['weight', value, 'a whole number from 1 to 255']),
  ...['575', '9001', '1492.5', 'big'].map((value): Spoilt => ['mtu', value, 'a whole number from 576 to 9000']),
  ...['5 1 1', '5;1', '5  1', 'often', '-5', '$(id)', '1000', '5 10000'].map(
    (value): Spoilt => ['keepalive', value, 'FAILURES or FAILURES INTERVAL, as in 5 1'],
  ),
  ...['0', 'abc', 'xy', '0x12', '12 34'].map((value): Spoilt => ['host_uniq', value, 'an even number of hexadecimal digits']),
  ['host_uniq', 'a'.repeat(66), 'at most 64 bytes'],
  ...['both', 'NAT', '1', 'off;on'].map((value): Spoilt => ['ipv6', value, 'off, nat, native']),
  ...['2', 'maybe', '-1', 'constructor', '__proto__'].map((value): Spoilt => ['disabled', value, '0 or 1']),
];

const lines: Row[] = spoilt.map(([option, value, expected]) => ({
  name: `${option} ${show(value)}`,
  text: `${wanWith(option, value)}${DSL}`,
  says: [`option_invalid line.wan ${option}`],
  details: { expected, got: option === 'password' ? '***' : /bytes$/.test(expected) ? `${Buffer.byteLength(value)} bytes` : printable(value) },
  ...(value.length > 3 && !/^\d+$/.test(value) && option !== 'sessions' ? { marker: value, isSecret: option === 'password' } : {}),
  links: REST,
}));

const required: Row[] = ['device', 'username', 'password'].flatMap((option): Row[] => [
  { name: `an empty ${option}`, text: `${wanWith(option, '')}${DSL}`, says: [`option_missing line.wan ${option}`], links: REST },
  { name: `no ${option}`, text: `${WAN.replace(new RegExp(`\\toption ${option} .*\\n`), '')}${DSL}`, says: [`option_missing line.wan ${option}`], links: REST },
]);

const lists: Row[] = ['device', 'sessions', 'password', 'mtu'].map((option) => ({
  name: `a list of ${option}`,
  text: `${WAN.replace(new RegExp(`\\toption ${option} .*\\n`), '')}\tlist ${option} '2'\n\tlist ${option} '3'\n${DSL}`,
  says: [`option_repeated line.wan ${option}`],
  links: REST,
}));

const group = (...words: string[]): string => `${WAN}${DSL}\nconfig group 'g'\n${words.map((word) => `\t${word}\n`).join('')}`;
const groups: Row[] = [
  ...['0.0.0.0/33', '::/129', 'default', '10.0.0.0', '10.0.0/8', '10.0.0.256/32', '1:2:3::4::5/64', '/8', '0.0.0.0/-1', '-4', '$(id)/8', "10.0.0.0/8'"].map(
    (dest): Row => ({
      name: `a group for ${dest} beside the default`,
      text: group("list dest '0.0.0.0/0'", `list dest ${quote(dest)}`),
      says: ['option_invalid group.g dest'],
      marker: dest.length > 7 ? dest : 'default;',
      links: REST,
    }),
  ),
  {
    name: 'a group for prefixes with host bits',
    text: group("list dest '0.0.0.1/0'", "list dest '10.0.0.1/8'", "list dest 'fd00::1/8'"),
    says: [],
    links: REST,
  },
  { name: 'a group of prefixes as words of one option', text: group("option dest '0.0.0.0/0  10.0.0.0/8'"), says: [], links: REST },
  {
    name: 'a group for 33 prefixes',
    text: group(...Array.from({ length: 33 }, (_, at) => `list dest '${at}.0.0.0/${at && 8}'`)),
    says: ['option_invalid group.g dest'],
    links: REST,
  },
  {
    name: 'a group for nothing but a bad prefix, which is not the group of all',
    text: group("list dest '10.0.0.0/33'"),
    says: ['option_invalid group.g dest'],
    links: REST,
    shares: [],
  },
  { name: 'a group of an unknown hash', text: group("option hash 'l5'"), says: ['option_invalid group.g hash'], links: REST },
  ...['mode', 'spread', 'sticky', 'last_resort'].flatMap((option) =>
    ['both', '', '$(id)', '1', 'FLOW'].map(
      (value): Row => ({
        name: `a group whose ${option} is ${show(value)}`,
        text: group(`option ${option} ${quote(value)}`),
        says: value === '' ? [] : [`option_invalid group.g ${option}`],
        links: REST,
      }),
    ),
  ),
  {
    name: 'packets of sessions, which share their connections instead',
    text: group("option mode 'packet'", "option spread 'random'"),
    says: ['packet_masqueraded group.g mode'],
    details: { link: 'dsl_01', by: 'masquerading in firewall zone wan' },
    links: REST,
  },
  { name: 'a group that names itself beside links', text: group("list link 'g'", "list link 'wan'"), says: ['member_unknown group.g link'], links: REST },
  { name: 'a group of an unknown link beside a line', text: group("list link 'ghost'", "list link 'wan'"), says: ['member_unknown group.g link'], links: REST },
  {
    name: 'a group of a link that can’t be a name beside a line',
    text: group("list link 'a;b'", "list link 'wan'"),
    says: ['option_invalid group.g link', 'member_unknown group.g link'],
    links: REST,
  },
  { name: 'a group named __proto__', text: group().replace("'g'", "'__proto__'"), says: [], links: REST },
  { name: 'two groups for one prefix', text: `${group()}\nconfig group 'h'\n`, says: ['prefix_taken group.h dest', 'prefix_taken group.h dest'], links: REST },
];

const link = (name: string, ...words: string[]): string => `${WAN}${DSL}\nconfig link '${name}'\n${words.map((word) => `\t${word}\n`).join('')}`;
const links: Row[] = [
  {
    name: 'a link of an interface that is missing',
    text: link('mine', "option interface 'ghost'"),
    says: ['interface_missing link.mine interface'],
    links: REST,
  },
  { name: 'a link that no line dials', text: link('wan_09', "option weight '3'"), says: ['link_unknown link.wan_09'], links: REST },
  { name: 'a link named constructor', text: link('constructor'), says: ['link_unknown link.constructor'], links: REST },
  ...['0', '256', 'x', '1.5'].map(
    (value): Row => ({
      name: `a link of weight ${value}`,
      text: link('wan_01', `option weight '${value}'`),
      says: ['option_invalid link.wan_01 weight'],
      links: REST,
    }),
  ),
  { name: 'a link disabled maybe', text: link('wan_01', "option disabled 'maybe'"), says: ['option_invalid link.wan_01 disabled'], links: REST },
];

const globals: Row[] = ['maybe', '2', '-1', 'constructor', '__proto__', '$(reboot)'].map((value) => ({
  name: `enabled ${value}`,
  text: `config globals 'globals'\n\toption enabled '${value}'\n\n${WAN}${DSL}`,
  says: ['option_invalid globals.globals enabled'],
  links: REST,
}));

const odd: Row[] = [
  { name: 'no number of sessions means one', text: `${line('sessions ')}${DSL}`, says: [], links: ['wan_01', 'dsl_01'], isWanKept: false },
  { name: '002 sessions are two', text: `${line('sessions 002')}${DSL}`, says: [], links: REST },
  { name: 'a port that is missing', text: `${wanWith('device', 'eth9')}${DSL}`, says: ['device_missing line.wan device'], links: REST },
];

export const valueRows: Row[] = [...names, ...options, ...devices, ...interfaces, ...lines, ...required, ...lists, ...groups, ...links, ...globals, ...odd];

// Rows of whole files: /etc/config/multidial cut, swollen, emptied or in odd spelling, and what stands twice in it.
import { DSL, WAN, type Row } from './scene.ts';

const REST = ['wan_01', 'wan_02', 'dsl_01'];
const GOOD = `${WAN}${DSL}`;
/** A word of `GOOD` and what comes before it. */
const until = (text: string): string => GOOD.slice(0, GOOD.indexOf(text) + text.length);

const fault = (name: string, text: string, line: number, reason: string): Row => ({ name, text, says: ['config_unreadable'], details: { line, reason } });
const unfit = (name: string, text: string): Row => ({
  name,
  text,
  says: ['file_unfit'],
  details: { path: '/etc/config/multidial', max: 65_536, found: `${Buffer.byteLength(text)} bytes` },
});
/** Groups of 25 prefixes each, a group takes 32. */
const prefixes = (count: number): string => sections(count, (at) => `${at % 25 ? '' : `\nconfig group 'g${at}'\n`}\tlist dest '10.0.${at}.0/24'\n`);
const sections = (count: number, text: (at: number) => string): string => Array.from({ length: count }, (_, at) => text(at)).join('');

const KEYWORD = 'a line must begin with config, option or list';
const WORDS = 'too many words: a value with blanks needs quotes';

/** The run stops, nothing is changed, and routes go on by what was read last. */
const unreadable: Row[] = [
  fault('a file cut in a keyword', until("'good@isp'\n\topti"), 10, KEYWORD),
  fault('a file cut in a single quote', until("'good@i"), 9, 'a quote is not closed'),
  fault('a file cut in a double quote', `${WAN}\toption ac "a`, 6, 'a quote is not closed'),
  fault('a file cut after the word config', until("'s3cr3t-pw'\n\toption sessions '2'\n\nconfig"), 7, KEYWORD),
  fault('a file cut after the word option', `${WAN}\toption`, 6, KEYWORD),
  fault('an option outside of any section', `option device 'wan'\n${GOOD}`, 1, 'option before the first config'),
  fault('a list outside of any section', `\n\tlist dest '::/0'\n${GOOD}`, 2, 'list before the first config'),
  fault('a password of two words without quotes', `${WAN.replace("'s3cr3t-pw'", 's3cr3t pw')}${DSL}`, 4, WORDS),
  fault('a name of two words without quotes', `${WAN}\nconfig line d sl\n`, 7, WORDS),
  fault('a byte order mark', `\ufeff${GOOD}`, 1, KEYWORD),
  fault('a page of a web server', `<!DOCTYPE html>\n${GOOD}`, 1, KEYWORD),
  fault('JSON', '{"line":{"wan":{}}}\n', 1, KEYWORD),
  fault('an option spelled with a capital', GOOD.replace('\toption username', '\tOption username'), 3, KEYWORD),
  fault('one name for two types', `${GOOD}\nconfig group 'wan'\n`, 12, 'section wan stands twice, as line and as group'),
  fault('a name of two lines for two types', "config line 'a\nb'\nconfig link 'a\nb'\n", 3, 'section a?b stands twice, as line and as link'),
  fault('a NUL in a value', GOOD.replace('s3cr3t', 's3\0t'), 4, 'a NUL byte'),
  fault('a NUL behind the last line', `${GOOD}\0\0\0\0`, 11, 'a NUL byte'),
  fault('nothing but NULs', '\0'.repeat(4096), 1, 'a NUL byte'),
  fault('nothing but an open quote', "'", 1, 'a quote is not closed'),
  fault('an empty file, as a commit on a full flash leaves it', '', 1, 'it is empty'),
  { name: 'a missing file', text: undefined, says: ['config_missing'] },
  unfit('a file of 5 MB', `${GOOD}${'# a comment\n'.repeat(430_000)}`),
  unfit('a line of 1 MB', `${GOOD}\toption ac '${'x'.repeat(1_000_000)}'\n`),
  unfit('10 000 sections', `${GOOD}${sections(10_000, (at) => `\nconfig link 'l${at}'\n\toption weight '2'\n`)}`),
  unfit('a file of one byte too many', `${GOOD}#`.padEnd(65_537, 'x')),
  unfit('a large file of characters that take three bytes', `${GOOD}#${'密'.repeat(22_000)}\n`),
];

const taken: Row[] = [
  { name: 'the largest file', text: `${GOOD}#`.padEnd(65_536, 'x'), says: [], links: REST },
  { name: 'a package line', text: `package multidial\n\n${GOOD}`, says: [], links: REST },
  { name: 'a package line of another name', text: `package net-work\n\n${GOOD}`, says: [], links: REST },
  { name: 'line ends of DOS', text: GOOD.replaceAll('\n', '\r\n'), says: [], links: REST },
  { name: 'no line end at the end', text: GOOD.trimEnd(), says: [], links: REST },
  { name: 'comments, blank lines and tabs everywhere', text: `#\n${GOOD.replaceAll('\n', " \t# it's\n\n").replaceAll(" '", "\t \t'")}`, says: [], links: REST },
  { name: 'several statements in a line', text: GOOD.replaceAll('\n\t', '; '), says: [], links: REST },
  { name: 'no quotes at all', text: GOOD.replaceAll("'", ''), says: [], links: REST },
  {
    name: 'one line in two sections, the last word counts',
    text: `${WAN.replace("sessions '2'", "sessions '9'")}${DSL}\nconfig line 'wan'\n\toption sessions '2'\n`,
    says: [],
    links: REST,
  },
  {
    name: 'two sections of globals',
    text: `config globals\n\toption enabled '1'\n\nconfig globals\n\toption enabled '0'\n\n${GOOD}`,
    says: ['section_duplicate globals.globals'],
    links: REST,
  },
];

/** Something in it is wrong; the rest of it is done. */
const partly: Row[] = [
  {
    name: 'an option cut behind its name',
    text: `${DSL}\n${WAN.replace(" 's3cr3t-pw'", '').replace("\toption sessions '2'\n", '')}`,
    says: ['option_missing line.wan password'],
    links: REST,
  },
  {
    name: 'a line whose name goes over two lines and which holds nothing good',
    text: `${GOOD}\nconfig line 'a\nb'\n\toption ipv6 'x'\n\toption 'c\nd' 'x'\n`,
    says: [
      'section_name_invalid line.a?b',
      'option_invalid line.a?b ipv6',
      'option_missing line.a?b device',
      'option_missing line.a?b username',
      'option_missing line.a?b password',
      'option_unknown line.a?b c?d',
    ],
    links: REST,
  },
  {
    name: 'a misspelt type keeps what a line of this name has',
    text: `${WAN.replace('config line', 'config lien')}${DSL}`,
    says: ['section_unknown_type lien.wan'],
    links: REST,
  },
  { name: 'the type __proto__', text: `${GOOD}\nconfig __proto__ 'x'\n\toption device 'eth1'\n`, says: ['section_unknown_type __proto__.x'], links: REST },
  { name: 'the type constructor', text: `${GOOD}\nconfig constructor 'x'\n`, says: ['section_unknown_type constructor.x'], links: REST },
  {
    name: 'a type that would be a command',
    text: `${GOOD}\nconfig '$(reboot)' 'x'\n`,
    says: ['section_unknown_type $(reboot).x'],
    marker: '$(reboot)',
    links: REST,
  },
  { name: 'a line without a name', text: `${GOOD}\nconfig line\n\toption device 'eth1'\n`, says: ['section_unnamed'], details: { type: 'line' }, links: REST },
  {
    name: 'a type of 9000 characters without a name',
    text: `${GOOD}\nconfig ${'t'.repeat(9000)}\n`,
    says: ['section_unnamed'],
    details: { type: 't'.repeat(32) },
    links: REST,
  },
  {
    name: 'more groups than there can be',
    text: `${GOOD}\nconfig group 'all'\n${sections(250, (at) => `config group 'g${at}'\n\tlist dest '10.0.${at}.0/24'\n`)}`,
    says: ['slots_exhausted group.g190', 'slots_exhausted group'],
    links: REST,
  },
  {
    name: 'one prefix more than there are rules for',
    text: `${GOOD}\n${prefixes(151)}\nconfig group 'all'\n`,
    says: ['slots_exhausted group'],
    links: REST,
  },
  {
    name: 'as many prefixes as there are rules for',
    text: `${GOOD}\n${prefixes(150)}\nconfig group 'all'\n`,
    says: [],
    links: REST,
  },
  {
    name: 'more links than there can be',
    text: `${GOOD}${sections(250, (at) => `config link 'm${at}'\n\toption interface 'lan'\n`)}`,
    says: ['slots_exhausted link.m191'],
    links: REST,
  },
  {
    name: 'thousands of faulty sections in the largest file',
    text: `${GOOD}${sections(1500, (at) => `config link 'm${at}'\n\toption weight 'x'\n`)}`.slice(0, 65_000).replace(/config link[^\n]*\n[^\n]*$/, ''),
    says: Array.from({ length: 1500 }, (_, at) => `option_invalid link.m${at} weight`),
    links: REST,
  },
];

export const fileRows: Row[] = [...unreadable, ...taken, ...partly];

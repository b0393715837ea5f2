// Rows of network, firewall and dhcp, broken by hand or by the flash, and the line and reason that are named.

/** `spoil` gets a text that ends in a line end; `line` gets the number of its lines. */
export type Damage = { name: string; spoil: (text: string) => string; line: (lines: number) => number; reason: string };

const first = (): number => 1;
const last = (lines: number): number => lines;
const next = (lines: number): number => lines + 1;

const QUOTE = 'a quote is not closed';
const KEYWORD = 'a line must begin with config, option or list';
const WORDS = 'too many words: a value with blanks needs quotes';
const NAME = 'a name holds letters, digits and _ only';

export const damages: Damage[] = [
  { name: 'cut in a quote', spoil: (text) => text.slice(0, -2), line: last, reason: QUOTE },
  { name: 'cut in a keyword', spoil: (text) => `${text}\tlis`, line: next, reason: KEYWORD },
  { name: 'with a value of two words', spoil: (text) => `${text}\toption a b c\n`, line: next, reason: WORDS },
  { name: 'with a section of a name that uci refuses', spoil: (text) => `${text}config rule 'my-rule'\n`, line: next, reason: NAME },
  {
    name: 'with commands as the name of a section',
    spoil: (text) => `${text}config interface 'x\ncommit network'\n\toption multidial 'wan'\n`,
    line: next,
    reason: NAME,
  },
  { name: 'with a blank in the name of an option', spoil: (text) => `${text}\toption 'a b' c\n`, line: next, reason: NAME },
  {
    name: 'with a name of two types',
    spoil: (text) => `${text}config a 'n'\nconfig b 'n'\n`,
    line: (lines) => lines + 2,
    reason: 'section n stands twice, as a and as b',
  },
  { name: 'with a NUL in a value', spoil: (text) => `${text}\toption a 'b\0c'\n`, line: next, reason: 'a NUL byte' },
  { name: 'that ends in NULs', spoil: (text) => `${text}${'\0'.repeat(512)}`, line: next, reason: 'a NUL byte' },
  { name: 'that begins with a byte order mark', spoil: (text) => `\ufeff${text}`, line: first, reason: KEYWORD },
  { name: 'that is a page of a web server', spoil: () => '<html>\n', line: first, reason: KEYWORD },
];

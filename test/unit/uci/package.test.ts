// The parser of /etc/config files against what libuci reads: quotes, newlines, CRLF, comments, duplicates and faults.
import * as assert from 'uvu/assert';
import { addressOf, findSection, isFault, itemsOf, parsePackage, scalarOf, type UciPackage } from '../../../agent/src/uci/package.ts';
import { toPackage } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const toPlain = (pack: UciPackage) => pack.map(({ type, name, options }) => [type, name ?? null, Object.fromEntries(options)]);

/** What option `o` of a single section holds; undefined where there is none. */
const valueRows: [title: string, line: string, value: string | string[] | undefined][] = [
  ['an unquoted word', 'option o word', 'word'],
  ['single quotes', "option o 'two words'", 'two words'],
  ['double quotes', 'option o "two words"', 'two words'],
  ['the quote that uci writes', "option o 'it'\\''s'", "it's"],
  ['quotes joined to a word', `option o pre'mid'"post"`, 'premidpost'],
  ['an escaped double quote', 'option o "a\\"b"', 'a"b'],
  ['a backslash in double quotes', 'option o "a\\\\b"', 'a\\b'],
  ['a backslash in single quotes stays', "option o 'a\\nb'", 'a\\nb'],
  ['a backslash before a blank', 'option o a\\ b', 'a b'],
  ['a newline in single quotes', "option o 'one\ntwo'", 'one\ntwo'],
  ['a newline in double quotes', 'option o "one\ntwo"', 'one\ntwo'],
  ['a backslash at the end of the line', 'option o one\\\ntwo', 'onetwo'],
  ['a dollar and parentheses as they stand', "option o '$(reboot)'", '$(reboot)'],
  ['a comment after the value', 'option o word # not this', 'word'],
  ['a comment sign within quotes', "option o 'a#b'", 'a#b'],
  ['CRLF', 'option o word\r', 'word'],
  ['tabs and blanks around', '\t option \t o   word  ', 'word'],
  ['a second option replaces the first', 'option o a\noption o b', 'b'],
  ['an empty option takes the first away, as in libuci', "option o a\noption o ''", undefined],
  ['an option without a value', 'option o', undefined],
  ['a list', 'list o a\nlist o b', ['a', 'b']],
  ['a list of one', 'list o a', ['a']],
  ['a list after an option collects', 'option o a\nlist o b', ['a', 'b']],
  ['an option after a list replaces', 'list o a\noption o b', 'b'],
  ['equal items of a list', 'list o a\nlist o a', ['a', 'a']],
  ['two statements of one line', 'option x 1; option o word', 'word'],
];

for (const [title, line, value] of valueRows) {
  test(`reads ${title}`, () => {
    assert.equal(toPackage(`config thing 't'\n${line}\n`)[0]?.options.get('o'), value);
  });
}

const faultRows: [title: string, text: string, line: number, reason: RegExp][] = [
  ['an option before the first section', "option a 'b'\n", 1, /before the first config/],
  ['an unknown keyword', 'config a\n\nsection b\n', 3, /must begin with/],
  ['an open single quote, at the line where it opened', "config a\n\toption b 'c\nd\ne\n", 2, /quote/],
  ['an open double quote', 'config a\n\toption b "c', 2, /quote/],
  ['an open quote after a value of two lines', "config a\n\toption x 'a\nb'\n\toption b 'c", 4, /quote/],
  ['a section without a type', 'config\n', 1, /must begin with/],
  ['a name of two types', "config a 'n'\nconfig b 'n'\n", 2, /stands twice, as a and as b/],
  ['HTML', '<html>\n', 1, /must begin with/],
];

for (const [title, text, line, reason] of faultRows) {
  test(`refuses the file for ${title}, and names the line`, () => {
    const parsed = parsePackage(text);
    assert.ok(isFault(parsed), 'must be a fault');
    assert.is(parsed.line, line);
    assert.match(parsed.reason, reason);
  });
}

test('an empty file and one of comments hold nothing', () => {
  for (const text of ['', '\n\n', '# a\n  # b\n', 'package network\n']) assert.equal(parsePackage(text), []);
});

test('sections of one name and type merge, anonymous ones never do', () => {
  const text = "config a 'n'\n\toption x 1\nconfig a\n\toption y 2\nconfig a 'n'\n\toption z 3\nconfig a ''\n";
  assert.equal(toPlain(toPackage(text)), [
    ['a', 'n', { x: '1', z: '3' }],
    ['a', null, { y: '2' }],
    ['a', null, {}],
  ]);
});

test('every section is found again by its own address', () => {
  const pack = toPackage("config zone\n\toption name lan\nconfig zone 'w'\n\toption name wan\nconfig rule\nconfig zone\n");
  assert.equal(
    pack.map((section) => addressOf(pack, section)),
    ['@zone[0]', 'w', '@rule[0]', '@zone[2]'],
  );
  for (const section of pack) assert.is(findSection(pack, addressOf(pack, section)), section);
  for (const address of ['@zone[3]', '@none[0]', 'x', '@zone[-1]']) assert.is(findSection(pack, address), undefined);
});

test('a value may stand as a list or as words of one string', () => {
  const [section] = toPackage("config z 'z'\n\toption s ' a  b\tc '\n\tlist l 'a b'\n\tlist l c\n");
  assert.equal(itemsOf(section?.options.get('s')), ['a', 'b', 'c']);
  assert.equal(itemsOf(section?.options.get('l')), ['a', 'b', 'c']);
  assert.equal(itemsOf(undefined), []);
  assert.is(scalarOf(section, 'l'), 'c');
  assert.is(scalarOf(section, 'none'), undefined);
  assert.is(scalarOf(undefined, 's'), undefined);
});

test.run();

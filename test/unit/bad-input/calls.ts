// Rows of calls by rpcd: methods, arguments and texts on stdin that nobody should send.

/** The argument that is complained of; null where the call is answered all the same. */
export type Call = { name: string; stdin: string; argument: string | null };

const ALL = '(all)';
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const fields: [string, string][] = [
  ['a word', '"x"'],
  ['an empty word', '""'],
  ['a number', '-1.5e300'],
  ['true', 'true'],
  ['an array', '[]'],
  ['an object', '{}'],
  ['an array of arrays', '[[[]]]'],
  ['nesting', nested(400)],
  ['a large word', JSON.stringify('x'.repeat(70_000))],
];

/** For methods without arguments: whatever is called an argument has no effect. */
export const anyMethod: Call[] = [
  { name: 'nothing', stdin: '', argument: null },
  { name: 'no JSON', stdin: 'reboot', argument: ALL },
  { name: 'JSON cut in half', stdin: '{"ubus_rpc_session":"0123456789', argument: ALL },
  { name: 'two objects', stdin: '{}{}', argument: ALL },
  { name: 'a NUL behind the object', stdin: '{}\0', argument: ALL },
  { name: 'an array', stdin: '[{}]', argument: ALL },
  { name: 'null', stdin: 'null', argument: ALL },
  { name: 'a word', stdin: '"apply"', argument: ALL },
  { name: 'a number', stdin: '1', argument: ALL },
  { name: 'nesting without an end', stdin: '['.repeat(200_000), argument: ALL },
  { name: 'nesting that ends in an array', stdin: `${'['.repeat(5000)}${']'.repeat(5000)}`, argument: ALL },
  ...['force', '__proto__', 'constructor', 'toString', 'ubus_rpc_session'].map(
    (key): Call => ({ name: `an argument ${key}`, stdin: `{"${key}":{"config":5}}`, argument: null }),
  ),
  { name: '70 KB of an argument that is none', stdin: JSON.stringify({ x: 'y'.repeat(70_000) }), argument: null },
];

const section = '{"type":"line","name":"x","options":{}}';

/** For `plan` alone, the one method with an argument. */
export const plans: Call[] = [
  ...fields.map(([name, value]): Call => ({ name: `config as ${name}`, stdin: `{"config":${value}}`, argument: 'config' })),
  ...fields
    .filter(([name]) => name !== 'an array')
    .map(([name, value]): Call => ({ name: `sections as ${name}`, stdin: `{"config":{"sections":${value}}}`, argument: 'config' })),
  ...fields.map(([name, value]): Call => ({ name: `a section as ${name}`, stdin: `{"config":{"sections":[${value}]}}`, argument: 'config' })),
  ...['type', 'name', 'options'].flatMap((field) =>
    [...fields, ['null', 'null'] as const]
      .filter(([, value]) => (field === 'options' ? value !== '{}' : !value.startsWith('"')))
      .map(
        ([name, value]): Call => ({
          name: `${field} as ${name}`,
          stdin: `{"config":{"sections":[${section.replace(new RegExp(`"${field}":("\\w+"|{})`), () => `"${field}":${value}`)}]}}`,
          argument: 'config',
        }),
      ),
  ),
  ...[...fields, ['null', 'null'] as const, ['an array of numbers', '[1]'] as const]
    .filter(([, value]) => !value.startsWith('"') && value !== '[]')
    .map(
      ([name, value]): Call => ({
        name: `an option as ${name}`,
        stdin: `{"config":{"sections":[{"type":"line","name":"x","options":{"device":${value}}}]}}`,
        argument: 'config',
      }),
    ),
  { name: 'sections that stand in __proto__', stdin: `{"config":{"__proto__":{"sections":[${section}]}}}`, argument: 'config' },
  { name: 'a section whose parts stand in __proto__', stdin: `{"config":{"sections":[{"__proto__":${section}}]}}`, argument: 'config' },
];

/** Candidates of the right types with odd words in them, and the complaints. */
export const candidates: [name: string, sections: string, says: string[]][] = [
  ['no sections', '[]', []],
  ['the type __proto__', '[{"type":"__proto__","name":"x","options":{}}]', ['section_unknown_type __proto__.x']],
  ['the type constructor', '[{"type":"constructor","name":"x","options":{"password":"p"}}]', ['section_unknown_type constructor.x']],
  [
    'the name __proto__',
    '[{"type":"line","name":"__proto__","options":{"device":"wan","username":"u","password":"p"}}]',
    ['section_name_invalid line.__proto__'],
  ],
  [
    'options __proto__ and constructor',
    '[{"type":"line","name":"x","options":{"device":"wan","username":"u","password":"p","__proto__":"1","constructor":"1","toString":["1"]}}]',
    ['option_unknown line.x __proto__', 'option_unknown line.x constructor', 'option_unknown line.x toString'],
  ],
  ['an empty name', '[{"type":"link","name":"","options":{}}]', ['section_name_invalid link.']],
  ['an empty type', '[{"type":"","name":"x","options":{}}]', ['section_unknown_type .x']],
  [
    'half a surrogate pair in a password',
    '[{"type":"line","name":"x","options":{"device":"wan","username":"u","password":"\\ud800"}}]',
    ['option_invalid line.x password'],
  ],
  [
    'a section twice',
    '[{"type":"link","name":"m","options":{}},{"type":"group","name":"m","options":{}}]',
    ['section_duplicate group.m', 'link_unknown link.m'],
  ],
  [
    'secrets that are claimed',
    '[{"type":"line","name":"x","options":{"device":"wan","username":"u"},"secrets":["password"]}]',
    ['option_missing line.x password'],
  ],
];

/** Words at a shell, the exit code, and what is said. */
export const wordRows: [words: string[], exit: number, says: RegExp][] = [
  [['reboot'], 2, /^multidial: unknown command reboot\n\nmultidial: several/],
  [['Apply'], 2, /unknown command Apply/],
  [['--json'], 2, /unknown command --json/],
  [['--version'], 2, /unknown command --version/],
  [[''], 2, /unknown command \n/],
  [['$(reboot)'], 2, /unknown command \$\(reboot\)/],
  [['__proto__'], 2, /unknown command __proto__/],
  [['list'], 2, /unknown command list/],
  [['a\u001b[2J\u0007b'], 2, /unknown command a\?\[2J\?b/],
  [['apply', 'wan'], 2, /^multidial apply: unknown argument wan; see multidial help\n$/],
  [['apply', '--force'], 2, /unknown argument --force/],
  [['apply', '--json=1'], 2, /unknown argument --json=1/],
  [['apply', '--json', '--json'], 2, /unknown argument --json/],
  [['apply', '--json', 'x', 'y'], 2, /unknown argument y/],
  [['apply', ''], 2, /unknown argument ;/],
  [['reset', '-f'], 2, /unknown argument -f/],
  [['reset', 'wan', '--json'], 2, /unknown argument --json/],
  [['status', '-j'], 2, /unknown argument -j/],
  [['plan', 'two\nlines'], 2, /unknown argument two\nlines/],
  [['version', 'x'], 2, /multidial version: unknown argument x/],
  [['help', 'apply'], 2, /multidial help: unknown argument apply/],
  [['call', 'apply'], 2, /^multidial: unknown command call\n/],
  [['hotplug', 'ifup'], 0, /^$/],
  [['hotplug', 'reboot', 'pppoe-wan_01'], 0, /^$/],
  [['hotplug', 'ifup', '../../../etc/passwd'], 0, /^$/],
  [['hotplug', 'ifup', '..'], 0, /^$/],
  [['hotplug', 'ifup', '$(reboot)'], 0, /^$/],
  [['hotplug', 'ifup', 'a b\nc'], 0, /^$/],
  [['hotplug', 'ifup', 'x'.repeat(9000)], 0, /^$/],
  [['hotplug', 'ifup', 'pppoe-wan_01', 'and', 'more'], 0, /^$/],
];

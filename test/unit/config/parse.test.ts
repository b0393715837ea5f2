// Our own file as typed configuration: defaults, faulty sections named and left out, and secrets that never leave.
import * as assert from 'uvu/assert';
import { parseConfig, toConfig } from '../../../agent/src/config/parse.ts';
import { redact, withStoredSecrets } from '../../../agent/src/config/secrets.ts';
import type { ConfigSection, Problem } from '../../../agent/src/contract/index.ts';
import { aGroup, aPin, aSetting } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const LINE = "config line 'wan'\n\toption device 'eth0.2'\n\toption username 'user@isp'\n\toption password 'secret'\n";
const short = (problems: readonly Problem[]) => problems.map(({ code, section, option }) => [code, section, option].filter(Boolean).join(' '));

test('fills in the defaults of a line and leaves to pppd what is pppd’s', () => {
  const { config, problems } = parseConfig(LINE);
  assert.equal(problems, []);
  assert.equal(config, {
    enabled: true,
    keepsHistory: false,
    lines: [
      {
        name: 'wan',
        device: 'eth0.2',
        sessions: 1,
        username: 'user@isp',
        password: 'secret',
        ac: undefined,
        service: undefined,
        hostUniq: undefined,
        mtu: undefined,
        keepalive: undefined,
        weight: 1,
        ipv6: 'off',
        adopt: undefined,
        minUp: 0,
        rotateH: 0,
        rotateWindow: undefined,
        disabled: false,
      },
    ],
    links: [],
    groups: [],
    pins: [],
    probes: [],
    watch: true,
    frozen: [],
    broken: false,
  });
});

test('reads every option of every section', () => {
  const more =
    "\toption sessions '4'\n\toption ac 'bras'\n\toption service 'net'\n\toption host_uniq '0aFF'\n\toption mtu '1480'\n\toption keepalive '5 10'\n" +
    "\toption weight '3'\n\toption ipv6 'nat'\n\toption disabled 'yes'\n\nconfig link 'wan_02'\n\toption username 'two@isp'\n\toption password 'second'\n\toption weight '9'\n\nconfig link 'lte'\n" +
    "\toption interface 'lte0'\n\toption ipv6 'nat'\n\toption disabled '1'\n\nconfig group 'all'\n\tlist link 'wan'\n\tlist link 'lte'\n\toption dest '10.0.0.0/8 ::/0'\n\toption hash 'l3'\n";
  const { config, problems } = parseConfig(`config globals 'globals'\n\toption enabled 'off'\n\n${LINE}${more}`);
  assert.equal(problems, []);
  assert.is(config.enabled, false);
  const [line] = config.lines;
  assert.equal(
    [line?.sessions, line?.ac, line?.service, line?.hostUniq, line?.mtu, line?.keepalive, line?.weight, line?.ipv6, line?.disabled],
    [4, 'bras', 'net', '0aFF', 1480, '5 10', 3, 'nat', true],
  );
  assert.equal(config.links, [
    aSetting('wan_02', { username: 'two@isp', password: 'second', weight: 9 }),
    aSetting('lte', { interface: 'lte0', ipv6: 'nat', disabled: true }),
  ]);
  assert.equal(config.groups, [aGroup('all', { links: ['wan', 'lte'], dest: ['10.0.0.0/8', '::/0'], hash: 'l3' })]);
});

test('prefixes are taken in the kernel’s spelling, each once, and none means both defaults', () => {
  const destOf = (text: string) => parseConfig(`config group 'g'\n${text}`).config.groups[0]?.dest;
  assert.equal(destOf(''), ['0.0.0.0/0', '::/0']);
  assert.equal(destOf("\tlist dest '10.1.2.3/8'\n\tlist dest '10.0.0.0/8'\n\tlist dest '2001:DB8:0:0::1/32'\n"), ['10.0.0.0/8', '2001:db8::/32']);
});

test('reads every option of a group', () => {
  const groupOf = (text: string) => parseConfig(`config group 'g'\n${text}`).config.groups;
  const all = "\toption mode 'packet'\n\toption spread 'random'\n\toption sticky 'site'\n\toption last_resort 'unreachable'\n";
  assert.equal(groupOf(all), [aGroup('g', { mode: 'packet', spread: 'random', sticky: 'site', isLastResort: true })]);
  assert.equal(groupOf("\toption sticky 'client'\n\toption last_resort 'system'\n"), [aGroup('g', { sticky: 'client' })]);
  assert.equal(groupOf("\toption mode 'both'\n\toption sticky 'never'\n"), [aGroup('g')], 'a faulty one as far as it is good');
});

test('reads every option of a pin, addresses in the kernel’s spelling with a length and each once', () => {
  const text =
    "config pin 'tv'\n\toption use 'wan_01'\n\toption strict '1'\n\tlist src '192.168.1.7'\n\tlist src '192.168.1.9/24'\n\tlist dest '2001:DB8:0::1'\n" +
    "\toption proto 'tcp 47'\n\tlist src_port '5060'\n\tlist dest_port '443'\n\tlist dest_port '8000-8099'\n\tlist in 'lan'\n\tlist mac '0A:00:00:00:00:01'\n\tlist mac '0A:00:00:00:00:01'\n";
  const { config, problems } = parseConfig(`${text}\nconfig pin 'off'\n\toption use 'none'\n\toption disabled '1'\n\nconfig pin 'bare'\n\toption use 'none'\n`);
  assert.equal(problems, []);
  assert.equal(config.pins, [
    aPin('tv', 'wan_01', {
      strict: true,
      src: ['192.168.1.7/32', '192.168.1.0/24'],
      dest: ['2001:db8::1/128'],
      proto: ['tcp', '47'],
      srcPort: ['5060'],
      destPort: ['443', '8000-8099'],
      in: ['lan'],
      mac: ['0a:00:00:00:00:01'],
    }),
    aPin('bare', 'none'),
  ]);
});

test('a faulty pin is left out whole: less than it says would match more', () => {
  const pin = (text: string) => parseConfig(`config pin 'p'\n\toption use 'wan'\n${text}`);
  const { config, problems } = pin("\tlist dest_port '0'\n\tlist src '10.0.0.1'\n");
  assert.equal([config.pins, config.frozen, ...short(problems)], [[], [], 'option_invalid pin.p dest_port']);
  assert.equal(short(parseConfig("config pin 'p'\n").problems), ['option_missing pin.p use']);
});

/** What is complained of, which lines are frozen, and which still are good. */
const badRows: [title: string, text: string, problems: string[], frozen: string[], good: string[]][] = [
  ['a line without a password', LINE.replace(/\toption password.*\n/, ''), ['option_missing line.wan password'], ['wan'], []],
  ['an empty required option', LINE.replace('user@isp', ''), ['option_missing line.wan username'], ['wan'], []],
  ['a bad value', `${LINE}\toption sessions '0'\n`, ['option_invalid line.wan sessions'], ['wan'], []],
  ['a list where one value belongs', `${LINE}\tlist mtu '1400'\n\tlist mtu '1500'\n`, ['option_repeated line.wan mtu'], ['wan'], []],
  ['a name that is too long', LINE.replace("'wan'", "'toolong'"), ['section_name_invalid line.toolong'], ['toolong'], []],
  ['an unknown option, which is only warned about', `${LINE}\toption passwd 'x'\n`, ['option_unknown line.wan passwd'], [], ['wan']],
  ['an unknown type', `config rule 'r'\n\toption a '1'\n\n${LINE}`, ['section_unknown_type rule.r'], ['r'], ['wan']],
  ['a line without a name', `config line\n\toption device 'x'\n\n${LINE}`, ['section_unnamed'], [], ['wan']],
  ['one bad line beside a good one', `${LINE}\n${LINE.replace("'wan'", "'dsl'").replace('eth0.2', '')}`, ['option_missing line.dsl device'], ['dsl'], ['wan']],
];

for (const [title, text, problems, frozen, good] of badRows) {
  test(`names ${title}, and keeps what such a line has`, () => {
    const parsed = parseConfig(text);
    assert.equal(short(parsed.problems), problems);
    assert.equal(parsed.config.frozen, frozen);
    assert.equal(
      parsed.config.lines.map((line) => line.name),
      good,
    );
    assert.is(parsed.config.broken, false);
  });
}

test('globals need no name, and a second section of one name is refused', () => {
  assert.is(parseConfig("config globals\n\toption enabled '0'\n").config.enabled, false);
  const { config, problems } = parseConfig("config globals\n\toption enabled '0'\n\nconfig globals 'globals'\n\toption enabled '1'\n");
  assert.equal([config.enabled, ...short(problems)], [false, 'section_duplicate globals.globals']);
});

test('a faulty globals section leaves multidial enabled', () => {
  const { config, problems } = parseConfig("config globals 'globals'\n\toption enabled 'maybe'\n");
  assert.equal([config.enabled, ...short(problems)], [true, 'option_invalid globals.globals enabled']);
});

test('a file that can’t be read at all touches nothing', () => {
  const unreadable = parseConfig("config line 'wan'\n\toption x 'open\n");
  assert.equal(unreadable.problems[0]?.details, { line: 2, reason: 'a quote is not closed' });
  assert.is(unreadable.config.broken, true);
  const missing = parseConfig(undefined);
  assert.equal([missing.config.broken, ...short(missing.problems)], [true, 'config_missing']);
});

const section = (options: ConfigSection['options'], type = 'line'): ConfigSection => ({ type: type as 'line', name: 'wan', options });

test('shows a section without its secrets, and says which are set', () => {
  assert.equal(redact(section({ device: 'a', password: 's3cret' })), { type: 'line', name: 'wan', options: { device: 'a' }, secrets: ['password'] });
  assert.equal(redact(section({ device: 'a', password: '' })), section({ device: 'a' }));
  assert.equal(redact(section({ password: ['s3cret'] })).options, {});
});

test('shows neither unknown options nor those of unknown types: they may be misspelt passwords', () => {
  assert.equal(redact(section({ passwort: 's3cret', constructor: 's3cret' })), section({}));
  assert.equal(redact(section({ password: 's3cret' }, 'Line')), section({}, 'Line'));
});

test('a candidate without a password keeps the one that is stored for this line', () => {
  const stored = [section({ device: 'a', password: 'old' }), { ...section({ password: 'other' }), name: 'dsl' }];
  const candidate = (options: ConfigSection['options']) => withStoredSecrets([section(options)], stored)[0]?.options;
  assert.equal(candidate({ device: 'b' }), { device: 'b', password: 'old' });
  assert.equal(candidate({ device: 'b', password: '' }), { device: 'b', password: 'old' });
  assert.equal(candidate({ device: 'b', password: 'new' }), { device: 'b', password: 'new' });
});

test('a stored password goes to no section of another name or type', () => {
  const stored = [section({ password: 'old' })];
  assert.equal(withStoredSecrets([{ ...section({}), name: 'dsl' }, section({}, 'link')], stored), [{ ...section({}), name: 'dsl' }, section({}, 'link')]);
});

test('a candidate cannot claim a secret that is not there', () => {
  const claimed: ConfigSection = { ...section({ device: 'a', username: 'u' }), secrets: ['password'] };
  assert.equal(short(toConfig(withStoredSecrets([claimed], [])).problems), ['option_missing line.wan password']);
});

test.run();

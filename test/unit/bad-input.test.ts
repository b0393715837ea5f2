// Bad input, by table, in /etc/config: what is put in, what is said of it, that nothing is lost and nothing executed.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import { type MethodSpec, methods, type Problem } from '../../agent/src/contract/index.ts';
import type { Router } from '../fake/router.ts';
import { line } from '../fake/scene.ts';
import { changesOf, multidial, rpc, settle } from '../fake/shell.ts';
import { test } from '../limit.ts';
import { damages } from './bad-input/packages.ts';
import { anyMethod, candidates, plans, wordRows } from './bad-input/calls.ts';
import { CONFIG, DSL, WAN, dialed, look, nothingChanged, nothingExecuted, nothingLost, ourLinks, play, sectionsOf, sharing, short } from './bad-input/scene.ts';
import { fileRows } from './bad-input/files.ts';
import { pinRows } from './bad-input/pins.ts';
import { legal, valueRows } from './bad-input/values.ts';

for (const value of legal) {
  test(`${JSON.stringify(value)} reaches network byte for byte`, () => {
    const router = dialed();
    const before = look(router);
    const quoted = `'${value.replaceAll("'", "'\\''")}'`;
    const text = `${line().replace(/option (username|password) .*/g, (_, option) => `option ${option} ${quoted}`)}\toption ac ${quoted}\n\toption service ${quoted}\n${DSL}`;
    router.config('multidial', text);
    before.files.set(CONFIG, text);
    assert.is(multidial(router, 'apply').exit, 0);
    settle(router);
    const options = sectionsOf(router).find(({ id }) => id === 'wan_01')?.options;
    assert.equal(
      ['username', 'password', 'ac', 'service'].map((option) => options?.get(option)),
      [value, value, value, value],
    );
    assert.ok(sectionsOf(router).some(({ id }) => id === 'dsl_01'));
    nothingExecuted(router.effects, { marker: value.length > 5 ? value : undefined, isSecret: true });
    nothingLost(router, before);
    assert.equal(JSON.parse(multidial(router, 'plan', '--json').output).uci, []);
  });
}

for (const row of [...valueRows, ...pinRows, ...fileRows]) test(row.name, () => void play(row));

/** Every command that reads the packages. The last one stores that multidial is off, and that only. */
const COMMANDS = [
  ['apply', '--json'],
  ['plan', '--json'],
  ['hotplug', 'ifup', 'pppoe-wan_01'],
  ['reset', '--json'],
];

for (const name of ['network', 'firewall', 'dhcp']) {
  const path = `/etc/config/${name}`;
  const broken = (router: Router): string => {
    const text = `${(router.files.read(path) ?? '').trimEnd()}\n`;
    router.config(name, text);
    return text;
  };

  for (const { name: what, spoil, line: lineOf, reason } of damages) {
    test(`${name} ${what} is named with its line, and nothing is written`, () => {
      const router = dialed();
      const text = broken(router);
      router.config(name, spoil(text));
      router.config('multidial', `${WAN}${DSL}`);
      stopsAt(router, 'reply_unreadable', { command: path, reason: `line ${lineOf(text.split('\n').length - 1)}: ${reason}` });
    });
  }

  test(`${name} that is a directory or more than is read is named, and nothing is written`, () => {
    for (const [found, spoil] of [
      ['a directory', (router: Router) => router.files.makeDirectory(path, 0o755)],
      ['2000000 bytes', (router: Router) => router.config(name, '#'.padEnd(2_000_000))],
    ] as const) {
      const router = dialed();
      router.files.remove(path);
      spoil(router);
      stopsAt(router, 'file_unfit', { path, max: 1 << 20, found });
    }
  });

  test(`${name} with line ends of DOS is read as usual`, () => {
    const router = dialed();
    const before = look(router);
    router.config(name, broken(router).replaceAll('\n', '\r\n'));
    router.config('multidial', `${WAN}${DSL}`);
    before.files.set(CONFIG, `${WAN}${DSL}`);
    assert.is(multidial(router, 'apply').exit, 0);
    settle(router);
    assert.equal(ourLinks(router), ['wan_01', 'wan_02', 'dsl_01']);
    before.files.set(path, (before.files.get(path) ?? '').replaceAll('\n', '\r\n'));
    nothingLost(router, before);
  });
}

/** No command changes anything, each says why, and traffic goes on. */
function stopsAt(router: Router, code: string, details: Record<string, unknown>): void {
  const before = look(router);
  for (const words of COMMANDS) {
    const { output, exit, effects } = multidial(router, ...words);
    nothingExecuted(effects);
    if (words[0] === 'reset') before.files.delete(CONFIG);
    else assert.equal(changesOf(effects), []);
    nothingChanged(router, before);
    if (words[0] === 'hotplug') continue;
    const { problems } = JSON.parse(output) as { problems: Problem[] };
    const problem = problems.find((other) => other.code === code);
    assert.equal([exit, problem?.severity, problem?.details], [1, 'error', details], words.join(' '));
  }
}

test(`${CONFIG} that is a directory stops every run, and the links stay`, () => {
  const router = dialed();
  router.files.remove(CONFIG);
  router.files.makeDirectory(CONFIG, 0o755);
  const before = look(router);
  for (const words of [
    ['apply', '--json'],
    ['plan', '--json'],
    ['status', '--json'],
  ]) {
    const { output, exit, effects } = multidial(router, ...words);
    const [problem] = (JSON.parse(output) as { problems: Problem[] }).problems;
    assert.equal([exit, problem?.code, problem?.details], [1, 'file_unfit', { path: CONFIG, max: 65_536, found: 'a directory' }], words[0]);
    assert.equal(changesOf(effects), []);
    nothingChanged(router, before);
  }
});

test('a section of globals whose name would be commands is named, and reset runs none of them', () => {
  const router = dialed();
  const before = look(router);
  router.config('multidial', `config globals 'x=y\nset network.lan.proto=none\ncommit network\n'\n\n${WAN}`);
  const { problems } = JSON.parse(multidial(router, 'apply', '--json').output) as { problems: Problem[] };
  assert.equal(short(problems), ['section_name_invalid globals.x=y?set network.lan.proto=none?commit network?']);
  multidial(router, 'reset');
  settle(router);
  before.files.delete('/etc/sysctl.d/77-multidial.conf'); // reset takes it away, and stores `enabled 0`
  before.files.set(CONFIG, router.files.read(CONFIG) ?? '');
  nothingLost(router, before);
  assert.equal(ourLinks(router), []);
});

test('a missing network is said, a missing firewall or dhcp is none of our business', () => {
  for (const [name, says] of [
    ['network', ['commit_lost', 'command_failed']],
    ['firewall', ['zone_missing']],
    ['dhcp', []],
  ] as const) {
    const router = dialed();
    const before = look(router);
    router.files.remove(`/etc/config/${name}`);
    before.files.delete(`/etc/config/${name}`);
    router.config('multidial', `${WAN}${DSL}`);
    before.files.set(CONFIG, `${WAN}${DSL}`);
    const { output, effects } = multidial(router, 'apply', '--json');
    assert.equal(short((JSON.parse(output) as { problems: Problem[] }).problems), [...says], name);
    nothingExecuted(effects);
    assert.is(router.files.stat(`/etc/config/${name}`), undefined, `${name} is not made`);
    nothingLost(router, before);
    assert.equal(sharing(router), before.sharing);
  }
});

/** What a method can't do without. */
const neededBy = (method: string): string | undefined =>
  Object.entries((methods as Record<string, MethodSpec>)[method]?.arguments ?? {}).find(([, { required }]) => required)?.[0];

const isClean = (): boolean => Object.keys(Object.prototype).length === 0 && !('config' in {}) && !('sections' in {}) && !('device' in {});

for (const [method, calls] of [
  ...Object.keys(methods).map((method) => [method, anyMethod] as const),
  ['plan', plans] as const,
  ...['none', '__proto__', 'constructor', 'apply;reboot', '-h', ''].map((method) => [method, anyMethod] as const),
]) {
  for (const { name, stdin, argument } of calls) {
    test(`rpcd calls ${method || '(nothing)'} with ${name}`, () => {
      const router = dialed();
      const before = look(router);
      const { reply, exit } = rpc(router, method, stdin);
      const error = reply['error'] as Problem | undefined;
      if (!Object.hasOwn(methods, method)) assert.equal([error?.code, error?.details], ['method_unknown', { method }]);
      else if (argument === null && !neededBy(method)) assert.is(error, undefined);
      else assert.equal([error?.code, error?.details?.['argument']], ['argument_invalid', argument ?? neededBy(method)]);
      assert.equal([exit, isClean()], [0, true]);
      nothingExecuted(router.effects);
      if (error || !['apply', 'reset'].includes(method)) {
        assert.equal(changesOf(router.effects), []);
        nothingChanged(router, before);
      } else if (method === 'apply') nothingLost(router, before);
    });
  }
}

for (const [name, sections, says] of candidates) {
  test(`a candidate with ${name} is planned, or refused by name, and nothing is changed`, () => {
    const router = dialed();
    const before = look(router);
    const { reply } = rpc(router, 'plan', `{"config":{"sections":${sections}}}`);
    assert.equal(short(reply['problems'] as Problem[]), says);
    assert.is(isClean(), true);
    assert.equal(changesOf(router.effects), []);
    nothingChanged(router, before);
  });
}

for (const [words, exit, says] of wordRows) {
  test(`\`multidial ${JSON.stringify(words).slice(1, -1).slice(0, 60)}\` leaves with ${exit}`, () => {
    const router = dialed();
    const before = look(router);
    const said = multidial(router, ...words);
    assert.is(said.exit, exit);
    assert.match(said.output, says);
    assert.not.match(said.output, /[^\n -~’“”é]/u);
    assert.equal(changesOf(said.effects), []);
    if (exit === 2) assert.equal(said.effects, []);
    nothingExecuted(said.effects);
    nothingChanged(router, before);
  });
}

test.run();

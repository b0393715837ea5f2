// The method table, the ACL file, rpcd's list, the default configuration and the problem codes agree with each other.
import '../fake/version.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { renderList } from '../../agent/src/commands/rpcd.ts';
import { parseConfig } from '../../agent/src/config/parse.ts';
import { checkMessages, describe, messages, methods } from '../../agent/src/contract/index.ts';
import type { MethodSpec, Problem, ProblemCode } from '../../agent/src/contract/index.ts';
import { test } from '../limit.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

type Part = { ubus?: Record<string, string[]>; uci?: string[]; file?: Record<string, string[]> };
const groups = JSON.parse(read('openwrt-feed/luci-app-multidial/root/usr/share/rpcd/acl.d/luci-app-multidial.json')) as Record<
  string,
  { description: string; read: Part; write: Part }
>;
const acl = groups['luci-app-multidial'] as { description: string; read: Part; write: Part };
const table: Record<string, MethodSpec> = methods;
const methodsOf = (access: 'read' | 'write') =>
  Object.keys(table)
    .filter((name) => table[name]?.access === access)
    .toSorted();

for (const access of ['read', 'write'] as const) {
  test(`the ACL’s ${access} part grants just the methods that only ${access}`, () => {
    assert.equal(acl[access].ubus?.['multidial']?.toSorted(), methodsOf(access));
  });
}

test('rpcd’s list announces every method of the table with the types of its arguments', () => {
  const examples = { string: 'str', integer: 0, table: {} };
  const expected = Object.entries(table).map(([name, spec]) => [
    name,
    Object.fromEntries(Object.entries(spec.arguments).map(([argument, { kind }]) => [argument, examples[kind]])),
  ]);
  assert.equal(JSON.parse(renderList()), Object.fromEntries(expected));
});

test('whoever may read may read no uci package: multidial and network hold passwords', () => {
  assert.equal(Object.keys(groups), ['luci-app-multidial']);
  assert.is(acl.read.uci, undefined);
  assert.equal(acl.write.uci, ['multidial']);
  for (const part of [acl.read, acl.write]) {
    assert.is(part.file, undefined, 'no file is read, no program is run');
    assert.not.ok(part.ubus?.['uci']?.some((method) => ['get', 'state', 'rename', 'commit', '*'].includes(method)));
  }
  assert.is(acl.read.ubus?.['uci'], undefined);
});

test('the packaged configuration is faultless, and so is what it shows as an example', () => {
  const text = read('openwrt-feed/multidial/files/etc/config/multidial');
  assert.equal(parseConfig(text).problems, []);
  const example = parseConfig(text.replace(/^#(?=config|\t)/gm, ''));
  assert.equal([example.problems, example.config.lines[0]?.sessions, example.config.links.map((link) => link.name)], [[], 4, ['wan_02']]);
});

const sources = readdirSync(join(root, 'agent/src'), { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('/contract'))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  .concat(read('agent/src/contract/check.ts'))
  .join('\n');
const declared = [...read('agent/src/contract/problem.ts').matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => code as ProblemCode);

const sentences = { ...checkMessages, ...messages };

test('every problem code has its sentence, and every sentence a code', () => {
  assert.ok(declared.length > 30);
  assert.equal([...Object.keys(checkMessages), ...Object.keys(messages)].toSorted(), declared.toSorted());
});

for (const code of declared) {
  test(`${code} is said somewhere, in a sentence that ends`, () => {
    assert.ok(sources.includes(`'${code}'`), 'no file of the agent uses it');
    assert.match(sentences[code], /[.:}]$|multidial apply$/);
  });
}

test('a sentence fills in section, option and details, and shows what it was not given', () => {
  const problem: Problem = { code: 'pending_changes', severity: 'error', details: { packages: ['network', 'firewall'] } };
  assert.match(describe(problem), /changes in network, firewall\. Commit/);
  assert.match(describe({ code: 'option_missing', severity: 'error', section: 'line.wan' }), /^line\.wan: option \{option\} is missing/);
});

test.run();

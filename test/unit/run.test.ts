// The aggregator itself: what counts as passed, and that nothing broken counts as passed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { findSuites } from '../runner/discover.ts';
import { toResult } from '../runner/suite.ts';

const fixture = (name: string) => join(import.meta.dirname, 'fixtures/run', `${name}.test.ts`);

const run = (...names: string[]) => runWith({}, ...names.map(fixture));

function runWith(env: NodeJS.ProcessEnv, ...args: string[]) {
  const argv = ['--import', 'tsx', join(import.meta.dirname, '../run.ts'), ...args];
  const { stdout, status } = spawnSync(process.execPath, argv, { encoding: 'utf8', env: { ...process.env, ...env } });
  const lines = stdout.trimEnd().split('\n');
  const failed = stdout.match(/^failed: (.*)$/m)?.[1]?.split(', ') ?? [];
  return { stdout, status, failed, last: lines.at(-1) };
}

/** Passed and failed of each fixture, and what the aggregator says about it. */
const rows: [name: string, passed: number, failed: number, says: RegExp][] = [
  ['passes', 2, 0, /2 tests/],
  ['lingers', 1, 0, /1 tests/],
  ['fails', 2, 1, /1 of 3 failed.*broken on purpose/s],
  ['hangs', 0, 1, /took longer than 0\.2 s/],
  ['blocks', 0, 1, /took longer than 2 s/],
  ['crashes', 0, 1, /printed no result, ended with 1/],
  ['silent', 0, 1, /printed no result, ended with 0/],
  ['before', 0, 2, /2 of 2 failed.*no lab here/s],
  ['only', 1, 1, /1 skipped/],
];

// All in one run: starting Node is what takes long here.
const all = run(...rows.map(([name]) => name));

for (const [name, passed, failed, says] of rows) {
  test(`a suite that ${name} counts as ${passed} passed, ${failed} failed`, () => {
    const report = all.stdout.match(new RegExp(`^(ok  |FAIL)   unit/fixtures/run/${name} [\\s\\S]*?(?=^ok  |^FAIL|^\\S+: )`, 'm'));
    assert.is(report?.[1], failed ? 'FAIL' : 'ok  ');
    assert.match(report?.[0] ?? '', new RegExp(` ${passed + failed} tests`));
    assert.match(report?.[0] ?? '', says);
    assert.is(all.failed.includes(`unit/fixtures/run/${name}`), failed > 0);
  });
}

test('the last line adds the tests of all suites, and the exit code says that some failed', () => {
  const sum = (column: 1 | 2) => rows.reduce((total, row) => total + row[column], 0);
  assert.is(all.last, `${sum(1)} passed, ${sum(2)} failed`);
  assert.is(all.status, 1);
});

test('what failed stands at the end once more, in few lines', () => {
  const end = all.stdout.slice(all.stdout.lastIndexOf('\nunit/fixtures/run/fails: '));
  assert.match(end, /1 of 3 failed\n.*FAIL.*\n.*broken on purpose\n/);
  assert.match(all.stdout.slice(all.stdout.lastIndexOf('\nunit/fixtures/run/before: ')), /failed: .*no lab here/);
});

test('the exit code is 0 when every test passed', () => {
  const { last, status } = run('passes');
  assert.equal({ last, status }, { last: '2 passed, 0 failed', status: 0 });
});

test('what failed beside another suite runs once more if that was asked for, counts then, and is named', () => {
  const directory = mkdtempSync(join(tmpdir(), 'multidial-'));
  const runUnsteady = (name: string, ...args: string[]) => runWith({ UNSTEADY: join(directory, name) }, ...args, ...['unsteady', 'fails'].map(fixture));
  const again = runUnsteady('again', '--again');
  assert.is(again.last, '3 passed, 1 failed');
  assert.equal(again.failed, ['unit/fixtures/run/fails']);
  assert.match(again.stdout, /unsteady passed by itself only; beside another suite it had failed:\n.*passes the second time/);
  const once = runUnsteady('once');
  assert.is(once.last, '2 passed, 2 failed');
  assert.is(once.failed.length, 2);
  rmSync(directory, { recursive: true });
});

test('a process that a suite leaves behind keeps nobody', () => {
  const startMs = Date.now();
  assert.is(run('leaves').last, '1 passed, 0 failed');
  assert.ok(Date.now() - startMs < 20_000, `${Date.now() - startMs} ms`);
});

test('a pattern that matches no suite is a failure', () => {
  assert.is(run('no-such-suite').last, '0 passed, 1 failed');
});

test('a clean summary followed by a bad exit is a failure', () => {
  const output = '  Total:     3\n  Passed:    3\n  Skipped:   0\n';
  assert.equal(toResult({ kind: 'uvu' }, '0', output), { passed: 3, failed: 0 });
  assert.is(toResult({ kind: 'uvu' }, 'SIGSEGV', output).failed, 1);
});

test('quick takes unit and golden suites only, and never fixtures', () => {
  const root = join(import.meta.dirname, '..');
  const names = findSuites(root, ['quick']).map((suite) => suite.name);
  assert.ok(names.includes('unit/run'));
  assert.ok(names.every((name) => /^(unit|golden)\//.test(name) && !name.includes('fixtures')));
});

test.run();

// The aggregator itself: what counts as passed, and that nothing broken counts as passed.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { findSuites } from '../runner/discover.ts';
import { toResult } from '../runner/suite.ts';

const fixture = (name: string) => join(import.meta.dirname, 'fixtures/run', `${name}.test.ts`);

function run(...names: string[]) {
  const argv = ['--import', 'tsx', join(import.meta.dirname, '../run.ts'), ...names.map(fixture)];
  const { stdout, status } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  const lines = stdout.trimEnd().split('\n');
  return { stdout, status, last: lines.at(-1) };
}

const rows: [name: string, last: string, says: RegExp][] = [
  ['passes', '2 passed, 0 failed', /^ok {5}unit\/fixtures\/run\/passes +2 tests/m],
  ['fails', '2 passed, 1 failed', /broken on purpose/],
  ['hangs', '0 passed, 1 failed', /took longer than 0\.2 s/],
  ['blocks', '0 passed, 1 failed', /took longer than 2 s/],
  ['crashes', '0 passed, 1 failed', /printed no result, ended with 1/],
  ['silent', '0 passed, 1 failed', /printed no result, ended with 0/],
  ['before', '0 passed, 2 failed', /no lab here/],
  ['only', '1 passed, 1 failed', /1 skipped/],
  ['lingers', '1 passed, 0 failed', /^ok /m],
];

for (const [name, last, says] of rows) {
  test(`a suite that ${name} gives "${last}"`, () => {
    const result = run(name);
    assert.match(result.stdout, says);
    assert.is(result.last, last);
    assert.is(result.status, last.endsWith(' 0 failed') ? 0 : 1);
  });
}

test('adds the tests of several suites and names those that failed', () => {
  const result = run('passes', 'fails', 'silent');
  assert.is(result.last, '4 passed, 2 failed');
  assert.match(result.stdout, /^failed: .*silent/m);
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

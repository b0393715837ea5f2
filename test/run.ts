// Runs the suites and prints all their results: `node --import tsx test/run.ts [--again] [quick | all | PATTERN...]`.
// With `--again` a suite that failed beside another runs once more by itself, and that counts; what failed first is shown and named at the end.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSuites, aloneFolders, type Suite } from './runner/discover.ts';
import { failures } from './runner/failures.ts';
import { endAll, runSuite, type SuiteJob, type SuiteResult } from './runner/suite.ts';

const AT_ONCE = 2;
const root = import.meta.dirname;
process.chdir(join(root, '..'));

/** Types and lint are results as well: `make check` and `make test` end in one line for everything. */
const commands: SuiteJob[] = [
  { name: 'types', argv: ['node_modules/.bin/tsc', '--build'], limitMs: 120_000, kind: 'command' },
  { name: 'lint', argv: ['node_modules/.bin/biome', 'check', '--error-on-warnings'], limitMs: 60_000, kind: 'command' },
];

const isAlone = (suite: Suite): boolean => aloneFolders.includes(suite.folder);

/** `isBeside`: another suite may take a part of the machine meanwhile. */
const toJob = (suite: Suite, isBeside: boolean): SuiteJob => ({
  name: suite.name,
  argv: [process.execPath, '--import', 'tsx', suite.path],
  limitMs: suite.limitMs,
  kind: 'uvu',
  // Whoever runs for minutes is heard meanwhile; of the others only what is to be known after success as well.
  onLine: (line) => {
    if (isAlone(suite) || line.startsWith('note: ')) console.log(`       ${suite.name}: ${line}`);
  },
  env: { ...(isAlone(suite) ? { TEST_NAMES: '1' } : {}), ...(suite.isPatient && isBeside ? { LAB_CPUS: '1' } : {}) },
});

function print(result: SuiteResult): void {
  const { name, passed, failed, seconds, reason, output } = result;
  console.log(
    `${failed ? 'FAIL' : 'ok  '}   ${name.padEnd(36)} ${String(passed + failed).padStart(4)} tests ${seconds.toFixed(1).padStart(6)} s${reason ? `   ${reason}` : ''}`,
  );
  if (failed) console.log(`${output.trimEnd().replace(/^/gm, '     | ')}\n`);
}

/** An emulated kernel falls over or freezes now and then, which says nothing of what was tested; twice in a row would. */
const lostItsGuest = ({ failed, output }: SuiteResult): boolean => failed > 0 && /lab: the guest (is gone|does not answer)/.test(output);

async function runAll(jobs: readonly SuiteJob[], atOnce: number, results: SuiteResult[]): Promise<void> {
  const waiting = [...jobs];
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      if (stoppedBy) {
        results.push({ name: job.name, passed: 0, failed: 1, seconds: 0, output: '' });
        continue;
      }
      if (job.env?.['TEST_NAMES']) console.log(`run    ${job.name}`);
      let result = await runSuite(job);
      if (lostItsGuest(result) && !stoppedBy) {
        print(result);
        console.log(`note: ${job.name}: the emulated machine fell over or froze, once more`);
        result = await runSuite(job);
      }
      results.push(result);
      print(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Ctrl-C, or the time limit of a CI run: what runs is ended, what still waits has failed, and the result is printed. */
let stoppedBy: string | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    stoppedBy = signal;
    console.log(`stopped by ${signal}`);
    endAll();
  });
}

const mayRunAgain = process.argv.includes('--again');
const wanted = process.argv.slice(2).filter((word) => word !== '--again');
if (!wanted.length) wanted.push('quick');
const suites = findSuites(root, wanted);
const isWhole = wanted.includes('quick') || wanted.includes('all');
if (!suites.length) {
  console.log(`no suite below test/ matches ${wanted.join(' ')}\n0 passed, 1 failed`);
  process.exit(1);
}
const results: SuiteResult[] = [];
const small = suites.filter((suite) => !isAlone(suite));
/** Those of a folder that may take longest come first, so that none of them is left to run by itself at the end. */
const patient = suites.filter((suite) => isAlone(suite) && suite.isPatient).toSorted((a, b) => a.folder.localeCompare(b.folder) || b.limitMs - a.limitMs);
await runAll([...(isWhole ? commands : []), ...small.map((suite) => toJob(suite, true))], AT_ONCE, results);
await runAll(
  patient.map((suite) => toJob(suite, true)),
  AT_ONCE,
  results,
);
/** Two at a time save half an hour, and now and then one takes the other's time: only by itself does a suite fail for good. */
const besides = mayRunAgain && !stoppedBy ? [...small, ...patient].filter(({ name }) => results.some((result) => result.name === name && result.failed)) : [];
const first = besides.flatMap(({ name }) =>
  results.splice(
    results.findIndex((result) => result.name === name),
    1,
  ),
);
if (besides.length) console.log(`note: once more, each by itself: ${besides.map(({ name }) => name).join(', ')}`);
await runAll(
  [...besides, ...suites.filter((suite) => isAlone(suite) && !suite.isPatient)].map((suite) => toJob(suite, false)),
  1,
  results,
);

const sum = (pick: (result: SuiteResult) => number) => results.reduce((total, result) => total + pick(result), 0);
const failed = results.filter((result) => result.failed);
for (const { name, reason, output } of failed) {
  console.log(`\n${name}: ${reason ?? 'failed'}\n${failures(output).join('\n').replace(/^/gm, '  ')}`);
}
const unsteady = first.filter(({ name }) => !failed.some((result) => result.name === name));
for (const { name, output } of unsteady) {
  console.log(`\n${name} passed by itself only; beside another suite it had failed:\n${failures(output).join('\n').replace(/^/gm, '  ')}`);
}
if (failed.length) console.log(`\nfailed: ${failed.map((result) => result.name).join(', ')}`);
const line = `${sum((result) => result.passed)} passed, ${sum((result) => result.failed)} failed`;
if (isWhole) {
  mkdirSync('build', { recursive: true });
  writeFileSync('build/test-result.txt', `${line}\n`); // make prints its own line after a failure; .ci/run repeats this one
}
console.log(line);
process.exitCode = failed.length ? 1 : 0;

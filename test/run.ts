// Runs the suites and prints all their results: `node --import tsx test/run.ts [quick | all | PATTERN...]`.
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

const toJob = (suite: Suite): SuiteJob => ({
  name: suite.name,
  argv: [process.execPath, '--import', 'tsx', suite.path],
  limitMs: suite.limitMs,
  kind: 'uvu',
  // Whoever runs for minutes is heard meanwhile; of the others only what is to be known after success as well.
  onLine: (line) => {
    if (isAlone(suite) || line.startsWith('note: ')) console.log(`       ${suite.name}: ${line}`);
  },
  env: { ...(isAlone(suite) ? { TEST_NAMES: '1' } : {}), ...(suite.isPatient ? { LAB_CPUS: '1' } : {}) },
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

const wanted = process.argv.slice(2);
if (!wanted.length) wanted.push('quick');
const suites = findSuites(root, wanted);
const isWhole = wanted.includes('quick') || wanted.includes('all');
if (!suites.length) {
  console.log(`no suite below test/ matches ${wanted.join(' ')}\n0 passed, 1 failed`);
  process.exit(1);
}
const results: SuiteResult[] = [];
await runAll([...(isWhole ? commands : []), ...suites.filter((suite) => !isAlone(suite)).map(toJob)], AT_ONCE, results);
const alone = suites.filter(isAlone);
/** Those of a folder that may take longest come first, so that none of them is left to run by itself at the end. */
const patient = alone.filter(({ isPatient }) => isPatient).toSorted((a, b) => a.folder.localeCompare(b.folder) || b.limitMs - a.limitMs);
await runAll(patient.map(toJob), AT_ONCE, results);
await runAll(alone.filter(({ isPatient }) => !isPatient).map(toJob), 1, results);

const sum = (pick: (result: SuiteResult) => number) => results.reduce((total, result) => total + pick(result), 0);
const failed = results.filter((result) => result.failed);
for (const { name, reason, output } of failed) {
  console.log(`\n${name}: ${reason ?? 'failed'}\n${failures(output).join('\n').replace(/^/gm, '  ')}`);
}
if (failed.length) console.log(`\nfailed: ${failed.map((result) => result.name).join(', ')}`);
const line = `${sum((result) => result.passed)} passed, ${sum((result) => result.failed)} failed`;
if (isWhole) {
  mkdirSync('build', { recursive: true });
  writeFileSync('build/test-result.txt', `${line}\n`); // make prints its own line after a failure; .ci/run repeats this one
}
console.log(line);
process.exitCode = failed.length ? 1 : 0;

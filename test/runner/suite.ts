// Runs one suite in a process of its own and counts its tests; whatever is not a clean result counts as a failure.
import { spawn, type ChildProcess } from 'node:child_process';

export type SuiteResult = { name: string; passed: number; failed: number; seconds: number; output: string; reason?: string };
export type SuiteJob = {
  name: string;
  argv: readonly string[];
  limitMs: number;
  /** A command has no tests inside: its exit code is its one result. */
  kind: 'uvu' | 'command';
  /** Added to the environment. */
  env?: NodeJS.ProcessEnv;
  /** Called with each line of stderr while it runs. */
  onLine?: (line: string) => void;
};

/** What a suite may take to clean up after SIGTERM. */
const CLEANUP_MS = 5_000;
/** What a suite may take to end after its last test. */
const LINGER_MS = 10_000;
/** How long its output is awaited after its end. */
const DRAIN_MS = 500;
const running = new Set<ChildProcess>();

const count = (output: string, word: string): number | undefined => {
  const found = output.match(new RegExp(`^ {2}${word}: +(\\d+)$`, 'm'));
  return found ? Number(found[1]) : undefined;
};

/** uvu exits 0 after a failed `before` hook and after skipping, so the counts decide and not the exit code alone. */
export function toResult(job: Pick<SuiteJob, 'kind'>, exit: string, output: string): Pick<SuiteResult, 'passed' | 'failed' | 'reason'> {
  if (job.kind === 'command') return exit === '0' ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, reason: `ended with ${exit}` };
  const total = count(output, 'Total');
  const passed = count(output, 'Passed');
  const skipped = count(output, 'Skipped') ?? 0;
  if (total === undefined || passed === undefined) return { passed: 0, failed: 1, reason: `printed no result, ended with ${exit}` };
  const failed = total - passed + skipped;
  if (failed > 0) return { passed, failed, reason: skipped ? `${skipped} skipped` : `${failed} of ${total} failed` };
  if (total === 0) return { passed, failed: 1, reason: 'has no tests' };
  return exit === '0' ? { passed, failed } : { passed, failed: 1, reason: `ended with ${exit} after its last test` };
}

/** A suite leads a process group, so that what it started ends with it. */
function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown; // gone already
  }
}

/** Ends everything that still runs, as a limit does. */
export function endAll(): void {
  for (const child of running) {
    end(child, 'SIGTERM');
    setTimeout(() => end(child, 'SIGKILL'), CLEANUP_MS).unref();
  }
}

export function runSuite(job: SuiteJob): Promise<SuiteResult> {
  const startMs = Date.now();
  const [command = '', ...args] = job.argv;
  return new Promise((resolve) => {
    const child = spawn(command, args, { detached: true, env: { ...process.env, ...job.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    let stopped: string | undefined;
    let line = '';
    let lingering: NodeJS.Timeout | undefined;
    const stop = (why: string) => {
      stopped = why;
      end(child, 'SIGTERM');
      setTimeout(() => end(child, 'SIGKILL'), CLEANUP_MS).unref();
    };
    const limit = setTimeout(() => stop(`took longer than ${job.limitMs / 1000} s`), job.limitMs);
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (job.kind === 'uvu' && !lingering && count(output, 'Skipped') !== undefined) {
        lingering = setTimeout(() => stop('did not end after its last test: something is still open'), LINGER_MS);
      }
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
      const lines = (line + chunk).split('\n');
      line = lines.pop() ?? '';
      for (const complete of lines) job.onLine?.(complete);
    });
    let isDone = false;
    const finish = (exit: string) => {
      if (isDone) return;
      isDone = true;
      clearTimeout(limit);
      clearTimeout(lingering);
      running.delete(child);
      end(child, 'SIGKILL'); // whatever the suite left behind in its group
      // What it left behind elsewhere may hold these for ever, and they would hold us.
      child.stdout.destroy();
      child.stderr.destroy();
      const result = toResult(job, exit, output);
      const late = stopped === undefined ? {} : { failed: Math.max(1, result.failed), reason: stopped };
      resolve({ name: job.name, seconds: (Date.now() - startMs) / 1000, output, ...result, ...late });
    };
    child.once('error', (error) => finish(String(error)));
    // A process that the suite left behind may hold its stdout for ever: `close` alone is not enough.
    child.once('exit', (code, signal) => setTimeout(finish, DRAIN_MS, code === null ? `${signal}` : `${code}`));
    child.once('close', (code, signal) => finish(code === null ? `${signal}` : `${code}`));
  });
}

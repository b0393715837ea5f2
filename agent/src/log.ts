// What a run did, for the system log: one `logger` a run, and silence when nothing was done.
import { describe } from './contract/index.ts';
import type { RunResult } from './contract/index.ts';
import type { RunPlan } from './plan/run.ts';
import { renderRouteStep } from './plan/routes.ts';
import type { System } from './system.ts';

/** A file with hundreds of faults would push everything else out of the log; status tells them all. */
const MAX_ERRORS = 20;

/** Writes the run's changes and errors; no value of a uci option ever, for some are secrets. */
export function log(system: System, run: RunResult, plan: RunPlan): void {
  const errors = run.problems
    .filter((problem) => problem.severity === 'error')
    .slice(0, MAX_ERRORS)
    .map((problem) => describe(problem));
  const uci = run.uci
    ? [
        `${run.uci} edits of uci: ${plan.summary.linksAdded.length} links added, ${plan.summary.linksRemoved.length} removed, ${plan.summary.linksChanged.length} changed`,
      ]
    : [];
  const lines = [...uci, ...(run.changed ? plan.routes.map(renderRouteStep) : []), ...errors];
  if (lines.length) system.run(['logger', '-t', 'multidial'], `${lines.join('\n')}\n`);
}

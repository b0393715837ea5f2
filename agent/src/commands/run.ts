// `apply`, `reset` and the hotplug look: runs under the lock.
import { applyUci } from '../apply/uci.ts';
import type { Edit } from '../apply/uci.ts';
import type { Problem, RunResult } from '../contract/index.ts';
import { coalesce, isHeld, waitLock } from '../lock.ts';
import { CONFIG_FILE, RUN_DIRECTORY } from '../owned.ts';
import { readConfig, reconcile } from '../reconcile.ts';
import { readRevision } from '../revision.ts';
import type { System } from '../system.ts';
import { leftTrial } from '../trial.ts';
import { addressOf, isFault, parsePackage } from '../uci/package.ts';
import { pruneSaved } from '../watch/history-saved.ts';

/** A hotplug run takes well under a second, an apply a few; LuCI gives up on a call after 20 s. */
const WAIT_MS = 15_000;

/** The reply of a run that did nothing. */
export const refused = (system: System, ...problems: Problem[]): RunResult => ({
  ok: false,
  revision: readRevision(system),
  changed: false,
  uci: 0,
  system: 0,
  problems,
});

export function locked(system: System, work: () => RunResult): RunResult {
  const lock = waitLock(system, WAIT_MS);
  if (isHeld(lock)) {
    if (lock.pid !== undefined) return refused(system, { code: 'busy', severity: 'error', details: { pid: lock.pid } });
    return refused(system, { code: 'write_failed', severity: 'error', details: { path: RUN_DIRECTORY, reason: 'no room for a lock' } });
  }
  try {
    return work();
  } finally {
    lock.release();
  }
}

/** Brings the router to the stored configuration; then once more for events that came meanwhile. */
export function applyConfig(system: System): RunResult {
  const result = locked(system, () => reconcile(system, 'all'));
  lookAgain(system);
  return result;
}

/** The edits that store `enabled 0`; the section may stand there without a name, or not at all. */
function disabling(system: System): Edit[] {
  const parsed = parsePackage(system.readFile(CONFIG_FILE) ?? '');
  const pack = isFault(parsed) ? [] : parsed;
  // The name goes into a line of uci batch as it is.
  const globals = pack.find((section) => section.type === 'globals' && !/\W/.test(section.name ?? ''));
  const section = globals ? addressOf(pack, globals) : 'globals';
  const created: Edit[] = globals ? [] : [{ op: 'section', package: 'multidial', section, type: 'globals' } as Edit];
  return [...created, { op: 'set', package: 'multidial', section, option: 'enabled', value: '0' } as Edit];
}

/** Stores `enabled 0`, so that neither an event nor the next boot brings it back, and takes everything back. */
export function resetRouter(system: System): RunResult {
  const result = locked(system, () => {
    const { config } = readConfig(system);
    const problems = config.enabled && !config.broken ? applyUci(system, disabling(system), { reload: false }) : [];
    const run = reconcile(system, 'all', { off: true });
    pruneSaved(system, []);
    return problems.length ? { ...run, ok: false, problems: [...problems, ...run.problems] } : run;
  });
  lookAgain(system);
  return result;
}

/** For hotplug: routes only, coalesced with whatever runs now; all first where somebody who tried a line was killed. */
export const look = (system: System): void =>
  coalesce(system, () => {
    const run = leftTrial(system) ? reconcile(system, 'all') : undefined;
    if (!run?.ok) reconcile(system, 'routes');
  });

/** Events during a long run found the lock held and left their mark. */
function lookAgain(system: System): void {
  if (system.stat('/var/run/multidial/look-again')) look(system);
}

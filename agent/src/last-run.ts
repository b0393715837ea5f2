// The outcome of the last run that derived uci, kept in RAM for status and page.
import type { LastRun } from './contract/index.ts';
import { RUN_DIRECTORY } from './owned.ts';
import type { System } from './system.ts';

const FILE = `${RUN_DIRECTORY}/last-run`;

/** The stored outcome; null before the first run since boot, or when the file is not what we wrote. */
export function readLastRun(system: System): LastRun | null {
  try {
    return JSON.parse(system.readFile(FILE) ?? 'null') as LastRun | null;
  } catch {
    return null; // cut off by a full /var/run: the next run writes it again
  }
}

/** Stores an outcome; a run like the last one writes nothing. */
export function writeLastRun(system: System, run: LastRun): void {
  const old = readLastRun(system);
  if (old && JSON.stringify({ ...old, atS: 0 }) === JSON.stringify({ ...run, atS: 0 })) return;
  system.writeFile(FILE, JSON.stringify(run), 0o600);
}

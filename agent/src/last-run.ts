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

/** Stores an outcome, also of a run that changed nothing: `atS` tells the page that the agent has looked. */
export function writeLastRun(system: System, run: LastRun): void {
  system.writeFile(FILE, JSON.stringify(run), 0o600);
}

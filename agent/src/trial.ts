// A trial: while somebody tries a line it has another number of sessions than configured. Over with him, whatever ends him.
import type { Config } from './config/config.ts';
import type { Problem } from './contract/index.ts';
import { RUN_DIRECTORY } from './owned.ts';
import { livingPid } from './process.ts';
import type { System } from './system.ts';

/**
 * `by` is who tries. `sessions` counts instead of the configured number; interfaces in `down` were told to stay down, programs
 * in `children` were started: whoever finds a trial whose owner is gone dials the former and ends the latter.
 */
export type Trial = { by: string; line: string; sessions: number; down: string[]; children: string[] };

const TRIAL_FILE = `${RUN_DIRECTORY}/trial`;
const NOBODY = '';

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

/** Undefined where there is no such file. One that was cut off is a trial of nobody's: it is to be cleared away. */
function readTrial(system: System): Trial | undefined {
  const text = system.readFile(TRIAL_FILE);
  if (text === undefined) return undefined;
  try {
    const { by, line, sessions, down, children } = JSON.parse(text) as Record<string, unknown>;
    if (typeof by === 'string' && typeof line === 'string' && typeof sessions === 'number' && isTexts(down) && isTexts(children))
      return { by, line, sessions, down, children };
  } catch {
    // falls through: what can't be read is nobody's
  }
  return { by: NOBODY, line: '', sessions: 0, down: [], children: [] };
}

export const writeTrial = (system: System, trial: Trial): ReturnType<System['writeFile']> => system.writeFile(TRIAL_FILE, JSON.stringify(trial), 0o600);

/** The trial that goes on now. */
export function livingTrial(system: System): Trial | undefined {
  const trial = readTrial(system);
  return trial && livingPid(system, trial.by) !== undefined ? trial : undefined;
}

/** A trial that somebody left behind. */
export function leftTrial(system: System): Trial | undefined {
  const trial = readTrial(system);
  return trial && livingPid(system, trial.by) === undefined ? trial : undefined;
}

/** The configuration with the number of sessions that is tried. */
export const withTrial = (config: Config, trial: Trial | undefined): Config =>
  trial ? { ...config, lines: config.lines.map((line) => (line.name === trial.line ? { ...line, sessions: trial.sessions } : line)) } : config;

/** Why a line has another number of sessions than it says. */
export const tellTrial = ({ line, sessions }: Trial): Problem => ({
  code: 'trial_running',
  severity: 'warning',
  section: `line.${line}`,
  details: { sessions },
});

/** From now on it is nobody's: it does not count any more, and the next run clears it away. */
export const leaveTrial = (system: System, trial: Trial): ReturnType<System['writeFile']> => writeTrial(system, { ...trial, by: NOBODY });

/** `up` of an interface that is up does nothing; one that went with its section is not found. */
export const tellInterface = (system: System, name: string, what: 'up' | 'down'): void => {
  system.run(['ubus', '-t', '10', 'call', `network.interface.${name}`, what]);
};

/** What is left of a trial besides uci, which the run has put back. The file goes last: until then the next run would do it again. */
export function clearTrial(system: System, { down, children }: Trial): void {
  for (const child of children) {
    const pid = livingPid(system, child);
    if (pid !== undefined) system.endProcess(pid);
  }
  for (const name of down) tellInterface(system, name, 'up');
  system.removeFile(TRIAL_FILE);
}

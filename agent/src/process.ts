// One process told from a later one of the same number.
import type { System } from './system.ts';

/** Field 22 of /proc/PID/stat: when it started, in ticks since boot. */
export function startTimeOf(system: System, pid: number): string | undefined {
  const stat = system.readFile(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** `PID.START`, which no other process ever has. */
export const identityOf = (system: System, pid: number): string => `${pid}.${startTimeOf(system, pid) ?? ''}`;

/** The pid in an identity while that very process lives. */
export function livingPid(system: System, identity: string): number | undefined {
  const [pid, startTime] = identity.split('.');
  if (pid === undefined || startTime === undefined || startTime === '') return undefined;
  return startTimeOf(system, Number(pid)) === startTime ? Number(pid) : undefined;
}

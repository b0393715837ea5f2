// One process told from a later one of the same number.
import type { System } from './system.ts';

const DEAD = ['Z', 'X'];

/** Field 22 of /proc/PID/stat: when it started, in ticks since boot. One that nobody has waited for yet is dead all the same. */
export function startTimeOf(system: System, pid: number): string | undefined {
  const stat = system.readFile(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return DEAD.includes(fields[0] ?? '') ? undefined : fields[19];
}

/** `PID.START`, which no other process ever has. */
export const identityOf = (system: System, pid: number): string => `${pid}.${startTimeOf(system, pid) ?? ''}`;

/** The pid in an identity while that very process lives. */
export function livingPid(system: System, identity: string): number | undefined {
  const [pid, startTime] = identity.split('.');
  if (pid === undefined || startTime === undefined || startTime === '') return undefined;
  return startTimeOf(system, Number(pid)) === startTime ? Number(pid) : undefined;
}

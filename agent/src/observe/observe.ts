// Everything a run needs to know, read once: two processes (ubus, ip) and files.
import type { Problem } from '../contract/index.ts';
import { SYSCTL_FILE } from '../owned.ts';
import type { CommandResult, System } from '../system.ts';
import { readPackages } from './files.ts';
import type { Packages } from './files.ts';
import { KERNEL_QUERY, parseKernel } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { parseDump } from './netifd.ts';
import type { NetifdInterface } from './netifd.ts';

/** What was found; `live` is undefined when netifd or the kernel could not be asked. */
export type Observed = {
  packages: Packages;
  live: { interfaces: NetifdInterface[]; kernel: Kernel } | undefined;
  settingsFile: string | undefined;
  problems: Problem[];
};

const DUMP = ['ubus', '-t', '10', 'call', 'network.interface', 'dump'] as const;
const queryOf = (...more: string[]): string[] => ['ip', '-force', ...more, '-j', '-batch', '-'];

const failure = (argv: readonly string[], exit: number, stderr: string): Problem => ({
  code: 'command_failed',
  severity: 'error',
  details: { command: argv.join(' '), exit, stderr: stderr.trim().slice(0, 400) },
});
const unreadable = (argv: readonly string[], reason: string): Problem => ({
  code: 'reply_unreadable',
  severity: 'error',
  details: { command: argv.join(' '), reason },
});

/** iproute2 before 5.3 refuses -N, with 255. Without it tables and protocols come by name where they have one; ours have none. */
function askKernel(system: System): CommandResult {
  const answer = system.run(queryOf('-N'), KERNEL_QUERY);
  return answer.exit === 255 ? system.run(queryOf(), KERNEL_QUERY) : answer;
}

/** Asks netifd and the kernel. Without nexthop support `ip` fails on that line only, so its exit code is no verdict. */
export function observeLive(system: System): { live: Observed['live']; problems: Problem[] } {
  const dump = system.run(DUMP);
  if (dump.exit !== 0) return { live: undefined, problems: [failure(DUMP, dump.exit, dump.stderr)] };
  const interfaces = parseDump(dump.stdout);
  if (!interfaces) return { live: undefined, problems: [unreadable(DUMP, dump.stderr.trim().slice(0, 400) || 'not the JSON of an interface dump')] };
  const { argv, exit, stdout, stderr } = askKernel(system);
  const kernel = parseKernel(stdout);
  // Where ip was content, or was ended, no nexthops means that their line is missing, not that there can be none.
  if (exit === 0 && !kernel?.nexthops) return { live: undefined, problems: [unreadable(argv, 'not the JSON of routes and nexthops: is ip-full installed?')] };
  if (exit < 0 || !kernel) return { live: undefined, problems: [failure(argv, exit, `no JSON: is ip-full installed? ${stderr}`)] };
  return { live: { interfaces, kernel }, problems: [] };
}

/** Reads files and asks the system. */
export function observe(system: System): Observed {
  const { packages, problems } = readPackages(system);
  const asked = observeLive(system);
  return { packages, live: asked.live, settingsFile: system.readFile(SYSCTL_FILE), problems: [...problems, ...asked.problems] };
}

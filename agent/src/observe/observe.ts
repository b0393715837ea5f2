// Everything a run needs to know, read once: two processes (ubus, ip) and files.
import type { Problem } from '../contract/index.ts';
import { SYSCTL_FILE } from '../owned.ts';
import type { System } from '../system.ts';
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
const ASK_KERNEL = ['ip', '-force', '-N', '-j', '-batch', '-'] as const;

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

/** Asks netifd and the kernel. Without nexthop support `ip` fails on that line only, so its exit code is no verdict. */
export function observeLive(system: System): { live: Observed['live']; problems: Problem[] } {
  const dump = system.run(DUMP);
  if (dump.exit !== 0) return { live: undefined, problems: [failure(DUMP, dump.exit, dump.stderr)] };
  const interfaces = parseDump(dump.stdout);
  if (!interfaces) return { live: undefined, problems: [unreadable(DUMP, 'not the JSON of an interface dump')] };
  const answer = system.run(ASK_KERNEL, KERNEL_QUERY);
  const kernel = parseKernel(answer.stdout);
  if (!kernel) return { live: undefined, problems: [failure(ASK_KERNEL, answer.exit, answer.stderr || 'no JSON: is ip-full installed?')] };
  return { live: { interfaces, kernel }, problems: [] };
}

/** Reads files and asks the system. */
export function observe(system: System): Observed {
  const { packages, problems } = readPackages(system);
  const asked = observeLive(system);
  return { packages, live: asked.live, settingsFile: system.readFile(SYSCTL_FILE), problems: [...problems, ...asked.problems] };
}

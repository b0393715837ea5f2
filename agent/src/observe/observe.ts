// Everything a run needs to know, read once: two or three processes (ubus, ip, ip -6) and files.
import type { Problem } from '../contract/index.ts';
import { PROTOCOL, RULES6_NOTE, SYSCTL_FILE } from '../owned.ts';
import type { CommandResult, System } from '../system.ts';
import { readPackages } from './files.ts';
import type { Packages } from './files.ts';
import { KERNEL_QUERY, parseKernel, parseRules6, RULES6_QUERY } from './kernel.ts';
import type { Kernel, Rule } from './kernel.ts';
import { parseDump } from './netifd.ts';
import type { NetifdInterface } from './netifd.ts';

/** What was found; `live` is undefined when netifd or the kernel could not be asked. */
export type Observed = {
  packages: Packages;
  live: { interfaces: NetifdInterface[]; kernel: Kernel } | undefined;
  settingsFile: string | undefined;
  problems: Problem[];
};

export const DUMP = ['ubus', '-t', '10', 'call', 'network.interface', 'dump'] as const;
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
export function askIp(system: System, query: string, ...more: string[]): CommandResult {
  const answer = system.run(queryOf(...more, '-N'), query);
  return answer.exit === 255 ? system.run(queryOf(...more), query) : answer;
}

/**
 * Rules of IPv6 cost a process of their own. `noted`: what the last run noted counts, as long as ours of IPv4 stand;
 * whoever flushes rules, as netifd's start does, flushes both. `unasked`: nobody needs them.
 */
export type Rules6 = 'asked' | 'noted' | 'unasked';

function rules6(system: System, how: Rules6, rules: readonly Rule[]): Rule[] | CommandResult {
  if (how === 'unasked') return [];
  const note = how === 'noted' && rules.some((rule) => rule.protocol === PROTOCOL) ? system.readFile(RULES6_NOTE) : undefined;
  if (note !== undefined) {
    try {
      return JSON.parse(note) as Rule[];
    } catch {
      // cut short: ask
    }
  }
  const answer = askIp(system, RULES6_QUERY, '-6');
  return parseRules6(answer.stdout) ?? answer;
}

/** Asks netifd alone: one process. */
export function observeNetifd(system: System): { interfaces: NetifdInterface[] | undefined; problems: Problem[] } {
  const dump = system.run(DUMP);
  if (dump.exit !== 0) return { interfaces: undefined, problems: [failure(DUMP, dump.exit, dump.stderr)] };
  const interfaces = parseDump(dump.stdout);
  const said = dump.stderr.trim().slice(0, 400) || 'not the JSON of an interface dump';
  return { interfaces, problems: interfaces ? [] : [unreadable(DUMP, said)] };
}

/** Asks netifd and the kernel. Without nexthop support `ip` fails on that line only, so its exit code is no verdict. */
export function observeLive(system: System, how: Rules6): { live: Observed['live']; problems: Problem[] } {
  const { interfaces, problems } = observeNetifd(system);
  if (!interfaces) return { live: undefined, problems };
  const { argv, exit, stdout, stderr } = askIp(system, KERNEL_QUERY);
  const kernel = parseKernel(stdout);
  // Where ip was content, or was ended, no nexthops means that their line is missing, not that there can be none.
  if (exit === 0 && !kernel?.nexthops) return { live: undefined, problems: [unreadable(argv, 'not the JSON of routes and nexthops: is ip-full installed?')] };
  if (exit < 0 || !kernel) return { live: undefined, problems: [failure(argv, exit, `no JSON: is ip-full installed? ${stderr}`)] };
  const sixes = rules6(system, how, kernel.rules);
  if (!Array.isArray(sixes)) return { live: undefined, problems: [unreadable(sixes.argv, sixes.stderr.trim().slice(0, 400) || 'not the JSON of rules')] };
  return { live: { interfaces, kernel: { ...kernel, rules: [...kernel.rules, ...sixes] } }, problems: [] };
}

/** Reads files and asks the system. */
export function observe(system: System, how: Rules6): Observed {
  const { packages, problems } = readPackages(system);
  const asked = observeLive(system, how);
  return { packages, live: asked.live, settingsFile: system.readFile(SYSCTL_FILE), problems: [...problems, ...asked.problems] };
}

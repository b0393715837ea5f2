// `routes`: what the kernel has of routes, rules and nexthops, and whose each is; by three processes (ubus, ip, ip -6) and files.
import type { Problem, RoutesReply } from '../contract/index.ts';
import { isSilent } from '../doctor/input.ts';
import { readPackages } from '../observe/files.ts';
import { planRun } from '../plan/run.ts';
import { askSystem, configFor } from '../reconcile.ts';
import { listRoutes } from '../routes/list.ts';
import type { System } from '../system.ts';
import { askInterfaces, askKernel } from './doctor.ts';

const unread = (command: string, { exit, reason }: { exit: number; reason: string }): Problem => ({
  code: 'command_failed',
  severity: 'error',
  details: { command, exit, stderr: reason },
});

/** Changes nothing. What ours are for is read back by what a run would go by, without asking what lives. */
export function readRoutes(system: System): RoutesReply {
  const { config, problems } = configFor(system, 'routes');
  const { packages, problems: packageProblems } = readPackages(system);
  const interfaces = askInterfaces(system);
  const { kernel, rules } = askKernel(system);
  const observed = { packages, live: undefined, settingsFile: undefined, problems: [] };
  const known = planRun(config, observed, askSystem(system, observed), 'routes');
  const seen = {
    kernel: isSilent(kernel) ? { routes: [], unreachable: [], rules: [], nexthops: undefined } : kernel,
    rules: [...(rules.ipv4 ?? []), ...(rules.ipv6 ?? [])],
    interfaces: isSilent(interfaces) ? [] : interfaces,
    network: packages.network,
  };
  return {
    ...listRoutes(seen, known),
    problems: [
      ...problems.filter(({ severity }) => severity === 'error'),
      ...packageProblems,
      ...(isSilent(interfaces) ? [unread('ubus call network.interface dump', interfaces)] : []),
      ...(isSilent(kernel) ? [unread('ip route', kernel)] : []),
      ...(rules.ipv6 || isSilent(kernel) ? [] : [unread('ip -6 rule', { exit: 0, reason: 'no JSON' })]),
    ],
  };
}

// Defaults of others that win over ours: named, never touched.
import type { Problem } from '../contract/index.ts';
import { MAIN } from '../observe/kernel.ts';
import type { Kernel } from '../observe/kernel.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import { PROTOCOL, ROUTE_METRIC } from '../owned.ts';

/** One warning for each foreign default in main whose metric is better than that of the balanced route. */
export function findOutranking(kernel: Kernel, interfaces: readonly NetifdInterface[]): Problem[] {
  return kernel.routes
    .filter(
      (route) =>
        route.destination === 'default' && route.table === MAIN && route.protocol !== PROTOCOL && route.source === undefined && route.metric < ROUTE_METRIC,
    )
    .map((route): Problem => {
      const device = route.legs[0]?.device ?? '';
      const owner = interfaces.find((entry) => entry.l3Device === device);
      return {
        code: 'default_outranks',
        severity: 'warning',
        details: { family: route.family === 'ipv4' ? 'IPv4' : 'IPv6', interface: owner?.name ?? '?', device, metric: route.metric, ours: ROUTE_METRIC },
      };
    });
}

// /tmp/resolv.conf.d/resolv.conf.auto: the name servers of every interface that is up.
import type { Snapshot } from './status.ts';

/** Lowest dns_metric first, then lowest metric (so the IPv6 interfaces, whose metric is 0, come first), then by name. */
export function renderResolv(snapshots: readonly Snapshot[]): string {
  return snapshots
    .filter(({ up, settings }) => up && settings && settings.dns.length > 0)
    .sort((a, b) => a.dnsMetric - b.dnsMetric || a.metric - b.metric || (a.name < b.name ? -1 : 1))
    .map(({ name, settings }) => [`# Interface ${name}`, ...(settings?.dns ?? []).map((server) => `nameserver ${server}`), ''].join('\n'))
    .join('');
}

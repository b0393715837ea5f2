// `metrics`: the status as Prometheus takes it, in its text format 0.0.4.
import type { LinkState, LinkStatus, Status, Verdict } from '../contract/index.ts';

type Labels = Record<string, string>;
type Value = { labels?: Labels; value: number | undefined };

const escapeLabel = (text: string): string => text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

/** Values that are not known are left out, and with the last one the whole metric. */
function metric(name: string, type: 'gauge' | 'counter', help: string, values: readonly Value[]): string[] {
  const lines = values.flatMap(({ labels = {}, value }) => {
    if (value === undefined) return [];
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
    return [`multidial_${name}${pairs.length ? `{${pairs.join(',')}}` : ''} ${value}`];
  });
  return lines.length ? [`# HELP multidial_${name} ${escapeHelp(help)}`, `# TYPE multidial_${name} ${type}`, ...lines] : [];
}

const flag = (is: boolean): number => (is ? 1 : 0);
const STATES = Object.keys({ up: 0, dialing: 0, down: 0, failed: 0, absent: 0 } satisfies Record<LinkState, 0>);
const families = ['ipv4', 'ipv6'] as const;
/** `unknown` is left out, as if nobody asked. */
const lives = (verdict: Verdict | undefined): number | undefined => (verdict === 'alive' ? 1 : verdict === 'dead' ? 0 : undefined);
const per = (value: number | undefined, units: number): number | undefined => (value === undefined ? undefined : value / units);

type OfLink = [name: string, type: 'gauge' | 'counter', help: string, value: (link: LinkStatus) => number | undefined];
/** One value a link. A byte counter starts at 0 with each redial, which Prometheus allows for. */
const OF_LINK: readonly OfLink[] = [
  ['link_up', 'gauge', 'Whether the link is up, as netifd says.', ({ state }) => flag(state === 'up')],
  ['link_weight', 'gauge', 'Share of new connections against the other links.', ({ weight }) => weight],
  ['link_uptime_seconds', 'gauge', 'Time since the link came up.', ({ uptimeS }) => uptimeS],
  ['link_receive_bytes_total', 'counter', 'Bytes received since the link was dialed.', ({ rxBytes }) => rxBytes],
  ['link_transmit_bytes_total', 'counter', 'Bytes sent since the link was dialed.', ({ txBytes }) => txBytes],
  ['link_loss_ratio', 'gauge', 'Share of probes without an answer, of late: 0 to 1.', ({ probe }) => per(probe?.loss, 100)],
  ['link_latency_seconds', 'gauge', 'Round trip of the probes, of late.', ({ probe }) => per(probe?.latencyMs, 1000)],
  ['link_resting', 'gauge', 'Whether the link was paused or is being drained.', ({ rest }) => flag(rest !== undefined)],
  ['link_held', 'gauge', 'Whether the link is not dialed for a while, because dials failed in a row.', ({ held }) => flag(held !== undefined)],
];

export function renderMetrics({ version, enabled, last, links, groups, problems }: Status): string {
  const labelsOf = ({ name, line }: LinkStatus): Labels => ({ link: name, ...(line === undefined ? {} : { line }) });
  const each = <T extends string>(label: string, values: readonly T[], toValue: (link: LinkStatus, value: T) => number | undefined): Value[] =>
    links.flatMap((link) => values.map((value) => ({ labels: { ...labelsOf(link), [label]: value }, value: toValue(link, value) })));
  const states = each('state', STATES, (link, state) => flag(link.state === state));
  const balanced = each('family', families, (link, family) => flag(link.balanced[family]));
  const alive = each('family', families, (link, family) => lives(link.probe?.[family]));
  const members = groups.map(({ group, family, prefix, members: { length } }) => ({ labels: { group, family, prefix }, value: length }));
  const severities = (['error', 'warning'] as const).map((severity) => ({
    labels: { severity },
    value: problems.filter((problem) => problem.severity === severity).length,
  }));
  return [
    ...metric('info', 'gauge', 'Version of multidial.', [{ labels: { version }, value: 1 }]),
    ...metric('enabled', 'gauge', 'Whether multidial is enabled.', [{ value: flag(enabled) }]),
    ...metric('last_run_ok', 'gauge', 'Whether all that the last apply planned was done.', [{ value: last ? flag(last.ok) : undefined }]),
    ...metric('problems', 'gauge', 'Complaints about the configuration and the system.', severities),
    ...metric('link_state', 'gauge', 'State of the link: 1 for the one that it is in.', states),
    ...metric('link_balanced', 'gauge', 'Whether the link carries its share of a group.', balanced),
    ...metric('link_alive', 'gauge', 'Whether the link is alive, as its probes say.', alive),
    ...OF_LINK.flatMap(([name, type, help, toValue]) =>
      metric(
        name,
        type,
        help,
        links.map((link) => ({ labels: labelsOf(link), value: toValue(link) })),
      ),
    ),
    ...metric('group_members', 'gauge', 'Links that share the traffic to a prefix now.', members),
    '',
  ].join('\n');
}

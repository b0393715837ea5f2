// The doctor's report in words: findings, counts, and checks that were left out.
import type { CheckName, DoctorReport, Explanation, Finding, FindingSeverity, ToldFinding } from '../../../agent/src/contract/index.ts';
import { said, t, tn } from '../t.ts';
import { formatList } from './format.ts';

const order: readonly FindingSeverity[] = ['error', 'warning', 'note'];

/** Worst first; of one kind in the order of the checks. */
export const worstFirst = <T extends Finding>(found: readonly T[]): T[] => found.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));

export const severityWord = (severity: FindingSeverity): string => ({ error: t('Error'), warning: t('Warning'), note: t('Note') })[severity];

export function describeFinding(finding: ToldFinding): Explanation {
  const { code, section, link, details } = finding;
  const sentence = (part: keyof Explanation): string => said(`finding.${code}.${part}`, finding[part], { section, link, ...details });
  return { what: sentence('what'), why: sentence('why'), mend: sentence('mend') };
}

/** As in "1 error, 2 warnings. 22 checks, 2 left out." */
export function summarise({ findings, checked, skipped }: DoctorReport): string {
  const countOf = (severity: FindingSeverity): number => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, notes] = order.map(countOf) as [number, number, number];
  const found = [
    errors > 0 && tn(errors, '{count} error', '{count} errors'),
    warnings > 0 && tn(warnings, '{count} warning', '{count} warnings'),
    notes > 0 && tn(notes, '{count} note', '{count} notes'),
  ].filter((part) => part !== false);
  const checks = tn(checked.length, '{count} check', '{count} checks');
  const told = found.length > 0 ? formatList(found) : t('Nothing found');
  const left = skipped.length;
  return left > 0 ? t('{found}. {checks}, {left} left out.', { found: told, checks, left }) : t('{found}. {checks}.', { found: told, checks });
}

/** English is the key for t(). */
const checks: Record<CheckName, string> = {
  configuration: 'The configuration',
  uncommitted: 'Uncommitted changes',
  netifd: 'netifd',
  ip: 'The command ip',
  kernel: 'What the kernel can do',
  hash_policy: 'How the kernel shares traffic',
  offload: 'Flow offloading',
  clock: 'The clock',
  rules_ipv4: 'Others’ rules of IPv4',
  rules_ipv6: 'Others’ rules of IPv6',
  tables: 'Others in our routing tables',
  marks: 'Others’ marks in nft',
  marks_iptables: 'Others’ marks in iptables',
  defaults: 'Default routes',
  metrics: 'Metrics',
  ports: 'The lines’ ports',
  macs: 'MAC addresses',
  carrier: 'Carriers',
  names: 'Names of devices',
  dialing: 'Dialing',
  addresses: 'Addresses',
  mtu: 'Size of packets',
  resolvers: 'Resolvers',
  zone: 'The firewall’s zone',
};

export function describeSkipped({ check, reason, text }: DoctorReport['skipped'][number]): string {
  const name = Object.hasOwn(checks, check) ? t(checks[check]) : check;
  return t('{check}: {reason}.', { check: name, reason: said(`skip.${reason}`, text) });
}

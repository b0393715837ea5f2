// All checks, one after the other, and their report: the worst findings first.
import type { Examination, FindingSeverity } from '../contract/index.ts';
import { deviceChecks } from './devices.ts';
import { firewallChecks } from './firewall.ts';
import type { Check, DoctorInput } from './input.ts';
import { kernelChecks } from './kernel.ts';
import { neighbourChecks } from './neighbours.ts';
import { sessionChecks } from './sessions.ts';
import { setupChecks } from './setup.ts';

export const checks: readonly Check[] = [...setupChecks, ...kernelChecks, ...deviceChecks, ...sessionChecks, ...firewallChecks, ...neighbourChecks];

const RANK: Readonly<Record<FindingSeverity, number>> = { error: 0, warning: 1, note: 2 };

export function examine(input: DoctorInput): Examination {
  const report: Examination = { findings: [], checked: [], skipped: [] };
  for (const { name, look } of checks) {
    const answer = look(input);
    if (typeof answer === 'string') {
      report.skipped.push({ check: name, reason: answer });
    } else {
      report.checked.push(name);
      report.findings.push(...answer);
    }
  }
  return { ...report, findings: report.findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]) };
}

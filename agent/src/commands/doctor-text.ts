// The doctor's report as text for people at a shell.
import { explain, skipReasons } from '../contract/index.ts';
import type { DoctorReport, Finding } from '../contract/index.ts';

function findingLines(finding: Finding): string[] {
  const { what, why, mend } = explain(finding);
  return [`${finding.severity}: ${what}`, `  Why it matters: ${why}`, `  How to mend it: ${mend}`, ''];
}

export function renderDoctor({ findings, checked, skipped }: DoctorReport): string {
  const well = findings.length ? [] : [`All is well: ${checked.length} checks found nothing to mend.`];
  const left = skipped.map(({ check, reason }) => `Not checked: ${check} (${skipReasons[reason]}).`);
  return [...findings.flatMap(findingLines), ...well, ...left, ''].join('\n');
}

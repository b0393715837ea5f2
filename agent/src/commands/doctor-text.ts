// The doctor's report as text for people at a shell.
import type { DoctorReport, ToldFinding } from '../contract/index.ts';

const findingLines = ({ severity, what, why, mend }: ToldFinding): string[] => [
  `${severity}: ${what}`,
  `  Why it matters: ${why}`,
  `  How to mend it: ${mend}`,
  '',
];

export function renderDoctor({ findings, checked, skipped }: DoctorReport): string {
  const well = findings.length ? [] : [`All is well: ${checked.length} checks found nothing to mend.`];
  const left = skipped.map(({ check, text }) => `Not checked: ${check} (${text}).`);
  return [...findings.flatMap(findingLines), ...well, ...left, ''].join('\n');
}

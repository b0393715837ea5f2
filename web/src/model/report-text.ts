// The doctor's report as text to paste: with codes for those who know them, without addresses and accounts.
import type { DoctorReport, ToldFinding } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';
import { describeFinding, describeSkipped, severityWord, summarise, worstFirst } from './doctor-words.ts';
import { isoMoment } from './format.ts';
import { mask } from './mask.ts';

function findingText(finding: ToldFinding): string {
  const { what, why, mend } = describeFinding(finding);
  return [`${severityWord(finding.severity)} [${finding.code}] ${what}`, why && `  ${why}`, mend && `  ${t('To mend it:')} ${mend}`].filter(Boolean).join('\n');
}

export function reportText(report: DoctorReport, atS: number, version = ''): string {
  return mask(
    [
      `multidial ${version} doctor, ${isoMoment(Math.floor(atS))}`.replace('  ', ' '),
      summarise(report),
      ...worstFirst(report.findings).map((finding) => `\n${findingText(finding)}`),
      ...(report.skipped.length > 0 ? ['', t('Not checked:'), ...report.skipped.map((each) => `  ${describeSkipped(each)}`)] : []),
      '',
    ].join('\n'),
  );
}

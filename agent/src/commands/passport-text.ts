// A passport as text for people at a shell.
import { describe } from '../contract/index.ts';
import type { PassportReport, PassportStatus } from '../contract/index.ts';

const linesOf = ({ findings, proposals }: PassportReport): string[] => [
  'What was found',
  ...findings.map((note) => `  ${note.text}`),
  ...(proposals.length ? ['What to configure', ...proposals.map((note) => `  ${note.text}`)] : []),
];

/** The report, and what went wrong. */
export const renderPassport = ({ report, problems }: PassportStatus): string =>
  [...(report ? linesOf(report) : []), ...problems.map((problem) => `${problem.severity}: ${describe(problem)}`), ''].join('\n');

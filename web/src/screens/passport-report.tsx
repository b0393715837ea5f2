// The report of a passport in words, and its proposal for the line's form.
import type { PassportLink, PassportReport } from '../../../agent/src/contract/index.ts';
import { formatList, rateText } from '../model/format.ts';
import { weightOf } from '../model/known-names.ts';
import { adjust, describeAdjustment, describePassport, passportHeadline, toAdjustments } from '../model/passport-words.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { useStore } from './store-context.ts';

function ipv6Word(ipv6: PassportLink['ipv6']): string {
  switch (ipv6) {
    case 'prefix':
      return t('prefix');
    case 'address':
      return t('address');
    case 'none':
      return t('none');
    default:
      return ipv6 satisfies never;
  }
}

function Links({ links }: { links: readonly PassportLink[] }) {
  if (links.length === 0) return null;
  return (
    <table class="md-figures">
      <caption class="md-hidden">{t('The sessions while most were up')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('Link')}</th>
          <th scope="col">{t('MTU')}</th>
          <th scope="col">{t('IPv6')}</th>
          <th scope="col">{t('Download alone')}</th>
        </tr>
      </thead>
      <tbody>
        {links.map(({ link, mtu, ipv6, rxPerS }) => (
          <tr key={link}>
            <th scope="row">{link}</th>
            <td>{mtu ?? '–'}</td>
            <td>{ipv6Word(ipv6)}</td>
            <td>{rateText(rxPerS === undefined ? null : rxPerS * 8)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Fills the line's form and its links' weights, and shows what that would change; nothing is applied. */
function UseThis({ report }: { report: PassportReport }) {
  const { setup, screen, session } = useStore();
  const { lines, sections } = setup;
  const form = lines.value.find(({ name, isNew }) => name === report.line && !isNew);
  const adjustments = form ? toAdjustments(report, form, (link) => weightOf(link, lines.value, sections.drafts.value)) : [];
  if (!form || report.accepted === 0) return null;
  if (adjustments.length === 0) return <p class="md-muted">{t('{line} is set up like this already.', { line: report.line })}</p>;
  if (!session.rights.value.write) return null;
  function use(): void {
    lines.value = lines.value.map((line) => (line.key === form?.key ? adjust(line, adjustments) : line));
    for (const each of adjustments) if (each.option === 'weight') sections.setWeight(each.link, each.value);
    void setup.preview();
    screen.value = 'preview';
  }
  return (
    <>
      <p>{t('For {line}: {options}.', { line: report.line, options: formatList(adjustments.map(describeAdjustment)) })}</p>
      <div class="md-actions">
        <Button kind="primary" onClick={use}>
          {t('Use this')}
        </Button>
      </div>
    </>
  );
}

export function PassportReportView({ report }: { report: PassportReport }) {
  return (
    <section class="md-report" aria-labelledby="md-report-title">
      <h2 id="md-report-title">{t('What was found')}</h2>
      <p class="md-headline" role="status">
        {passportHeadline(report)}
      </p>
      <ul class="md-sentences">
        {report.findings.map((note) => (
          <li key={note.code}>{describePassport(note)}</li>
        ))}
      </ul>
      <Links links={report.links} />
      {report.proposals.length > 0 && (
        <>
          <h2>{t('What is proposed')}</h2>
          <ul class="md-sentences">
            {report.proposals.map((note) => (
              <li key={note.code}>{describePassport(note)}</li>
            ))}
          </ul>
        </>
      )}
      <UseThis report={report} />
    </section>
  );
}

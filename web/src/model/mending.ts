// What the page itself can do about a finding: how its button is called, what is asked before, and how it went.
import { schema, type Finding, type LinkStatus, type ToldFinding } from '../../../agent/src/contract/index.ts';
import type { AgentFault } from '../agent.ts';
import { isGone } from '../ubus/index.ts';
import { t } from '../t.ts';
import { describeFault } from './sentences.ts';

/** What the router is told. */
export type Deed = { kind: 'apply' } | { kind: 'redial'; link: string };
/** Where the form is opened: at an option of a line, or as it is. */
export type Place = { kind: 'setup'; field?: { line: string; option: string } };
export type Mend = Deed | Place;

const specs: Record<string, { label: string }> = schema.line;

const lineOf = ({ section, link }: Finding, links: readonly LinkStatus[]): string | undefined =>
  section?.startsWith('line.') ? section.slice('line.'.length) : links.find(({ name }) => name === link)?.line;

/** Undefined where only a person or a command can mend it, or where the page does not know the link or its line. */
export function mendOf(finding: ToldFinding, links: readonly LinkStatus[]): Mend | undefined {
  const { remedy } = finding;
  switch (remedy?.kind) {
    case 'apply':
      return { kind: 'apply' };
    case 'redial':
      return finding.link !== undefined && links.some(({ name }) => name === finding.link) ? { kind: 'redial', link: finding.link } : undefined;
    case 'setup': {
      const { option } = remedy;
      const line = lineOf(finding, links);
      if (option === undefined) return { kind: 'setup' };
      return line === undefined ? undefined : { kind: 'setup', field: { line, option } };
    }
    default:
      return undefined;
  }
}

export const isDeed = (mend: Mend): mend is Deed => mend.kind !== 'setup';

/** Could connections be cut? Then it is asked first. */
export const mayCut = (deed: Deed, links: readonly LinkStatus[]): boolean =>
  deed.kind === 'apply' || links.some(({ name, state }) => name === deed.link && state === 'up');

export function mendLabel(mend: Mend): string {
  switch (mend.kind) {
    case 'apply':
      return t('Apply again');
    case 'redial':
      return t('Redial {link}', { link: mend.link });
    case 'setup':
      return mend.field
        ? t('Edit “{option}” of line {line}', { option: t(specs[mend.field.option]?.label ?? mend.field.option), line: mend.field.line })
        : t('Open Setup');
    default:
      return mend satisfies never;
  }
}

export const mendQuestion = (deed: Deed): { title: string; text: string } =>
  deed.kind === 'apply'
    ? {
        title: t('Apply again?'),
        text: t(
          'The router derives everything anew from the stored configuration. Links whose settings have changed since are hung up and dialed anew: their connections are cut.',
        ),
      }
    : { title: t('Redial {link}?', { link: deed.link }), text: t('It hangs up at once: its connections are cut. New ones take the other links meanwhile.') };

export const describeMending = (deed: Deed): string =>
  deed.kind === 'apply'
    ? t('Applying… Then the router is looked over again.')
    : t('Redialing {link}… Then the router is looked over again.', { link: deed.link });

export function describeMended({ deed, fault }: { deed: Deed; fault?: AgentFault }): string {
  if (fault && isGone(fault)) return t('No answer came back, so it may have been done all the same. {fault}', { fault: describeFault(fault) });
  if (fault) return t('{action} failed. {fault}', { action: mendLabel(deed), fault: describeFault(fault) });
  return deed.kind === 'apply' ? t('The stored configuration was applied.') : t('{link} was hung up and is being dialed.', { link: deed.link });
}

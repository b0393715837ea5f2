// Names that a form can offer: lines, links, groups and network interfaces, as drafted.
import { MAX_SESSIONS, type Port } from '../../../agent/src/contract/index.ts';
import type { LineDraft } from './draft.ts';
import type { SectionDraft } from './section-draft.ts';

/** One dialed session. `weight`: its line's, which counts where the link has none of its own. */
export type Session = { name: string; weight: string };

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

export function sessionsOf(lines: readonly LineDraft[]): Session[] {
  return lines.flatMap(({ name, options }) => {
    const wanted = Number(asText(options.sessions) || 1);
    const count = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 0), MAX_SESSIONS) : 0;
    const weight = asText(options.weight) || '1';
    return Array.from({ length: count }, (_, index) => ({ name: `${name}_${String(index + 1).padStart(2, '0')}`, weight }));
  });
}

/** Links that are somebody's network interface. */
const adjoinedOf = (drafts: readonly SectionDraft[]): Session[] =>
  drafts.flatMap(({ type, name, options }) => (type === 'link' && asText(options.interface) !== '' ? { name, weight: '1' } : []));

/** Every link there would be: what can have a weight. */
export const linksOf = (lines: readonly LineDraft[], drafts: readonly SectionDraft[]): Session[] => [...sessionsOf(lines), ...adjoinedOf(drafts)];

/** A link's own, else its line's. */
export function weightOf(link: string, lines: readonly LineDraft[], drafts: readonly SectionDraft[]): string {
  const own = drafts.find(({ type, name }) => type === 'link' && name === link)?.options['weight'];
  return asText(own) || (sessionsOf(lines).find(({ name }) => name === link)?.weight ?? '1');
}

export type Known = { lines: string[]; links: string[]; groups: string[]; interfaces: string[]; devices: string[] };

export function toKnown(lines: readonly LineDraft[], drafts: readonly SectionDraft[], ports: readonly Port[]): Known {
  const groups = drafts.flatMap(({ type, name }) => (type === 'group' ? name : []));
  return {
    lines: lines.map(({ name }) => name),
    links: linksOf(lines, drafts).map(({ name }) => name),
    // Without any, the agent shares both defaults among all links and calls that so.
    groups: groups.length > 0 ? groups : ['default'],
    interfaces: [...new Set(ports.flatMap(({ usedBy }) => usedBy))].sort(),
    devices: ports.map(({ device }) => device),
  };
}

/** What may be meant by an option, where that is a name of something. */
export function suggest(option: string, { lines, links, groups, interfaces }: Known): string[] {
  switch (option) {
    case 'use':
      return ['none', ...groups, ...links];
    case 'link':
      return [...lines, ...links];
    case 'in':
    case 'interface':
    case 'adopt':
      return interfaces;
    default:
      return [];
  }
}

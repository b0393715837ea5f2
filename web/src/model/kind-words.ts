// Words for the kinds of sections and for the values of their choices, and which options a form shows first.
import { schema, type SectionType } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';
import { orderedKinds, type Kind, type SectionDraft } from './section-draft.ts';

/** The rest of the schema is under Advanced. */
const firstOptions = {
  globals: ['watch'],
  link: ['interface', 'username', 'password', 'weight', 'disabled'],
  group: ['link', 'dest', 'mode', 'sticky'],
  pin: ['use', 'strict', 'src', 'dest', 'proto', 'dest_port', 'name', 'mac', 'in'],
  probe: ['link', 'kind', 'target', 'url', 'name'],
} as const satisfies { [K in Kind]: readonly (keyof (typeof schema)[K])[] };

/** Turning off has a button of its own, and applying turns on. */
const hidden = new Set(['globals.enabled']);

export function optionsOf(kind: Kind): { first: readonly string[]; advanced: string[] } {
  const first: readonly string[] = firstOptions[kind];
  return { first, advanced: Object.keys(schema[kind]).filter((option) => !first.includes(option) && !hidden.has(`${kind}.${option}`)) };
}

/** What a section of the kind is for, and what holds without any. */
export const kindHelp = (): Record<Kind, string> => ({
  link: t('A link is one session of a line, or a network interface of your own that takes part. A session needs an entry here only for settings of its own.'),
  group: t(
    'A group is the set of links that share the traffic to some prefixes. Without any, all links share all traffic; the first one you add takes the place of that.',
  ),
  pin: t('A pin sends chosen traffic by one link or group. All that it names must match, and the first pin that matches counts.'),
  probe: t('A probe tells whether links are alive. Without any, every link is asked as the defaults here say; the first that names a link counts.'),
  globals: t('Settings of multidial as a whole.'),
});

export const addWords = (): Record<Kind, string> => ({
  link: t('Add a link'),
  group: t('Add a group'),
  pin: t('Add a pin'),
  probe: t('Add a probe'),
  globals: '',
});

/** By kind, option and value. What is not here is shown as it is. */
const choiceWords = (): Record<string, string> => ({
  'link.ipv6.off': t('Off'),
  'link.ipv6.nat': t('By NAT: masqueraded'),
  'link.ipv6.native': t('Native: as it is'),
  'group.mode.flow': t('Flow: a connection keeps its link'),
  'group.mode.packet': t('Packet: each packet may take another link'),
  'group.hash.l3': t('Hosts (l3)'),
  'group.hash.l4': t('Connections (l4)'),
  'group.spread.nth': t('In turn (nth)'),
  'group.spread.random': t('By chance (random)'),
  'group.sticky.off': t('Off'),
  'group.sticky.client': t('By client (client)'),
  'group.sticky.site': t('By client and site (site)'),
  'group.last_resort.system': t('Whatever else the router has (system)'),
  'group.last_resort.unreachable': t('Refuse at once (unreachable)'),
  'probe.kind.ping': t('Ping'),
  'probe.kind.dns': t('DNS'),
  'probe.kind.http': t('HTTP'),
  'pin.use.': t('Choose a link or a group'),
  'pin.use.none': t('Never balance: the router’s own default'),
});

/** The values of an option that has few, with words. `names`: for those that are names of something. */
export function choicesOf(kind: Kind, option: string, value: string, names: readonly string[]): { value: string; label: string }[] | undefined {
  const words = choiceWords();
  const specs: Record<string, { kind: string; choices?: readonly string[] }> = schema[kind];
  const isTarget = kind === 'pin' && option === 'use';
  const values = isTarget ? [...(value === '' ? [''] : []), ...names] : specs[option]?.choices;
  return values?.map((each) => ({ value: each, label: words[`${kind}.${option}.${each}`] ?? each }));
}

export const isOrdered = (kind: SectionType): boolean => orderedKinds.includes(kind);

/** What a section says, in a line: what is set of it. */
export function summaryOf({ type, options }: SectionDraft): string {
  const words = choiceWords();
  const specs: Record<string, { label: string; kind: string; secret?: true }> = schema[type];
  return Object.entries(options)
    .flatMap(([option, value]) => {
      const spec = specs[option];
      if (!spec || spec.secret || value.length === 0) return [];
      if (spec.kind === 'bool') return value === '0' ? [] : [t(spec.label)];
      const text = typeof value === 'string' ? (words[`${type}.${option}.${value}`] ?? value) : value.join(', ');
      return [`${t(spec.label)}: ${text}`];
    })
    .join(' · ');
}

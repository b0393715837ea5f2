// Sentences for links that change: which are redialed and why, and interfaces that are adopted or given back. Read from a plan's edits.
import type { Plan, UciChange } from '../../../agent/src/contract/index.ts';
import { t, tn } from '../t.ts';
import { formatList } from './format.ts';

type Cause = 'port' | 'account' | 'mtu' | 'concentrator' | 'keepalive' | 'ipv6' | 'mac';

/** What netifd dials anew for; an option that is not among them, as the metric, it takes without a word. */
const causes: Readonly<Record<string, Cause>> = {
  username: 'account',
  password: 'account',
  mtu: 'mtu',
  ac: 'concentrator',
  service: 'concentrator',
  host_uniq: 'concentrator',
  keepalive: 'keepalive',
  ipv6: 'ipv6',
  sourcefilter: 'ipv6',
  delegate: 'ipv6',
  ifname: 'port',
  macaddr: 'mac',
};

function clause(cause: Cause, count: number): string {
  switch (cause) {
    case 'port':
      return tn(count, 'its port changes', 'their port changes');
    case 'account':
      return tn(count, 'its account changes', 'their account changes');
    case 'mtu':
      return tn(count, 'its MTU changes', 'their MTU changes');
    case 'concentrator':
      return tn(count, 'it asks for the access concentrator in another way', 'they ask for the access concentrator in another way');
    case 'keepalive':
      return tn(count, 'its keepalive changes', 'their keepalive changes');
    case 'ipv6':
      return tn(count, 'its IPv6 changes', 'their IPv6 changes');
    case 'mac':
      return tn(count, 'its MAC address changes', 'their MAC address changes');
    default:
      return cause satisfies never;
  }
}

/** A link's own sections: the interface of its name, and the device below it. */
const isOfLink = (link: string, { package: name, section }: UciChange): boolean => name === 'network' && (section === link || section === `md_${link}`);

const optionOf = (change: UciChange): string => ('option' in change ? (change.option ?? '') : '');

function causesOf(link: string, uci: readonly UciChange[]): Cause[] {
  const options = uci.filter((change) => isOfLink(link, change)).map(optionOf);
  const found = new Set(options.flatMap((option) => (Object.hasOwn(causes, option) ? (causes[option] ?? []) : [])));
  // A MAC is derived from that of the port.
  if (found.has('port')) found.delete('mac');
  return [...found].toSorted();
}

function redialed(names: readonly string[], why: readonly Cause[]): string {
  const count = names.length;
  const values = { names: names.join(', '), why: formatList(why.map((cause) => clause(cause, count))) };
  if (why.length === 0) return tn(count, '{names} gets another metric and is not cut', '{names} get other metrics and are not cut', values);
  return tn(count, '{names} is redialed because {why}', '{names} are redialed because {why}', values);
}

/** One sentence for those that change for the same reasons. */
export function describeChanged({ summary, uci }: Pick<Plan, 'summary' | 'uci'>): string[] {
  const groups = new Map<string, { names: string[]; why: Cause[] }>();
  for (const name of summary.linksChanged) {
    const why = causesOf(name, uci);
    const group = groups.get(why.join()) ?? { names: [], why };
    groups.set(why.join(), { names: [...group.names, name], why });
  }
  return [...groups.values()].map(({ names, why }) => redialed(names, why));
}

const NOTE = 'multidial_';

/** Links that are interfaces of somebody's from now on, by the notes that the plan leaves. */
export const adoptedBy = (uci: readonly UciChange[]): { link: string; interface: string }[] =>
  uci.flatMap((change) =>
    change.op === 'set' && change.package === 'network' && change.section.startsWith(NOTE) && change.option === 'interface'
      ? [{ link: change.section.slice(NOTE.length), interface: change.value }]
      : [],
  );

/** Links whose interface goes back to its owner. */
export const givenBackBy = (uci: readonly UciChange[]): string[] =>
  uci.flatMap((change) =>
    change.op === 'unset' && change.package === 'network' && change.option === undefined && change.section.startsWith(NOTE)
      ? [change.section.slice(NOTE.length)]
      : [],
  );

export function describeAdopted(uci: readonly UciChange[]): string[] {
  return adoptedBy(uci).map((adopted) => {
    const isSix = uci.some((change) => optionOf(change) === 'ipv6' && change.package === 'network' && change.section === adopted.interface);
    return isSix
      ? t('{interface}, which is there already, becomes {link}: it keeps its account, gets a metric and other IPv6 options, and is redialed', adopted)
      : t('{interface}, which is there already, becomes {link}: it keeps its account and its connection, and gets a metric', adopted);
  });
}

export const describeGivenBack = (uci: readonly UciChange[]): string[] =>
  givenBackBy(uci).map((link) => t('the interface that was adopted as {link} stays, with its options as they were', { link }));

/** Devices behind the router hear of an IPv6 default that is not the provider's, or no more. */
export function describeAnnounced(uci: readonly UciChange[]): string[] {
  const told = uci.filter((change) => change.package === 'dhcp' && optionOf(change) === 'ra_default');
  if (told.length === 0) return [];
  return [
    told.some(({ op }) => op === 'set')
      ? t('the router announces itself to your devices as their way out in IPv6')
      : t('the router announces IPv6 to your devices as before multidial'),
  ];
}

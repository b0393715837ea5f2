// Sentences: what a plan would change, and what stands in the kernel for a route.
import type { GroupRoute, Plan } from '../../../agent/src/contract/index.ts';
import { t, tn } from '../t.ts';
import { adoptedBy, describeAdopted, describeAnnounced, describeChanged, describeGivenBack, givenBackBy } from './change-words.ts';

const ipv6Words = {
  off: 'no IPv6',
  nat: 'IPv6 by NAT66: every client shares all links',
  native: 'native IPv6: each client prefix leaves by its own link',
} as const;

const isOf = (line: string) => (link: string) => link === line || link.startsWith(`${line}_`);

function lineSentences(plan: Plan, line: Plan['summary']['lines'][number]): string[] {
  const added = plan.summary.linksAdded.filter(isOf(line.name));
  if (added.length === 0) return [];
  const adopted = adoptedBy(plan.uci).map(({ link }) => link);
  const made = added.filter((link) => !adopted.includes(link));
  const count = made.length;
  return [
    ...(count > 0
      ? [
          tn(count, '{count} virtual port on {device}', '{count} virtual ports on {device}', { device: line.device }),
          tn(count, '{count} PPPoE interface: {names}', '{count} PPPoE interfaces: {names}', { names: made.join(', ') }),
        ]
      : []),
    ...(plan.uci.some((change) => change.package === 'firewall') ? [t('firewall zone wan takes them in')] : []),
    t(ipv6Words[line.ipv6]),
  ];
}

/** What a run would do, a phrase each; empty when nothing would change. */
export function toSentences(plan: Plan): string[] {
  const { linksRemoved, lines } = plan.summary;
  const back = givenBackBy(plan.uci);
  const removed = linksRemoved.filter((link) => !back.includes(link));
  const sentences = [
    ...describeAdopted(plan.uci),
    ...lines.flatMap((line) => lineSentences(plan, line)),
    ...describeChanged(plan),
    ...(removed.length > 0
      ? [tn(removed.length, '{count} link is taken away: {names}', '{count} links are taken away: {names}', { names: removed.join(', ') })]
      : []),
    ...describeGivenBack(plan.uci),
    ...describeAnnounced(plan.uci),
  ];
  const isEmpty = plan.uci.length === 0 && plan.system.length === 0;
  return sentences.length === 0 && !isEmpty ? [t('routes and rules are brought up to date; no link is added, changed or removed')] : sentences;
}

/** What stands in the kernel for one route, in words. */
export function describeRoute(route: GroupRoute): string {
  if (route.route === 'none') return t('no route');
  if (route.route === 'fallback') return t('one link at a time, by the router’s own default');
  return tn(route.members.length, '{count} next hop', 'shared by {count} next hops');
}

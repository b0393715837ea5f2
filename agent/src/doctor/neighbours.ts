// Checks of others who use rules, marks, tables and metrics on this router, mwan3 and pbr among them: who clashes with what is ours.
import type { CheckName, Family, Finding, FindingCode, FindingSeverity } from '../contract/index.ts';
import { destinationOf, MAIN } from '../observe/kernel.ts';
import type { Kernel } from '../observe/kernel.ts';
import { isOurTable, LINK_METRIC_BASE, MAX_SLOT, PREFERENCE, PROTOCOL, ROUTE_METRIC } from '../owned.ts';
import { planBalances } from '../plan/members.ts';
import { findOutranking } from '../plan/outranked.ts';
import { scalarOf } from '../uci/package.ts';
import type { UciPackage } from '../uci/package.ts';
import { familyWord, isSilent } from './input.ts';
import type { Check } from './input.ts';
import { findMarkStatements } from './marks.ts';
import { isAmongOurs, isOurRule, looksAtOurMarks, renderRules } from './rules.ts';
import type { PolicyRule } from './rules.ts';

/** mwan3's usual mask and its preferences 1000 to 3999; pbr's mask and its preferences, which count down from 30000. */
const isMwan3 = ({ preference, mark }: PolicyRule): boolean => preference >= 1000 && preference < 4000 && mark?.mask === 0x3f00;
const isPbr = ({ preference, mark }: PolicyRule): boolean => preference >= 29_000 && preference < 32_000 && mark?.mask === 0xff0000;

/** Does it take what it matches, before any rule of ours is asked? A table without a default lets most traffic through to the next rule. */
function takesFirst(rule: PolicyRule, kernel: Kernel): boolean {
  if (rule.preference >= PREFERENCE.main || rule.suppresses) return false;
  if (rule.refuses) return true;
  if (rule.goto !== undefined) return rule.goto > PREFERENCE.main;
  return kernel.routes.some(
    ({ family, table, destination, source }) => family === rule.family && table === rule.table && destination === 'default' && source === undefined,
  );
}

function ruleFindings(all: readonly PolicyRule[], kernel: Kernel, family: Family): Finding[] {
  const others = all.filter((rule) => !isOurRule(rule));
  const comparing = others.filter(looksAtOurMarks);
  const rest = others.filter((rule) => !comparing.includes(rule));
  const mwan3 = rest.filter(isMwan3);
  // Its rules for what comes in by an interface have no mark.
  const isOfMwan3 = (rule: PolicyRule): boolean => mwan3.length > 0 && rule.preference >= 1000 && rule.preference < 4000;
  const first = rest.filter((rule) => takesFirst(rule, kernel));
  const told = (code: FindingCode, severity: FindingSeverity, rules: readonly PolicyRule[]): Finding[] =>
    rules.length ? [{ code, severity, details: { family: familyWord(family), rules: renderRules(rules) } }] : [];
  return [
    ...told(
      'rule_first',
      'error',
      first.filter(({ selectors }) => selectors.length === 0),
    ),
    ...told('mark_compared', 'warning', comparing),
    ...told(
      'rule_among_ours',
      'warning',
      rest.filter(({ preference }) => isAmongOurs(preference)),
    ),
    ...told('mwan3_first', 'warning', mwan3),
    ...told(
      'rule_part_first',
      'note',
      first.filter((rule) => rule.selectors.length > 0 && !isOfMwan3(rule)),
    ),
    ...told('pbr_beside', 'note', rest.filter(isPbr)),
  ];
}

const rulesCheck = (name: CheckName, family: Family): Check => ({
  name,
  look: ({ rules, kernel }) => {
    const all = rules[family];
    return all === undefined || isSilent(kernel) ? 'ip_silent' : ruleFindings(all, kernel, family);
  },
});

const tables: Check = {
  name: 'tables',
  look: ({ rules, kernel }) => {
    if (isSilent(kernel)) return 'ip_silent';
    const found = new Map<number, string>();
    const note = (table: number | undefined, by: string): void => {
      if (table !== undefined && isOurTable(table) && !found.has(table)) found.set(table, by);
    };
    for (const route of [...kernel.routes, ...kernel.unreachable]) if (route.protocol !== PROTOCOL) note(route.table, `route ${route.destination}`);
    for (const rule of [...(rules.ipv4 ?? []), ...(rules.ipv6 ?? [])]) if (!isOurRule(rule)) note(rule.table, `rule ${rule.preference}`);
    return [...found].map(([table, by]): Finding => ({ code: 'table_shared', severity: 'warning', details: { table, by } }));
  },
};

const marks: Check = {
  name: 'marks',
  look: ({ hasNft, ruleset }) => {
    if (!hasNft) return 'nft_missing';
    if (ruleset === undefined) return 'nft_silent';
    return findMarkStatements(ruleset).map((details): Finding => ({ code: 'mark_overwritten', severity: 'warning', details }));
  },
};

const marksOfIptables: Check = { name: 'marks_iptables', look: ({ hasMangle }) => (hasMangle ? 'iptables_unread' : []) };

const defaults: Check = {
  name: 'defaults',
  look: ({ kernel, interfaces, links }) => {
    if (isSilent(kernel)) return 'ip_silent';
    // Before anything is dialed it is how the router goes out, and good to know for whoever sets up a line.
    const severity = links.length === 0 ? 'note' : 'warning';
    return findOutranking(kernel, isSilent(interfaces) ? [] : interfaces).map(({ details = {} }): Finding => ({ code: 'default_outranks', severity, details }));
  },
};

/** Interfaces with one metric, where it is that of a link. */
function sharedMetrics(network: UciPackage): Finding[] {
  const byMetric = new Map<number, string[]>();
  for (const section of network) {
    const metric = Number(scalarOf(section, 'metric'));
    if (section.type !== 'interface' || section.name === undefined || !(metric > LINK_METRIC_BASE && metric <= LINK_METRIC_BASE + MAX_SLOT)) continue;
    byMetric.set(metric, [...(byMetric.get(metric) ?? []), section.name]);
  }
  return [...byMetric].flatMap(([metric, interfaces]): Finding[] =>
    interfaces.length > 1 ? [{ code: 'metric_shared', severity: 'warning', details: { metric, interfaces } }] : [],
  );
}

const metrics: Check = {
  name: 'metrics',
  look: ({ config, kernel, links, packages }) => {
    if (links.length === 0) return 'no_links';
    if (isSilent(kernel)) return 'ip_silent';
    const { balances } = planBalances(
      config,
      links.map(({ link }) => link),
    );
    const isTaken = (route: Kernel['routes'][number]): boolean =>
      route.table === MAIN &&
      route.protocol !== PROTOCOL &&
      route.source === undefined &&
      route.metric === ROUTE_METRIC &&
      balances.some((balance) => balance.links.length > 0 && balance.family === route.family && destinationOf(balance.prefix) === route.destination);
    const taken = kernel.routes.filter(isTaken).map((route): Finding => {
      const details = { family: familyWord(route.family), prefix: route.destination, device: route.legs[0]?.device ?? '?', metric: ROUTE_METRIC };
      return { code: 'metric_taken', severity: 'error', details };
    });
    return [...taken, ...sharedMetrics(packages.network)];
  },
};

export const neighbourChecks: readonly Check[] = [
  rulesCheck('rules_ipv4', 'ipv4'),
  rulesCheck('rules_ipv6', 'ipv6'),
  tables,
  marks,
  marksOfIptables,
  defaults,
  metrics,
];

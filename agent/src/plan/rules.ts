// Policy rules: which are missing and which are too many, by family.
import type { Family } from '../contract/index.ts';
import { MAIN } from '../observe/kernel.ts';
import type { Rule } from '../observe/kernel.ts';
import { HEX_MASK, hexMark, isOurTable, PREFERENCE, PROTOCOL } from '../owned.ts';

export type RuleStep = { op: 'rule-add' | 'rule-del'; rule: Rule };

/** Before Linux 4.17 a rule keeps no protocol. Nobody else looks up a table of ours, or main with a range of our preferences. */
function isOurRule(rule: Rule): boolean {
  if (rule.preference < PREFERENCE.main || rule.preference > PREFERENCE.last) return false;
  return rule.protocol === PROTOCOL || (rule.protocol === 0 && (isOurTable(rule.table) || (rule.table === MAIN && rule.suppress !== undefined)));
}

const keyOf = (rule: Rule): string => [rule.family, renderRule(rule)].join(' ');

/** Rules to add, then rules to delete: of two that differ in their selector the new one stands first. */
export function planRules(wanted: readonly Rule[], present: readonly Rule[]): RuleStep[] {
  const ours = present.filter(isOurRule);
  const has = new Set(ours.map(keyOf));
  const needed = new Set(wanted.map(keyOf));
  const seen = new Set<string>();
  // The same one twice is one too many: left by two runs at once, of which one was told to die.
  const isExtra = (rule: Rule): boolean => {
    const key = keyOf(rule);
    const isTwice = seen.has(key);
    seen.add(key);
    return isTwice || !needed.has(key);
  };
  const added = wanted.filter((rule) => !has.has(keyOf(rule)));
  return [...added.map((rule): RuleStep => ({ op: 'rule-add', rule })), ...ours.filter(isExtra).map((rule): RuleStep => ({ op: 'rule-del', rule }))];
}

/** A rule's words, as `ip rule` takes them behind its verb. */
export function renderRule(rule: Rule): string {
  return [
    `pref ${rule.preference}`,
    ...(rule.not ? ['not'] : []),
    ...(rule.from === undefined ? [] : [`from ${rule.from}`]),
    ...(rule.to === undefined ? [] : [`to ${rule.to}`]),
    ...(rule.mark === undefined ? [] : [`fwmark ${rule.mark === 0 ? '0' : hexMark(rule.mark)}/${HEX_MASK}`]),
    `lookup ${rule.table}`,
    ...(rule.suppress === undefined ? [] : [`suppress_prefixlength ${rule.suppress}`]),
  ].join(' ');
}

export const renderRuleStep = ({ op, rule }: RuleStep): string => `rule ${op === 'rule-add' ? 'add' : 'del'} ${renderRule(rule)} protocol ${PROTOCOL}`;

export type RuleShape = Omit<Rule, 'family' | 'protocol'>;
export const inFamily = (family: Family, rule: RuleShape): Rule => ({ ...rule, family, protocol: PROTOCOL });

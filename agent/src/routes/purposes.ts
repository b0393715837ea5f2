// What our routes, rules and nexthops are for: their numbers read back to links, groups and pins.
import { toPurpose } from '../contract/index.ts';
import type { Purpose, PurposeCode } from '../contract/index.ts';
import { familyWord } from '../doctor/input.ts';
import type { PolicyRule } from '../doctor/rules.ts';
import { destinationOf, MAIN } from '../observe/kernel.ts';
import type { Route } from '../observe/kernel.ts';
import { groupId, LINK_METRIC_BASE, nexthopId, PREFERENCE, PREFIX_TABLE, tableOf } from '../owned.ts';
import type { RunPlan } from '../plan/run.ts';
import { FAMILIES } from '../plan/steering.ts';

/** What a run would go by. */
export type Known = Pick<RunPlan, 'links' | 'targets' | 'balances'>;

const LEFTOVER: Purpose = toPurpose('leftover');
type Codes = Record<'link' | 'group' | 'strict' | 'never', PurposeCode>;
const TABLE_CODES: Codes = { link: 'table_link', group: 'table_group', strict: 'table_strict', never: 'table_never' };
const END_CODES: Codes = { ...TABLE_CODES, strict: 'table_strict_end' };
const RULE_CODES: Codes = { link: 'rule_link', group: 'rule_group', strict: 'rule_strict', never: 'rule_never' };

const linkOfTable = ({ links }: Known, table: number | undefined) => links.find(({ slot }) => tableOf(slot) === table);

/** Whose table it is: a link's, or that of the pins which ask for a group, something strictly, or none. */
function purposeOfTable(known: Known, table: number | undefined, codes: Codes): Purpose {
  const link = linkOfTable(known, table);
  if (link) return toPurpose(codes.link, { link: link.name });
  const pinned = known.targets.pins.filter(({ target }) => tableOf(target.mark) === table);
  const [first] = pinned;
  if (!first) return LEFTOVER;
  const { use } = first.pin;
  return toPurpose(codes[first.target.kind], { use, link: use, group: use, pins: pinned.map(({ pin }) => pin.name) });
}

export function purposeOfRoute(known: Known, { family, table, destination }: Route, refuses: boolean): Purpose {
  if (table !== MAIN && table !== PREFIX_TABLE) return purposeOfTable(known, table, refuses ? END_CODES : TABLE_CODES);
  const balance = known.balances.find((other) => other.family === family && other.links.length > 0 && destinationOf(other.prefix) === destination);
  if (!balance) return LEFTOVER;
  const details = { group: balance.group.name, family: familyWord(family) };
  return toPurpose(refuses ? 'last_resort' : destination === 'default' ? 'shared_default' : 'shared_prefix', details);
}

/** A link's own default, which netifd sets: what is left if nothing of ours stands. */
export function fallbackOf({ links }: Known, { table, destination, metric, source }: Route): Purpose | undefined {
  const isDefault = table === MAIN && destination === 'default' && source === undefined;
  const link = isDefault ? links.find(({ slot }) => LINK_METRIC_BASE + slot === metric) : undefined;
  return link && toPurpose('fallback', { link: link.name });
}

export function purposeOfRule(known: Known, { preference, table }: PolicyRule): Purpose {
  if (table === MAIN) return toPurpose('rule_main');
  if (preference >= PREFERENCE.prefixes) return toPurpose('rule_prefix');
  if (preference < PREFERENCE.sources) return purposeOfTable(known, table, RULE_CODES);
  const link = linkOfTable(known, table);
  return link ? toPurpose(preference >= PREFERENCE.resolvers ? 'rule_resolver' : 'rule_source', { link: link.name }) : LEFTOVER;
}

export function purposeOfNexthop({ links, targets }: Known, id: number): Purpose {
  for (const family of FAMILIES) {
    const link = links.find(({ slot }) => nexthopId(family, slot) === id);
    if (link) return toPurpose('nexthop_link', { link: link.name, family: familyWord(family) });
    const group = targets.groups.find(({ index }) => groupId(family, index) === id)?.group;
    if (group) return toPurpose('nexthop_group', { group: group.name, family: familyWord(family) });
  }
  return LEFTOVER;
}

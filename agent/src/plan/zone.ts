// Our interfaces in the firewall zone named wan: list items added and taken back, the section itself is somebody else's.
import type { Problem, UciChange } from '../contract/index.ts';
import { addressOf, itemsOf, scalarOf } from '../uci/package.ts';
import type { UciPackage } from '../uci/package.ts';

const ZONE = 'wan';

/**
 * Edits of the zone's `network`. `former` are interfaces that were ours until now: only those are taken away.
 * A zone may spell its networks as one string of words; it stays one, because a list item with a blank in it
 * would name no interface at all.
 */
export function planZone(firewall: UciPackage, wanted: readonly string[], former: readonly string[]): { changes: UciChange[]; problems: Problem[] } {
  const zone = firewall.find((section) => section.type === 'zone' && scalarOf(section, 'name') === ZONE);
  if (!zone) return { changes: [], problems: wanted.length ? [{ code: 'zone_missing', severity: 'warning' }] : [] };
  const at = { package: 'firewall', section: addressOf(firewall, zone) } as const;
  const value = zone.options.get('network');
  const present = itemsOf(value);
  const gone = former.filter((name) => !wanted.includes(name) && present.includes(name));
  const added = wanted.filter((name) => !present.includes(name));
  if (gone.length + added.length === 0) return { changes: [], problems: [] };
  if (typeof value === 'string') {
    const words = [...present.filter((name) => !gone.includes(name)), ...added];
    const whole: UciChange = words.length ? { ...at, op: 'set', option: 'network', value: words.join(' ') } : { ...at, op: 'unset', option: 'network' };
    return { changes: [whole], problems: [] };
  }
  const removals = gone.map((name): UciChange => ({ ...at, op: 'list-del', option: 'network', value: name }));
  const additions = added.map((name): UciChange => ({ ...at, op: 'list-add', option: 'network', value: name }));
  return { changes: [...removals, ...additions], problems: [] };
}

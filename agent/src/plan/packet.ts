// Groups whose packets may be spread singly: never over links that hide addresses, for the far end would see two senders.
import type { Group } from '../config/parse.ts';
import type { Family, Problem } from '../contract/index.ts';
import { itemsOf, scalarOf } from '../uci/package.ts';
import type { UciPackage } from '../uci/package.ts';
import type { Link } from './members.ts';

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];
const isOn = (text: string | undefined): boolean => text === '1';

/** What hides the addresses of a family that leave by a link, in words; undefined where nothing does. */
function hiddenBy(link: Link, family: Family, firewall: UciPackage): string | undefined {
  if (family === 'ipv6' && link.masquerades6) return 'IPv6 by NAT';
  // Dialed sessions stand in the zone wan, or will.
  const isIn = (zone: UciPackage[number]): boolean =>
    itemsOf(zone.options.get('network')).includes(link.interface) || (link.line !== undefined && scalarOf(zone, 'name') === 'wan');
  const zone = firewall.find((section) => section.type === 'zone' && isIn(section) && isOn(scalarOf(section, family === 'ipv4' ? 'masq' : 'masq6')));
  if (zone) return `masquerading in firewall zone ${scalarOf(zone, 'name') ?? '?'}`;
  return family === 'ipv4' && link.line !== undefined ? 'the one address of a PPPoE session' : undefined;
}

/** May this group's packets be spread? Where not, its connections are shared, and it is said why. */
export function mayBePacket(group: Group, members: (family: Family) => readonly Link[], firewall: UciPackage): { isPacket: boolean; problems: Problem[] } {
  if (group.mode !== 'packet') return { isPacket: false, problems: [] };
  const families = FAMILIES.filter((family) => group.dest.some((prefix) => prefix.includes(':') === (family === 'ipv6')));
  for (const family of families) {
    for (const link of members(family)) {
      const by = hiddenBy(link, family, firewall);
      if (by !== undefined)
        return {
          isPacket: false,
          problems: [{ code: 'packet_masqueraded', severity: 'error', section: `group.${group.name}`, option: 'mode', details: { link: link.name, by } }],
        };
    }
  }
  return { isPacket: true, problems: [] };
}

/** Of so much less or more nobody's order of packets suffers. */
const EVEN_MS = 3;

/**
 * Packets in turn over links whose round trips differ arrive in another order than they were sent, and one TCP connection then
 * gets less than by one link. `latencyOf` is what the probes measured.
 */
export function findUneven(group: Group, members: readonly Link[], latencyOf: (link: string) => number | undefined): Problem[] {
  const known = members.flatMap(({ name }) => {
    const ms = latencyOf(name);
    return ms === undefined ? [] : [{ name, ms }];
  });
  const sorted = known.toSorted((a, b) => a.ms - b.ms);
  const [fastest, slowest] = [sorted[0], sorted.at(-1)];
  if (!fastest || !slowest || slowest.ms - fastest.ms <= EVEN_MS) return [];
  const figures = sorted.map(({ name, ms }) => `${name} ${ms.toFixed(1)} ms`);
  return [{ code: 'packet_uneven', severity: 'warning', section: `group.${group.name}`, option: 'mode', details: { figures } }];
}

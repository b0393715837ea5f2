// A default router for clients that have only local IPv6 addresses: dhcp's ra_default, and a note of its former value.
import type { UciChange } from '../contract/index.ts';
import { NOTE_TYPE } from '../owned.ts';
import { scalarOf } from '../uci/package.ts';
import type { UciPackage, UciSection } from '../uci/package.ts';

/** 1: announce a default router although no public prefix is there, but only while a default route is. */
const RA_DEFAULT = '1';

const noteName = (section: string): string => `multidial_${section}`;

/** Sections through which odhcpd sends its own router advertisements. */
function servesRa(section: UciSection): boolean {
  return section.type === 'dhcp' && section.name !== undefined && ['server', 'hybrid'].includes(scalarOf(section, 'ra') ?? '');
}

function takeBack(dhcp: UciPackage): UciChange[] {
  return dhcp.flatMap((note): UciChange[] => {
    const section = scalarOf(note, 'section');
    if (note.type !== NOTE_TYPE || note.name === undefined || section === undefined) return [];
    const former = scalarOf(note, 'former_ra_default');
    const target = dhcp.find((other) => other.name === section);
    const at = { package: 'dhcp', section } as const;
    // Whoever changed the value since then meant it: it stays.
    const restore: UciChange[] =
      scalarOf(target, 'ra_default') !== RA_DEFAULT
        ? []
        : [former === undefined ? { ...at, op: 'unset', option: 'ra_default' } : { ...at, op: 'set', option: 'ra_default', value: former }];
    return [...restore, { op: 'unset', package: 'dhcp', section: note.name }];
  });
}

function announce(dhcp: UciPackage): UciChange[] {
  return dhcp.filter(servesRa).flatMap((section): UciChange[] => {
    const name = section.name ?? '';
    const value = scalarOf(section, 'ra_default');
    if (value === '1' || value === '2' || dhcp.some((note) => note.name === noteName(name))) return [];
    const note = { package: 'dhcp', section: noteName(name) } as const;
    return [
      { op: 'section', ...note, type: NOTE_TYPE },
      { op: 'set', ...note, option: 'section', value: name },
      ...(value === undefined ? [] : [{ op: 'set', ...note, option: 'former_ra_default', value } as const]),
      { op: 'set', package: 'dhcp', section: name, option: 'ra_default', value: RA_DEFAULT },
    ];
  });
}

/** Edits of dhcp: `wanted` while any line balances IPv6 by NAT, else everything goes back as it was. */
export const planDhcp = (dhcp: UciPackage, wanted: boolean): UciChange[] => (wanted ? announce(dhcp) : takeBack(dhcp));

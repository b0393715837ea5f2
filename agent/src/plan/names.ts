// Pins by domain name: dnsmasq puts the addresses that it finds into sets of our table, as a section of dhcp tells it.
import type { Pin } from '../config/parse.ts';
import type { Family, Problem, UciChange } from '../contract/index.ts';
import { isOurs, NFT_TABLE, TAG } from '../owned.ts';
import { itemsOf, scalarOf } from '../uci/package.ts';
import type { UciPackage, UciSection } from '../uci/package.ts';

/** The set of a pin's addresses. dnsmasq's script knows the family by the last digit. */
export const setName = (pin: Pin, family: Family): string => `of_${pin.name}_${family === 'ipv4' ? 4 : 6}`;

const TYPE = 'ipset';
const sectionName = (pin: Pin): string => `multidial_${pin.name}`;

/** Pins that work, and why those by name don't. What dhcp says already was possible when it was written: that costs no question. */
export function splitByNames(pins: readonly Pin[], dhcp: UciPackage, hasNftset: () => boolean): { served: Pin[]; problems: Problem[] } {
  const byName = pins.filter((pin) => pin.names.length > 0);
  const isTold = (pin: Pin): boolean => dhcp.some((section) => section.name === sectionName(pin) && isOurs(section));
  // Without the file there is no dnsmasq of OpenWrt's to tell.
  if (byName.every(isTold) || (dhcp.length > 0 && hasNftset())) return { served: [...pins], problems: [] };
  const problems = byName.map((pin): Problem => ({ code: 'names_unsupported', severity: 'error', section: `pin.${pin.name}`, option: 'name' }));
  return { served: pins.filter((pin) => !byName.includes(pin)), problems };
}

/** Items of a list that are too many and that are missing. */
function planList(section: string, option: string, present: readonly string[], wanted: readonly string[]): UciChange[] {
  const at = { package: 'dhcp', section, option } as const;
  return [
    ...present.filter((item) => !wanted.includes(item)).map((value): UciChange => ({ ...at, op: 'list-del', value })),
    ...wanted.filter((item) => !present.includes(item)).map((value): UciChange => ({ ...at, op: 'list-add', value })),
  ];
}

function planSection(old: UciSection | undefined, pin: Pin): UciChange[] {
  const section = sectionName(pin);
  const at = { package: 'dhcp', section } as const;
  const scalars = { table: NFT_TABLE, table_family: 'inet', [TAG]: pin.name };
  return [
    ...(old ? [] : [{ ...at, op: 'section', type: TYPE } satisfies UciChange]),
    ...Object.entries(scalars).flatMap(([option, value]): UciChange[] => (scalarOf(old, option) === value ? [] : [{ ...at, op: 'set', option, value }])),
    ...planList(section, 'name', itemsOf(old?.options.get('name')), [setName(pin, 'ipv4'), setName(pin, 'ipv6')]),
    ...planList(section, 'domain', itemsOf(old?.options.get('domain')), pin.names),
  ];
}

/** Edits of dhcp: a section for each pin by name, and none of ours besides. */
export function planNames(dhcp: UciPackage, pins: readonly Pin[]): UciChange[] {
  const wanted = pins.filter((pin) => pin.names.length > 0);
  const gone = dhcp.filter((section) => section.type === TYPE && isOurs(section) && wanted.every((pin) => sectionName(pin) !== section.name));
  return [
    ...gone.map((section): UciChange => ({ op: 'unset', package: 'dhcp', section: section.name ?? '' })),
    ...wanted.flatMap((pin) =>
      planSection(
        dhcp.find((section) => section.name === sectionName(pin)),
        pin,
      ),
    ),
  ];
}

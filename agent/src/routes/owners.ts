// Whose each route and rule of the kernel is: ours, netifd's, the kernel's own, or somebody else's.
import type { Family, Owner } from '../contract/index.ts';
import { isOurRule } from '../doctor/rules.ts';
import type { PolicyRule } from '../doctor/rules.ts';
import { MAIN } from '../observe/kernel.ts';
import type { Route } from '../observe/kernel.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import { isOurTable, PROTOCOL } from '../owned.ts';
import { scalarOf } from '../uci/package.ts';
import type { UciPackage } from '../uci/package.ts';

/** rtnetlink's numbers: the kernel for an address, a router's announcement that it heard itself, and what netifd sets. */
const BY_KERNEL = 2;
const BY_ANNOUNCEMENT = 9;
const STATIC = 4;

/** Interfaces by the device that carries them; of several over one the first, as wan_01 before wan_01_6. */
export function interfacesByDevice(interfaces: readonly NetifdInterface[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, l3Device } of interfaces) if (l3Device !== undefined && !found.has(l3Device)) found.set(l3Device, name);
  return found;
}

export function ownerOfRoute({ protocol, table, legs }: Route, byDevice: ReadonlyMap<string, string>): Owner {
  if (protocol === PROTOCOL && (table === MAIN || isOurTable(table))) return 'ours';
  const device = legs[0]?.device ?? '';
  if (protocol === BY_KERNEL || protocol === BY_ANNOUNCEMENT) return byDevice.has(device) ? 'netifd' : 'kernel';
  // A refusal of netifd's names no device.
  return protocol === STATIC && (device === '' || byDevice.has(device)) ? 'netifd' : 'foreign';
}

/** Those that the kernel makes at its start: they look up local, main and default. */
const isKernels = ({ preference, selectors }: PolicyRule): boolean => selectors.length === 0 && [0, 32_766, 32_767].includes(preference);

/** netifd's for option ip4table or ip6table: from an address, from its prefix, and behind main for the router's own traffic. */
const isForTable = (preference: number): boolean => preference === 10_000 || preference === 20_000 || (preference >= 90_000 && preference < 100_000);

/**
 * netifd's rules bear no protocol: they are known by the preferences that the sections of network ask for. One without a
 * priority has its place in the file among those of its family.
 */
export function ruleOwners(network: UciPackage): (rule: PolicyRule) => Owner {
  const preferencesOf = (type: string): Set<number> => {
    const sections = network.filter((section) => section.type === type && scalarOf(section, 'disabled') !== '1');
    return new Set(sections.map((section, place) => Number(scalarOf(section, 'priority') ?? place + 1)));
  };
  const asked: Record<Family, Set<number>> = { ipv4: preferencesOf('rule'), ipv6: preferencesOf('rule6') };
  const option = { ipv4: 'ip4table', ipv6: 'ip6table' } as const;
  const hasTables = (family: Family): boolean => network.some((section) => section.type === 'interface' && scalarOf(section, option[family]) !== undefined);
  return (rule) => {
    if (isOurRule(rule)) return 'ours';
    if (isKernels(rule)) return 'kernel';
    const isNetifds = asked[rule.family].has(rule.preference) || (isForTable(rule.preference) && hasTables(rule.family));
    return isNetifds ? 'netifd' : 'foreign';
  };
}

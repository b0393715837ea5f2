// Checks of ports and of the devices that links are dialed over.
import type { Finding } from '../contract/index.ts';
import type { DeviceFacts } from '../observe/files.ts';
import { isOurs } from '../owned.ts';
import { macvlanName } from '../plan/sections.ts';
import { scalarOf } from '../uci/package.ts';
import { dialedLinks, isSilent } from './input.ts';
import type { Check, DoctorInput } from './input.ts';

/** A port; of a VLAN that netifd has not made yet, its parent. */
function portFacts(device: DoctorInput['device'], name: string): DeviceFacts | undefined {
  const parent = /^(.+)\.\d+$/.exec(name)?.[1];
  return device(name) ?? (parent === undefined ? undefined : portFacts(device, parent));
}

const ports: Check = {
  name: 'ports',
  look: ({ config, device }) => {
    const lines = config.enabled ? config.lines.filter(({ disabled }) => !disabled) : [];
    if (lines.length === 0) return 'no_lines';
    return lines.flatMap((line): Finding[] => {
      const at = { section: `line.${line.name}`, details: { device: line.device } };
      const facts = portFacts(device, line.device);
      if (!facts) return [{ code: 'port_missing', severity: 'error', ...at }];
      return facts.hasCarrier === false ? [{ code: 'port_unplugged', severity: 'error', ...at }] : [];
    });
  },
};

type Macvlan = { section: string; name: string; parent: string; mac: string; isOurs: boolean };

/** Macvlans of network with the address that they have, or will have. */
function macvlansOf({ packages, device }: DoctorInput): Macvlan[] {
  return packages.network.flatMap((section): Macvlan[] => {
    if (section.type !== 'device' || scalarOf(section, 'type') !== 'macvlan') return [];
    const name = scalarOf(section, 'name') ?? '';
    const mac = device(name)?.mac ?? scalarOf(section, 'macaddr') ?? '';
    return [{ section: section.name ?? '', name, parent: scalarOf(section, 'ifname') ?? '', mac: mac.toLowerCase(), isOurs: isOurs(section) }];
  });
}

/** The first other device of the same port, or the port, with the same address. Of two that are ours the second one has it wrongly. */
function twinOf(macvlan: Macvlan, all: readonly Macvlan[], device: DoctorInput['device']): string | undefined {
  if (macvlan.mac === '') return undefined;
  if (portFacts(device, macvlan.parent)?.mac?.toLowerCase() === macvlan.mac) return macvlan.parent;
  const others = all.filter((other, at) => other !== macvlan && (!other.isOurs || at < all.indexOf(macvlan)));
  return others.find((other) => other.parent === macvlan.parent && other.mac === macvlan.mac)?.name;
}

/** netifd calls an interface up over a macvlan that the kernel refused to take up. */
const macs: Check = {
  name: 'macs',
  look: (input) => {
    const { links, device } = input;
    const all = macvlansOf(input);
    const ours = all.filter((macvlan) => macvlan.isOurs);
    if (ours.length === 0) return 'no_links';
    return ours.flatMap((macvlan): Finding[] => {
      const { name, parent, mac, section } = macvlan;
      const seen = links.find(({ link }) => macvlanName(link.name) === name);
      const link = seen?.link.name ?? name;
      const other = twinOf(macvlan, all, device);
      if (other !== undefined) return [{ code: 'mac_duplicate', severity: 'error', link, details: { device: name, other, mac, section_name: section } }];
      const isDown = device(name)?.isUp === false && device(parent)?.isUp === true && seen?.entry?.autostart !== false;
      return isDown ? [{ code: 'device_down', severity: 'error', link, details: { device: name, parent } }] : [];
    });
  },
};

const carrier: Check = {
  name: 'carrier',
  look: ({ interfaces, links, device }) => {
    if (isSilent(interfaces)) return 'netifd_silent';
    const live = links.filter(({ entry }) => entry?.up && entry.l3Device !== undefined);
    if (live.length === 0) return 'no_live_links';
    return live.flatMap(({ link, entry }): Finding[] => {
      const name = entry?.l3Device ?? '';
      return device(name)?.hasCarrier === false ? [{ code: 'carrier_lost', severity: 'warning', link: link.name, details: { device: name } }] : [];
    });
  },
};

const LONGEST_DEVICE = 15;

/** Interfaces that are dialed or that a line means to adopt. One that names its device itself may be called anything. */
const names: Check = {
  name: 'names',
  look: ({ config, links, packages }) => {
    const dialed = dialedLinks(links).map(({ link }) => link.interface);
    const wanted = new Set([...dialed, ...config.lines.flatMap(({ adopt }) => adopt ?? [])]);
    if (wanted.size === 0) return 'no_links';
    return packages.network.flatMap((section): Finding[] => {
      const { name = '', type } = section;
      const device = `pppoe-${name}`;
      const isPppoe = type === 'interface' && scalarOf(section, 'proto') === 'pppoe' && scalarOf(section, 'pppname') === undefined;
      if (!isPppoe || !wanted.has(name) || device.length <= LONGEST_DEVICE) return [];
      return [{ code: 'name_too_long', severity: 'error', details: { interface: name, device } }];
    });
  },
};

export const deviceChecks: readonly Check[] = [ports, macs, carrier, names];

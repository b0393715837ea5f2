// Lines to uci sections of network: one macvlan device and one PPPoE interface a session, ours by their tag.
import { isOurs, LINK_METRIC_BASE, MAX_SLOT, TAG } from '../owned.ts';
import type { Line, LinkSetting } from '../config/parse.ts';
import type { Problem } from '../contract/index.ts';
import { scalarOf } from '../uci/package.ts';
import type { UciPackage, UciSection } from '../uci/package.ts';
import { adoptedIn, borrow, noteName } from './adopt.ts';
import type { Adoption } from './adopt.ts';
import { deriveMac } from './mac.ts';
import type { WantedSection } from './uci.ts';

/** One dialed session with the sections that make it, or with the interface that it adopts instead. */
export type DialedLink = { name: string; line: Line; session: number; slot: number; sections: WantedSection[]; adoption: Adoption | undefined };

export const linkName = (line: string, session: number): string => `${line}_${String(session).padStart(2, '0')}`;
export const macvlanName = (link: string): string => `md-${link}`;
export const deviceSectionName = (link: string): string => `md_${link}`;
export const pppDeviceName = (link: string): string => `pppoe-${link}`;

/** The slot that a section's metric spells, or undefined. */
export function slotOf(section: UciSection | undefined, option = 'metric'): number | undefined {
  const metric = Number(scalarOf(section, option));
  const slot = metric - LINK_METRIC_BASE;
  return Number.isInteger(slot) && slot >= 1 && slot <= MAX_SLOT ? slot : undefined;
}

/**
 * Gives each link a slot: the one its section has, else the lowest that no interface's metric spells, if need be one that goes away. `frozen` lines
 * keep their sections, and so their slots.
 */
function assignSlots(links: readonly Names[], network: UciPackage, frozen: readonly string[]): Map<string, number> {
  const wanted = new Map(links.map(({ link, adopts }) => [adopts ?? link, link]));
  const adoptions = adoptedIn(network);
  const adopted = new Map(adoptions.map((adoption) => [adoption.interface, adoption.line]));
  const slots = new Map<string, number>();
  // An adopted interface may get its former metric back at any time.
  const taken = new Set(adoptions.flatMap(({ note }) => slotOf(note, 'former_metric') ?? []));
  const movable: [link: string, slot: number][] = [];
  const leaving = new Set<number>();
  for (const section of network) {
    const slot = slotOf(section);
    if (slot === undefined || section.type !== 'interface') continue;
    const line = scalarOf(section, TAG) ?? adopted.get(section.name ?? '');
    const link = line === undefined ? undefined : wanted.get(section.name ?? '');
    if (link !== undefined) movable.push([link, slot]);
    else if (line === undefined || frozen.includes(line)) taken.add(slot);
    // It frees its slot when it goes away, at the end of this run.
    else leaving.add(slot);
  }
  for (const [link, slot] of movable) {
    if (!taken.has(slot)) slots.set(link, slot);
    taken.add(slot);
  }
  const all = Array.from({ length: MAX_SLOT }, (_, at) => at + 1).filter((slot) => !taken.has(slot));
  const free = [...all.filter((slot) => !leaving.has(slot)), ...all.filter((slot) => leaving.has(slot))];
  for (const { link } of links) {
    const slot = slots.has(link) ? undefined : free.shift();
    if (slot !== undefined) slots.set(link, slot);
  }
  return slots;
}

function deviceSection(link: string, line: Line, mac: string): WantedSection {
  // `ifname`, not `device`: what netifd's macvlan reads on every release. private: sessions of one line never talk to
  // each other over the port. Without macaddr each redial would come with another MAC.
  const options = new Map([
    ['type', 'macvlan'],
    ['ifname', line.device],
    ['name', macvlanName(link)],
    ['mode', 'private'],
    ['macaddr', mac],
    [TAG, line.name],
  ]);
  return { type: 'device', name: deviceSectionName(link), options };
}

/**
 * netifd's IPv6 options by mode.
 * off: no IPv6CP. nat: netifd's own `default from PREFIX` routes stay (sourcefilter 1), so each session's own
 * addresses keep their link, while the ULA of the clients falls to our ::/0; no prefix is handed to the LAN.
 * native: the prefixes go to the LAN and each leaves by its own link.
 */
function ipv6Options(mode: Line['ipv6']): [string, string][] {
  switch (mode) {
    case 'off':
      return [['ipv6', '0']];
    case 'nat':
      return [
        ['ipv6', 'auto'],
        ['sourcefilter', '1'],
        ['delegate', '0'],
      ];
    case 'native':
      return [
        ['ipv6', 'auto'],
        ['sourcefilter', '1'],
        ['delegate', '1'],
      ];
    default:
      return mode satisfies never;
  }
}

function interfaceSection(link: string, line: Line, own: LinkSetting | undefined, slot: number, deviceOption: string): WantedSection {
  const optional: [string, string | undefined][] = [
    ['ac', line.ac],
    ['service', line.service],
    ['host_uniq', line.hostUniq],
    ['mtu', line.mtu?.toString()],
    ['keepalive', line.keepalive],
  ];
  const options = new Map<string, string>([
    ['proto', 'pppoe'],
    [deviceOption, macvlanName(link)],
    ['username', own?.username ?? line.username],
    ['password', own?.password ?? line.password],
    ['metric', String(LINK_METRIC_BASE + slot)],
    ...optional.filter((pair): pair is [string, string] => pair[1] !== undefined),
    ...ipv6Options(line.ipv6),
    [TAG, line.name],
  ]);
  return { type: 'interface', name: link, options };
}

/** Facts about a port that the plan needs: undefined where there is no such device. */
export type PortMac = (device: string) => string | undefined;

/** `adopts`: the interface of somebody's that is this link. */
type Names = { link: string; session: number; adopts: string | undefined };

function namesOf(line: Line): Names[] {
  return Array.from({ length: line.sessions }, (_, index) => ({
    link: linkName(line.name, index + 1),
    session: index + 1,
    adopts: index === 0 ? line.adopt : undefined,
  }));
}

/** Somebody else's section under a name we need makes the whole line wait: half a line would surprise more. */
function clashOf(line: Line, network: UciPackage): Problem | undefined {
  for (const { link, adopts } of namesOf(line)) {
    const names = adopts === undefined ? [link, deviceSectionName(link)] : [noteName(link)];
    const taken = network.find((section) => section.name !== undefined && names.includes(section.name) && !isOurs(section));
    if (taken?.name === link) return { code: 'interface_foreign', severity: 'error', section: `line.${line.name}`, details: { interface: link } };
    if (taken?.name) return { code: 'section_foreign', severity: 'error', section: `line.${line.name}`, details: { name: taken.name } };
  }
  return undefined;
}

function macOf(link: string, line: Line, session: number, network: UciPackage, portMac: string | undefined, used: Set<string>): string | undefined {
  const old = network.find((section) => section.name === deviceSectionName(link));
  const kept = scalarOf(old, 'macaddr');
  // Kept while it stands: a new MAC means a redial and often a refused session.
  if (kept && scalarOf(old, 'ifname') === line.device && !used.has(kept)) return kept;
  return portMac === undefined ? undefined : deriveMac(portMac, line.name, session, used);
}

/** What an adopted interface needs to be a link; IPv6 that multidial is not asked for stays as its owner has it. */
function adoptionOf({ link, adopts }: Names, line: Line, slot: number): Adoption | undefined {
  if (adopts === undefined) return undefined;
  const six = line.ipv6 === 'off' ? [] : ipv6Options(line.ipv6);
  return { link, line: line.name, interface: adopts, options: [['metric', String(LINK_METRIC_BASE + slot)], ...six] };
}

/**
 * The sections of all lines. A line with an error (no such port, a clash of names) is left out and named in `frozen`;
 * `waiting` are those that are frozen already. `deviceOption` is netifd's word for an interface's device: `device`,
 * before 21.02 `ifname`.
 */
export function planDialedLinks(
  lines: readonly Line[],
  settings: readonly LinkSetting[],
  network: UciPackage,
  portMac: PortMac,
  deviceOption: 'device' | 'ifname',
  waiting: readonly string[] = [],
): {
  links: DialedLink[];
  frozen: string[];
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const frozen: string[] = [];
  const good = lines.flatMap((asked, index): Line[] => {
    const lent = borrow(asked, network, lines.slice(0, index));
    const fault = 'problem' in lent ? lent.problem : clashOf(asked, network);
    if (!fault && 'line' in lent) return [lent.line];
    if (fault) problems.push(fault);
    frozen.push(asked.name);
    return [];
  });
  const unplugged = good.filter((line) => portMac(line.device) === undefined).map((line) => line.name);
  const slots = assignSlots(good.flatMap(namesOf), network, [...waiting, ...frozen, ...unplugged]);
  const used = new Set<string>();
  const links = good.flatMap((line) => {
    const mac = portMac(line.device);
    return namesOf(line).flatMap((names): DialedLink[] => {
      const { link, session } = names;
      const slot = slots.get(link);
      const address = macOf(link, line, session, network, mac, used);
      if (address === undefined) {
        if (!frozen.includes(line.name)) {
          frozen.push(line.name);
          problems.push({ code: 'device_missing', severity: 'error', section: `line.${line.name}`, option: 'device', details: { device: line.device } });
        }
        return [];
      }
      if (slot === undefined) {
        if (!problems.some((problem) => problem.code === 'slots_exhausted'))
          problems.push({ code: 'slots_exhausted', severity: 'error', section: `line.${line.name}`, details: { max: MAX_SLOT } });
        return [];
      }
      used.add(address);
      const adoption = adoptionOf(names, line, slot);
      const own = settings.find((setting) => setting.name === link);
      const sections = adoption ? [] : [deviceSection(link, line, address), interfaceSection(link, line, own, slot, deviceOption)];
      return [{ name: link, line, session, slot, sections, adoption }];
    });
  });
  return { links: links.filter((link) => !frozen.includes(link.line.name)), frozen, problems };
}

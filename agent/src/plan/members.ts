// Which links share a prefix, and which of them can carry traffic now.
import type { Config, Group } from '../config/parse.ts';
import { toAddress } from '../contract/index.ts';
import type { Family, Problem } from '../contract/index.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import { isOurs, MAX_SLOT, TAG } from '../owned.ts';
import { scalarOf } from '../uci/package.ts';
import type { UciPackage, UciSection } from '../uci/package.ts';
import { adoptedIn, interfaceOf } from './adopt.ts';
import { pppDeviceName, slotOf } from './sections.ts';

/**
 * A netifd interface that takes part: a dialed session, or somebody else's interface named by a `link` section. `device`
 * is what the kernel calls it while it is up, where network says so.
 */
export type Link = {
  name: string;
  interface: string;
  device: string | undefined;
  line: string | undefined;
  slot: number;
  weight: number;
  balances6: boolean;
  /** Local IPv6 addresses leave by it under its own address. */
  masquerades6: boolean;
};

/** A link that can carry a family now. Without a gateway the device is point-to-point. */
export type Leg = { link: string; slot: number; weight: number; device: string; gateway: string | undefined };

/** A prefix of one family and the links that may share it. */
export type Balance = { group: Group; index: number; family: Family; prefix: string; links: Link[] };

/** The device that carries an interface's packets, from its section. */
export function deviceOf(section: UciSection | undefined): string | undefined {
  const name = section?.name ?? '';
  const proto = scalarOf(section, 'proto');
  if (proto === 'pppoe') return pppDeviceName(name);
  if (proto === 'wireguard') return name;
  const device = scalarOf(section, 'device') ?? scalarOf(section, 'ifname');
  return device !== undefined && isDeviceName(device) && !device.startsWith('@') ? device : undefined;
}

/** Interfaces that are dialed links, with the link and the line that each is for. */
function dialedSections(network: UciPackage): { name: string; line: string; section: UciSection }[] {
  const adopted = adoptedIn(network);
  return network.flatMap((section) => {
    if (section.type !== 'interface' || section.name === undefined) return [];
    if (isOurs(section)) return [{ name: section.name, line: scalarOf(section, TAG) ?? '', section }];
    return adopted.filter((other) => other.interface === section.name).map(({ link, line }) => ({ name: link, line, section }));
  });
}

/**
 * Links as network has them: a dialed session takes part when its section stands there, whoever asks. A line whose
 * section of the configuration is faulty keeps its links, with weight 1 where nothing else is known.
 */
export function planLinks(config: Config, network: UciPackage): { links: Link[]; problems: Problem[] } {
  if (!config.enabled) return { links: [], problems: [] };
  const settings = new Map(config.links.map((setting) => [setting.name, setting]));
  const lines = new Map(config.lines.map((line) => [line.name, line]));
  const dialed = dialedSections(network).flatMap(({ name, line: tag, section }): Link[] => {
    const slot = slotOf(section);
    const line = lines.get(tag);
    if (slot === undefined || (!line && !config.frozen.includes(tag)) || settings.get(name)?.disabled) return [];
    // What its section says is true for a line that can't be read, and for one whose mode was just changed it is planned so.
    const balances6 = scalarOf(section, 'ipv6') === 'auto' && scalarOf(section, 'delegate') === '0';
    const weight = settings.get(name)?.weight ?? line?.weight ?? 1;
    return [{ name, interface: section.name ?? '', device: pppDeviceName(section.name ?? ''), line: tag, slot, weight, balances6, masquerades6: balances6 }];
  });
  const foreign = config.links
    .filter((setting) => setting.interface !== undefined && !setting.disabled)
    .map((setting, index): Link => {
      const device = deviceOf(interfaceOf(network, setting.interface));
      return {
        name: setting.name,
        interface: setting.interface ?? '',
        device,
        line: undefined,
        slot: MAX_SLOT - index,
        weight: setting.weight ?? 1,
        balances6: setting.ipv6 !== 'off' && device !== undefined,
        masquerades6: setting.ipv6 === 'nat' && device !== undefined,
      };
    })
    .filter((link) => dialed.every((other) => other.interface !== link.interface));
  // Two metrics alike, set by hand or left by a run that was killed: the first one counts until the next apply.
  const byName = (a: Link, b: Link): number => (a.name < b.name ? -1 : 1);
  const links = [...dialed.toSorted(byName), ...foreign];
  const isFirst = (link: Link): boolean => links.find((other) => other.slot === link.slot) === link;
  return { links: links.filter(isFirst), problems: missingLinks(config, network) };
}

/** Sections of type link that name nothing that exists. */
function missingLinks(config: Config, network: UciPackage): Problem[] {
  return config.links.flatMap((setting): Problem[] => {
    const section = `link.${setting.name}`;
    const named = setting.interface ?? setting.name;
    if (interfaceOf(network, named) || adoptedIn(network).some((adopted) => adopted.link === named)) return [];
    return setting.interface === undefined
      ? [{ code: 'link_unknown', severity: 'warning', section }]
      : [{ code: 'interface_missing', severity: 'warning', section, option: 'interface', details: { interface: named } }];
  });
}

/** Without any group section one group of all links shares both defaults. */
export const groupsOf = (config: Config): Group[] =>
  config.groups.length
    ? config.groups
    : [{ name: 'default', links: [], dest: ['0.0.0.0/0', '::/0'], hash: 'l4', mode: 'flow', spread: 'nth', sticky: 'off', isLastResort: false }];

const membersOf = (group: Group, links: readonly Link[]): Link[] =>
  links.filter((link) => group.links.length === 0 || group.links.includes(link.name) || (link.line !== undefined && group.links.includes(link.line)));

/** The members that can take part in a family. */
export const membersIn = (group: Group, links: readonly Link[], family: Family): Link[] =>
  membersOf(group, links).filter((link) => family === 'ipv4' || link.balances6);

/** Every prefix that is shared. Groups of IPv6 hold only links whose line balances it. */
export function planBalances(config: Config, links: readonly Link[]): { balances: Balance[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const groups = groupsOf(config);
  const balances = groups.flatMap((group, index) => {
    const unknown = group.links.filter((name) => links.every((link) => link.name !== name && link.line !== name));
    problems.push(
      ...unknown.map((name): Problem => ({ code: 'member_unknown', severity: 'warning', section: `group.${group.name}`, option: 'link', details: { name } })),
    );
    const members = membersOf(group, links);
    return group.dest.flatMap((prefix): Balance[] => {
      const first = groups.find((other) => other.dest.includes(prefix));
      if (first && first !== group) {
        problems.push({ code: 'prefix_taken', severity: 'warning', section: `group.${group.name}`, option: 'dest', details: { prefix, group: first.name } });
        return [];
      }
      const family: Family = prefix.includes(':') ? 'ipv6' : 'ipv4';
      return [{ group, index: index + 1, family, prefix, links: family === 'ipv4' ? members : members.filter((link) => link.balances6) }];
    });
  });
  return { balances, problems };
}

// It ends up as a word of an `ip -batch` line or a ruleset; the kernel itself would take quotes and commas.
export const isDeviceName = (text: string): boolean => /^[A-Za-z0-9_.@-]{1,15}$/.test(text);

/** A tunnel carries whatever it is given, with or without a default route by it. */
const isTunnel = (entry: NetifdInterface, family: Family): boolean =>
  entry.proto === 'wireguard' && entry.up && (family === 'ipv4' ? entry.ipv4 : entry.ipv6).length > 0;

function leg4(link: Link, interfaces: readonly NetifdInterface[]): Leg | undefined {
  const entry = interfaces.find((other) => other.name === link.interface);
  const route = entry?.routes.find((other) => other.target === '0.0.0.0' && other.mask === 0);
  // netifd installs the default some tenths of a second after the address: until then the link is not ready.
  if (!entry?.up || entry.l3Device === undefined || !isDeviceName(entry.l3Device)) return undefined;
  if (!route && !isTunnel(entry, 'ipv4')) return undefined;
  const isDirect = entry.pointToPoint || route?.nexthop === '0.0.0.0' || isTunnel(entry, 'ipv4');
  const gateway = isDirect || !route ? undefined : toAddress(route.nexthop);
  if (!isDirect && gateway === undefined) return undefined;
  return { link: link.name, slot: link.slot, weight: link.weight, device: entry.l3Device, gateway };
}

/** IPv6 of a PPPoE link stands in a second interface over the same device, NAME_6, which netifd makes by itself. */
function leg6(link: Link, interfaces: readonly NetifdInterface[]): Leg | undefined {
  const device = interfaces.find((other) => other.name === link.interface && other.up)?.l3Device;
  if (device === undefined || !isDeviceName(device)) return undefined;
  for (const entry of interfaces) {
    if (!entry.up || entry.l3Device !== device) continue;
    if (isTunnel(entry, 'ipv6')) return { link: link.name, slot: link.slot, weight: link.weight, device, gateway: undefined };
    const route = entry.routes.find((other) => other.target === '::' && other.mask === 0);
    if (!route) continue;
    const gateway = toAddress(route.nexthop);
    if (gateway !== undefined) return { link: link.name, slot: link.slot, weight: link.weight, device, gateway: gateway === '::' ? undefined : gateway };
  }
  return undefined;
}

/** Up for so long, a device is known to the firewall, whether or not our hook was there to hear its ifup. */
const SETTLED_S = 20;

export const isSettled = (interfaces: readonly NetifdInterface[], device: string): boolean =>
  interfaces.some((entry) => entry.up && entry.l3Device === device && (entry.uptimeS ?? SETTLED_S) >= SETTLED_S);

/**
 * The legs of links that are up now, by slot. `isUsable` asks the kernel and the hook: netifd hears of a lost
 * device some tenths of a second late, and of a lost carrier below a static interface never.
 */
export function liveLegs(links: readonly Link[], family: Family, interfaces: readonly NetifdInterface[], isUsable: (device: string) => boolean): Leg[] {
  const legOf = family === 'ipv4' ? leg4 : leg6;
  return links
    .flatMap((link) => legOf(link, interfaces) ?? [])
    .filter((leg) => isUsable(leg.device))
    .sort((a, b) => a.slot - b.slot);
}

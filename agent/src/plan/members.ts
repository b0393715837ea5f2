// Which links share a prefix, and which of them can carry traffic now.
import type { Config, Group } from '../config/parse.ts';
import { toAddress } from '../contract/index.ts';
import type { Family, Problem } from '../contract/index.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import { MAX_SLOT, TAG } from '../owned.ts';
import { scalarOf } from '../uci/package.ts';
import type { UciPackage } from '../uci/package.ts';
import { isOurs, slotOf } from './sections.ts';

/** A netifd interface that takes part: a dialed session, or somebody else's interface named by a `link` section. */
export type Link = { name: string; interface: string; line: string | undefined; slot: number; weight: number; balances6: boolean };

/** A link that can carry a family now. Without a gateway the device is point-to-point. */
export type Leg = { link: string; slot: number; weight: number; device: string; gateway: string | undefined };

/** A prefix of one family and the links that may share it. */
export type Balance = { group: string; index: number; family: Family; prefix: string; links: Link[] };

/**
 * Links as network has them: a dialed session takes part when its section stands there, whoever asks. A line whose
 * section of the configuration is faulty keeps its links, with weight 1 where nothing else is known.
 */
export function planLinks(config: Config, network: UciPackage): { links: Link[]; problems: Problem[] } {
  if (!config.enabled) return { links: [], problems: [] };
  const settings = new Map(config.links.map((setting) => [setting.name, setting]));
  const lines = new Map(config.lines.map((line) => [line.name, line]));
  const dialed = network.flatMap((section): Link[] => {
    const name = section.name;
    const slot = slotOf(section);
    const tag = scalarOf(section, TAG) ?? '';
    const line = lines.get(tag);
    if (section.type !== 'interface' || !isOurs(section) || name === undefined || slot === undefined) return [];
    if (!line && !config.frozen.includes(tag)) return [];
    if (settings.get(name)?.disabled) return [];
    // What its section says is true for a line that can't be read, and for one whose mode was just changed it is planned so.
    const balances6 = scalarOf(section, 'ipv6') === 'auto' && scalarOf(section, 'delegate') === '0';
    return [{ name, interface: name, line: tag, slot, weight: settings.get(name)?.weight ?? line?.weight ?? 1, balances6 }];
  });
  const foreign = config.links
    .filter((setting) => setting.interface !== undefined && !setting.disabled)
    .map(
      (setting, index): Link => ({
        name: setting.name,
        interface: setting.interface ?? '',
        line: undefined,
        slot: MAX_SLOT - index,
        weight: setting.weight ?? 1,
        balances6: false,
      }),
    )
    .filter((link) => dialed.every((other) => other.slot !== link.slot && other.interface !== link.interface));
  return { links: [...dialed, ...foreign], problems: missingLinks(config, network) };
}

/** Sections of type link that name nothing that exists. */
function missingLinks(config: Config, network: UciPackage): Problem[] {
  return config.links.flatMap((setting): Problem[] => {
    const section = `link.${setting.name}`;
    const named = setting.interface ?? setting.name;
    if (network.some((other) => other.type === 'interface' && other.name === named)) return [];
    return setting.interface === undefined
      ? [{ code: 'link_unknown', severity: 'warning', section }]
      : [{ code: 'interface_missing', severity: 'warning', section, option: 'interface', details: { interface: named } }];
  });
}

/** Without any group section one group of all links shares both defaults. */
export const groupsOf = (config: Config): Group[] =>
  config.groups.length ? config.groups : [{ name: 'default', links: [], dest: ['0.0.0.0/0', '::/0'], hash: 'l4' }];

/** Every prefix that is shared. Groups of IPv6 hold only links whose line balances it. */
export function planBalances(config: Config, links: readonly Link[]): { balances: Balance[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const groups = groupsOf(config);
  const balances = groups.flatMap((group, index) => {
    const unknown = group.links.filter((name) => links.every((link) => link.name !== name && link.line !== name));
    problems.push(
      ...unknown.map((name): Problem => ({ code: 'member_unknown', severity: 'warning', section: `group.${group.name}`, option: 'link', details: { name } })),
    );
    const members = links.filter(
      (link) => group.links.length === 0 || group.links.includes(link.name) || (link.line !== undefined && group.links.includes(link.line)),
    );
    return group.dest.flatMap((prefix): Balance[] => {
      const first = groups.find((other) => other.dest.includes(prefix));
      if (first && first !== group) {
        problems.push({ code: 'prefix_taken', severity: 'warning', section: `group.${group.name}`, option: 'dest', details: { prefix, group: first.name } });
        return [];
      }
      const family: Family = prefix.includes(':') ? 'ipv6' : 'ipv4';
      return [{ group: group.name, index: index + 1, family, prefix, links: family === 'ipv4' ? members : members.filter((link) => link.balances6) }];
    });
  });
  return { balances, problems };
}

// It ends up as a word of an `ip -batch` line, as the gateway does, in which a PPP peer has a say.
const isDeviceName = (text: string): boolean => /^[A-Za-z0-9_.@-]{1,15}$/.test(text);

function leg4(link: Link, interfaces: readonly NetifdInterface[]): Leg | undefined {
  const entry = interfaces.find((other) => other.name === link.interface);
  const route = entry?.routes.find((other) => other.target === '0.0.0.0' && other.mask === 0);
  // netifd installs the default some tenths of a second after the address: until then the link is not ready.
  if (!entry?.up || entry.l3Device === undefined || !route || !isDeviceName(entry.l3Device)) return undefined;
  const isDirect = entry.pointToPoint || route.nexthop === '0.0.0.0';
  const gateway = isDirect ? undefined : toAddress(route.nexthop);
  if (!isDirect && gateway === undefined) return undefined;
  return { link: link.name, slot: link.slot, weight: link.weight, device: entry.l3Device, gateway };
}

/** IPv6 of a PPPoE link stands in a second interface over the same device, NAME_6, which netifd makes by itself. */
function leg6(link: Link, interfaces: readonly NetifdInterface[]): Leg | undefined {
  const device = interfaces.find((other) => other.name === link.interface && other.up)?.l3Device;
  if (device === undefined || !isDeviceName(device)) return undefined;
  for (const entry of interfaces) {
    if (!entry.up || entry.l3Device !== device) continue;
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
 * The legs of a balance that are up now, by slot. `isUsable` asks the kernel and the hook: netifd hears of a lost
 * device some tenths of a second late, and of a lost carrier below a static interface never.
 */
export function liveLegs(balance: Balance, interfaces: readonly NetifdInterface[], isUsable: (device: string) => boolean): Leg[] {
  const legOf = balance.family === 'ipv4' ? leg4 : leg6;
  return balance.links
    .flatMap((link) => legOf(link, interfaces) ?? [])
    .filter((leg) => isUsable(leg.device))
    .sort((a, b) => a.slot - b.slot);
}

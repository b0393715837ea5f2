// One run's whole decision: the uci edits, then routes, settings and ruleset. Pure: effects come in as questions.
import type { Config } from '../config/parse.ts';
import type { Family, PlanSummary, Problem, UciChange } from '../contract/index.ts';
import { isOurs, NOTE_TYPE } from '../owned.ts';
import type { Packages } from '../observe/files.ts';
import type { Rule } from '../observe/kernel.ts';
import type { Observed } from '../observe/observe.ts';
import { withChanges } from '../uci/edit.ts';
import type { SharedNote } from '../watched.ts';

import type { UciPackage } from '../uci/package.ts';
import { adoptedIn, interfaceOf, planAdoptions } from './adopt.ts';
import { planDhcp } from './dhcp.ts';
import { neverMatches } from './matches.ts';
import type { InterfaceDevices } from './matches.ts';
import { deviceOf, isDeviceName, isSettled, liveLegs, membersIn, planBalances, planLinks } from './members.ts';
import type { Balance, Leg, Link } from './members.ts';
import { findOutranking } from './outranked.ts';
import { planNames, splitByNames } from './names.ts';
import { mayBePacket } from './packet.ts';
import { planRoutes } from './routes.ts';
import type { RouteStep } from './routes.ts';
import { planRules } from './rules.ts';
import type { RuleStep } from './rules.ts';
import { renderRuleset } from './ruleset.ts';
import type { Spread } from './ruleset.ts';
import { deviceSectionName, planDialedLinks } from './sections.ts';
import { chooseLegs } from './legs.ts';
import type { Legs } from './legs.ts';
import { chooseHash, planSettings, withoutWeights6 } from './settings.ts';
import type { ReadSetting, SettingsPlan } from './settings.ts';
import { addressesOf, addressesOfOthers, chooseTargets, FAMILIES, MOST_PREFIXES, planTables, ruledPrefixes, wantedRules } from './steering.ts';
import type { Targets } from './steering.ts';
import { planSections } from './uci.ts';
import { planZone } from './zone.ts';

/** `all` derives uci as well; `routes` keeps to what an interface's coming and going asks for. */
export type Scope = 'all' | 'routes';

/** Questions to the system that files answer. */
export type Ask = {
  portMac: (device: string) => string | undefined;
  hasCarrier: (device: string) => boolean;
  /** Has the device's ifup been told? */
  isAnnounced: (device: string) => boolean;
  setting: ReadSetting;
  deviceOption: 'device' | 'ifname';
  /** Without nft there is no NAT for IPv6: fw3 knows none. */
  hasNft: boolean;
  /** Links that do not answer, by family. */
  dead: Record<Family, readonly string[]>;
  /** Links that have not answered yet, and are not dead either. */
  unheard: Record<Family, readonly string[]>;
  /** Links that get no new connections. */
  resting: readonly string[];
  /** Can dnsmasq fill sets of nft? Costs a process. */
  hasNftset: () => boolean;
};

export type RunPlan = {
  uci: UciChange[];
  /** The package network as it will stand after the edits. */
  network: UciPackage;
  routes: RouteStep[];
  rules: RuleStep[];
  /** All rules that should stand. */
  wantedRules: Rule[];
  settings: SettingsPlan;
  /** Ruleset that should stand, '' for none. */
  ruleset: string;
  links: Link[];
  /** Addresses of each link that carries traffic now, by its name. */
  addresses: Map<string, string[]>;
  /** Addresses of interfaces that are up and no links. */
  otherAddresses: string[];
  balances: Balance[];
  /** Who shares each of them once the steps are done. */
  shared: SharedNote[];
  outranked: Problem[];
  /** Links that netifd has up and the firewall knows, by family. */
  usable: Record<Family, string[]>;
  targets: Targets;
  spreads: Spread[];
  devicesOf: InterfaceDevices;
  summary: PlanSummary;
  problems: Problem[];
};

const ourInterfaces = (network: UciPackage): string[] =>
  network.filter((section) => section.type === 'interface' && isOurs(section)).flatMap((section) => section.name ?? []);

/** All dialed links: sessions of our own, and interfaces that were adopted. */
const dialedLinks = (network: UciPackage): string[] => [...ourInterfaces(network), ...adoptedIn(network).map(({ link }) => link)].sort();

const withoutNft = (section: string): Problem => ({ code: 'nat66_unsupported', severity: 'error', section, option: 'ipv6' });

/** Edits of all packages for the configuration. A frozen line's sections are neither changed nor removed. */
function planUci(config: Config, packages: Packages, ask: Ask): { changes: UciChange[]; problems: Problem[] } {
  const { network, firewall, dhcp } = packages;
  const asked = config.enabled ? config.lines.filter((line) => !line.disabled) : [];
  const refused = asked.filter((line) => line.ipv6 === 'nat' && !ask.hasNft);
  const lines = asked.filter((line) => !refused.includes(line));
  const waiting = config.enabled ? [...config.frozen, ...refused.map((line) => line.name)] : [];
  const dialed = planDialedLinks(lines, config.links, network, ask.portMac, ask.deviceOption, waiting);
  const frozen = new Set([...waiting, ...dialed.frozen]);
  const keep = (line: string): boolean => frozen.has(line);
  const adoptions = dialed.links.flatMap(({ adoption }) => adoption ?? []);
  const adopted = planAdoptions(network, adoptions, keep);
  const sections = [...dialed.links.flatMap((link) => link.sections), ...adopted.notes];
  const changes = [...adopted.changes, ...planSections('network', network, sections, keep)];
  const next = ourInterfaces(withChanges(network, changes));
  const zone = planZone(firewall, next, ourInterfaces(network));
  const balances6 =
    lines.some((line) => line.ipv6 === 'nat') ||
    (config.enabled && config.links.some((link) => link.ipv6 === 'nat' && !link.disabled)) ||
    (config.enabled && config.frozen.length > 0 && dhcp.some((section) => section.type === NOTE_TYPE));
  const problems = [...refused.map((line) => withoutNft(`line.${line.name}`)), ...dialed.problems, ...zone.problems];
  const named = config.enabled && ask.hasNft ? config.pins : [];
  return { changes: [...changes, ...zone.changes, ...planDhcp(dhcp, balances6), ...planNames(dhcp, named)], problems };
}

function summarise(config: Config, before: UciPackage, after: UciPackage, changes: readonly UciChange[]): PlanSummary {
  const old = new Set(dialedLinks(before));
  const now = dialedLinks(after);
  const touched = new Set(changes.filter((change) => change.package === 'network').map((change) => change.section));
  const live = config.enabled ? config.lines.filter((line) => !line.disabled) : [];
  return {
    linksAdded: now.filter((name) => !old.has(name)),
    linksRemoved: [...old].filter((name) => !now.includes(name)),
    linksChanged: now.filter((name) => old.has(name) && (touched.has(name) || touched.has(deviceSectionName(name)))),
    lines: live.map(({ name, device, sessions, ipv6 }) => ({ name, device, sessions, ipv6 })),
  };
}

/** What a pin or a group says that can't be done as it stands. */
function complain(config: Config, devicesOf: (name: string) => string | undefined): Problem[] {
  return config.pins.flatMap((pin): Problem[] => {
    const section = `pin.${pin.name}`;
    const missing = pin.in.filter((name) => devicesOf(name) === undefined);
    return [
      ...(neverMatches(pin) ? [{ code: 'pin_never_matches', severity: 'warning', section } as const] : []),
      ...missing.map((name): Problem => ({ code: 'pin_interface_unknown', severity: 'warning', section, option: 'in', details: { interface: name } })),
    ];
  });
}

/** Groups as the ruleset needs them, with what lives. */
function spreadsOf(
  targets: Targets,
  links: readonly Link[],
  balances: readonly Balance[],
  firewall: UciPackage,
  legsOf: (links: readonly Link[], family: Family) => Leg[],
): { spreads: Spread[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const spreads = targets.groups.map(({ group, index, mark }): Spread => {
    const members = (family: Family): Link[] => membersIn(group, links, family);
    const asked = mayBePacket(group, members, firewall);
    problems.push(...asked.problems);
    const legs = { ipv4: legsOf(members('ipv4'), 'ipv4'), ipv6: legsOf(members('ipv6'), 'ipv6') };
    const prefixes = balances.filter((balance) => balance.index === index).map(({ prefix }) => prefix);
    return { group, index, mark, isPacket: asked.isPacket, legs, prefixes };
  });
  return { spreads, problems };
}

const sharedNotes = (balances: readonly Balance[], sharedOf: Legs['shared'], isClassic: boolean): SharedNote[] =>
  balances
    .filter(({ links }) => links.length > 0)
    .map(({ group, family, prefix, links }) => {
      const kind = isClassic ? 'multipath' : 'nexthop';
      return { group: group.name, family, prefix, kind, links: sharedOf(links, family).map((leg) => leg.link) };
    });

/** Routes, rules, settings and ruleset for the links that `network` will hold. */
function planKernel(config: Config, network: UciPackage, observed: Observed, ask: Ask): Omit<RunPlan, 'uci' | 'network' | 'summary'> {
  const { links, problems } = planLinks(config, network);
  const { balances: asked, problems: unknown } = planBalances(config, links);
  const { balances, problems: uneven } = withoutWeights6(asked, ask.setting);
  const { hash, problems: conflicts } = chooseHash(config);
  const settings = planSettings(links.length ? hash : undefined, ask.setting, observed.settingsFile);
  const interfaces = observed.live?.interfaces ?? [];
  const isUsable = (device: string): boolean => ask.hasCarrier(device) && (ask.isAnnounced(device) || isSettled(interfaces, device));
  const legs = chooseLegs(links, config.groups, ask, (some, family) => liveLegs(some, family, interfaces, isUsable));
  const devicesOf = (name: string): string | undefined => {
    const device = interfaces.find((entry) => entry.name === name && entry.up)?.l3Device ?? deviceOf(interfaceOf(network, name));
    return device !== undefined && isDeviceName(device) ? device : undefined;
  };
  const targets = chooseTargets(ask.hasNft ? config : { ...config, pins: [] }, links, legs.isAvoided);
  const { spreads, problems: refused } = spreadsOf(targets, links, balances, observed.packages.firewall, legs.shared);
  const { kernel } = observed.live ?? {};
  const live = kernel && { interfaces, kernel, legs };
  const tables = live && planTables(links, balances, targets, live);
  const routes = kernel && tables ? planRoutes(tables.wishes, tables.refusals, kernel) : { steps: [], problems: [] };
  const rules = live ? wantedRules(links, balances, targets, live, ask.hasNft) : [];
  const outranked = kernel && links.length ? findOutranking(kernel, interfaces) : [];
  const tooMany = FAMILIES.some((family) => ruledPrefixes(balances, family).length > MOST_PREFIXES)
    ? [{ code: 'slots_exhausted', severity: 'error', section: 'group', details: { max: MOST_PREFIXES } } satisfies Problem]
    : [];
  const unmarked: Problem[] = !ask.hasNft && links.length > 1 ? [{ code: 'marks_unsupported', severity: 'warning' }] : [];
  const living = new Set([...legs.alive(links, 'ipv4'), ...legs.alive(links, 'ipv6')].map((leg) => leg.link));
  return {
    routes: routes.steps,
    rules: live ? planRules(rules, live.kernel.rules) : [],
    wantedRules: rules,
    settings,
    ruleset: ask.hasNft ? renderRuleset({ links, targets, spreads, devicesOf }) : '',
    links,
    addresses: new Map(links.filter((link) => living.has(link.name)).map((link) => [link.name, addressesOf(link, interfaces)])),
    otherAddresses: addressesOfOthers(links, interfaces),
    balances,
    shared: kernel ? sharedNotes(balances, legs.shared, kernel.nexthops === undefined) : [],
    outranked,
    usable: { ipv4: legs.up(links, 'ipv4').map(({ link }) => link), ipv6: legs.up(links, 'ipv6').map(({ link }) => link) },
    targets,
    spreads,
    devicesOf,
    problems: [
      ...problems,
      ...unknown,
      ...uneven,
      ...conflicts,
      ...targets.problems,
      ...(ask.hasNft && links.length ? complain(config, devicesOf) : []),
      ...refused,
      ...tooMany,
      ...unmarked,
      ...routes.problems,
      ...outranked,
    ],
  };
}

/** Without nft an interface of the user's takes part in IPv4 alone. */
function withoutNat6(config: Config): { config: Config; problems: Problem[] } {
  const asked = config.links.filter((link) => link.ipv6 === 'nat');
  const links = config.links.map((link) => (asked.includes(link) ? { ...link, ipv6: 'off' as const } : link));
  return { config: { ...config, links }, problems: asked.map((link) => withoutNft(`link.${link.name}`)) };
}

/** Decides a run. With `scope` `routes` the uci part stays empty and network is taken as it stands. */
export function planRun(asked: Config, observed: Observed, ask: Ask, scope: Scope): RunPlan {
  const { network } = observed.packages;
  const able = ask.hasNft ? { config: asked, problems: [] } : withoutNat6(asked);
  const named = splitByNames(able.config.pins, observed.packages.dhcp, ask.hasNftset);
  const config = { ...able.config, pins: named.served };
  const problems = [...able.problems, ...named.problems];
  const uci = scope === 'all' ? planUci(config, observed.packages, ask) : { changes: [], problems: [] };
  const after = withChanges(
    network,
    uci.changes.filter((change) => change.package === 'network'),
  );
  const kernel = planKernel(config, after, observed, ask);
  return {
    ...kernel,
    uci: uci.changes,
    network: after,
    summary: summarise(config, network, after, uci.changes),
    problems: [...problems, ...uci.problems, ...kernel.problems],
  };
}

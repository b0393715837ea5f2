// One run's whole decision: the uci edits, then routes, settings and ruleset. Pure: effects come in as questions.
import type { Config } from '../config/parse.ts';
import type { PlanSummary, Problem, UciChange } from '../contract/index.ts';
import { isOurs, NOTE_TYPE } from '../owned.ts';
import type { Packages } from '../observe/files.ts';
import type { Observed } from '../observe/observe.ts';
import { withChanges } from '../uci/edit.ts';

import type { UciPackage } from '../uci/package.ts';
import { adoptedIn, planAdoptions } from './adopt.ts';
import { planDhcp } from './dhcp.ts';
import { isSettled, liveLegs, planBalances, planLinks } from './members.ts';
import type { Balance, Link } from './members.ts';
import { renderNat66 } from './nat66.ts';
import { findOutranking } from './outranked.ts';
import { planRoutes } from './routes.ts';
import type { RouteStep } from './routes.ts';
import { deviceSectionName, planDialedLinks } from './sections.ts';
import { chooseHash, planSettings, withoutWeights6 } from './settings.ts';
import type { ReadSetting, SettingsPlan } from './settings.ts';
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
};

export type RunPlan = {
  uci: UciChange[];
  /** The package network as it will stand after the edits. */
  network: UciPackage;
  routes: RouteStep[];
  settings: SettingsPlan;
  /** Ruleset that should stand, '' for none. */
  ruleset: string;
  links: Link[];
  balances: Balance[];
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
    (config.enabled && config.links.some((link) => link.nat6 && !link.disabled)) ||
    (config.enabled && config.frozen.length > 0 && dhcp.some((section) => section.type === NOTE_TYPE));
  const problems = [...refused.map((line) => withoutNft(`line.${line.name}`)), ...dialed.problems, ...zone.problems];
  return { changes: [...changes, ...zone.changes, ...planDhcp(dhcp, balances6)], problems };
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

/** The nexthop groups, settings and ruleset for the links that `network` will hold. */
function planKernel(config: Config, network: UciPackage, observed: Observed, ask: Ask): Omit<RunPlan, 'uci' | 'network' | 'summary'> {
  const { links, problems } = planLinks(config, network);
  const { balances: asked, problems: unknown } = planBalances(config, links);
  const { balances, problems: uneven } = withoutWeights6(asked, ask.setting);
  const { hash, problems: conflicts } = chooseHash(config);
  const settings = planSettings(links.length ? hash : undefined, ask.setting, observed.settingsFile);
  const interfaces = observed.live?.interfaces ?? [];
  const isUsable = (device: string): boolean => ask.hasCarrier(device) && (ask.isAnnounced(device) || isSettled(interfaces, device));
  const wanted = balances.map((balance) => ({ balance, legs: liveLegs(balance, interfaces, isUsable) }));
  const routes = observed.live ? planRoutes(wanted, observed.live.kernel) : { steps: [], problems: [] };
  const outranked = observed.live && links.length ? findOutranking(observed.live.kernel, observed.live.interfaces) : [];
  return {
    routes: routes.steps,
    settings,
    ruleset: renderNat66(links),
    links,
    balances,
    problems: [...problems, ...unknown, ...uneven, ...conflicts, ...routes.problems, ...outranked],
  };
}

/** Without nft an interface of the user's takes part in IPv4 alone. */
function withoutNat6(config: Config): { config: Config; problems: Problem[] } {
  const problems = config.links.filter((link) => link.nat6).map((link) => withoutNft(`link.${link.name}`));
  return { config: { ...config, links: config.links.map((link) => ({ ...link, nat6: false })) }, problems };
}

/** Decides a run. With `scope` `routes` the uci part stays empty and network is taken as it stands. */
export function planRun(asked: Config, observed: Observed, ask: Ask, scope: Scope): RunPlan {
  const { network } = observed.packages;
  const { config, problems } = ask.hasNft ? { config: asked, problems: [] } : withoutNat6(asked);
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

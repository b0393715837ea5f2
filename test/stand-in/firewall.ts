// fw4: zones to one nft table that is flushed and made anew at each load, as it happens at every ifup.
import { join } from 'node:path';
import { Store } from './uci/store.ts';
import type { Section } from './uci/model.ts';
import type { Kernel } from './kernel.ts';
import { Options } from './netifd/config.ts';
import type { Snapshot } from './netifd/status.ts';

type Policy = 'accept' | 'reject' | 'drop';
type Zone = { name: string; devices: string[]; input: Policy; forward: Policy; masq: boolean; masq6: boolean; clampsMss: boolean };
type Forwarding = { from: string; to: string };

const policyOf = (options: Options, name: string): Policy => {
  const word = (options.text(name) ?? 'DROP').toLowerCase();
  return word === 'accept' || word === 'reject' ? word : 'drop';
};

/** A zone's devices are those of its interfaces that are up; NAME_6 counts with NAME, since both have the same device. */
function toZone(section: Section, snapshots: readonly Snapshot[]): Zone {
  const options = new Options(section);
  const networks = options.list('network');
  const devices = snapshots.filter(({ name, up }) => up && networks.includes(name)).flatMap(({ settings }) => settings?.l3Device ?? []);
  return {
    name: options.text('name') ?? '',
    devices: [...new Set([...devices, ...options.list('device')])].sort(),
    input: policyOf(options, 'input'),
    forward: policyOf(options, 'forward'),
    masq: options.flag('masq', false),
    masq6: options.flag('masq6', false),
    clampsMss: options.flag('mtu_fix', false),
  };
}

const setOf = (devices: readonly string[]): string => `{ ${devices.map((device) => `"${device}"`).join(', ')} }`;
/** A reset for TCP, an unreachable for the rest. */
const REJECT = ['meta l4proto tcp reject with tcp reset', 'reject'];
const verdicts = (policy: Policy): string[] => (policy === 'reject' ? REJECT : [policy]);

function inputRules({ devices, input }: Zone): string[] {
  if (input === 'accept') return [`iifname ${setOf(devices)} accept`];
  // What the default rules let in from the outside: ping, DHCP renewals, and what IPv6 can't do without.
  return [
    `iifname ${setOf(devices)} icmp type echo-request accept`,
    `iifname ${setOf(devices)} meta l4proto ipv6-icmp accept`,
    `iifname ${setOf(devices)} udp dport { 68, 546 } accept`,
    ...verdicts(input).map((verdict) => `iifname ${setOf(devices)} ${verdict}`),
  ];
}

/** The ruleset for `nft -f`. An empty zone has no rules. */
export function renderRuleset(all: readonly Zone[], forwardings: readonly Forwarding[]): string {
  const zones = all.filter(({ devices }) => devices.length > 0);
  const zoneOf = (name: string) => zones.find((zone) => zone.name === name);
  const crossings = forwardings.flatMap(({ from, to }) => {
    const [source, target] = [zoneOf(from), zoneOf(to)];
    return source && target ? [`iifname ${setOf(source.devices)} oifname ${setOf(target.devices)} accept`] : [];
  });
  const chain = (name: string, hook: string, rules: readonly string[]) => [
    `\tchain ${name} {`,
    `\t\ttype ${hook}`,
    ...rules.map((rule) => `\t\t${rule}`),
    '\t}',
  ];
  const masquerades = zones.flatMap(({ devices, masq, masq6 }) => [
    ...(masq ? [`oifname ${setOf(devices)} meta nfproto ipv4 masquerade`] : []),
    ...(masq6 ? [`oifname ${setOf(devices)} meta nfproto ipv6 masquerade`] : []),
  ]);
  // What conntrack does not know is not translated either, and would leave with the address of a LAN host.
  const leaks = zones.flatMap(({ devices, masq, masq6 }) => [
    ...(masq ? [`oifname ${setOf(devices)} meta nfproto ipv4 ct state invalid drop`] : []),
    ...(masq6 ? [`oifname ${setOf(devices)} meta nfproto ipv6 ct state invalid drop`] : []),
  ]);
  const clamps = zones
    .filter(({ clampsMss }) => clampsMss)
    .map(({ devices }) => `oifname ${setOf(devices)} tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu`);
  return [
    'table inet fw4',
    'flush table inet fw4',
    'table inet fw4 {',
    ...chain('input', 'filter hook input priority filter; policy accept;', [
      'iifname "lo" accept',
      'ct state established,related accept',
      ...zones.flatMap(inputRules),
    ]),
    ...chain('forward', 'filter hook forward priority filter; policy drop;', [
      'ct state established,related accept',
      ...leaks,
      ...crossings,
      // `forward` of a zone is about its own devices among each other. A device that no zone knows yet gets nothing through.
      ...zones.filter(({ forward }) => forward === 'accept').map(({ devices }) => `iifname ${setOf(devices)} oifname ${setOf(devices)} accept`),
      ...REJECT,
    ]),
    ...chain('srcnat', 'nat hook postrouting priority srcnat; policy accept;', masquerades),
    ...chain('mangle_forward', 'filter hook forward priority mangle; policy accept;', clamps),
    '}',
    '',
  ].join('\n');
}

export type FirewallOptions = { root: string; kernel: Kernel; snapshots: () => Snapshot[]; log: (line: string) => void };

export class Firewall {
  readonly #options: FirewallOptions;
  #queue: Promise<void> = Promise.resolve();

  constructor(options: FirewallOptions) {
    this.#options = options;
  }

  /** One load after the other, each with the interfaces as they are when its turn comes. */
  reload(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#load());
    return this.#queue;
  }

  async #load(): Promise<void> {
    const { root, kernel, snapshots, log } = this.#options;
    const store = new Store({ root });
    store.strict = false;
    let sections: Section[];
    try {
      sections = store.load('firewall').sections;
    } catch (error) {
      log(`fw4: ${String(error)}`);
      return;
    }
    const zones = sections.filter(({ type }) => type === 'zone').map((section) => toZone(section, snapshots()));
    const forwardings = sections
      .filter(({ type }) => type === 'forwarding')
      .map((section) => new Options(section))
      .map((options) => ({ from: options.text('src') ?? '', to: options.text('dest') ?? '' }));
    // pbr and others lay files there, which are part of each load.
    const include = `include "${join(root, 'usr/share/nftables.d/ruleset-post')}/*.nft"\n`;
    const { code, stderr } = await kernel.run(['nft', '-f', '-'], renderRuleset(zones, forwardings) + include);
    if (code !== 0) log(`fw4: nft: ${stderr.trim()}`);
  }

  /** `fw4 stop`: everything may pass, nothing is masqueraded. */
  async stop(): Promise<void> {
    await this.#queue;
    await this.#options.kernel.run(['nft', '-f', '-'], 'add table inet fw4\ndelete table inet fw4\n');
  }

  /** `fw4 flush`, which is what the init script's stop calls: every table goes, whoever made it. */
  async flush(): Promise<void> {
    await this.#queue;
    await this.#options.kernel.run(['nft', 'flush', 'ruleset']);
  }

  /** `fw4 restart`: only its own table. */
  async restart(): Promise<void> {
    await this.stop();
    await this.reload();
  }
}

// /etc/config/network as netifd reads it: devices, interfaces with the routes of their own sections, and rules.
import { join } from 'node:path';
import type { Kernel } from '../kernel.ts';
import { Store } from '../uci/store.ts';
import type { Package, Section } from '../uci/model.ts';
import { networkOf, parseCidr } from './settings.ts';
import type { Route } from './settings.ts';

/** The names of /etc/iproute2/rt_tables, read at each question: mwan3 and pbr add theirs while netifd runs. */
export const tableNames =
  (kernel: Kernel, root: string): TableOf =>
  (text) => {
    if (text === undefined) return undefined;
    if (/^\d+$/.test(text)) return Number(text);
    const known = { main: 254, default: 253, local: 255 }[text];
    const lines = (kernel.read(join(root, 'etc/iproute2/rt_tables')) ?? '').split('\n');
    const named = lines.map((line) => line.trim().split(/\s+/)).find(([number, name]) => name === text && !number?.startsWith('#'));
    return known ?? (named && Number(named[0]));
  };

/** One uci section's options. A list option written as one string is split at blanks, as netifd does. */
export class Options {
  readonly #values: Map<string, string | string[]>;

  constructor(section: Section | undefined) {
    this.#values = new Map(section?.options.map(({ name, value }) => [name, value]));
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return Array.isArray(value) ? value[0] : value;
  }

  list(name: string): string[] {
    const value = this.#values.get(name);
    return Array.isArray(value) ? value : (value?.split(/\s+/).filter(Boolean) ?? []);
  }

  number(name: string): number | undefined {
    const value = Number(this.text(name) ?? Number.NaN);
    return Number.isInteger(value) ? value : undefined;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.text(name);
    if (value === undefined) return otherwise;
    return ['1', 'true', 'on', 'yes', 'enabled'].includes(value);
  }

  /** The values of some options as one string, to see whether a reload changed any. */
  digest(names: Iterable<string>): string {
    return JSON.stringify([...names].map((name) => this.#values.get(name) ?? null));
  }
}

export type DeviceConfig = { name: string; type: string; options: Options; digest: string };

export type InterfaceConfig = {
  name: string;
  proto: string;
  device: string | undefined;
  autostart: boolean;
  options: Options;
  /** Of the sections `route` and `route6` that name it. */
  routes: Route[];
};

/** One section `rule` or `rule6`. */
export type RuleConfig = { family: 4 | 6; options: Options };

/** A table's number by its number or its name in rt_tables; undefined for an unknown name. */
export type TableOf = (text: string | undefined) => number | undefined;

export type NetworkConfig = {
  /** The IPv6 prefix of the LAN's own addresses, `fd…::/48`. */
  ulaPrefix: string | undefined;
  devices: Map<string, DeviceConfig>;
  /** In the order of their names, as netifd keeps them. */
  interfaces: Map<string, InterfaceConfig>;
  /** In the order of the file, which numbers those without a priority. */
  rules: RuleConfig[];
};

export const NO_NETWORK: NetworkConfig = { ulaPrefix: undefined, devices: new Map(), interfaces: new Map(), rules: [] };

/** Every option of these matters for a device: a change of any makes it anew. */
const DEVICE_OPTIONS = ['name', 'type', 'ifname', 'ports', 'macaddr', 'mode', 'mtu', 'vid', 'stp', 'bridge_empty'];

function toDevice(section: Section): DeviceConfig | undefined {
  const options = new Options(section);
  const name = options.text('name');
  if (name === undefined) return undefined;
  return { name, type: options.text('type') ?? '', options, digest: options.digest(DEVICE_OPTIONS) };
}

function toInterface(section: Section): InterfaceConfig | undefined {
  const options = new Options(section);
  if (section.anonymous || options.flag('disabled', false)) return undefined;
  return {
    name: section.name,
    proto: options.text('proto') ?? 'none',
    // `ifname` is the word of before 21.02 and still understood.
    device: options.text('device') ?? options.text('ifname'),
    autostart: options.flag('auto', true),
    options,
    routes: [],
  };
}

const MAIN_TABLE = 254;

/** A route of a section of its own; undefined where netifd leaves the section out: disabled, no address, an unknown table's name. */
function toRoute({ type, options: raw, ...section }: Section, tableOf: TableOf): Route | undefined {
  const options = new Options({ type, options: raw, ...section });
  const family = type === 'route6' ? 6 : 4;
  const target = options.text('target') ?? (family === 4 ? '0.0.0.0' : '::');
  const netmask = options.text('netmask');
  const { address, mask } = parseCidr(netmask === undefined || target.includes('/') ? target : `${target}/${netmask}`, family === 4 ? 32 : 128);
  const table = options.text('table') === undefined ? undefined : (tableOf(options.text('table')) ?? Number.NaN);
  if (options.flag('disabled', false) || !/^[\da-f.:]+$/i.test(address) || Number.isNaN(table)) return undefined;
  const given = <K extends string, T>(key: K, value: T | undefined) => (value === undefined ? {} : { [key]: value });
  return {
    target: family === 4 ? networkOf(address, mask) : address,
    mask,
    ...given('nexthop', options.text('gateway')),
    ...given('metric', options.number('metric')),
    // `main` counts as none: the route follows its interface, also into a table of that one's own.
    ...(table === undefined || table === MAIN_TABLE ? {} : { table }),
    ...given('mtu', options.number('mtu')),
    ...given('type', options.text('type')),
    ...given('proto', options.text('proto')),
    ...(options.flag('onlink', false) ? { isOnlink: true } : {}),
    source: options.text('source') ?? (family === 4 ? '0.0.0.0/0' : '::/0'),
    isConfigured: true,
  };
}

/** Who a route belongs to comes and goes with it. Without an interface it is the loopback's, and leads nowhere but by its type. */
const ownerOf = (section: Section): string => new Options(section).text('interface') ?? 'loopback';

/** Reads the package, or what there is of it: a file that can't be parsed is an empty one, as at a boot with a broken file. */
function load(root: string, log: (line: string) => void): Package | undefined {
  const store = new Store({ root });
  store.strict = false;
  try {
    // With everybody's uncommitted changes of /tmp/.uci on top: `network reload` acts on them without a commit.
    return store.load('network');
  } catch (error) {
    log(`netifd: network: ${String(error)}`);
    return undefined;
  }
}

const bySectionType = (pkg: Package | undefined, type: string): Section[] => pkg?.sections.filter((section) => section.type === type) ?? [];

export function readNetwork(root: string, log: (line: string) => void, tableOf: TableOf): NetworkConfig {
  const pkg = load(root, log);
  const globals = new Options(bySectionType(pkg, 'globals')[0]);
  const ula = globals.text('ula_prefix');
  const interfaces = bySectionType(pkg, 'interface')
    .flatMap((section) => toInterface(section) ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const section of [...bySectionType(pkg, 'route'), ...bySectionType(pkg, 'route6')]) {
    const route = toRoute(section, tableOf);
    if (route) interfaces.find(({ name }) => name === ownerOf(section))?.routes.push(route);
  }
  const rules = pkg?.sections.filter(({ type }) => type === 'rule' || type === 'rule6') ?? [];
  return {
    ulaPrefix: ula?.includes('/') ? ula : undefined,
    devices: new Map(
      bySectionType(pkg, 'device')
        .flatMap((section) => toDevice(section) ?? [])
        .map((device) => [device.name, device]),
    ),
    interfaces: new Map(interfaces.map((item) => [item.name, item])),
    rules: rules.map((section) => ({ family: section.type === 'rule6' ? 6 : 4, options: new Options(section) })),
  };
}

// /etc/config/network as netifd reads it: devices and interfaces with their plain options. Sections route and rule are not played.
import { Store } from '../uci/store.ts';
import type { Package, Section } from '../uci/model.ts';

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

export type InterfaceConfig = { name: string; proto: string; device: string | undefined; autostart: boolean; options: Options };

export type NetworkConfig = {
  /** The IPv6 prefix of the LAN's own addresses, `fd…::/48`. */
  ulaPrefix: string | undefined;
  devices: Map<string, DeviceConfig>;
  /** In the order of their names, as netifd keeps them. */
  interfaces: Map<string, InterfaceConfig>;
};

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
  };
}

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

export function readNetwork(root: string, log: (line: string) => void): NetworkConfig {
  const pkg = load(root, log);
  const globals = new Options(bySectionType(pkg, 'globals')[0]);
  const ula = globals.text('ula_prefix');
  const interfaces = bySectionType(pkg, 'interface')
    .flatMap((section) => toInterface(section) ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    ulaPrefix: ula?.includes('/') ? ula : undefined,
    devices: new Map(
      bySectionType(pkg, 'device')
        .flatMap((section) => toDevice(section) ?? [])
        .map((device) => [device.name, device]),
    ),
    interfaces: new Map(interfaces.map((item) => [item.name, item])),
  };
}

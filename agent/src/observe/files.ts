// What the agent reads from files by itself: configuration packages, settings, ports. No process is started for these.
import type { DerivedPackage, Port, Problem } from '../contract/index.ts';
import type { System } from '../system.ts';
import { isFault, itemsOf, parsePackage, scalarOf } from '../uci/package.ts';
import type { UciPackage } from '../uci/package.ts';

export const packageFile = (name: string): string => `/etc/config/${name}`;

/** Committed packages as they stand on flash; a missing file is an empty package, a faulty one a problem. */
export type Packages = Record<DerivedPackage, UciPackage>;

export const derivedPackages: readonly DerivedPackage[] = ['network', 'firewall', 'dhcp'];

/** What the port reads of a file: the rest would be missing without a word. */
const READABLE_BYTES = 1 << 20;

/** A configuration file's text, undefined where there is none. What would read as too little, or as nothing, is a problem. */
export function readConfigText(system: System, path: string, max = READABLE_BYTES): string | undefined | Problem {
  const facts = system.stat(path);
  const found = facts?.kind === 'file' ? `${facts.size} bytes` : facts?.kind === 'directory' ? 'a directory' : 'something else';
  if (!facts || (facts.kind === 'file' && facts.size <= max)) return system.readFile(path);
  return { code: 'file_unfit', severity: 'error', details: { path, max, found } };
}

/** Reads the three packages we derive into. */
export function readPackages(system: System): { packages: Packages; problems: Problem[] } {
  const problems: Problem[] = [];
  const packages: Packages = { network: [], firewall: [], dhcp: [] };
  for (const name of derivedPackages) {
    const text = readConfigText(system, packageFile(name));
    if (typeof text === 'object') problems.push(text);
    if (typeof text !== 'string') continue;
    const parsed = parsePackage(text, { strict: true });
    if (isFault(parsed)) {
      problems.push({ code: 'reply_unreadable', severity: 'error', details: { command: packageFile(name), reason: `line ${parsed.line}: ${parsed.reason}` } });
    } else {
      packages[name] = parsed;
    }
  }
  return { packages, problems };
}

const settingPath = (key: string): string => `/proc/sys/${key.replaceAll('.', '/')}`;

export const readSetting = (system: System, key: string): string | undefined => system.readFile(settingPath(key))?.trim();
export const writeSetting = (system: System, key: string, value: string): ReturnType<System['writeSetting']> =>
  system.writeSetting(settingPath(key), `${value}\n`);

const sysfs = (system: System, device: string, file: string): string | undefined => {
  if (!/^[A-Za-z0-9_.@-]{1,15}$/.test(device)) return undefined; // a name from elsewhere must not climb out of the directory
  return system.readFile(`/sys/class/net/${device}/${file}`)?.trim();
};

/** Is the device there, up and connected? Reading `carrier` of a device that is down fails. */
export const hasCarrier = (system: System, device: string): boolean => sysfs(system, device, 'carrier') === '1';

/** The number of a device, which no later device of that name will have; undefined where there is none. */
export function readIfindex(system: System, device: string): number | undefined {
  const text = sysfs(system, device, 'ifindex');
  return text ? Number(text) : undefined;
}

/** MAC of a port; of a VLAN that netifd has not made yet, its parent's. */
export function readPortMac(system: System, device: string): string | undefined {
  const mac = sysfs(system, device, 'address');
  if (mac && /^[0-9a-f:]{17}$/i.test(mac)) return mac;
  const parent = /^(.+)\.\d+$/.exec(device)?.[1];
  return parent === undefined ? undefined : readPortMac(system, parent);
}

/** A device as /sys/class/net has it; undefined is what the kernel does not say, as the carrier of a device that is down. */
export type DeviceFacts = { mac: string | undefined; isUp: boolean | undefined; hasCarrier: boolean | undefined; mtu: number | undefined };

/** Undefined where there is no such device. */
export function readDevice(system: System, device: string): DeviceFacts | undefined {
  if (readIfindex(system, device) === undefined) return undefined;
  const [flags, carrier, mtu] = ['flags', 'carrier', 'mtu'].map((file) => sysfs(system, device, file));
  return {
    mac: sysfs(system, device, 'address') || undefined,
    isUp: flags ? (Number(flags) & IFF_UP) !== 0 : undefined,
    hasCarrier: carrier === '1' ? true : carrier === '0' ? false : undefined,
    mtu: mtu ? Number(mtu) : undefined,
  };
}

/** Bytes received and sent by a device; undefined while it does not exist. */
export function readCounters(system: System, device: string): { rxBytes: number; txBytes: number } | undefined {
  const rx = sysfs(system, device, 'statistics/rx_bytes');
  const tx = sysfs(system, device, 'statistics/tx_bytes');
  return rx === undefined || tx === undefined ? undefined : { rxBytes: Number(rx), txBytes: Number(tx) };
}

const ARPHRD_ETHER = '1';
const IFF_UP = 1;

/** Devices that could be dialed over: Ethernet, and not one of our own macvlans. */
export function listPorts(system: System, network: UciPackage): Port[] {
  return system.listDirectory('/sys/class/net').flatMap((device): Port[] => {
    const mac = sysfs(system, device, 'address');
    if (device.startsWith('md-') || mac === undefined || sysfs(system, device, 'type') !== ARPHRD_ETHER) return [];
    const usedBy = network
      .filter(
        (section) => section.type === 'interface' && [...itemsOf(section.options.get('device')), ...itemsOf(section.options.get('ifname'))].includes(device),
      )
      .flatMap((section) => section.name ?? []);
    const carrier = sysfs(system, device, 'carrier');
    return [{ device, mac, carrier: carrier === undefined ? null : carrier === '1', usedBy }];
  });
}

/** netifd reads `ifname` in interfaces up to 19.07; where any interface says `device`, that is the word. */
export const deviceOptionOf = (network: UciPackage): 'device' | 'ifname' => {
  const interfaces = network.filter((section) => section.type === 'interface');
  const says = (option: string): boolean =>
    interfaces.some((section) => scalarOf(section, option) !== undefined && scalarOf(section, 'multidial') === undefined);
  return says('ifname') && !says('device') ? 'ifname' : 'device';
};

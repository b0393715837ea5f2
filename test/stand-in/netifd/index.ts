// netifd: turns the package network into devices and interfaces, keeps to it on reload by the difference, and tells about both.
import { join } from 'node:path';
import type { Bus, UbusObject } from '../bus.ts';
import { Hotplug } from '../hotplug.ts';
import type { Action, Updated } from '../hotplug.ts';
import type { Kernel } from '../kernel.ts';
import { Advertiser } from './advertise.ts';
import { NO_NETWORK, Options, readNetwork, tableNames } from './config.ts';
import type { InterfaceConfig, NetworkConfig } from './config.ts';
import { Devices } from './device.ts';
import { restartingOptions } from './handlers.ts';
import { Interface } from './interface.ts';
import type { Proto, Surroundings } from './interface.ts';
import { acceptAdvertisements, Dhcpv6 } from './ipv6.ts';
import type { Uplink } from './ipv6.ts';
import { watchKernel } from './monitor.ts';
import { deviceObject, interfaceObject, interfacesObject, networkObject } from './objects.ts';
import { ipv6Mode, pppDevice } from './pppd-argv.ts';
import type { PppdCommand } from './pppd-argv.ts';
import { Pppoe } from './pppoe.ts';
import { renderResolv } from './resolv.ts';
import { unreachable } from './routes.ts';
import { Rules } from './rules.ts';
import { createNone, createStatic } from './static.ts';
import type { Snapshot } from './status.ts';

export type NetifdOptions = {
  root: string;
  kernel: Kernel;
  bus: Bus;
  log: (line: string) => void;
  pppd: PppdCommand;
  /** The bus asked for a restart of netifd. */
  onRestart: () => void;
  /** What ppp-down sleeps, in seconds; netifd's own takes 3. */
  downSeconds?: number;
};

/** An interface whose section is gone stays on the bus until nothing of it runs any more. */
type Entry = { iface: Interface; isLeaving: boolean };

const RESOLV = 'tmp/resolv.conf.d/resolv.conf.auto';
/** Changes of several interfaces in a row are written once. */
const SETTLE_MS = 50;

export class Netifd {
  readonly devices: Devices;
  readonly hotplug: Hotplug;
  readonly #options: NetifdOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #uplinks = new Map<Interface, Uplink>();
  readonly #protos: Record<string, Proto>;
  readonly #pppoe: Pppoe;
  readonly #dhcpv6: Dhcpv6;
  readonly #advertiser: Advertiser;
  readonly #around: Surroundings;
  readonly #rules: Rules;
  #config: NetworkConfig = NO_NETWORK;
  #objects: UbusObject[] = [];
  #unwatch = () => {};
  #isPublishing = false;
  #isStopped = false;

  constructor(options: NetifdOptions) {
    const { root, kernel, log } = options;
    this.#options = options;
    this.devices = new Devices(kernel, log);
    this.hotplug = new Hotplug(kernel, { root, log, deviceOf: (name) => this.#entries.get(name)?.iface.settings?.l3Device });
    this.#pppoe = new Pppoe(kernel, {
      root,
      log,
      pppd: options.pppd,
      downSeconds: options.downSeconds ?? 3,
      addDynamic: (parent, device, router) => this.#addDynamic(parent, device, router),
    });
    this.#dhcpv6 = new Dhcpv6(kernel, (iface) => this.#uplinks.get(iface));
    this.#protos = { static: createStatic(() => this.#config.ulaPrefix), none: createNone(), pppoe: this.#pppoe, dhcpv6: this.#dhcpv6 };
    this.#advertiser = new Advertiser(kernel, root, log);
    this.#around = {
      kernel,
      devices: this.devices,
      log,
      tableOf: tableNames(kernel, root),
      tell: (iface, action, updated) => this.#tell(iface, action, updated),
      changed: () => this.#changed(),
    };
    const deviceOf = (name: string) => {
      const iface = this.#entries.get(name)?.iface;
      return iface?.state === 'up' ? iface.settings?.l3Device : undefined;
    };
    this.#rules = new Rules({ kernel, tableOf: this.#around.tableOf, deviceOf, log });
  }

  /** First of all everybody's rules go: netifd begins with a clean table, and puts its own sections' into it. */
  async start(): Promise<void> {
    const { kernel, bus } = this.#options;
    await this.#rules.flush();
    this.#unwatch = watchKernel(
      kernel,
      (name) => this.#onLink(name),
      () => this.look(),
    );
    this.#objects = [networkObject(this), interfacesObject(this), deviceObject(this, kernel)];
    for (const object of this.#objects) bus.add(object);
    this.reload();
  }

  /** Everything goes down, and who takes his time is not waited for. */
  setAllDown(): void {
    for (const { iface } of [...this.#entries.values()]) this.setDown(iface);
  }

  /** The end of the process: sessions that still hang up are killed, events that wait are forgotten, and rules stay. */
  async exit(): Promise<void> {
    this.#isStopped = true;
    this.hotplug.stop();
    this.#unwatch();
    this.#advertiser.stop();
    const all = [...this.#entries.values()].map(({ iface }) => iface);
    // What needs no pppd is done at once on a router, where nothing runs beside netifd; here it has its turn.
    await Promise.all(all.filter(({ proto }) => proto !== this.#pppoe).map((iface) => iface.settled()));
    this.devices.abandon();
    this.#pppoe.close();
    await Promise.all([...all.map((iface) => iface.settled()), this.#rules.settled()]);
    for (const { name } of [...this.#objects, ...all.map((iface) => ({ name: `network.interface.${iface.name}` }))]) this.#options.bus.remove(name);
  }

  /** `ubus call network restart`. */
  askRestart(): void {
    this.#options.onRestart();
  }

  /** The config again, by the difference: what did not change is not touched and nobody is told. */
  reload(): void {
    const { root, log, kernel } = this.#options;
    const old = this.#config;
    const config = readNetwork(root, log, this.#around.tableOf);
    this.#config = config;
    const names = [...config.interfaces.values()].flatMap(({ device }) => device ?? []);
    this.devices.configure(config.devices, names);
    if (config.ulaPrefix !== old.ulaPrefix) this.#swapUla(old.ulaPrefix, config.ulaPrefix, kernel);
    for (const [name, { iface, isLeaving }] of [...this.#entries]) if (!isLeaving && !iface.dynamic && !config.interfaces.has(name)) this.#drop(name);
    for (const wanted of config.interfaces.values()) this.#adopt(wanted, old);
    this.#rules.configure(config.rules);
    this.#changed();
  }

  #swapUla(before: string | undefined, after: string | undefined, kernel: Kernel): void {
    const lines = [...(after ? [unreachable(after).add] : []), ...(before ? [unreachable(before).remove] : [])];
    void kernel.run(['ip', '-6', '-force', '-batch', '-'], `${lines.join('\n')}\n`);
  }

  #adopt(wanted: InterfaceConfig, old: NetworkConfig): void {
    const entry = this.#entries.get(wanted.name);
    if (!entry || entry.iface.config.proto !== wanted.proto) {
      if (entry) void entry.iface.stop().then(() => this.#forget(wanted.name, entry.iface));
      this.#create(wanted);
      return;
    }
    const { iface } = entry;
    const digest = ({ options }: InterfaceConfig) => options.digest(restartingOptions(wanted.proto));
    const deviceOf = ({ devices }: NetworkConfig, name: string | undefined) => (name === undefined ? undefined : devices.get(name)?.digest);
    const isChanged = digest(iface.config) !== digest(wanted) || deviceOf(old, iface.config.device) !== deviceOf(this.#config, wanted.device);
    if (isChanged || entry.isLeaving) void iface.restart(wanted);
    else if (silent(iface.config) !== silent(wanted)) void iface.adopt(wanted);
    else iface.config = wanted;
    entry.isLeaving = false;
  }

  #create(config: InterfaceConfig): void {
    const iface = new Interface(config, this.#protos[config.proto], this.#around, { isNew: true });
    this.#publish(iface);
    if (config.autostart) void iface.up();
  }

  #publish(iface: Interface): void {
    const { bus } = this.#options;
    this.#entries.set(iface.name, { iface, isLeaving: false });
    bus.remove(`network.interface.${iface.name}`);
    bus.add(interfaceObject(this, iface));
  }

  #drop(name: string): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    entry.isLeaving = true;
    void entry.iface.stop().then(() => {
      if (entry.isLeaving) this.#forget(name, entry.iface);
    });
  }

  #forget(name: string, iface: Interface): void {
    this.#uplinks.delete(iface);
    if (this.#entries.get(name)?.iface !== iface) return;
    this.#entries.delete(name);
    this.#options.bus.remove(`network.interface.${name}`);
  }

  /** NAME_6 of a session: it stands nowhere in uci, inherits some options, and goes with its parent. */
  #addDynamic(parent: Interface, device: string, router: string): void {
    const name = `${parent.name}_6`;
    const known = this.#entries.get(name);
    if (known && !known.isLeaving) {
      if (this.#uplinks.get(known.iface)?.router === router) return;
      this.#forget(name, known.iface);
    }
    const inherited = ['sourcefilter', 'ip6table', 'delegate', 'reqprefix', 'peerdns'].flatMap((option) => {
      const value = parent.config.options.text(option);
      return value === undefined ? [] : [{ name: option, value }];
    });
    const options = new Options({ type: 'interface', name, anonymous: false, options: inherited });
    const iface = new Interface({ name, proto: 'dhcpv6', device, autostart: true, options, routes: [] }, this.#dhcpv6, this.#around, { dynamic: true });
    this.#uplinks.set(iface, { device, router });
    this.#publish(iface);
    parent.onDown = () => this.#drop(name);
    void iface.up();
  }

  /** An interface by name. A dynamic one that is put down by hand is gone for good. */
  interface(name: string): Interface | undefined {
    return this.#entries.get(name)?.iface;
  }

  setDown(iface: Interface): void {
    if (iface.dynamic) this.#drop(iface.name);
    else void iface.down();
  }

  now(): number {
    return this.#options.kernel.now();
  }

  /** Devices that a session's pppd has made. */
  externalDevices(): string[] {
    return [...this.#entries.values()].flatMap(({ iface }) => (iface.proto === this.#pppoe && iface.settings ? [iface.settings.l3Device] : []));
  }

  isExternal(device: string): boolean {
    return this.externalDevices().includes(device);
  }

  snapshots(): Snapshot[] {
    return [...this.#entries.values()].map(({ iface }) => iface.snapshot()).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Links, addresses or routes have changed in the kernel. */
  look(): void {
    if (this.#isStopped) return;
    for (const { iface, isLeaving } of this.#entries.values()) {
      if (isLeaving) continue;
      iface.look();
      if (iface.proto === this.#dhcpv6) void this.#dhcpv6.look(iface);
    }
    this.#advertiser.look(this.snapshots());
  }

  #onLink(device: string): void {
    for (const { iface } of this.#entries.values()) {
      const { config } = iface;
      if (iface.proto === this.#pppoe && pppDevice(config) === device && ipv6Mode(config) === 'auto') acceptAdvertisements(this.#options.kernel, device);
    }
  }

  #tell(iface: Interface, action: Action, updated: Iterable<Updated> = []): void {
    if (this.#isStopped) return;
    if (action !== 'ifupdate') this.#rules.look();
    if (action === 'ifup' || action === 'ifdown') this.#options.bus.send('network.interface', { action, interface: iface.name });
    this.hotplug.queue(iface.name, action, updated);
  }

  /** resolv.conf.auto and the advertisements follow, once for a burst. */
  #changed(): void {
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    this.#options.kernel.after(SETTLE_MS, () => {
      this.#isPublishing = false;
      if (this.#isStopped) return;
      const snapshots = this.snapshots();
      this.#options.kernel.write(join(this.#options.root, RESOLV), renderResolv(snapshots));
      this.#advertiser.look(snapshots);
    });
  }
}

/** Options that netifd swaps in silence, and the routes of sections. */
const SILENT = ['metric', 'ip4table', 'ip6table', 'defaultroute', 'dns', 'peerdns', 'dns_metric', 'auto'];
const silent = ({ options, routes }: InterfaceConfig): string => options.digest(SILENT) + JSON.stringify(routes);

// A router in memory behind the agent's system port: real semantics where the agent relies on them, refusal of all else.
import './version.ts';
import type { System } from '../../agent/src/system.ts';
import { Files } from './files.ts';
import { Kernel } from './kernel.ts';
import { Netifd } from './netifd.ts';
import { Nft } from './nft.ts';
import { Killed, Process } from './process.ts';
import type { Death, Effect } from './process.ts';
import { Uci } from './uci.ts';

export { Killed };
export type { Death, Effect };

const SETTINGS = ['net.ipv4.fib_multipath_hash_policy', 'net.ipv6.fib_multipath_hash_policy', 'net.ipv4.fib_multipath_use_neigh'];
const settingPath = (key: string): string => `/proc/sys/${key.replaceAll('.', '/')}`;

export class Router {
  files = new Files();
  kernel = new Kernel();
  nft = new Nft();
  /** False with the small dnsmasq. */
  hasNftset = true;
  uci = new Uci(this.files);
  netifd = new Netifd(this.files, this.kernel);
  /** Before OpenWrt 22.03 uci has no -t. */
  hasOldUci = false;
  settings = new Map(SETTINGS.map((key) => [settingPath(key), '0']));
  /** Packages that procd was told of and has not acted on. */
  reloads: string[] = [];
  effects: Effect[] = [];
  log: string[] = [];
  /** What is printed by the processes. */
  output = '';
  nowMs = 60_000;
  /** What the clock on the wall showed at boot. */
  bootWallMs = 1_700_000_000_000;
  /** Called before each effect: tests let another process run there. */
  onEffect: (effect: Effect) => void = () => undefined;
  /** Commands that fail, by their first two words. */
  broken = new Map<string, { exit: number; stdout?: string; stderr?: string }>();
  /** Programs that were started in the background and not waited for; they live until they are ended. */
  spawned: { pid: number; argv: readonly string[]; gid: number | undefined }[] = [];
  #processes = new Set<number>();
  #pids = 1000;

  constructor() {
    for (const directory of ['/etc/config', '/etc/sysctl.d', '/tmp/.uci', '/var/run/multidial', '/usr/sbin']) this.files.makeDirectory(directory, 0o755);
    this.files.write('/usr/sbin/nft', '', 0o755);
  }

  write(path: string, text: string, mode = 0o644): void {
    if (this.files.write(path, text, mode)) throw new Error(`no room for ${path}`);
  }

  config(pack: string, text: string): void {
    this.write(`/etc/config/${pack}`, text, pack === 'multidial' ? 0o600 : 0o644);
  }

  addPort(device: string, mac: string): void {
    this.kernel.addDevice(device, { mac });
  }

  isAlive(pid: number): boolean {
    return this.#processes.has(pid);
  }

  start(death?: Death, stdin = ''): Process {
    const pid = ++this.#pids;
    this.#processes.add(pid);
    return new Process(this, pid, death, stdin);
  }

  end(pid: number): void {
    this.#processes.delete(pid);
  }

  background(argv: readonly string[], gid: number | undefined): number {
    const pid = ++this.#pids;
    this.#processes.add(pid);
    this.spawned.push({ pid, argv, gid });
    return pid;
  }

  /** As `run`, for a process that was started in the background. */
  runAs<T>(pid: number, work: (system: System) => T, death?: Death): T | undefined {
    return this.#live(new Process(this, pid, death, ''), work);
  }

  /** Lets one process do `work`; undefined when it was killed. */
  run<T>(work: (system: System) => T, death?: Death, stdin?: string): T | undefined {
    return this.#live(this.start(death, stdin), work);
  }

  #live<T>(process: Process, work: (system: System) => T): T | undefined {
    try {
      return work(process);
    } catch (error) {
      if (error instanceof Killed) return undefined;
      throw error;
    } finally {
      this.end(process.pid);
    }
  }

  /** procd acts on what it was told: netifd reloads. True when there was anything. */
  settle(): boolean {
    const told = this.reloads.splice(0);
    if (told.includes('network')) this.netifd.reload();
    return told.length > 0;
  }

  /** `/etc/init.d/network restart`: sessions end and are dialed anew, and netifd's start takes all rules away. */
  restartNetwork(): void {
    for (const name of [...this.netifd.interfaces.keys()]) this.netifd.down(name);
    this.kernel.rules.flush();
    this.netifd.reload();
  }

  /** Power off and on: RAM and kernel state are gone, sysctl.d is applied, netifd starts. */
  reboot(): void {
    this.files.sync();
    this.files.forgetRam();
    this.#boot();
  }

  /** The power fails and comes back: of what was just written the flash holds what it happens to. */
  powerCut(below: (limit: number) => number): void {
    this.files.cutPower(below);
    this.#boot();
  }

  #boot(): void {
    for (const directory of ['/tmp/.uci', '/var/run/multidial']) this.files.makeDirectory(directory, 0o755);
    this.kernel.nexthops.clear();
    this.kernel.routes = [];
    this.kernel.rules.flush();
    for (const name of [...this.kernel.devices.keys()]) if (name.startsWith('pppoe-')) this.kernel.removeDevice(name);
    this.netifd.interfaces.clear();
    this.netifd.stopped.clear();
    this.nft.tables.clear();
    this.reloads = [];
    for (const path of this.settings.keys()) this.settings.set(path, '0');
    for (const line of (this.files.read('/etc/sysctl.d/77-multidial.conf') ?? '').split('\n')) {
      const [key, value] = line.split('=');
      if (key && value && !line.startsWith('#') && this.settings.has(settingPath(key))) this.settings.set(settingPath(key), value);
    }
    this.netifd.reload();
  }
}

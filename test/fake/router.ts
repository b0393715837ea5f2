// A router in memory behind the agent's system port: real semantics where the agent relies on them, refusal of all else.
import './version.ts';
import type { CommandResult, FileError, System } from '../../agent/src/system.ts';
import { Files } from './files.ts';
import { runIp } from './ip.ts';
import { Kernel } from './kernel.ts';
import { Netifd } from './netifd.ts';
import { Nft } from './nft.ts';
import { Uci } from './uci.ts';

/** The process was killed, or the power went: thrown out of the middle of a run. */
export class Killed extends Error {}

/** One command run or one change made through the port, in order. `text` is a command's input or a file's new content. */
export type Effect = { kind: 'command' | 'write'; what: string; text: string };

/** Where a process dies: before its effect number `effect` (from 0); with `line`, after so many lines of that batch. */
export type Death = { effect: number; line?: number };

const SETTINGS = ['net.ipv4.fib_multipath_hash_policy', 'net.ipv6.fib_multipath_hash_policy', 'net.ipv4.fib_multipath_use_neigh'];
/** What the port reads of a file at most. */
const READ_LIMIT = 1 << 20;
const settingPath = (key: string): string => `/proc/sys/${key.replaceAll('.', '/')}`;

export class Router {
  files = new Files();
  kernel = new Kernel();
  nft = new Nft();
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
  /** Called before each effect: tests let another process run there. */
  onEffect: (effect: Effect) => void = () => undefined;
  /** Commands that fail, by their first two words. */
  broken = new Map<string, { exit: number; stdout?: string; stderr?: string }>();
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

  /** Lets one process do `work`; undefined when it was killed. */
  run<T>(work: (system: System) => T, death?: Death, stdin?: string): T | undefined {
    const process = this.start(death, stdin);
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
    for (const name of [...this.kernel.devices.keys()]) if (name.startsWith('pppoe-')) this.kernel.removeDevice(name);
    this.netifd.interfaces.clear();
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

/** One process: the port as the agent has it. After its death every call throws, so that no `finally` does anything. */
class Process implements System {
  readonly pid: number;
  #router: Router;
  #death: Death | undefined;
  #stdin: string;
  #count = 0;
  #isDead = false;

  constructor(router: Router, pid: number, death: Death | undefined, stdin: string) {
    this.#router = router;
    this.pid = pid;
    this.#death = death;
    this.#stdin = stdin;
  }

  #die(): never {
    this.#isDead = true;
    this.#router.end(this.pid);
    throw new Killed('killed');
  }

  /** Counts and records; answers how many lines of the batch may still be done. */
  #effect(effect: Effect): number | undefined {
    if (this.#isDead) this.#die();
    const isLast = this.#death?.effect === this.#count++;
    const line = isLast ? this.#death?.line : undefined;
    const isCut = line !== undefined && effect.what.includes('batch') && line < effect.text.split('\n').filter(Boolean).length;
    if (isLast && !isCut) this.#die();
    this.#router.effects.push(effect);
    this.#router.onEffect(effect);
    return isCut ? line : undefined;
  }

  #look(): Router {
    if (this.#isDead) this.#die();
    return this.#router;
  }

  run(argv: readonly string[], stdin = ''): CommandResult {
    const lines = this.#effect({ kind: 'command', what: argv.join(' '), text: stdin });
    const failing = this.#router.broken.get(argv.slice(0, 2).join(' ')) ?? this.#router.broken.get(argv[0] ?? '');
    const { exit, stdout = '', stderr = '' } = failing ?? this.#execute(argv, stdin, lines);
    if (lines !== undefined) this.#die();
    return { argv, exit, stdout, stderr };
  }

  #execute(argv: readonly string[], stdin: string, lines: number | undefined): { exit: number; stdout?: string; stderr?: string } {
    const router = this.#router;
    const [program, ...words] = argv;
    const said = words.join(' ');
    if (program === 'ip' && said.startsWith('link del dev ')) {
      const device = words[3] ?? '';
      if (!router.kernel.devices.has(device)) return { exit: 1, stderr: `Cannot find device "${device}"\n` };
      router.kernel.removeDevice(device);
      return { exit: 0 };
    }
    if (program === 'ip') return runIp(router.kernel, words, stdin, lines);
    if (program === 'uci' && said === 'batch') return router.uci.batch('/tmp/.uci', stdin, lines);
    if (program === 'uci' && words[0] === '-t' && router.hasOldUci)
      return { exit: 0, stderr: 'uci: unrecognized option: t\nUsage: uci [<options>] <command> [<arguments>]\n' };
    if (program === 'uci' && words[0] === '-t' && words[2] === 'batch' && words.length === 3) return router.uci.batch(words[1] ?? '', stdin, lines);
    if (program === 'nft' && said === '-f -') return router.nft.load(stdin);
    if (program === 'nft' && said.startsWith('list table inet ')) return router.nft.list(words[3] ?? '');
    if (program === 'ubus' && said === '-t 10 call network.interface dump') return { exit: 0, stdout: router.netifd.dump() };
    const [, interfaceName] = /^-t 10 call network\.interface\.(\w+) up$/.exec(said) ?? [];
    if (program === 'ubus' && interfaceName !== undefined) {
      router.netifd.up(interfaceName);
      return { exit: 0 };
    }
    if (program === 'ubus' && said.startsWith('-t 10 call service event ')) {
      const event = JSON.parse(words[5] ?? '') as { type: string; data: { package: string } };
      if (event.type !== 'config.change' || words.length !== 6) throw new Error(`procd knows no such event: ${said}`);
      router.reloads.push(event.data.package);
      return { exit: 0 };
    }
    if (program === 'logger' && said === '-t multidial') {
      router.log.push(stdin);
      return { exit: 0 };
    }
    throw new Error(`the agent may not run: ${argv.join(' ')}`);
  }

  readFile(path: string): string | undefined {
    const router = this.#look();
    const stat = /^\/proc\/(\d+)\/stat$/.exec(path);
    if (stat) return router.isAlive(Number(stat[1])) ? `${stat[1]} (qjs (x) y) S ${Array(18).fill('0').join(' ')} ${Number(stat[1]) * 10} 0\n` : undefined;
    if (path.startsWith('/proc/sys/')) {
      const value = router.settings.get(path);
      return value === undefined ? undefined : `${value}\n`;
    }
    if (path.startsWith('/sys/class/net/')) return router.kernel.readSysfs(path);
    return router.files.read(path)?.slice(0, READ_LIMIT);
  }

  writeFile(path: string, text: string, mode: number): FileError | undefined {
    this.#effect({ kind: 'write', what: path, text });
    return this.#router.files.write(path, text, mode);
  }

  writeSetting(path: string, text: string): FileError | undefined {
    this.#effect({ kind: 'write', what: path, text });
    if (!this.#router.settings.has(path)) return { path, reason: 'No such file or directory' };
    this.#router.settings.set(path, text.trim());
    return undefined;
  }

  copyFile(from: string, to: string, mode: number): FileError | undefined {
    const text = this.#look().files.read(from);
    this.#effect({ kind: 'write', what: to, text: text ?? '' });
    return text === undefined ? { path: from, reason: 'No such file or directory' } : this.#router.files.write(to, text, mode);
  }

  removeFile(path: string): FileError | undefined {
    this.#effect({ kind: 'write', what: path, text: '' });
    this.#router.files.remove(path);
    return undefined;
  }

  makeDirectory(path: string, mode: number): FileError | undefined {
    if (this.#look().files.stat(path)) return undefined;
    this.#effect({ kind: 'write', what: path, text: '' });
    this.#router.files.makeDirectory(path, mode);
    return undefined;
  }

  listDirectory(path: string): string[] {
    const router = this.#look();
    return path === '/sys/class/net' ? [...router.kernel.devices.keys()].toSorted() : router.files.list(path);
  }

  stat(path: string): ReturnType<System['stat']> {
    return this.#look().files.stat(path);
  }

  createLink(target: string, path: string): boolean {
    this.#effect({ kind: 'write', what: path, text: target });
    return this.#router.files.createLink(target, path);
  }

  readLink(path: string): string | undefined {
    return this.#look().files.readLink(path);
  }

  rename(from: string, to: string): FileError | undefined {
    this.#effect({ kind: 'write', what: to, text: '' });
    return this.#router.files.rename(from, to);
  }

  nowMs(): number {
    return this.#look().nowMs;
  }

  sleepMs(ms: number): void {
    this.#look().nowMs += ms;
    this.#router.onEffect({ kind: 'command', what: `sleep ${ms}`, text: '' });
  }

  readStdin(): string {
    return this.#stdin;
  }

  print(text: string): void {
    this.#look().output += text;
  }

  printError(text: string): void {
    this.#look().output += text;
  }
}

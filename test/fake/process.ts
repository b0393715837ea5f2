// A process on the router in memory: the agent's system port, which can die at any effect.
import type { CommandResult, FileError, System } from '../../agent/src/system.ts';
import { runIp } from './ip.ts';
import { askIp } from './ip-get.ts';
import type { Router } from './router.ts';

/** The process was killed, or the power went: thrown out of the middle of a run. */
export class Killed extends Error {}

/** One command run or one change made through the port, in order. `text` is a command's input or a file's new content. */
export type Effect = { kind: 'command' | 'write'; what: string; text: string };

/** Where a process dies: before its effect number `effect` (from 0); with `line`, after so many lines of that batch. */
export type Death = { effect: number; line?: number };

/** What the port reads of a file at most. */
const READ_LIMIT = 1 << 20;

/** One process: the port as the agent has it. After its death every call throws, so that no `finally` does anything. */
export class Process implements System {
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
    if (program === 'ip' && !words.includes('-batch')) return askIp(router.kernel, words);
    if (program === 'ip') return runIp(router.kernel, words, stdin, lines);
    if (program === 'uci' && said === 'batch') return router.uci.batch('/tmp/.uci', stdin, lines);
    if (program === 'uci' && words[0] === '-t' && router.hasOldUci)
      return { exit: 0, stderr: 'uci: unrecognized option: t\nUsage: uci [<options>] <command> [<arguments>]\n' };
    if (program === 'uci' && words[0] === '-t' && words[2] === 'batch' && words.length === 3) return router.uci.batch(words[1] ?? '', stdin, lines);
    if (program === 'nft' && said === '-f -') return router.nft.load(stdin);
    if (program === 'nft' && said === '-t list ruleset') return router.nft.listAll();
    if (program === 'nft' && said.startsWith('list table inet ')) return router.nft.list(words[3] ?? '');
    if (program === 'nft' && said.startsWith('get element inet ')) return router.nft.get(words[4] ?? '', said.split('{ ')[1]?.split(' ')[0] ?? '');
    if (program === 'dnsmasq')
      return { exit: 0, stdout: `Dnsmasq version 2.90\nCompile time options: IPv6 ipset ${router.hasNftset ? '' : 'no-'}nftset auth\n`, stderr: '' };
    if (program === 'ubus' && said === '-t 10 call network.interface dump') return { exit: 0, stdout: router.netifd.dump() };
    const [, interfaceName, direction] = /^-t 10 call network\.interface\.(\w+) (up|down)$/.exec(said) ?? [];
    if (program === 'ubus' && interfaceName !== undefined) {
      if (direction === 'down') router.netifd.stop(interfaceName);
      else router.netifd.start(interfaceName);
      return { exit: 0 };
    }
    if (program === 'ubus' && said.startsWith('-t 10 call service event ')) {
      const event = JSON.parse(words[5] ?? '') as { type: string; data: { package: string } };
      if (event.type !== 'config.change' || words.length !== 6) throw new Error(`procd knows no such event: ${said}`);
      router.reloads.push(event.data.package);
      return { exit: 0 };
    }
    if (program === 'conntrack' && router.files.stat('/usr/sbin/conntrack') && /^-D -m 0x[0-9a-f]{8}\/0xff000000$/.test(said))
      return { exit: 1, stderr: 'conntrack v1.4.8 (conntrack-tools): 0 flow entries have been deleted.\n' };
    if (program === 'logger' && said === '-t multidial') {
      router.log.push(stdin);
      return { exit: 0 };
    }
    throw new Error(`the agent may not run: ${argv.join(' ')}`);
  }

  spawn(argv: readonly string[], gid?: number): number | undefined {
    this.#effect({ kind: 'command', what: `& ${argv.join(' ')}`, text: '' });
    return this.#router.broken.has(argv[0] ?? '') ? undefined : this.#router.background(argv, gid);
  }

  isRunning(pid: number): boolean {
    return this.#look().isAlive(pid);
  }

  endProcess(pid: number): void {
    this.#effect({ kind: 'command', what: `kill ${pid}`, text: '' });
    this.#router.end(pid);
  }

  detach(): void {}

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

  appendFile(path: string, text: string, mode: number): FileError | undefined {
    this.#effect({ kind: 'write', what: path, text });
    return this.#router.files.append(path, text, mode);
  }

  readBytes(path: string): ReturnType<System['readBytes']> {
    return this.#look().files.readBytes(path);
  }

  writeBytes(path: string, bytes: Uint8Array<ArrayBuffer>, mode: number): FileError | undefined {
    this.#effect({ kind: 'write', what: path, text: `${bytes.length} bytes` });
    return this.#router.files.writeBytes(path, bytes, mode);
  }

  writeAt(path: string, offset: number, bytes: Uint8Array<ArrayBuffer>): FileError | undefined {
    this.#effect({ kind: 'write', what: path, text: `${bytes.length} bytes at ${offset}` });
    return this.#router.files.writeAt(path, offset, bytes);
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

  wallMs(): number {
    return this.#look().bootWallMs + this.#router.nowMs;
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

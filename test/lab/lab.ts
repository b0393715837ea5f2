// The lab as a test sees it: one boot with the networks, the ISP and, where wanted, the router with the product on it.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Control, must, type RunOptions, type RunReply, type Running } from './control.ts';
import { collectEvidence } from './evidence.ts';
import { type Guest, startGuest } from './guest.ts';
import { Isp } from './isp.ts';
import type { Account } from './isp-files.ts';
import { prepare } from './prepare.ts';
import { buildTopology } from './topology.ts';

export type LabOptions = {
  /** Accounts of the ISP; default: alice with password wonderland. */
  accounts?: Account[];
  /** One sentence a step. */
  progress?: (line: string) => void;
};

export const ALICE: Account = { user: 'alice', password: 'wonderland' };

/** A command: an argv, or a script for sh. */
export type Command = string | string[];
const toArgv = (command: Command) => (typeof command === 'string' ? ['sh', '-c', command] : command);

type World = { guest: Guest; isp: Isp };

async function startWorld({ accounts = [ALICE], progress = () => {} }: LabOptions): Promise<World> {
  progress('booting the lab');
  const guest = await startGuest(progress);
  try {
    progress('building the networks');
    await buildTopology(guest.control);
    return { guest, isp: await Isp.start(guest.control, accounts) };
  } catch (error) {
    await guest.stop();
    throw error;
  }
}

export class Lab {
  readonly #options: LabOptions;
  #world: World;

  private constructor(options: LabOptions, world: World) {
    this.#options = options;
    this.#world = world;
  }

  /** Boots and builds the networks: about nine seconds. */
  static async boot(options: LabOptions = {}): Promise<Lab> {
    await prepare(options.progress ?? (() => {}));
    return new Lab(options, await startWorld(options));
  }

  /**
   * Cuts the power and boots again, with another kernel and without a single file of before: whoever wants some back puts
   * them there (as Router.reboot does). The provider starts anew too, without rates and passwords that a test gave it.
   */
  async reboot(): Promise<void> {
    await this.#world.guest.stop();
    this.#world = await startWorld(this.#options);
  }

  get control(): Control {
    return this.#world.guest.control;
  }

  get isp(): Isp {
    return this.#world.isp;
  }

  /** The router's port 80, on the host's loopback; after a reboot it is another one. */
  get webPort(): number {
    return this.#world.guest.webPort;
  }

  /** Runs to the end, whatever its exit code. */
  run(command: Command, options: RunOptions = {}): Promise<RunReply> {
    return this.control.run(toArgv(command), options);
  }

  /** Stdout of a command that must succeed. */
  async must(command: Command, options: RunOptions = {}): Promise<string> {
    return (await must(this.control, toArgv(command), options)).stdout;
  }

  /** A program that goes on until it is stopped. */
  start(command: Command, options: RunOptions = {}, onText?: (text: string) => void): Running {
    return this.control.start(toArgv(command), { timeoutMs: 0, ...options }, onText);
  }

  write(path: string, text: string, mode = 0o644): Promise<void> {
    return this.control.writeFiles([{ path, base64: Buffer.from(text).toString('base64'), mode }]);
  }

  read(path: string): Promise<string> {
    return this.must(['cat', path]);
  }

  /** Polls until `check` gives something other than undefined or false; throws with what was awaited after `limitMs`. */
  async until<T>(what: string, check: () => Promise<T | undefined | false>, limitMs = 30_000, everyMs = 100): Promise<T> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const found = await check();
      if (found !== undefined && found !== false) return found;
      if (Date.now() > deadline) throw new Error(`not in ${limitMs / 1000} s: ${what}`);
      await sleep(everyMs);
    }
  }

  /** What one wants to read after a failed step: routes, rules, nft, netifd, the logs, the ISP. */
  evidence(): Promise<string> {
    return collectEvidence(this.control);
  }

  console(): string {
    return this.#world.guest.console();
  }

  stop(): Promise<void> {
    return this.#world.guest.stop();
  }
}

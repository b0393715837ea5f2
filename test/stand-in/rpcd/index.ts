// rpcd: the daemon behind sessions, rights, config changes and plugins. Everything a page may do goes through here.
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Args, Bus, Caller, Methods, Reply, UbusObject } from '../bus.ts';
import { renderJson } from '../json.ts';
import { Cursor, saveDirOf } from './cursor.ts';
import { FileObject } from './file-object.ts';
import type { ShadowLookup } from './password.ts';
import { loadPlugins } from './plugin.ts';
import { SessionObject, Sessions } from './session.ts';
import { Apply, purgeDir } from './uci-apply.ts';
import { UciObject } from './uci-object.ts';

/** A message of more than this breaks rpcd's connection to the bus. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;

export type RpcdOptions = {
  root: string;
  /** Called when a commit, an apply or a rollback changed a package. */
  onChange: (config: string) => void;
  /** Runs /sbin/reload_config. */
  reloadConfig: () => void;
  /** Passwords in clear by user name, for accounts that /etc/shadow does not know. */
  passwords?: Record<string, string>;
  /** How long an exec plugin or `file.exec` may take; rpcd's `-t`, 30 s. */
  pluginTimeoutMs?: number;
  /** Objects of plugins that are no executables (on a router: ucode). */
  extra?: UbusObject[];
};

export class Rpcd {
  #bus: Bus;
  #options: RpcdOptions;
  #sessions: Sessions;
  #cursor: Cursor;
  #apply: Apply;
  #published: string[] = [];

  constructor(bus: Bus, options: RpcdOptions) {
    this.#bus = bus;
    this.#options = options;
    const { root, onChange } = options;
    this.#sessions = new Sessions({ root, shadow: this.#shadow });
    this.#cursor = new Cursor(root);
    this.#apply = new Apply({ root, cursor: this.#cursor, sessions: this.#sessions, onChange });
    this.#sessions.onEnd = (id) => purgeDir(join(root, saveDirOf(id)));
    this.#sessions.applyingId = () => this.#apply.pendingSid;
  }

  #shadow: ShadowLookup = (user) => {
    try {
      const line = readFileSync(join(this.#options.root, '/etc/shadow'), 'utf8')
        .split('\n')
        .find((entry) => entry.startsWith(`${user}:`));
      return line?.split(':')[1];
    } catch {
      return undefined;
    }
  };

  async start(): Promise<void> {
    this.#purgeSaveDirs();
    mkdirSync(join(this.#options.root, '/var/run/rpcd'), { recursive: true, mode: 0o700 });
    await this.#publish();
  }

  /** SIGHUP: plugins and acl.d are read again; sessions stay and get the new rights. A waiting apply is forgotten. */
  async reload(): Promise<void> {
    this.#withdraw();
    this.#apply.forget(true);
    this.#sessions.renewRights();
    await this.#publish();
  }

  /** Every session ends, and with it what it had pending. */
  async restart(): Promise<void> {
    this.#withdraw();
    this.#apply.forget(true);
    this.#sessions.reset();
    await this.start();
  }

  stop(): void {
    this.#withdraw();
    this.#apply.forget(true);
    this.#sessions.stop();
  }

  #purgeSaveDirs(): void {
    const dir = join(this.#options.root, '/var/run/rpcd');
    try {
      for (const name of readdirSync(dir)) if (name.startsWith('uci-')) purgeDir(join(dir, name));
    } catch {
      // Not made yet: nobody had a session.
    }
  }

  async #publish(): Promise<void> {
    const { root, onChange, reloadConfig, extra = [], pluginTimeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    const cursor = this.#cursor;
    const uci = new UciObject({ cursor, sessions: this.#sessions, apply: this.#apply, onChange, reloadConfig });
    const own = [new SessionObject(this.#sessions), uci, new FileObject(root, this.#sessions, pluginTimeoutMs)];
    for (const object of [...own, ...extra, ...(await loadPlugins(root, pluginTimeoutMs))]) {
      if (this.#bus.get(object.name)) continue;
      this.#bus.add(this.#limited(object));
      this.#published.push(object.name);
    }
  }

  #withdraw(): void {
    for (const name of this.#published) this.#bus.remove(name);
    this.#published = [];
  }

  /**
   * A reply of 1 MiB or more is never delivered: the caller hangs, and rpcd, still running, loses the bus with all its
   * objects until it is restarted. Nobody notices by himself.
   */
  #limited(object: UbusObject): UbusObject {
    const call = async (method: string, args: Args, caller: Caller): Promise<Reply> => {
      const reply = await object.call(method, args, caller);
      if (reply.data === undefined || Buffer.byteLength(renderJson(reply.data)) + 32 < MAX_MESSAGE_BYTES) return reply;
      this.#withdraw();
      return new Promise(() => {});
    };
    const { name, methods }: { name: string; methods: Methods } = object;
    return { name, methods, call };
  }
}

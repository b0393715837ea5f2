// `uci.apply` with rollback: commit now, put everything back unless the same session confirms in time.
import { chmodSync, copyFileSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INVALID_ARGUMENT, NO_DATA, OK, PERMISSION_DENIED } from '../bus.ts';
import type { Args, Code, Reply } from '../bus.ts';
import { readBool, readInt, readString } from './args.ts';
import { saveDirOf } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { Sessions } from './session.ts';

const SNAPSHOT_FILES = '/var/run/rpcd/snapshot-files';
const SNAPSHOT_DELTA = '/var/run/rpcd/snapshot-delta';
const DEFAULT_TIMEOUT_S = 60;

export type ApplyOptions = {
  root: string;
  cursor: Cursor;
  sessions: Sessions;
  /** Tells procd that a package changed; its triggers do the rest. */
  onChange: (config: string) => void;
};

export class Apply {
  /** The session whose apply waits for its confirm. It lives in memory: a restart forgets it and the change stays. */
  pendingSid: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #options: ApplyOptions;

  constructor(options: ApplyOptions) {
    this.#options = options;
  }

  call(method: string, args: Args): Reply {
    const sid = readString(args, 'ubus_rpc_session');
    if (method === 'apply') return { code: this.#apply(args, sid) };
    if (method === 'confirm' && sid === undefined) return { code: INVALID_ARGUMENT };
    if (this.pendingSid === undefined) return { code: NO_DATA };
    if (sid === undefined) return { code: INVALID_ARGUMENT };
    if (sid !== this.pendingSid) return { code: PERMISSION_DENIED };
    if (method === 'rollback') this.#rollback();
    else this.forget();
    return { code: OK };
  }

  #at(...path: string[]): string {
    return join(this.#options.root, ...path);
  }

  #apply(args: Args, sid: string | undefined): Code {
    const isRollback = readBool(args, 'rollback') ?? false;
    if (this.pendingSid !== undefined && isRollback) return PERMISSION_DENIED;
    if (sid === undefined) return INVALID_ARGUMENT;
    purgeDir(this.#at(SNAPSHOT_FILES));
    purgeDir(this.#at(SNAPSHOT_DELTA));
    // A second apply without rollback while one waits does nothing, and has just thrown the snapshot away.
    if (this.pendingSid !== undefined) return OK;
    const { cursor } = this.#options;
    cursor.use(sid);
    for (const dir of [SNAPSHOT_FILES, SNAPSHOT_DELTA]) mkdirSync(this.#at(dir), { mode: 0o700, recursive: true });
    const configs = this.#pendingConfigs(saveDirOf(sid));
    const denied = this.#accessCode(sid, configs);
    if (denied) return denied;
    if (isRollback) this.pendingSid = sid;
    for (const config of configs) {
      copyPrivately(this.#at('/etc/config', config), this.#at(SNAPSHOT_FILES, config));
      copyPrivately(this.#at(saveDirOf(sid), config), this.#at(SNAPSHOT_DELTA, config));
      this.#commit(config);
    }
    if (isRollback) this.#timer = setTimeout(() => this.#rollback(), (readInt(args, 'timeout') ?? DEFAULT_TIMEOUT_S) * 1000);
    return OK;
  }

  /** Packages with a delta that is not empty. */
  #pendingConfigs(dir: string): string[] {
    return filesOf(this.#at(dir)).filter((name) => (statSync(this.#at(dir, name), { throwIfNoEntry: false })?.size ?? 0) > 0);
  }

  #accessCode(sid: string, configs: string[]): Code {
    if (configs.some((config) => !this.#options.sessions.isAllowed(sid, 'uci', config, 'write'))) return PERMISSION_DENIED;
    return configs.length > 0 ? OK : NO_DATA;
  }

  #commit(config: string): void {
    const { cursor, onChange } = this.#options;
    const pkg = cursor.load(config);
    if (pkg) cursor.try(() => cursor.store.commit(pkg));
    onChange(config);
  }

  /**
   * Restores the files of the packages that were applied, nothing that a service derived from them elsewhere. The
   * changes come back as pending ones of the session when it still exists.
   */
  #rollback(): void {
    const sid = this.pendingSid ?? '';
    const configs = filesOf(this.#at(SNAPSHOT_FILES));
    const isSessionThere = configs.length > 0 && this.#accessCode(sid, configs) === OK;
    if (isSessionThere) mkdirSync(this.#at(saveDirOf(sid)), { mode: 0o700, recursive: true });
    this.#options.cursor.useDir('/dev/null');
    for (const config of configs) {
      overwrite(this.#at(SNAPSHOT_FILES, config), this.#at('/etc/config', config));
      this.#commit(config);
      if (isSessionThere) copyPrivately(this.#at(SNAPSHOT_DELTA, config), this.#at(saveDirOf(sid), config));
    }
    this.forget();
  }

  /** Ends the waiting: after a confirm, a rollback, or when rpcd ends. */
  forget(keepSnapshot = false): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.pendingSid = undefined;
    if (keepSnapshot) return;
    purgeDir(this.#at(SNAPSHOT_FILES));
    purgeDir(this.#at(SNAPSHOT_DELTA));
  }
}

function filesOf(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch {
    return [];
  }
}

/** Removes the files of a dir and the dir. */
export function purgeDir(dir: string): void {
  for (const name of filesOf(dir)) if (statSync(join(dir, name), { throwIfNoEntry: false })?.isFile()) unlinkSync(join(dir, name));
  if (lstatSync(dir, { throwIfNoEntry: false })?.isDirectory()) rmSync(dir, { recursive: true });
}

function copyPrivately(from: string, to: string): void {
  if (!statSync(from, { throwIfNoEntry: false })) return;
  copyFileSync(from, to);
  chmodSync(to, 0o600);
}

/** Into the same file, not a new one: mode and owner stay. */
function overwrite(from: string, to: string): void {
  writeFileSync(to, readFileSync(from));
}

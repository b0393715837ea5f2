// rpcd's sessions: login, rights, the sliding timeout, and the object `session`.
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Acl, grantFile } from '../acl.ts';
import type { LoginLists } from '../acl.ts';
import { INVALID_ARGUMENT, NOT_FOUND, OK, PERMISSION_DENIED } from '../bus.ts';
import type { Args, Methods, Reply, UbusObject } from '../bus.ts';
import { JsonError, parseJson } from '../json.ts';
import type { Json } from '../json.ts';
import type { Option, Section } from '../uci/model.ts';
import { Store } from '../uci/store.ts';
import { UciError } from '../uci/model.ts';
import { readArray, readInt, readString, readTable } from './args.ts';
import { isPasswordRight } from './password.ts';
import type { ShadowLookup } from './password.ts';

/** The session of everybody who has none; it may do what the group `unauthenticated` lists. */
export const NOBODY = '0'.repeat(32);
const DEFAULT_TIMEOUT_S = 300;
const MAX_TIMER_MS = 2 ** 31 - 1;

export type Session = { id: string; timeoutS: number; deadlineMs: number; timer?: NodeJS.Timeout; acl: Acl; data: Map<string, Json> };

export type SessionsOptions = { root: string; shadow: ShadowLookup };

export class Sessions {
  #sessions = new Map<string, Session>();
  #root: string;
  #shadow: ShadowLookup;
  /** Called with the id of a session that ends, so that its uci changes go with it. */
  onEnd: (id: string) => void = () => {};
  /** The session with an unconfirmed apply: its user gets it back at login, and with it the right to confirm. */
  applyingId: () => string | undefined = () => undefined;

  constructor({ root, shadow }: SessionsOptions) {
    this.#root = root;
    this.#shadow = shadow;
    this.reset();
  }

  /** What a restart of rpcd leaves: nobody but nobody. */
  reset(): void {
    for (const session of this.#sessions.values()) clearTimeout(session.timer);
    this.#sessions.clear();
    const nobody: Session = { id: NOBODY, timeoutS: 0, deadlineMs: 0, acl: this.#rightsOf(undefined), data: new Map() };
    this.#sessions.set(NOBODY, nobody);
  }

  /** What a reload does: sessions live on, with the rights that acl.d and the logins give now. */
  renewRights(): void {
    for (const session of this.#sessions.values()) {
      const user = session.data.get('username');
      const login = typeof user === 'string' ? this.#findLogin(user) : undefined;
      session.acl = session.id === NOBODY || login ? this.#rightsOf(login && listsOf(login)) : new Acl();
    }
  }

  stop(): void {
    for (const session of this.#sessions.values()) clearTimeout(session.timer);
  }

  create(timeoutS: number): Session {
    const session: Session = { id: randomBytes(16).toString('hex'), timeoutS, deadlineMs: 0, acl: new Acl(), data: new Map() };
    this.#sessions.set(session.id, session);
    this.#touch(session);
    return session;
  }

  /** Every use, a denied call too, puts the end off again. A timeout of 0 never ends. */
  #touch(session: Session): void {
    if (session.timeoutS <= 0) return;
    clearTimeout(session.timer);
    const ms = Math.min(session.timeoutS * 1000, MAX_TIMER_MS);
    session.deadlineMs = Date.now() + ms;
    session.timer = setTimeout(() => this.end(session.id), ms);
    session.timer.unref();
  }

  get(id: string): Session | undefined {
    const session = this.#sessions.get(id);
    if (session) this.#touch(session);
    return session;
  }

  all(): Session[] {
    return [...this.#sessions.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  end(id: string): void {
    const session = this.#sessions.get(id);
    if (!session) return;
    clearTimeout(session.timer);
    this.onEnd(id);
    this.#sessions.delete(id);
  }

  isAllowed(id: string, scope: string, object: string, func: string): boolean {
    return this.get(id)?.acl.isAllowed(scope, object, func) ?? false;
  }

  /** The session, 6 for a wrong user or password (never which), or undefined config. */
  login(username: string, password: string, timeoutS = DEFAULT_TIMEOUT_S): Session | undefined {
    const login = this.#findLogin(username, password);
    if (!login) return undefined;
    const applying = this.get(this.applyingId() ?? '');
    const session = applying?.data.get('username') === username ? applying : this.create(timeoutS);
    session.acl = this.#rightsOf(listsOf(login));
    session.data.set('username', username);
    return session;
  }

  #findLogin(username: string, password?: string): Section | undefined {
    try {
      return new Store({ root: this.#root })
        .load('rpcd')
        .sections.filter((section) => section.type === 'login' && textOf(section, 'username') === username)
        .find((section) => {
          const hash = textOf(section, 'password');
          return password === undefined || (hash !== undefined && isPasswordRight(hash, password, this.#shadow));
        });
    } catch (error) {
      if (error instanceof UciError) return undefined;
      throw error;
    }
  }

  #rightsOf(login: LoginLists): Acl {
    const acl = new Acl();
    const dir = join(this.#root, '/usr/share/rpcd/acl.d');
    for (const name of listJson(dir)) {
      try {
        grantFile(acl, parseJson(readFileSync(join(dir, name), 'utf8')), login);
      } catch (error) {
        if (!(error instanceof JsonError)) throw error;
      }
    }
    return acl;
  }
}

function listJson(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .sort();
  } catch {
    return [];
  }
}

const toText = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8');

function textOf(section: Section, name: string): string | undefined {
  const value = section.options.find((option: Option) => option.name === name)?.value;
  return typeof value === 'string' ? toText(value) : undefined;
}

function listsOf(section: Section): LoginLists {
  const list = (name: string) => section.options.filter((option) => option.name === name && Array.isArray(option.value)).flatMap((option) => option.value);
  return { read: list('read'), write: list('write') };
}

function describe(session: Session): Record<string, unknown> {
  const leftMs = session.timeoutS > 0 ? session.deadlineMs - Date.now() : 0;
  return {
    ubus_rpc_session: session.id,
    timeout: session.timeoutS,
    expires: Math.max(0, Math.floor(leftMs / 1000)),
    acls: session.acl.dump(),
    data: dataOf(session),
  };
}

function dataOf(session: Session): Record<string, Json> {
  return Object.fromEntries([...session.data].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const SID = { ubus_rpc_session: 'string' } as const;

export class SessionObject implements UbusObject {
  readonly name = 'session';
  readonly methods: Methods = {
    create: { timeout: 'int32' },
    list: SID,
    grant: { ...SID, scope: 'string', objects: 'array' },
    revoke: { ...SID, scope: 'string', objects: 'array' },
    access: { ...SID, scope: 'string', object: 'string', function: 'string' },
    set: { ...SID, values: 'table' },
    get: { ...SID, keys: 'array' },
    unset: { ...SID, keys: 'array' },
    destroy: SID,
    login: { username: 'string', password: 'string', timeout: 'int32' },
  };
  #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async call(method: string, args: Args): Promise<Reply> {
    if (method === 'create') return { code: OK, data: describe(this.#sessions.create(readInt(args, 'timeout') ?? DEFAULT_TIMEOUT_S)) };
    if (method === 'login') return this.#login(args);
    const sid = readString(args, 'ubus_rpc_session');
    if (method === 'list' && sid === undefined) return this.#listAll();
    if (sid === undefined) return { code: INVALID_ARGUMENT };
    if (method === 'set' && !readTable(args, 'values')) return { code: INVALID_ARGUMENT };
    if (method === 'destroy' && sid === NOBODY) return { code: PERMISSION_DENIED };
    const session = this.#sessions.get(sid);
    if (!session) return { code: NOT_FOUND };
    return this.#callOn(session, method, args);
  }

  #callOn(session: Session, method: string, args: Args): Reply {
    switch (method) {
      case 'list':
        return { code: OK, data: describe(session) };
      case 'access':
        return this.#access(session, args);
      case 'grant':
      case 'revoke':
        return changeRights(session, method, args);
      case 'set':
        for (const [key, value] of Object.entries(readTable(args, 'values') ?? {})) if (key) session.data.set(key, value);
        return { code: OK };
      case 'get':
        return { code: OK, data: { values: selected(session, readArray(args, 'keys')) } };
      case 'unset':
        for (const key of readArray(args, 'keys') ?? [...session.data.keys()]) session.data.delete(String(key));
        return { code: OK };
      default:
        this.#sessions.end(session.id);
        return { code: OK };
    }
  }

  #login(args: Args): Reply {
    const username = readString(args, 'username');
    const password = readString(args, 'password');
    if (username === undefined || password === undefined) return { code: INVALID_ARGUMENT };
    const session = this.#sessions.login(username, password, readInt(args, 'timeout'));
    return session ? { code: OK, data: describe(session) } : { code: PERMISSION_DENIED };
  }

  /** Without a session all are sent, one message each; a caller who takes one reply sees them run together. */
  #listAll(): Reply {
    const messages = this.#sessions.all().map(describe);
    return { code: OK, data: Object.assign({}, ...messages), messages };
  }

  #access(session: Session, args: Args): Reply {
    const object = readString(args, 'object');
    const func = readString(args, 'function');
    if (object === undefined || func === undefined) return { code: OK, data: session.acl.dump() };
    return { code: OK, data: { access: session.acl.isAllowed(readString(args, 'scope') ?? 'ubus', object, func) } };
  }
}

function selected(session: Session, keys: Json[] | undefined): Record<string, Json> {
  if (!keys) return dataOf(session);
  return Object.fromEntries(keys.filter((key) => session.data.has(String(key))).map((key) => [String(key), session.data.get(String(key)) ?? null]));
}

function changeRights(session: Session, method: 'grant' | 'revoke', args: Args): Reply {
  const scope = readString(args, 'scope') ?? 'ubus';
  const objects = readArray(args, 'objects');
  if (!objects) {
    if (method === 'grant') return { code: INVALID_ARGUMENT };
    session.acl.revoke(scope);
    return { code: OK };
  }
  for (const pair of objects) {
    const [object, func] = Array.isArray(pair) ? pair.filter((item) => typeof item === 'string') : [];
    if (object === undefined || func === undefined) continue;
    if (method === 'grant') session.acl.grant(scope, object, func);
    else session.acl.revoke(scope, object, func);
  }
  return { code: OK };
}

// The bus: what ubusd is to OpenWrt. Objects with methods, calls by name, and broadcast events.

/** ubus status numbers: 0 ok, 1 invalid command, 2 invalid argument, 3 method not found, 4 not found, 5 no data, 6 permission denied, 7 timeout, 8 not supported, 9 unknown error. */
export type Code = number;

export const OK = 0;
export const INVALID_COMMAND = 1;
export const INVALID_ARGUMENT = 2;
export const METHOD_NOT_FOUND = 3;
export const NOT_FOUND = 4;
export const NO_DATA = 5;
export const PERMISSION_DENIED = 6;
export const TIMEOUT = 7;
export const NOT_SUPPORTED = 8;
export const UNKNOWN_ERROR = 9;

/**
 * A method's answer. No `data` is a method without reply data, which is not the same as an empty table. A method may send
 * several messages: over HTTP they are one table (`data`), the command line prints each.
 */
export type Reply = { code: Code; data?: Record<string, unknown>; messages?: Record<string, unknown>[] };

/** The argument types an object announces, as `ubus -v list` and rpcd's `list` spell them. */
export type ArgType = 'string' | 'int8' | 'int16' | 'int32' | 'int64' | 'double' | 'bool' | 'table' | 'array' | 'unknown';

export type Args = Record<string, unknown>;

/** Who calls: `sid` is the rpcd session of a call that came over HTTP; the CLI has none. */
export type Caller = { sid?: string };

export type Methods = Record<string, Record<string, ArgType>>;

export interface UbusObject {
  readonly name: string;
  readonly methods: Methods;
  call(method: string, args: Args, caller: Caller): Promise<Reply>;
}

export type Listener = (event: string, data: Record<string, unknown>) => void;

/** Matches as ubusd does: `*` alone is everything, a trailing `*` is a prefix, anything else is the exact name. */
export function isMatch(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

export class Bus {
  #objects = new Map<string, UbusObject>();
  #listeners = new Set<{ pattern: string; fn: Listener }>();

  /** Publishes an object and tells `ubus.object.add`. A name is published once: a second one throws. */
  add(object: UbusObject): void {
    if (this.#objects.has(object.name)) throw new Error(`ubus object ${object.name} is there already`);
    this.#objects.set(object.name, object);
    this.send('ubus.object.add', { id: this.idOf(object.name), path: object.name });
  }

  /** Withdraws an object and tells `ubus.object.remove`; an unknown name is nothing. */
  remove(name: string): void {
    if (!this.#objects.has(name)) return;
    const id = this.idOf(name);
    this.#objects.delete(name);
    this.#ids.delete(name);
    this.send('ubus.object.remove', { id, path: name });
  }

  /** The objects whose name matches, sorted by name as ubusd's tree is. */
  list(pattern = '*'): UbusObject[] {
    return [...this.#objects.values()].filter((object) => isMatch(pattern, object.name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): UbusObject | undefined {
    return this.#objects.get(name);
  }

  /**
   * Calls a method. An unknown object answers 4, an unknown method 3; a throw inside the object is a bug of the
   * stand-in and is passed on.
   */
  async call(object: string, method: string, args: Args = {}, caller: Caller = {}): Promise<Reply> {
    const target = this.#objects.get(object);
    if (!target) return { code: NOT_FOUND };
    if (!Object.hasOwn(target.methods, method)) return { code: METHOD_NOT_FOUND };
    return target.call(method, args, caller);
  }

  /** Broadcasts an event to everybody who listens to a matching pattern. */
  send(event: string, data: Record<string, unknown>): void {
    for (const { pattern, fn } of [...this.#listeners]) if (isMatch(pattern, event)) fn(event, data);
  }

  /** Listens; the returned function stops it. */
  on(pattern: string, fn: Listener): () => void {
    const listener = { pattern, fn };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #ids = new Map<string, number>();
  #nextId = 0x1a2b3c4d;

  /** ubusd gives each object a random 32-bit id; ours only need to be stable and distinct. */
  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#nextId = (Math.imul(this.#nextId, 1103515245) + 12345) >>> 0;
    this.#ids.set(name, this.#nextId);
    return this.#nextId;
  }
}

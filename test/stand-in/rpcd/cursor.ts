// rpcd's one uci user: the error of its last step is the status that a call may end with.
import { INVALID_ARGUMENT, NOT_FOUND, OK, UNKNOWN_ERROR } from '../bus.ts';
import type { Code } from '../bus.ts';
import { resolve } from '../uci/change.ts';
import type { Pointer } from '../uci/change.ts';
import { UciError, isName } from '../uci/model.ts';
import type { Bytes, Package, UciCode } from '../uci/model.ts';
import { Store } from '../uci/store.ts';
import { wireType } from './args.ts';

export const toBytes = (text: string): Bytes => Buffer.from(text, 'utf8').toString('latin1');
export const toText = (bytes: Bytes): string => Buffer.from(bytes, 'latin1').toString('utf8');

const STATUS: Partial<Record<UciCode, Code>> = { inval: INVALID_ARGUMENT, notfound: NOT_FOUND };

export class Cursor {
  store: Store;
  #error: UciCode | undefined;
  #root: string;

  constructor(root: string) {
    this.#root = root;
    this.store = new Store({ root, umask: 0o077 });
  }

  /** Deltas of a session live in a dir of its own; a local caller without a session shares /tmp/.uci with the CLI. */
  use(sid: string | undefined): void {
    this.useDir(sid === undefined ? '/tmp/.uci' : saveDirOf(sid));
  }

  useDir(dir: string): void {
    this.store = new Store({ root: this.#root, umask: 0o077 });
    this.store.deltaDirs = [dir];
    this.store.saveDir = dir;
  }

  /** Runs one step of libuci; false when it failed. The status is that of the last step, so a later one wipes the failure out. */
  try(step: () => void): boolean {
    this.#error = undefined;
    try {
      step();
      return true;
    } catch (error) {
      if (!(error instanceof UciError)) throw error;
      this.#error = error.code;
      return false;
    }
  }

  load(name: string): Package | undefined {
    let pkg: Package | undefined;
    this.try(() => {
      pkg = this.store.load(toBytes(name));
    });
    return pkg;
  }

  /** Every call that loaded a package unloads it at the end, and that step always succeeds: what failed in between, a save on a full disk too, is answered with 0. */
  save(pkg: Package): void {
    this.try(() => this.store.save(pkg));
  }

  get status(): Code {
    return this.#error === undefined ? OK : (STATUS[this.#error] ?? UNKNOWN_ERROR);
  }

  /** Looks up section and option; false only for a malformed `@...`. Names that do not exist leave the pointer incomplete. */
  lookup(pointer: Pointer, pkg: Package): boolean {
    pointer.extended = pointer.section?.startsWith('@') ?? false;
    return this.try(() => resolve(pointer, pkg));
  }
}

export function saveDirOf(sid: string): string {
  return `/var/run/rpcd/uci-${sid}`;
}

/** A value as text: whole numbers UNSIGNED (so -3 becomes 4294967293), booleans as 1 and 0; undefined for anything else. */
export function toValue(value: unknown): Bytes | undefined {
  switch (wireType(value)) {
    case 'string':
      return toBytes(value as string);
    case 'int8':
      return value ? '1' : '0';
    case 'int32':
      return String((value as number) >>> 0);
    case 'int64':
      return String(BigInt.asUintN(64, BigInt(value as number | bigint)));
    default:
      return undefined;
  }
}

/** A section's name, or `@type[index]` with dashes allowed in the type. */
export function isSectionName(text: string): boolean {
  return isName(text) || /^@[A-Za-z0-9_-]*\[\s*[+-]?\d+\]$/.test(text);
}

export function isTypeName(text: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(text);
}

// Packages on disk: the config dir, the delta dirs, and what load, save, commit and revert do to the files.
import { constants, closeSync, chmodSync, fchmodSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { realpathSync, renameSync, statSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { applyDelta, filterDelta, renderDelta } from './delta.ts';
import { parseFile, renderFile } from './file.ts';
import type { ParseOptions } from './file.ts';
import { parsePointer, resolve } from './change.ts';
import type { Pointer } from './change.ts';
import { UciError, isType } from './model.ts';
import type { Bytes, Package } from './model.ts';

export type StoreOptions = {
  /** Put before every path: where the stand-in's `/` is. */
  root?: string;
  /** Taken from the mode of new files and dirs; rpcd runs with 0077. */
  umask?: number;
};

/** One user of uci: a process of the CLI, or rpcd's cursor. */
export class Store {
  configDir = '/etc/config';
  overrideDir = '/var/run/uci';
  saveDir = '/tmp/.uci';
  /** Where deltas are looked for, in order. `-t` adds a dir and the default one STAYS: a private save dir hides nothing of what others left in /tmp/.uci. */
  deltaDirs = ['/tmp/.uci'];
  strict = true;
  onParseError: ((error: UciError) => void) | undefined;
  readonly #root: string;
  readonly #umask: number;

  constructor(options: StoreOptions = {}) {
    this.#root = options.root ?? '/';
    this.#umask = options.umask ?? 0o022;
  }

  at(path: string): string {
    return join(this.#root, path);
  }

  setSaveDir(dir: string): void {
    this.deltaDirs = [...this.deltaDirs.filter((other) => other !== dir), dir];
    this.saveDir = dir;
  }

  /** `-p`: searched before the save dir, never written to or emptied. */
  addDeltaDir(dir: string): void {
    if (!this.deltaDirs.includes(dir)) this.deltaDirs.splice(-1, 0, dir);
  }

  /** Package names of the config dir, sorted; a name with a dot is none. */
  list(): string[] {
    let names: string[];
    try {
      names = readdirSync(this.at(this.configDir), { withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => entry.name);
    } catch {
      throw new UciError('notfound');
    }
    return names.filter((name) => !name.includes('.') && isType(name)).sort();
  }

  #pathOf(name: string): string {
    if (!isType(name)) throw new UciError('inval');
    const override = join(this.overrideDir, name);
    return isThere(this.at(override)) ? override : `${this.configDir}/${name}`;
  }

  /** Loads a package with the deltas of all delta dirs applied. A path (`/x/y`, `./x`) names a file outside, which has no deltas. */
  load(name: string): Package {
    const isPath = name.startsWith('/') || name.startsWith('./');
    if (name.startsWith('.') && !isPath) throw new UciError('notfound');
    const path = isPath ? name : this.#pathOf(name);
    const text = readRegular(this.at(path));
    const pkg = this.#parse(text, { name: isPath ? (name.split('/').at(-1) ?? name) : name });
    pkg.path = path;
    pkg.hasDelta = !isPath;
    if (pkg.hasDelta) this.#applyDeltas(pkg);
    return pkg;
  }

  #parse(text: Bytes, options: ParseOptions): Package {
    return this.parseAll(text, options)[0] as Package;
  }

  parseAll(text: Bytes, options: ParseOptions): Package[] {
    const parse: ParseOptions = { strict: this.strict, ...options };
    if (this.onParseError) parse.onError = this.onParseError;
    return parseFile(text, parse);
  }

  #applyDeltas(pkg: Package): number {
    return this.deltaDirs.reduce((sum, dir) => sum + applyDelta(readOrNothing(this.at(join(dir, pkg.name))), pkg), 0);
  }

  /** Parses a tuple and looks it up; `complete` says whether all of it exists. */
  lookup(tuple: Bytes): Pointer {
    const pointer = parsePointer(tuple);
    return resolve(pointer, this.load(pointer.package));
  }

  /** Appends the package's unsaved changes to its file in the save dir, which is made like the config dir when missing. */
  save(pkg: Package): void {
    if (!pkg.hasDelta) {
      this.#replace(pkg);
      return;
    }
    if (pkg.delta.length === 0) return;
    this.#makeSaveDir();
    const fd = this.#openLike(this.at(join(this.saveDir, pkg.name)), pkg.name, constants.O_APPEND);
    try {
      writeIgnoringErrors(fd, pkg.delta.map((delta) => renderDelta(pkg.name, delta)).join(''));
    } finally {
      closeSync(fd);
    }
    pkg.delta = [];
  }

  #makeSaveDir(): void {
    const dir = this.at(this.saveDir);
    if (isThere(dir)) {
      if (!statSync(dir).isDirectory()) throw new UciError('io');
      return;
    }
    const model = this.at(this.configDir);
    const mode = isThere(model) ? statSync(model).mode & 0o7777 : 0o700;
    try {
      mkdirSync(dir);
      chmodSync(dir, mode & ~this.#umask);
    } catch {
      // A dir that can't be made shows when the file in it is opened.
    }
  }

  /** Opens for writing; a new file gets the mode of the config file of that name, so that a delta of a secret is as hidden as the config. */
  #openLike(path: string, name: string, flags = 0): number {
    const model = this.at(join(this.configDir, name));
    const isNew = !isThere(path);
    const mode = isThere(model) ? statSync(model).mode & 0o7777 : 0o600;
    try {
      const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | flags, 0o600);
      if (isNew) fchmodSync(fd, mode & ~this.#umask);
      return fd;
    } catch {
      throw new UciError('io');
    }
  }

  /**
   * Writes the package with ALL deltas of the delta dirs, everybody's, and empties the save dir's own file. Without a
   * change the file is not touched. The order is the real one: the delta is emptied first, then the new file takes the
   * old one's place, so a failure there loses the change.
   */
  commit(pkg: Package): void {
    if (!pkg.path) throw new UciError('inval');
    closeSync(this.#openLike(this.at(pkg.path), pkg.name));
    if (!pkg.hasDelta) {
      this.#replace(pkg);
      return;
    }
    this.save(pkg);
    const fresh = this.#parse(readRegular(this.at(pkg.path)), { name: pkg.name });
    Object.assign(fresh, { path: pkg.path, hasDelta: true });
    if (this.#applyDeltas(fresh) === 0) return;
    this.#emptyDelta(pkg.name);
    this.#replace(fresh);
  }

  /** `uci import`: the package becomes the file, whatever was there; pending deltas stay. */
  overwrite(pkg: Package): void {
    pkg.path ??= this.#pathOf(pkg.name);
    closeSync(this.#openLike(this.at(pkg.path), pkg.name));
    this.#replace(pkg);
  }

  #emptyDelta(name: string): void {
    const path = this.at(join(this.saveDir, name));
    if (!isThere(path)) return;
    try {
      const fd = openSync(path, 'r+');
      ftruncateSync(fd, 0);
      closeSync(fd);
    } catch {
      throw new UciError('io');
    }
  }

  /**
   * A temporary file beside the config, renamed over it: mode kept, owner not, always a new inode. Nobody looks whether
   * the write worked: on a full file system the config ends up empty, with success.
   */
  #replace(pkg: Package): void {
    const path = pkg.path ?? this.#pathOf(pkg.name);
    const temporary = this.at(join(this.configDir, `.${pkg.name}.uci-${randomBytes(3).toString('hex')}`));
    try {
      const fd = openSync(temporary, 'wx', 0o600);
      writeIgnoringErrors(fd, renderFile(pkg));
      tryTo(() => fsyncSync(fd));
      closeSync(fd);
    } catch {
      throw new UciError('io');
    }
    try {
      const target = realpathSync(this.at(path));
      chmodSync(temporary, statSync(target).mode & 0o7777);
      renameSync(temporary, target);
    } catch {
      tryTo(() => unlinkSync(temporary));
      throw new UciError('io');
    }
  }

  /** Drops pending changes from the save dir's file: everybody's, for it does not know whose they are. */
  revert(pointer: Pointer): void {
    if (!pointer.p?.hasDelta) throw new UciError('inval');
    const path = this.at(join(this.saveDir, pointer.p.name));
    if (!isThere(path)) return;
    const kept = filterDelta(readOrNothing(path), pointer.p.name, pointer.section, pointer.option);
    if (kept !== undefined) writeFileSync(path, kept, 'latin1');
  }
}

function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

function tryTo(action: () => void): void {
  try {
    action();
  } catch {
    // The caller has nothing better to do, as the real one.
  }
}

function readRegular(path: string): Bytes {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new UciError('notfound');
  try {
    return readFileSync(path, 'latin1');
  } catch {
    throw new UciError('io');
  }
}

/** Nothing also below a path that is no directory: rpcd's rollback takes /dev/null for a save dir, so as to see no deltas. */
function readOrNothing(path: string): Bytes {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'latin1') : '';
  } catch {
    return '';
  }
}

/** Like stdio without a look at the result: block by block, each may fail on its own. */
function writeIgnoringErrors(fd: number, text: Bytes): void {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += 4096) tryTo(() => writeSync(fd, bytes, at, Math.min(4096, bytes.length - at)));
}

// Files in memory: text, mode, inode, time, symbolic links, and a flash that may have no room left or lose its power.
import type { FileError, FileFacts } from '../../agent/src/system.ts';

/** Bytes that are no text are kept as `latin1`, a character each. */
type FileNode = { kind: 'file'; text: string; encoding: 'utf8' | 'latin1'; mode: number; inode: number; mtimeMs: number };
type Node = FileNode | { kind: 'link'; target: string } | { kind: 'directory'; mode: number };

/** A file at a moment; `isSynced` where its content was on the flash before it took its name. */
type Version = { node: Node | undefined; isSynced: boolean };

export const bytesOf = (text: string): number => Buffer.byteLength(text);
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** Only what lies below /etc is on the flash; everything else is RAM, which a reboot forgets. */
const isFlash = (path: string): boolean => path.startsWith('/etc/');

export class Files {
  /** What the flash holds at most, in bytes of file content. */
  flashBytes = Number.POSITIVE_INFINITY;
  #nodes = new Map<string, Node>([['/', { kind: 'directory', mode: 0o755 }]]);
  /** Of each file on the flash what it was before, newest last, since everything was last known to be there for good. */
  #unsafe = new Map<string, Version[]>();
  #inodes = 100;
  #nowMs = 1_700_000_000_000;

  read(path: string): string | undefined {
    const node = this.#nodes.get(path);
    if (node?.kind === 'directory') return ''; // it can be opened; only reading fails
    return node?.kind === 'file' ? node.text : undefined;
  }

  modeOf(path: string): number | undefined {
    const node = this.#nodes.get(path);
    return node?.kind === 'file' || node?.kind === 'directory' ? node.mode : undefined;
  }

  stat(path: string): FileFacts | undefined {
    const node = this.#nodes.get(path);
    if (!node) return undefined;
    if (node.kind !== 'file') return { kind: node.kind === 'directory' ? 'directory' : 'other', size: 0, inode: 1, mtimeMs: 0, mode: 0o755 };
    return { kind: 'file', size: Buffer.byteLength(node.text, node.encoding), inode: node.inode, mtimeMs: node.mtimeMs, mode: node.mode };
  }

  /** Room for a new file while the old one still stands, as an atomic replacement needs it. */
  hasRoom(path: string, text: string): boolean {
    if (!isFlash(path)) return true;
    const used = [...this.#nodes].reduce((sum, [name, node]) => sum + (isFlash(name) && node.kind === 'file' ? bytesOf(node.text) : 0), 0);
    return used + bytesOf(text) <= this.flashBytes;
  }

  #note(path: string, next: Version): void {
    if (!isFlash(path)) return;
    const versions = this.#unsafe.get(path) ?? [{ node: this.#nodes.get(path), isSynced: true }];
    this.#unsafe.set(path, [...versions, next]);
  }

  /** Always a new inode, as after a rename. A missing directory is an error, as it would be. `isSynced`: fsync came before, also of all that was done earlier. */
  write(path: string, text: string, mode: number, isSynced = false): FileError | undefined {
    if (this.#nodes.get(parentOf(path))?.kind !== 'directory') return { path, reason: 'No such file or directory' };
    if (!this.hasRoom(path, text)) return { path, reason: 'No space left on device' };
    this.#nowMs += 1000;
    if (isSynced) this.sync();
    const node: Node = { kind: 'file', text, encoding: 'utf8', mode, inode: ++this.#inodes, mtimeMs: this.#nowMs };
    this.#note(path, { node, isSynced });
    this.#nodes.set(path, node);
    return undefined;
  }

  /** In RAM only: the same inode, made where it is missing. */
  append(path: string, text: string, mode: number): FileError | undefined {
    const node = this.#nodes.get(path);
    if (node?.kind !== 'file') return this.write(path, text, mode);
    this.#nodes.set(path, { ...node, text: node.text + text });
    return undefined;
  }

  readBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
    const node = this.#nodes.get(path);
    return node?.kind === 'file' ? new Uint8Array(Buffer.from(node.text, node.encoding)) : undefined;
  }

  writeBytes(path: string, bytes: Uint8Array, mode: number): FileError | undefined {
    const failed = this.write(path, '', mode);
    const node = this.#nodes.get(path);
    if (!failed && node?.kind === 'file') this.#nodes.set(path, { ...node, text: Buffer.from(bytes).toString('latin1'), encoding: 'latin1' });
    return failed;
  }

  /** In place, in a file that is there; one that is too short grows, as files do. */
  writeAt(path: string, offset: number, bytes: Uint8Array): FileError | undefined {
    const [node, old] = [this.#nodes.get(path), this.readBytes(path)];
    if (node?.kind !== 'file' || !old) return { path, reason: 'No such file or directory' };
    const whole = Buffer.alloc(Math.max(old.length, offset + bytes.length));
    whole.set(old);
    whole.set(bytes, offset);
    this.#nodes.set(path, { ...node, text: whole.toString('latin1'), encoding: 'latin1' });
    return undefined;
  }

  remove(path: string): void {
    if (this.#nodes.has(path)) this.#note(path, { node: undefined, isSynced: true });
    this.#nodes.delete(path);
  }

  makeDirectory(path: string, mode: number): void {
    if (this.#nodes.has(path)) return;
    this.makeDirectory(parentOf(path), 0o755);
    this.#nodes.set(path, { kind: 'directory', mode });
  }

  list(directory: string): string[] {
    return [...this.#nodes.keys()]
      .filter((path) => path !== '/' && parentOf(path) === directory)
      .map((path) => path.slice(path.lastIndexOf('/') + 1))
      .toSorted();
  }

  createLink(target: string, path: string): boolean {
    if (this.#nodes.has(path) || !this.#nodes.has(parentOf(path))) return false;
    this.#nodes.set(path, { kind: 'link', target });
    return true;
  }

  readLink(path: string): string | undefined {
    const node = this.#nodes.get(path);
    return node?.kind === 'link' ? node.target : undefined;
  }

  rename(from: string, to: string): FileError | undefined {
    const node = this.#nodes.get(from);
    if (!node) return { path: from, reason: 'No such file or directory' };
    this.#nodes.set(to, node);
    this.#nodes.delete(from);
    return undefined;
  }

  /** Every file's path and text. */
  all(): Map<string, string> {
    return new Map([...this.#nodes].flatMap(([path, node]) => (node.kind === 'file' ? [[path, node.text] as const] : [])));
  }

  /** All that was done is on the flash for good, as it is some seconds later. */
  sync(): void {
    this.#unsafe.clear();
  }

  /**
   * The power fails: a name stands for what it stood for at any moment since the last fsync, whatever the others do,
   * and content without an fsync of its own is whole, cut or missing. `below` chooses.
   */
  cutPower(below: (limit: number) => number): void {
    for (const [path, versions] of this.#unsafe) {
      const { node, isSynced } = versions[below(versions.length)] as Version;
      if (!node) this.#nodes.delete(path);
      else if (node.kind !== 'file' || isSynced) this.#nodes.set(path, node);
      else this.#nodes.set(path, { ...node, text: node.text.slice(0, [node.text.length, 0, below(node.text.length + 1)][below(3)]) });
    }
    this.sync();
    this.forgetRam();
  }

  /** A reboot: only the flash stays. */
  forgetRam(): void {
    for (const path of [...this.#nodes.keys()]) if (path.startsWith('/tmp/') || path.startsWith('/var/')) this.#nodes.delete(path);
  }
}

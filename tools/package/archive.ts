// Tar archives that come out the same, byte for byte, whoever builds them and when.
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** `path` is absolute on the router; `content` is a file's, `target` a symbolic link's; neither makes a directory. */
export type Entry = { path: string; mode: number; content?: Buffer; target?: string };

const ROOT = { uid: 0, gid: 0, uname: 'root', gname: 'root' };

/** Sorted, with every directory on the way to an entry, so that none is left to opkg's umask. */
export function withParents(entries: readonly Entry[]): Entry[] {
  const all = new Map<string, Entry>();
  for (const entry of entries) {
    const parts = entry.path.split('/').slice(0, -1);
    for (let count = 1; count <= parts.length; count++) {
      const path = parts.slice(0, count).join('/') || '/';
      if (!all.has(path)) all.set(path, { path, mode: 0o755 });
    }
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** A gzipped tar of `entries` in their order: root-owned, all with one modification time. */
export async function toTarball(entries: readonly Entry[], mtime: Date): Promise<Buffer> {
  const archive = pack();
  for (const { path, mode, content, target } of entries) {
    const header = { ...ROOT, name: path === '/' ? './' : `.${path}`, mode, mtime };
    if (target !== undefined) archive.entry({ ...header, type: 'symlink', linkname: target });
    else if (content) archive.entry({ ...header, size: content.length }, content);
    else archive.entry({ ...header, type: 'directory' });
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks), { level: 9, memLevel: 9 });
}

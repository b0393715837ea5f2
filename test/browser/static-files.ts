// Files as uhttpd serves them from what the packages install, and a host page as LuCI's dispatcher makes it.
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

const root = join(import.meta.dirname, '../..');
const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };

/** Where paths that begin so lie in the project; the first that fits counts. */
export type Folders = readonly (readonly [prefix: string, folder: string])[];

/** LuCI itself, which no package of ours brings. */
export const luciHost: Folders = [['/luci/', 'test/browser/fixtures/luci/']];

export const isBelow = (folders: Folders, path: string): boolean => folders.some(([prefix]) => path.startsWith(prefix));

export async function sendFile(response: ServerResponse, folders: Folders, path: string): Promise<void> {
  const folder = folders.find(([prefix]) => path.startsWith(prefix));
  const name = normalize(folder ? path.slice(folder[0].length) : '..');
  if (!folder || name.startsWith('..')) return void response.writeHead(404).end();
  const file = join(root, folder[1], name === '.' ? 'index.html' : name);
  try {
    const body = await readFile(file);
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

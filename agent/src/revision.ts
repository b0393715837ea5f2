// A name for the present content of the configuration file that tells nothing of the secrets in it.
import { CONFIG_FILE } from './owned.ts';
import type { System } from './system.ts';

/** uci commits a new file each time, so inode, time and size name a content; a hash would let a reader try passwords. */
export function readRevision(system: System): string {
  const facts = system.stat(CONFIG_FILE);
  return facts ? [facts.inode, facts.mtimeMs, facts.size].map((part) => Math.round(part).toString(36)).join('-') : 'none';
}

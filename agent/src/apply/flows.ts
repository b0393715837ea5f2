// Connections of a link that went away: ended at once, and nobody else's, so that clients need not wait for a timeout.
import { HEX_MASK, hexMark, RUN_DIRECTORY } from '../owned.ts';
import type { Link } from '../plan/members.ts';
import type { System } from '../system.ts';

/** One file a link, with the addresses that its connections have; in RAM, as the connections are. */
const DIRECTORY = `${RUN_DIRECTORY}/addresses`;
/** OpenWrt's kernel ends the connections of an address that is written here; others only let it be read. */
const TABLE = '/proc/net/nf_conntrack';
const CONNTRACK = ['/usr/sbin/conntrack', '/sbin/conntrack'];

const notePath = (link: string): string => `${DIRECTORY}/${link}`;

function note(system: System, link: string, addresses: readonly string[]): void {
  const text = addresses.join('\n');
  if (system.readFile(notePath(link)) === text) return;
  system.makeDirectory(DIRECTORY, 0o700);
  system.writeFile(notePath(link), text, 0o600);
}

/**
 * Ends what still has an address that its link has lost. `alive` has the addresses of each link that carries traffic, `others`
 * those that are in use by interfaces that are no links, `links` all links there are. Returns how many links lost theirs.
 */
export function endLostFlows(system: System, links: readonly Link[], alive: ReadonlyMap<string, readonly string[]>, others: readonly string[]): number {
  const inUse = new Set([...[...alive.values()].flat(), ...others]);
  let ended = 0;
  for (const name of system.listDirectory(DIRECTORY)) {
    const lost = (system.readFile(notePath(name)) ?? '').split('\n').filter((address) => address !== '' && !inUse.has(address));
    if (lost.length > 0) {
      end(system, lost, links.find((link) => link.name === name)?.slot);
      ended++;
    }
    if (!alive.has(name)) system.removeFile(notePath(name));
  }
  for (const [name, addresses] of alive) note(system, name, addresses);
  return ended;
}

function end(system: System, addresses: readonly string[], slot: number | undefined): void {
  if (addresses.every((address) => system.writeSetting(TABLE, `${address}\n`) === undefined)) return;
  // By the link's mark, which no other's connections have; a link that is gone from the configuration has none to go by.
  if (slot !== undefined && CONNTRACK.some((path) => system.stat(path) !== undefined)) system.run(['conntrack', '-D', '-m', `${hexMark(slot)}/${HEX_MASK}`]);
}

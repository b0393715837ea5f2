// Macvlans that a netifd left behind when it ended: its successor can't make its own in their place and gives up on the link.
import type { Problem } from '../contract/index.ts';
import { readIfindex } from '../observe/files.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import type { Link } from '../plan/members.ts';
import { macvlanName } from '../plan/sections.ts';
import type { System } from '../system.ts';
import { failed } from './kernel.ts';

/** netifd's word for a device that it could not make or get. Nothing but an `up` makes it try again. */
const CLAIM_FAILED = 'DEVICE_CLAIM_FAILED';

/**
 * `/etc/init.d/network restart` ends netifd one second after everything went down. A session that still hangs up then
 * keeps its macvlan, and the kernel refuses a second one of that name. These are the links that wait for that in vain.
 */
export function findLeftovers(system: System, links: readonly Link[], interfaces: readonly NetifdInterface[]): Link[] {
  // A link that is pending has its device, whatever error is still told of it.
  const isStuck = (link: Link): boolean =>
    link.line !== undefined &&
    readIfindex(system, macvlanName(link.name)) !== undefined &&
    interfaces.some((entry) => entry.name === link.interface && !entry.up && !entry.pending && entry.autostart && entry.reason?.code === CLAIM_FAILED);
  return links.filter(isStuck);
}

/** Frees those links; returns what failed. */
export function clearLeftovers(system: System, stuck: readonly Link[]): Problem[] {
  return stuck.flatMap((link): Problem[] => {
    const deleted = system.run(['ip', 'link', 'del', 'dev', macvlanName(link.name)]);
    if (deleted.exit !== 0) return [failed(deleted)];
    const asked = system.run(['ubus', '-t', '10', 'call', `network.interface.${link.interface}`, 'up']);
    return asked.exit === 0 ? [] : [failed(asked)];
  });
}

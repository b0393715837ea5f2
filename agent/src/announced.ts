// Devices whose ifup has been through hotplug. netifd says "up" seconds before that when many events queue, and until
// then the firewall, whose script runs before ours, knows no such device: what the LAN sent by it would be rejected.
import { readIfindex } from './observe/files.ts';
import { RUN_DIRECTORY } from './owned.ts';
import type { System } from './system.ts';

const DIRECTORY = `${RUN_DIRECTORY}/announced`;
const ifindexOf = (system: System, device: string): string | undefined => readIfindex(system, device)?.toString();

/** Notes an ifup, by the ifindex: after a redial the same name is another device. A name that is no device is no event. */
export function announce(system: System, action: string, device: string): void {
  const ifindex = ifindexOf(system, device);
  if (action !== 'ifup' || ifindex === undefined || system.readFile(`${DIRECTORY}/${device}`) === ifindex) return;
  system.makeDirectory(DIRECTORY, 0o700);
  system.writeFile(`${DIRECTORY}/${device}`, ifindex, 0o600);
}

export function isAnnounced(system: System, device: string): boolean {
  const ifindex = ifindexOf(system, device);
  return ifindex !== undefined && system.readFile(`${DIRECTORY}/${device}`) === ifindex;
}

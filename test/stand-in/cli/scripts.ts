// The files a router has and the stand-in brings: its commands, rc.common, and init scripts of the services that live in it.
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Services that the resident process plays. */
export const RESIDENT_SERVICES = ['dnsmasq', 'firewall', 'log', 'network', 'odhcpd', 'rpcd', 'uhttpd'];

/** Where each file of test/stand-in/files goes. */
const PLACES: Record<string, string[]> = {
  client: ['bin/uci', 'bin/ubus', 'usr/bin/logger', 'sbin/logread', 'sbin/stand-in'],
  reload_config: ['sbin/reload_config'],
  ifup: ['sbin/ifup', 'sbin/ifdown'],
  'rc.common': ['etc/rc.common'],
  'functions.sh': ['lib/functions.sh'],
  network: ['etc/init.d/network'],
  service: RESIDENT_SERVICES.filter((name) => name !== 'network').map((name) => `etc/init.d/${name}`),
  '20-firewall': ['etc/hotplug.d/iface/20-firewall'],
  fw4: ['sbin/fw4'],
  reboot: ['sbin/reboot'],
  boot: ['etc/init.d/boot'],
  sysctl: ['etc/init.d/sysctl'],
  done: ['etc/init.d/done'],
};

/**
 * What the image enables: the order of a boot. Settings come before the network, and the firewall stands before the first
 * interface is up, with zones that are still empty: each ifup then loads it anew. netifd is the last to go down.
 */
const ENABLED = [
  ...['S10boot', 'S11sysctl', 'S12log', 'S12rpcd', 'S19dnsmasq', 'S19firewall', 'S20network', 'S35odhcpd', 'S50uhttpd', 'S95done'],
  ...['K89log', 'K90network'],
];

export type InstallOptions = {
  root: string;
  /** Where the resident process takes calls. */
  port: number;
  /** Directory with the files above. */
  files: string;
};

/** Lays the files down; what stands in their place (the host's own logger, in a guest) is replaced there. */
export function installScripts({ root, port, files }: InstallOptions): void {
  for (const [name, places] of Object.entries(PLACES)) {
    const text = readFileSync(join(files, name), 'utf8').replaceAll('@PORT@', String(port));
    for (const place of places) {
      const path = join(root, place);
      mkdirSync(dirname(path), { recursive: true });
      rmSync(path, { force: true });
      writeFileSync(path, text);
      chmodSync(path, 0o755);
    }
  }
}

/** The links of rc.d as the image has them. Later ones are the user's: who disabled a service does not get it back at the next boot. */
export function enableServices(root: string): void {
  const directory = join(root, 'etc/rc.d');
  mkdirSync(directory, { recursive: true });
  if (readdirSync(directory).length > 0) return;
  for (const link of ENABLED) symlinkSync(`../init.d/${link.slice(3)}`, join(directory, link));
}

// The files a router has and the stand-in brings: its commands, rc.common, and init scripts of the services that live in it.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  service: RESIDENT_SERVICES.map((name) => `etc/init.d/${name}`),
  '20-firewall': ['etc/hotplug.d/iface/20-firewall'],
};

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

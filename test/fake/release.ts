// Routers as releases of OpenWrt install them, each from a text that says what is there and what is missing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from './router.ts';

// A text is a sentence and then parts, each under a line `== NAME ==`:
//   router                    ports, and what kernel and programs lack
//   settings                  the settings of routing that its kernel has, with their values at boot
//   dump                      what its netifd tells of every interface besides
//   network, firewall, dhcp   files of a fresh installation, with a wan and a wan6 by DHCP
const folder = join(import.meta.dirname, '../unit/fixtures/releases');

export type Release = { name: string; head: string; parts: ReadonlyMap<string, string> };

function readRelease(file: string): Release {
  const [head = '', ...rest] = readFileSync(join(folder, file), 'utf8').split(/^== (.+) ==\n/m);
  const parts = new Map<string, string>();
  for (let at = 0; at < rest.length; at += 2) parts.set(rest[at] ?? '', rest[at + 1] ?? '');
  return { name: file.replace(/\.txt$/, ''), head: head.trim(), parts };
}

export const releases: readonly Release[] = readdirSync(folder)
  .filter((file) => file.endsWith('.txt'))
  .toSorted()
  .map(readRelease);

const linesOf = (text: string | undefined): string[] => (text ?? '').split('\n').filter(Boolean);

function lack(router: Router, what: string): void {
  if (what === 'nexthops') router.kernel.knowsNexthops = false;
  else if (what === 'weights6') router.kernel.knowsWeights6 = false;
  else if (what === 'ip-N') router.kernel.hasOldIp = true;
  else if (what === 'rule-protocol') router.kernel.rules.keepsProtocol = false;
  else if (what === 'inet-nat') router.nft.knowsInetNat = false;
  else if (what === 'uci-t') router.hasOldUci = true;
  else if (what === 'nft') router.files.remove('/usr/sbin/nft');
  else throw new Error(`nothing can lack ${what}`);
}

function equip(router: Router, line: string): void {
  const [verb, what = '', mac = ''] = line.split(' ');
  if (verb === 'port') router.addPort(what, mac);
  else if (verb === 'no') lack(router, what);
  else throw new Error(`unknown: ${line}`);
}

/** A freshly installed router of the release, where nothing was applied yet. */
export function aReleased({ parts }: Release, config: string): Router {
  const router = new Router();
  const settings = linesOf(parts.get('settings')).map((line) => line.split('='));
  router.settings = new Map(settings.map(([key = '', value = '']) => [`/proc/sys/${key.replaceAll('.', '/')}`, value]));
  router.netifd.besides = JSON.parse(parts.get('dump') ?? '{}') as object;
  for (const line of linesOf(parts.get('router'))) equip(router, line);
  for (const name of ['network', 'firewall', 'dhcp']) router.config(name, parts.get(name) ?? '');
  router.config('multidial', config);
  router.netifd.reload();
  return router;
}

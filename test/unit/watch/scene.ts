// What the watcher's tests begin with: a router in memory that dials, and a watcher on it.
import '../../fake/version.ts';
import { Watcher } from '../../../agent/src/watch/watcher.ts';
import { FakeLoop } from '../../fake/loop.ts';
import type { Router } from '../../fake/router.ts';
import { aDialedRouter, line } from '../../fake/scene.ts';
import { multidial } from '../../fake/shell.ts';

export type Scene = { router: Router; loop: FakeLoop; watcher: Watcher; pid: number };

export function watching(config = line('sessions 3')): Scene {
  const router = aDialedRouter(config);
  const loop = new FakeLoop(router);
  const process = router.start();
  const watcher = new Watcher(process, loop);
  watcher.start();
  loop.pass(5000);
  return { router, loop, watcher, pid: process.pid };
}

export const sharing = ({ router }: Scene): string =>
  router.kernel.routes
    .filter((route) => route.protocol === 77 && route.table === 254 && route.family === 'ipv4')
    .flatMap((route) => router.kernel.legsOf(route).map((leg) => leg.device.slice('pppoe-wan_0'.length)))
    .join(' ');

export const addressOf = ({ router }: Scene, link: string): string => {
  const found = JSON.parse(multidial(router, 'status', '--json').output).links.find(({ name }: { name: string }) => name === link);
  return found.ipv4[0];
};

/** What passes between the link and the outside is lost. */
export function hole(scene: Scene, ...links: string[]): void {
  const silent = links.map((link) => addressOf(scene, link));
  scene.loop.answers = (address) => !silent.includes(address);
}

/** netifd's event as the hook notes it. */
export function event({ router, loop }: Scene, action: string, name: string): void {
  router.write('/var/run/multidial/heard', `${router.files.read('/var/run/multidial/heard') ?? ''}${action} ${name} pppoe-${name}\n`);
  loop.signal('USR1');
  loop.pass(1000);
}

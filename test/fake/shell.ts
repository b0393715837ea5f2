// The agent's entry points on the router in memory, as a person, rpcd and the hotplug hook call them.
import './version.ts';
import { runCommand } from '../../agent/src/commands/cli.ts';
import { runPlugin } from '../../agent/src/commands/rpcd.ts';
import type { Death, Effect, Router } from './router.ts';

/** `exit` is undefined when the process was killed. `effects` are those of this call alone. */
export type Said = { exit: number | undefined; output: string; effects: Effect[] };

function said(router: Router, work: () => number | undefined): Said {
  router.output = '';
  const before = router.effects.length;
  const exit = work();
  return { exit, output: router.output, effects: router.effects.slice(before) };
}

/** `multidial WORDS` at a shell. */
export const multidial = (router: Router, ...words: string[]): Said => said(router, () => router.run((system) => runCommand(system, words)));

/** The same, dying on the way. */
export const multidialDying = (router: Router, death: Death, ...words: string[]): Said =>
  said(router, () => router.run((system) => runCommand(system, words), death));

/** Lets what an entry point started in the background run to its end. */
export function background(router: Router, death?: Death): void {
  const found = router.spawned.find(({ argv, pid }) => argv[0] === '/usr/sbin/multidial' && router.isAlive(pid));
  if (!found) return;
  router.spawned = router.spawned.filter((other) => other !== found);
  router.runAs(found.pid, (system) => runCommand(system, found.argv.slice(1)), death);
}

/** What rpcd gets for `call METHOD` with this text on stdin. */
export function rpc(router: Router, method: string, input: unknown = {}): { reply: Record<string, unknown>; text: string; exit: number | undefined } {
  const stdin = typeof input === 'string' ? input : JSON.stringify(input);
  const { output, exit } = said(router, () => router.run((system) => runPlugin(system, ['call', method]), undefined, stdin));
  return { reply: JSON.parse(output) as Record<string, unknown>, text: output, exit };
}

/** procd and netifd act on what they were told, and the hook follows their events. */
export function settle(router: Router): void {
  while (router.settle()) multidial(router, 'hotplug');
  multidial(router, 'hotplug');
}

/** Effects that change the system, without the run's own notes in RAM, its questions and its log line. */
export function changesOf(effects: readonly Effect[]): Effect[] {
  const isQuestion = ({ what }: Effect): boolean =>
    what === 'ubus -t 10 call network.interface dump' ||
    what.includes('-j -batch') ||
    /^(nft (list|get|-t list)|dnsmasq --version)/.test(what) ||
    what.startsWith('logger');
  return effects.filter((effect) => !isQuestion(effect) && !(effect.kind === 'write' && effect.what.startsWith('/var/run/multidial')));
}

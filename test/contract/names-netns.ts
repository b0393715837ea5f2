// Asks a dnsmasq that fills sets for names that another one answers, in the network namespace that it is started in.
//
//   unshare --net node --import tsx names-netns.ts < {nftset, first, second}     prints what the sets hold (Found)
import { execFileSync, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line of dnsmasq's configuration, and two rulesets that differ. */
export type Task = { nftset: string; first: string; second: string };
type Sets = { four: string[]; six: string[] };
export type Found = { before: Sets; asked: Sets; changed: Sets };

const { nftset, first, second } = JSON.parse(readFileSync(0, 'utf8')) as Task;
const load = (ruleset: string) => execFileSync('nft', ['-f', '-'], { input: ruleset });

type Element = string | { elem: { val: string } };
function read(name: string): string[] {
  const listed = JSON.parse(execFileSync('nft', ['-j', 'list', 'set', 'inet', 'multidial', name], { encoding: 'utf8' })) as {
    nftables: { set?: { elem?: Element[] } }[];
  };
  return listed.nftables.flatMap(({ set }) => set?.elem ?? []).map((element) => (typeof element === 'string' ? element : element.elem.val));
}
const sets = (): Sets => ({ four: read('of_p_4'), six: read('of_p_6') });

function dnsmasq(address: string, ...options: string[]) {
  const always = ['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--bind-interfaces', '--user=root', '--pid-file='];
  return spawn('dnsmasq', [...always, `--listen-address=${address}`, ...options.map((option) => `--${option}`)], { stdio: 'ignore' });
}

execFileSync('ip', ['link', 'set', 'lo', 'up']);
load(first);
const servers = [
  dnsmasq('127.0.0.2', 'address=/example.org/198.51.100.7', 'address=/example.org/2001:db8:7::7', 'address=/example.net/198.51.100.8'),
  dnsmasq('127.0.0.1', 'server=127.0.0.2', nftset),
];
try {
  const before = sets();
  const resolver = new Resolver({ timeout: 1000, tries: 5 });
  resolver.setServers(['127.0.0.1']);
  for (let tries = 0; tries < 50; tries++) {
    try {
      await resolver.resolve4('cdn.example.org');
      break;
    } catch {
      await sleep(100); // not listening yet
    }
  }
  await resolver.resolve6('cdn.example.org');
  await resolver.resolve4('www.example.net');
  const asked = sets();
  load(second);
  load(second);
  process.stdout.write(JSON.stringify({ before, asked, changed: sets() } satisfies Found));
} finally {
  for (const server of servers) server.kill('SIGKILL');
}

// Plays the recorded changes of routes and rules on the stand-in's netifd, in the network namespace that it is started in.
//
//   unshare --net --mount node --import tsx routes-netns.ts      prints {ID: what the recorded command prints}
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bus } from '../stand-in/bus.ts';
import { createKernel } from '../stand-in/kernel.ts';
import { Netifd } from '../stand-in/netifd/index.ts';
import { runUci } from '../stand-in/uci/cli.ts';
import { readRecording } from './recording.ts';
import type { CommandEntry } from './recording.ts';

/** What the recording began with beside its first entry: two uplinks on macvlans. */
const UPLINKS = [1, 2]
  .map(
    (n) => `
config device 'mv${n}'
	option type 'macvlan'
	option ifname 'wan0'
	option name 'mv${n}'
	option mode 'private'

config interface 'w${n}'
	option device 'mv${n}'
	option proto 'static'
	list ipaddr '10.88.0.1${n}/24'
	option gateway '10.88.0.1'
	option metric '1${n}'
`,
  )
  .join('');

const DUMP = `ip -4 route show table all | grep -v "^local\\|^broadcast"; echo ---
ip -6 route show table all | grep -v "^local\\|^multicast\\|^anycast\\|fe80\\|ff00"; echo ---; ip rule; echo ---; ip -6 rule`;

const root = mkdtempSync(join(tmpdir(), 'multidial-routes-'));
const sh = (script: string): string => execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });

async function uci(text: string): Promise<void> {
  const lines = text.split('\n').map((line) => `${line}\n`);
  await runUci(['batch'], { out: () => {}, err: (message) => process.stderr.write(message), readLine: async () => lines.shift() }, { root });
}

/** Until two looks agree; a reload has begun by the first, and leaves nothing alone for longer than that. */
async function settled(): Promise<string> {
  for (let last = ''; ; ) {
    const now = sh(DUMP);
    if (now === last) return now;
    last = now;
    await sleep(200);
  }
}

const entries = readRecording('07-routes') as CommandEntry[];
for (const dir of ['etc/config', 'etc/iproute2', 'etc/hotplug.d/iface', 'tmp/.uci', 'var/run']) mkdirSync(join(root, dir), { recursive: true });
writeFileSync(join(root, 'etc/config/network'), `${entries[0]?.stdin ?? ''}${UPLINKS}`);
// The devices of this namespace are those of a sysfs that is mounted in it.
sh('mount -t sysfs sysfs /sys; ip link set lo up; for n in lan0 wan0; do ip link add $n type veth peer name $n-far; ip link set $n-far up; done');
// Rules of somebody else: netifd's start takes them away.
sh('ip rule add pref 4321 from 192.0.2.1 lookup 9; ip -6 rule add pref 4321 from 2001:db8::1 lookup 9');
const netifd = new Netifd({ root, kernel: createKernel(), bus: new Bus(), log: () => {}, pppd: { argv: ['false'], plugin: '' }, onRestart: () => {} });
await netifd.start();
await settled();
const seen: Record<string, string> = {};
for (const { id, cmd, stdin } of entries.slice(1)) {
  if (cmd.startsWith('uci batch;')) await uci(stdin ?? '');
  if (id === 'ifdown-effect') await netifd.interface('w1')?.down();
  else netifd.reload();
  seen[id] = await settled();
  if (id === 'ifdown-effect') await netifd.interface('w1')?.up();
}
process.stdout.write(`${JSON.stringify(seen)}\n`);
rmSync(root, { recursive: true, force: true });
process.exit(0);

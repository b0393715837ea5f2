// Sends a packet for each pair of addresses on the loopback of the network namespace that it is started in, by a ruleset.
//
//   unshare --net node --import tsx jhash-netns.ts < {ruleset, pairs}     prints {"SRC DST": mark} as the input hook finds it
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export type Task = { ruleset: string; pairs: { src: string; dst: string }[] };

/** Behind all of the ruleset's hooks: who came with which mark. */
const SEEN = ['ip', 'ip6']
  .map(
    (ip) => `table ${ip} seen {
	set pairs { typeof ${ip} saddr . ${ip} daddr . meta mark; size 4096; flags dynamic; }
	chain input { type filter hook input priority 300; udp dport 9 add @pairs { ${ip} saddr . ${ip} daddr . meta mark }; }
}
`,
  )
  .join('');

type Listed = { nftables: { set?: { elem?: { concat: [string, string, number] }[] } }[] };

const { ruleset, pairs } = JSON.parse(readFileSync(0, 'utf8')) as Task;
execFileSync('ip', ['link', 'set', 'lo', 'up']);
for (const address of new Set(pairs.flatMap(({ src, dst }) => [src, dst])))
  if (address.includes(':')) execFileSync('ip', ['addr', 'add', `${address}/128`, 'dev', 'lo', 'nodad']);
execFileSync('nft', ['-f', '-'], { input: `${ruleset}${SEEN}` });

const TRIES = 500;
const TRY_MS = 10;

/** The kernel makes the route to an address of IPv6 some time after the address: until then nothing can be sent. */
async function send(src: string, dst: string): Promise<void> {
  const socket = createSocket(src.includes(':') ? 'udp6' : 'udp4');
  socket.on('error', () => undefined); // nobody listens there
  socket.bind(0, src);
  await once(socket, 'listening');
  for (let more = TRIES; ; more--) {
    const error = await new Promise<Error | null>((resolve) => void socket.send('x', 9, dst, resolve));
    if (!error) break;
    if (more === 0) throw error;
    await sleep(TRY_MS);
  }
  socket.close();
}

for (const { src, dst } of pairs) await send(src, dst);
const elements = ['ip', 'ip6'].flatMap((ip) => {
  const listed = JSON.parse(execFileSync('nft', ['-j', 'list', 'set', ip, 'seen', 'pairs'], { encoding: 'utf8' })) as Listed;
  return listed.nftables.flatMap(({ set }) => set?.elem ?? []);
});
process.stdout.write(JSON.stringify(Object.fromEntries(elements.map(({ concat: [src, dst, mark] }) => [`${src} ${dst}`, mark]))));

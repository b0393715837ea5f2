// The watcher under the real QuickJS with eight links that answer: its memory, its share of the processor, what it starts.
// suite limit: 200 s
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { buildWatcher } from '../../tools/build-agent.ts';
import { suite } from '../limit.ts';

const test = suite('watching');
const qjs = join(import.meta.dirname, '../../build/tools/qjs');
const SECONDS = 60;
const TICKS_PER_SECOND = 100;
const LINKS = 8;
const TARGETS = ['127.0.1.1', '127.0.1.2', '127.0.1.3'];

const links = Array.from({ length: LINKS }, (_, index) => ({
  name: `wan_0${index + 1}`,
  interface: `wan_0${index + 1}`,
  slot: index + 1,
  device: 'lo',
  state: 'up',
  ipv4: [`127.0.0.${index + 11}`],
  ipv6: [],
  probe: { kind: 'ping', question: 'example.com', targets: TARGETS, intervalS: 1, misses: 2, backS: 5, vetoPackets: 0 },
}));

type Scene = { directory: string; child: ChildProcess; pid: number };

/** In a network of its own, whose loopback has all addresses; `multidial look` is a program that does nothing. */
async function watching(use: (scene: Scene) => Promise<void>, before: readonly string[] = []): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'multidial-'));
  const bundle = join(directory, 'watch.js');
  await buildWatcher(bundle);
  mkdirSync(join(directory, 'run'));
  const text = readFileSync(bundle, 'utf8').replaceAll('/var/run/multidial', join(directory, 'run')).replaceAll('/usr/sbin/multidial', '/bin/true');
  writeFileSync(bundle, text);
  writeFileSync(join(directory, 'run/watched'), JSON.stringify({ links, lines: [], shared: [], outranked: [] }));
  const script = `ip link set lo up && exec ${[...before, qjs, bundle].join(' ')}`;
  const child = spawn('unshare', ['-n', 'sh', '-c', script], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    env: { ...process.env, TRACE: join(directory, 'trace') },
  });
  try {
    const pid = await until('the watcher says who it is', () => Number(read(join(directory, 'run/watcher'))?.split('.')[0]) || undefined);
    await use({ directory, child, pid });
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await ended;
    rmSync(directory, { recursive: true });
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  for (const deadline = Date.now() + 10_000; ; ) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not in 10 s: ${what}`);
    await pause(50);
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const ticksOf = (pid: number): number => {
  const fields = (read(`/proc/${pid}/stat`) ?? '').replace(/^.*\) /, '').split(' ');
  return Number(fields[11]) + Number(fields[12]);
};
const kilobytesOf = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`) ?? '')?.[1]);
const childrenOf = (pid: number): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && (read(`/proc/${name}/stat`) ?? '').replace(/^.*\) /, '').split(' ')[1] === String(pid))
    .map((name) => (read(`/proc/${name}/cmdline`) ?? '').split('\0')[0] ?? '');

/** Programs that were really executed, from a trace in which one line may be interrupted by others. */
function programsIn(trace: string): string[] {
  const asked = new Map<string, string>();
  return trace.split('\n').flatMap((line) => {
    const [, pid = '', path] = /^(\d+) +(?:execve\("([^"]+)"|<\.\.\. execve resumed)/.exec(line) ?? [];
    if (path !== undefined) asked.set(pid, path);
    return pid && / = 0$/.test(line) ? [(asked.get(pid) ?? '').split('/').at(-1) ?? ''] : [];
  });
}

test(
  `eight links for ${SECONDS} seconds take 4 MB and a hundredth of a processor at most`,
  () =>
    watching(async ({ directory, pid }) => {
      await until('all links answer', () => {
        const live = JSON.parse(read(join(directory, 'run/live')) ?? '{"links":{}}') as { links: Record<string, { ipv4?: string }> };
        return Object.values(live.links).filter(({ ipv4 }) => ipv4 === 'alive').length === LINKS || undefined;
      });
      const [ticks, startMs] = [ticksOf(pid), Date.now()];
      await pause(SECONDS * 1000);
      const share = (ticksOf(pid) - ticks) / TICKS_PER_SECOND / ((Date.now() - startMs) / 1000);
      const files = readdirSync(join(directory, 'run/history'));
      const bytes = files.reduce((sum, name) => sum + (read(join(directory, 'run/history', name)) ?? '').length, 0);
      const children = childrenOf(pid);
      process.stderr.write(
        `note: watching 8 links: ${kilobytesOf(pid)} kB of memory, ${(100 * share).toFixed(2)} % of a processor, ${bytes} bytes of history, ${children.length} programs beside it\n`,
      );
      assert.ok(kilobytesOf(pid) <= 4096, `${kilobytesOf(pid)} kB`);
      assert.ok(share <= 0.01, `${(100 * share).toFixed(2)} %`);
      assert.is(files.length, LINKS);
      assert.equal(children.toSorted(), [...Array.from({ length: LINKS * TARGETS.length }, () => 'ping'), 'ip'].toSorted());
    }),
  { limitMs: (SECONDS + 40) * 1000 },
);

test('starts nothing but its monitor, its pings and one look', () =>
  watching(
    async ({ directory }) => {
      await pause(6000);
      const programs = programsIn(read(join(directory, 'trace')) ?? '');
      const counts = Object.fromEntries(['ping', 'ip', 'true'].map((name) => [name, programs.filter((program) => program === name).length]));
      assert.equal(counts, { ping: LINKS * TARGETS.length, ip: 1, true: 1 });
      assert.is(programs.length, LINKS * TARGETS.length + 3, programs.join(' '));
    },
    ['strace', '-f', '-qq', '-e', 'trace=execve', '-o', '$TRACE'],
  ));

test('does not grow through ten thousand events', () =>
  watching(async ({ directory, pid }) => {
    const heard = join(directory, 'run/heard');
    const tell = async (events: number): Promise<void> => {
      for (let told = 0; told < events; told += 100) {
        const lines = Array.from({ length: 100 }, (_, index) => `${index % 2 ? 'ifup' : 'ifup-failed'} wan_0${1 + (index % LINKS)} lo\n`);
        appendFileSync(heard, lines.join(''));
        process.kill(pid, 'SIGUSR1');
        await pause(20);
      }
    };
    // Until then the allocator finds its size: some 150 kB, and no more however long it goes on.
    await tell(10_000);
    const before = kilobytesOf(pid);
    await tell(10_000);
    process.stderr.write(`note: ten thousand events: ${before} kB before, ${kilobytesOf(pid)} kB after\n`);
    assert.ok(kilobytesOf(pid) - before < 200, `${before} kB, then ${kilobytesOf(pid)} kB`);
    assert.ok((read(heard) ?? '').length < 64 << 10, 'what was heard is thrown away');
  }));

test.run();

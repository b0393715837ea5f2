// Measures what links download, each alone and all together: by a download that nft sends by its link, and the kernel's counters.
import type { Speeds } from '../passport/speed.ts';
import type { Unmeasured } from '../passport/conclude.ts';
import { probeGid } from '../owned.ts';
import type { System } from '../system.ts';
import { parseCounters } from '../watch/counters.ts';

export type Measured = { link: string; slot: number; device: string };

/** IPv4, because a packet is sent by another link than its address's, where only IPv4 is masqueraded whatever the line says. */
const PROGRAMS: readonly { paths: readonly string[]; argv: readonly string[] }[] = [
  { paths: ['/bin/uclient-fetch', '/usr/bin/uclient-fetch'], argv: ['uclient-fetch', '-4', '-q', '-O', '/dev/null'] },
  { paths: ['/usr/bin/wget', '/bin/wget'], argv: ['wget', '-q', '-O', '/dev/null'] },
];
const NFT = ['/usr/sbin/nft', '/sbin/nft'];

/** A connection's first seconds tell of its start. */
const WARM_MS = 2000;
const SAMPLE_MS = 1000;
const SAMPLES = 6;
/** Less than that is no download: bytes a second. */
const NOTHING_PER_S = 1000;

const isThere = (system: System, paths: readonly string[]): boolean => paths.some((path) => system.stat(path) !== undefined);

/** The bytes a second that each of these received while all of them downloaded. `hold` notes the programs; undefined once `isOver` said so. */
function download(
  system: System,
  links: readonly Measured[],
  argv: readonly string[],
  { hold, isOver }: { hold: (pids: readonly number[]) => void; isOver: () => boolean },
): number[] | undefined {
  const running = links.map(({ slot }) => ({ slot, pid: system.spawn(argv, probeGid(slot)) }));
  const note = (): void => hold(running.flatMap(({ pid }) => pid ?? []));
  note();
  /** A small file is over soon. */
  const again = (): void => {
    const ended = running.filter(({ pid }) => pid === undefined || !system.isRunning(pid));
    for (const fetch of ended) fetch.pid = system.spawn(argv, probeGid(fetch.slot));
    if (ended.length) note();
  };
  const read = (): number[] => {
    const counters = parseCounters(system.readFile('/proc/net/dev') ?? '');
    return links.map(({ device }) => counters.get(device)?.rxBytes ?? 0);
  };
  system.sleepMs(WARM_MS);
  const [startMs, before] = [system.nowMs(), read()];
  let isStopped = false;
  for (let sample = 0; sample < SAMPLES && !isStopped; sample++) {
    again();
    system.sleepMs(SAMPLE_MS);
    isStopped = isOver();
  }
  const [elapsedS, after] = [(system.nowMs() - startMs) / 1000, read()];
  for (const { pid } of running) if (pid !== undefined) system.endProcess(pid);
  hold([]);
  return isStopped ? undefined : after.map((bytes, at) => Math.max(0, bytes - (before[at] ?? 0)) / elapsedS);
}

/** Undefined when `isOver` said so on the way. */
export function measureSpeeds(
  system: System,
  links: readonly Measured[],
  url: string,
  ways: { hold: (pids: readonly number[]) => void; isOver: () => boolean },
): Speeds | Unmeasured | undefined {
  if (!isThere(system, NFT)) return { without: 'nft' };
  const program = PROGRAMS.find(({ paths }) => isThere(system, paths));
  if (!program) return { without: 'program' };
  const argv = [...program.argv, url];
  const alone: Record<string, number> = {};
  for (const link of links) {
    const rates = download(system, [link], argv, ways);
    if (!rates) return undefined;
    const [rate = 0] = rates;
    if (rate < NOTHING_PER_S) return { without: 'data', link: link.link };
    alone[link.link] = rate;
  }
  const together = links.length > 1 ? download(system, links, argv, ways) : Object.values(alone);
  return together && { alone, togetherPerS: together.reduce((sum, rate) => sum + rate, 0) };
}

// The router advertisements of the LAN, as odhcpd sends them: who gets a prefix and whether this router offers itself as the default.
import { join } from 'node:path';
import type { Child, Kernel } from '../kernel.ts';
import { Store } from '../uci/store.ts';
import { Options } from './config.ts';
import type { Snapshot } from './status.ts';

const CONFIG = 'var/run/odhcpd.radvd.conf';
const PID = 'var/run/odhcpd.radvd.pid';

/** An unreachable or absent route is one over `lo`; any other ::/0 counts, one for a single source prefix too. */
const DEFAULT_ROUTE = /^0{32} 00 (?!.* lo$).*$/m;

type Announcement = { device: string; prefixes: string[]; isRouter: boolean };

/** A public address is one of 2000::/3. */
const isPublic = (address: string): boolean => /^[23]/.test(address);

/**
 * ra_default 0 offers a default route only with a public prefix and a default route of one's own; 1 does without the
 * prefix; 2 always does. So the clients of a LAN that has only ULA get no default route unless it is 1 or more.
 */
export function toAnnouncement(options: Options, snapshot: Snapshot, hasDefault: boolean): Announcement | undefined {
  const { up, settings } = snapshot;
  if (!['server', 'hybrid'].includes(options.text('ra') ?? '') || !up || !settings) return undefined;
  const networks = settings.assignments.map(({ address, mask }) => ({ address, mask: Math.max(mask, 64) }));
  const own = settings.ipv6.filter(({ mask }) => mask <= 64).map(({ address }) => ({ address, mask: 64 }));
  const all = [...networks, ...own];
  const level = options.number('ra_default') ?? 0;
  const isRouter = level >= 2 || (hasDefault && (level === 1 || all.some(({ address }) => isPublic(address))));
  return { device: settings.l3Device, prefixes: all.map(({ address, mask }) => `${address}/${mask}`), isRouter };
}

export function renderRadvd(announcements: readonly Announcement[], options: { minS: number; maxS: number }): string {
  const blocks = announcements.map(({ device, prefixes, isRouter }) =>
    [
      `interface ${device} {`,
      '  AdvSendAdvert on;',
      `  MinRtrAdvInterval ${options.minS};`,
      `  MaxRtrAdvInterval ${options.maxS};`,
      `  AdvDefaultLifetime ${isRouter ? 1800 : 0};`,
      ...prefixes.map((prefix) => `  prefix ${prefix} { AdvOnLink on; AdvAutonomous on; };`),
      '};',
    ].join('\n'),
  );
  return blocks.length ? `${blocks.join('\n')}\n` : '';
}

/** Keeps a radvd running that says what odhcpd would. */
export class Advertiser {
  readonly #kernel: Kernel;
  readonly #root: string;
  readonly #log: (line: string) => void;
  #text = '';
  #child: Child | undefined;

  constructor(kernel: Kernel, root: string, log: (line: string) => void) {
    this.#kernel = kernel;
    this.#root = root;
    this.#log = log;
  }

  /** Looks at dhcp, the interfaces and the kernel's default routes, and announces anew what has changed. */
  look(snapshots: readonly Snapshot[]): void {
    const hasDefault = DEFAULT_ROUTE.test(this.#kernel.read('/proc/net/ipv6_route') ?? '');
    const announcements = this.#sections().flatMap((options) => {
      const snapshot = snapshots.find(({ name }) => name === options.text('interface'));
      return (snapshot && toAnnouncement(options, snapshot, hasDefault)) ?? [];
    });
    // odhcpd's own pace is 200 to 600 s; a change is told at once either way, a client that asks is answered at once.
    const text = renderRadvd(announcements, { minS: 3, maxS: 10 });
    if (text === this.#text) return;
    this.#text = text;
    this.#kernel.write(join(this.#root, CONFIG), text);
    if (text === '') this.stop();
    else if (this.#child) this.#child.kill('SIGHUP');
    else this.#start();
  }

  #sections(): Options[] {
    const store = new Store({ root: this.#root });
    store.strict = false;
    try {
      return store
        .load('dhcp')
        .sections.filter(({ type }) => type === 'dhcp')
        .map((section) => new Options(section));
    } catch {
      return [];
    }
  }

  #start(): void {
    const argv = ['radvd', '-n', '-C', join(this.#root, CONFIG), '-p', join(this.#root, PID), '-m', 'stderr'];
    const child = this.#kernel.spawn(argv, {
      onLine: (line) => this.#log(`odhcpd: ${line}`),
      onExit: () => {
        if (this.#child !== child) return;
        this.#child = undefined;
        this.#text = '';
      },
    });
    this.#child = child;
  }

  stop(): void {
    const child = this.#child;
    this.#child = undefined;
    child?.kill('SIGTERM');
  }
}

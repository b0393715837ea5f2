// The router of the lab: the stand-in OpenWrt with the real packages installed, and what a test does with it.
import { readFileSync } from 'node:fs';
import { buildPackage, packageNames } from '../../tools/package.ts';
import type { Status } from '../../agent/src/contract/index.ts';
import type { Lab } from './lab.ts';
import { GUEST_PROJECT, LAB_BUILD, PROJECT } from './paths.ts';
import type { Running } from './control.ts';
import { FLASH, type GuestText, routerFiles } from './router-files.ts';
import { ROUTER_LAN_ADDRESS } from './topology.ts';

const QJS = '/usr/bin/qjs';

/** One line of the configuration; `links` are sections of their own. */
export type LineOptions = Record<string, string | number | readonly string[]>;

const section = (type: string, name: string, options: LineOptions): string =>
  [
    `config ${type} '${name}'`,
    ...Object.entries(options).flatMap(([option, value]) =>
      typeof value === 'object' ? value.map((item) => `\tlist ${option} '${item}'`) : [`\toption ${option} '${value}'`],
    ),
    '',
  ].join('\n');

/** Without the watcher: for what a run does by itself, or a hook that is one. */
export const UNWATCHED: Record<string, LineOptions> = { 'globals globals': { enabled: 1, watch: 0 } };

/** Text of /etc/config/multidial: sections by `TYPE NAME`. */
export function renderConfig(sections: Record<string, LineOptions>): string {
  const blocks = Object.entries(sections).map(([head, options]) => {
    const [type = '', name = ''] = head.split(' ');
    return section(type, name, options);
  });
  const globals = 'globals globals' in sections ? [] : [section('globals', 'globals', { enabled: 1 })];
  return `${[...globals, ...blocks].join('\n')}\n`;
}

/** Names of a line's links. */
export const linksOf = (line: string, sessions: number): string[] =>
  Array.from({ length: sessions }, (_, index) => `${line}_${String(index + 1).padStart(2, '0')}`);

/** Directory in which opkg keeps a list of each package's files. */
const PACKAGE_LISTS = '/usr/lib/opkg/info';

export class Router {
  readonly #lab: Lab;
  #standIn: Running;

  private constructor(lab: Lab, standIn: Running) {
    this.#lab = lab;
    this.#standIn = standIn;
  }

  /** Writes a fresh router's files, starts the stand-in and installs both packages as opkg would. */
  static async install(lab: Lab, progress: (line: string) => void = () => {}): Promise<Router> {
    progress('building the packages');
    for (const name of packageNames) await buildPackage(name, `${LAB_BUILD}/packages`);
    const toFile = ({ path, text, mode }: GuestText) => ({ path, base64: Buffer.from(text).toString('base64'), mode });
    await lab.control.writeFiles([
      ...routerFiles('br-lan', ROUTER_LAN_ADDRESS).map(toFile),
      { path: QJS, base64: readFileSync(`${PROJECT}/build/tools/qjs`).toString('base64'), mode: 0o755 },
    ]);
    progress('starting the stand-in OpenWrt');
    const router = new Router(lab, await startStandIn(lab));
    progress('installing multidial');
    for (const name of packageNames) await router.#installPackage(name);
    return router;
  }

  async #installPackage(name: string): Promise<void> {
    const file = `$(ls ${GUEST_PROJECT}/build/lab/packages/${name}_*.ipk)`;
    const script = [
      `mkdir -p /tmp/opkg/${name} && cd /tmp/opkg/${name}`,
      `tar -xzf ${file}`,
      'tar -xzf control.tar.gz && tar -xzf data.tar.gz -C / --no-overwrite-dir --keep-directory-symlink',
      `mkdir -p ${PACKAGE_LISTS} && tar -tzf data.tar.gz | sed 's,^\\.,,' | while read -r path; do [ -d "$path" ] || echo "$path"; done >${PACKAGE_LISTS}/${name}.list`,
      '[ ! -f postinst ] || sh ./postinst',
    ];
    await this.#lab.must(script.join(' && '));
  }

  /**
   * A boot with what stands on flash and nothing else. `clean` runs the scripts that a shutdown runs, a `power-cut` none.
   * It returns when procd has been through rc.d, which is before any link is up.
   */
  async reboot(how: 'clean' | 'power-cut'): Promise<void> {
    const lab = this.#lab;
    if (how === 'clean') {
      await lab.must('reboot');
      await this.#standIn.done;
    }
    const lists = `{ printf '%s\\n' ${FLASH.join(' ')}; cat ${PACKAGE_LISTS}/*.list; }`;
    const flash = await lab.must(`${lists} | while read -r path; do [ ! -e "$path" ] || echo "\${path#/}"; done | tar -cz -C / -T - | base64 -w 0`);
    await lab.reboot();
    await lab.control.writeFiles([{ path: '/tmp/flash.tgz', base64: flash, mode: 0o600 }]);
    await lab.must('tar -xzf /tmp/flash.tgz -C / --no-overwrite-dir --keep-directory-symlink && rm /tmp/flash.tgz');
    this.#standIn = await startStandIn(lab);
  }

  /** Turns the watcher off, as an apply by LuCI would: from now on each event is a run of its own. */
  async unwatch(): Promise<void> {
    await this.store(UNWATCHED);
    await this.#lab.must('/etc/init.d/multidial reload');
    await this.#lab.until('no watcher is left', async () => (await this.#lab.run(['pgrep', '-f', 'multidial/watch.js'])).code !== 0);
  }

  /** Stores a configuration by hand and applies it, as the docs say for the command line. Returns what `apply` printed. */
  async apply(sections: Record<string, LineOptions>): Promise<string> {
    await this.store(sections);
    return this.#lab.must('multidial apply');
  }

  store(sections: Record<string, LineOptions>): Promise<void> {
    return this.#lab.write('/etc/config/multidial', renderConfig(sections), 0o600);
  }

  async status(): Promise<Status> {
    // A warning is no failure of `status`, an error is: both print the whole reply.
    return JSON.parse((await this.#lab.run('multidial status --json')).stdout) as Status;
  }

  /** Waits until exactly these links are up and carry the families; the status of then. */
  balanced(links: readonly string[], families: readonly ('ipv4' | 'ipv6')[] = ['ipv4'], limitMs = 150_000): Promise<Status> {
    return this.#lab.until(
      `${links.join(', ')} carry ${families.join(' and ')}`,
      async () => {
        const status = await this.status();
        const carries = (family: 'ipv4' | 'ipv6') =>
          status.links
            .filter((link) => link.balanced[family])
            .map(({ name }) => name)
            .sort();
        return families.every((family) => carries(family).join() === [...links].sort().join()) && status;
      },
      limitMs,
      500, // a status takes the emulated router longer than that
    );
  }

  /** `uci export` of every package, and of the kernel all that is no counter: what must be as before after a `reset`. */
  async everything(): Promise<{ uci: string; kernel: string }> {
    const lab = this.#lab;
    const uci = await lab.must('for f in $(ls /etc/config); do uci export $f; done');
    const kernel = await lab.must(
      [
        'ip -N route show table all | grep -v "table 255" | sort',
        'ip -N -6 route show table all | grep -v "table 255" | sed -e "s/ expires [0-9]*sec//" | sort',
        'ip rule; ip -6 rule; ip nexthop; nft -s list ruleset',
        'ls /etc/sysctl.d; for f in net/ipv4/fib_multipath_hash_policy net/ipv6/fib_multipath_hash_policy net/ipv4/fib_multipath_use_neigh net/ipv6/fib_multipath_hash_fields; do echo $f $(cat /proc/sys/$f); done',
        'ls /sys/class/net',
      ].join('\n'),
    );
    return { uci, kernel };
  }
}

/** Boots the stand-in OpenWrt: when it is ready, every script of rc.d has run. */
async function startStandIn(lab: Lab): Promise<Running> {
  const running = lab.start(['node', '--enable-source-maps', `${GUEST_PROJECT}/build/lab/stand-in.mjs`, '/', `${GUEST_PROJECT}/test/stand-in/files`]);
  let ended = false;
  const noteEnd = () => {
    ended = true;
  };
  running.done.then(({ code, stderr }) => {
    noteEnd();
    if (code !== 0) process.stderr.write(`the stand-in died:\n${stderr}\n`);
  }, noteEnd);
  await lab.until(
    'the stand-in is ready',
    async () => {
      if (ended) throw new Error(`the stand-in ended:\n${running.stdout()}${running.stderr()}`);
      return running.stdout().includes('STAND-IN-READY');
    },
    120_000,
  );
  return running;
}

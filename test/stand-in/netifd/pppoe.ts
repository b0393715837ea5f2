// proto pppoe: one pppd a session, what its scripts report, and its end.
import { SocketAddress } from 'node:net';
import { join } from 'node:path';
import type { Child, Exit, Kernel } from '../kernel.ts';
import type { Interface, Proto } from './interface.ts';
import { ipv6Mode, pppDevice, pppdArgv, toPppError } from './pppd-argv.ts';
import type { PppdCommand } from './pppd-argv.ts';
import { defaultRoute4, noSettings } from './settings.ts';
import type { Settings } from './settings.ts';

export type PppoeOptions = {
  root: string;
  pppd: PppdCommand;
  /** How long ppp-down keeps pppd from ending, in seconds. netifd's own takes 3. */
  downSeconds: number;
  log: (line: string) => void;
  /** NAME has IPv6 and wants its NAME_6: the peer's link-local address is the router. */
  addDynamic: (parent: Interface, device: string, router: string) => void;
};

/** One running pppd and what is known of its session. */
type Session = {
  child: Child;
  exit: Promise<Exit>;
  startedAt: number;
  ipv4?: { local: string; remote: string; dns: string[] };
  ipv6?: { local: string; remote: string };
};

/** A pppd that can't even start must not be started a hundred times a second. */
const SHORTEST_ROUND_MS = 1000;

/** pppd's own end takes 3 s of ppp-down and the rest of LCP; after this it is killed. */
const PATIENCE_MS = 15_000;

const PIPE = 'var/run/netifd.pipe';

/**
 * The scripts pppd runs: one line into a pipe, written by the shell itself. `<>` opens without waiting for a reader.
 * Arguments of pppd: device, tty, speed, local, remote, ipparam.
 */
function scripts(pipe: string, downSeconds: number): Record<string, string> {
  const script = (words: string, rest = '') => `#!/bin/sh\nprintf '%s\\n' "${words}" 1<>'${pipe}'\n${rest}`;
  return {
    'ppp-up': script('ip-up $6 $4 $5 $DNS1 $DNS2'),
    'ppp6-up': script('ipv6-up $6 $LLLOCAL $LLREMOTE'),
    'ppp-down': script('down $6', downSeconds > 0 ? `sleep ${downSeconds}\n` : ''),
  };
}

export class Pppoe implements Proto {
  readonly forceLink = false;
  readonly #kernel: Kernel;
  readonly #options: PppoeOptions;
  readonly #sessions = new Map<Interface, Session>();
  readonly #ending = new Set<Child>();
  readonly #close: () => void;

  constructor(kernel: Kernel, options: PppoeOptions) {
    this.#kernel = kernel;
    this.#options = options;
    const pipe = join(options.root, PIPE);
    for (const [name, text] of Object.entries(scripts(pipe, options.downSeconds))) kernel.write(join(options.root, 'lib/netifd', name), text, 0o755);
    this.#close = kernel.listen(pipe, (line) => this.#report(line));
  }

  /** netifd ends: what still runs is killed, and nobody listens to the scripts any more. */
  close(): void {
    for (const child of this.#ending) child.kill('SIGKILL');
    this.#close();
  }

  async setup(iface: Interface): Promise<void> {
    const { config } = iface;
    let ended: (exit: Exit) => void = () => {};
    const exit = new Promise<Exit>((resolve) => {
      ended = resolve;
    });
    const child = this.#kernel.spawn(pppdArgv(config, this.#options.pppd, this.#options.root), {
      onLine: (line) => this.#options.log(`pppd (${config.name}): ${line}`),
      onExit: (how) => ended(how),
    });
    const session: Session = { child, exit, startedAt: this.#kernel.now() };
    this.#sessions.set(iface, session);
    void exit.then((how) => this.#ended(iface, session, how));
  }

  async teardown(iface: Interface): Promise<string | undefined> {
    const session = this.#sessions.get(iface);
    if (!session) return undefined;
    this.#sessions.delete(iface);
    this.#ending.add(session.child);
    session.child.kill('SIGTERM');
    const cancel = this.#kernel.after(PATIENCE_MS, () => session.child.kill('SIGKILL'));
    const exit = await session.exit;
    cancel();
    this.#ending.delete(session.child);
    return toPppError(exit, iface.config).error;
  }

  /** pppd ended by itself (a teardown has forgotten the session before). */
  #ended(iface: Interface, session: Session, exit: Exit): void {
    if (this.#sessions.get(iface) !== session) return;
    this.#sessions.delete(iface);
    const { error, block } = toPppError(exit, iface.config);
    const wait = SHORTEST_ROUND_MS - (this.#kernel.now() - session.startedAt);
    const tell = (): void => void iface.protoEnded(error, block, () => !this.#sessions.has(iface));
    if (wait <= 0) tell();
    else this.#kernel.after(wait, tell);
  }

  /** A line of one of the scripts. One that comes late, for a session already gone, finds nobody. */
  #report(line: string): void {
    const [what, name, ...rest] = line.split(' ');
    const [iface, session] = [...this.#sessions].find(([{ config }]) => config.name === name) ?? [];
    if (!iface || !session) return;
    if (what === 'ip-up') {
      const [local = '', remote = '', ...dns] = rest;
      session.ipv4 = { local, remote, dns: dns.filter(Boolean) };
      void iface.linkUp(this.#settings(iface, session));
      if (session.ipv6) this.#addIpv6(iface, session);
    } else if (what === 'ipv6-up') {
      const [local = '', remote = ''] = rest;
      // odhcp6c takes the router's address from its advertisements and writes it short.
      session.ipv6 = { local, remote: new SocketAddress({ address: remote, family: 'ipv6' }).address };
      // Before ip-up it waits for it: the ifup tells of IPv4, the ifupdate that follows of IPv6.
      if (session.ipv4) this.#addIpv6(iface, session);
    } else {
      delete session.ipv4;
      delete session.ipv6;
      void iface.linkLost();
    }
  }

  #addIpv6(iface: Interface, session: Session): void {
    // The script reports all it knows again, so routes count as updated too.
    void iface.linkUp(this.#settings(iface, session), ['addresses', 'routes']);
    if (ipv6Mode(iface.config) !== 'auto' || !session.ipv6) return;
    this.#options.addDynamic(iface, pppDevice(iface.config), session.ipv6.remote);
  }

  /** pppd has put the addresses on the device itself; the default route is netifd's. */
  #settings({ config }: Interface, { ipv4, ipv6 }: Session): Settings {
    return {
      ...noSettings(pppDevice(config)),
      ipv4: ipv4 ? [{ address: ipv4.local, mask: 32, ptpaddress: ipv4.remote, external: true }] : [],
      ipv6: ipv6 ? [{ address: ipv6.local, mask: 128, external: true }] : [],
      routes: ipv4 ? [defaultRoute4(ipv4.remote)] : [],
      dns: config.options.flag('peerdns', true) ? (ipv4?.dns ?? []) : config.options.list('dns'),
    };
  }
}

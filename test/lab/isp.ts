// The ISP: accounts, sessions, rates and faults, as verbs of a test.
import { type Control, must, type RunReply } from './control.ts';
import type { GuestFile } from './guest/protocol.ts';
import { type Account, filter, ISP_DIR, ISP_ETC_PPP, ispScripts, onePort, pppOptions, renderSecrets } from './isp-files.ts';

/** One session as the ISP sees it. `device` is its ppp device in namespace isp, `mac` the router's macvlan. */
export type Session = { device: string; address: string; mac: string; pid: number; user: string };

/** Packets by session device. */
export type CountBySession = Record<string, number>;

const text = (path: string, content: string, mode: number): GuestFile => ({ path, base64: Buffer.from(content).toString('base64'), mode });

export class Isp {
  #control: Control;
  #accounts: Account[] = [];

  private constructor(control: Control) {
    this.#control = control;
  }

  /** Starts the PPPoE server; it takes up to `maxSessions` at once, from any port behind ispwan. */
  static async start(control: Control, accounts: Account[], maxSessions = 64): Promise<Isp> {
    const isp = new Isp(control);
    isp.#accounts = accounts;
    await control.writeFiles([
      text(`${ISP_ETC_PPP}/pppoe-server-options`, pppOptions, 0o600),
      text(`${ISP_ETC_PPP}/chap-secrets`, renderSecrets(accounts), 0o600),
      text(`${ISP_ETC_PPP}/options`, '', 0o600),
      text(`${ISP_DIR}/rate`, '', 0o644),
      text(`${ISP_DIR}/sessions/.keep`, '', 0o644),
      ...Object.entries(ispScripts).map(([name, content]) => text(`${ISP_DIR}/${name}`, content, 0o755)),
    ]);
    await isp.#must(['nft', '-f', '-'], filter);
    await isp.#serve('ispwan', '100.64.0', maxSessions);
    return isp;
  }

  /** Takes sessions over VLAN `id` of the same wire too; they get addresses 100.64.ID.x. */
  async serveVlan(id: number): Promise<void> {
    await this.#must(['sh', '-c', `ip link add link ispwan name ispwan.${id} type vlan id ${id} && ip link set ispwan.${id} up`]);
    await this.#serve(`ispwan.${id}`, `100.64.${id}`, 16);
  }

  async #serve(device: string, network: string, maxSessions: number): Promise<void> {
    const server = ['pppoe-server', '-k', '-u', '-I', device, '-C', 'isp', '-L', `${network}.1`, '-R', `${network}.10`];
    const plugin = `-g $(ls /usr/lib/pppd/*/pppoe.so | tail -n 1)`;
    await this.#must(['sh', '-c', `${server.join(' ')} -N ${maxSessions} ${plugin} -X ${ISP_DIR}/pppoe-server.${device}.pid`]);
  }

  #must(argv: string[], stdin = ''): Promise<RunReply> {
    return must(this.#control, argv, { netns: 'isp', stdin });
  }

  /** Sessions that have an address now. */
  async sessions(): Promise<Session[]> {
    const { stdout } = await this.#must(['sh', '-c', `cat ${ISP_DIR}/sessions/* 2>/dev/null; true`]);
    return stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [device = '', address = '', mac = '', pid = '', user = ''] = line.split(' ');
        return { device, address, mac: mac.toLowerCase(), pid: Number(pid), user };
      });
  }

  /** The session that was given `address`, or that a router's macvlan with this MAC dialed. */
  async session(addressOrMac: string): Promise<Session> {
    const wanted = addressOrMac.toLowerCase();
    const found = (await this.sessions()).find(({ address, mac }) => address === wanted || mac === wanted);
    if (!found) throw new Error(`lab: the ISP has no session ${addressOrMac}`);
    return found;
  }

  /** Hangs up, as an ISP does at night: a terminate request, then nothing. */
  async kill(addressOrMac: string): Promise<void> {
    await this.#must(['kill', '-TERM', String((await this.session(addressOrMac)).pid)]);
  }

  /** From now on this account needs this password; living sessions stay. An unknown account is made. */
  async setPassword(user: string, password: string): Promise<void> {
    this.#accounts = [...this.#accounts.filter((account) => account.user !== user), { user, password }];
    await this.#control.writeFiles([text(`${ISP_ETC_PPP}/chap-secrets`, renderSecrets(this.#accounts), 0o600)]);
  }

  /** Limits every session, present and to come, to so many Mbit/s each way; null takes the limit away. */
  async limit(mbits: number | null): Promise<void> {
    await this.#control.writeFiles([text(`${ISP_DIR}/rate`, mbits === null ? '' : String(mbits), 0o644)]);
    await this.#must(['sh', '-c', `for s in ${ISP_DIR}/sessions/*; do [ -e "$s" ] && ${ISP_DIR}/shape "\${s##*/}"; done; true`]);
  }

  /** An account may have so many sessions at once; the next is refused as if its password were wrong. Null: as many as it likes. */
  async allow(user: string, sessions: number | null): Promise<void> {
    const secrets = renderSecrets(this.#accounts);
    await this.#control.writeFiles([
      text(`${ISP_DIR}/secrets`, secrets, 0o600),
      text(`${ISP_ETC_PPP}/chap-secrets`, secrets, 0o600),
      text(`${ISP_DIR}/limits`, sessions === null ? '' : `${user} ${sessions}\n`, 0o644),
    ]);
    await this.#must([`${ISP_DIR}/quota`]);
    await this.#must(sessions === null ? ['rm', `${ISP_DIR}/secrets`] : [`${ISP_DIR}/keep-quota`]);
  }

  /** All sessions of an account, present and to come, share so many Mbit/s of download; null takes the limit away. */
  async share(user: string, mbits: number | null): Promise<void> {
    await this.#control.writeFiles([text(`${ISP_DIR}/rates/${user}`, mbits === null ? '' : String(mbits), 0o644)]);
    for (const { device } of (await this.sessions()).filter((session) => session.user === user))
      await this.#must(mbits === null ? ['tc', 'qdisc', 'del', 'dev', device, 'clsact'] : [`${ISP_DIR}/share`, device, user]);
  }

  /** Only this MAC is served from now on; null: all. */
  async serveOnly(mac: string | null): Promise<void> {
    if (mac === null) await this.#must(['nft', 'delete', 'table', 'netdev', 'port']);
    else await this.#must(['nft', '-f', '-'], onePort(mac));
  }

  /** Every frame of this session's MAC is lost, LCP too: the client notices after its echoes. Undone by `hear`. */
  async silence(addressOrMac: string): Promise<string> {
    const { mac } = await this.session(addressOrMac);
    await this.#must(['nft', 'add', 'element', 'netdev', 'silence', 'muted', `{ ${mac} }`]);
    return mac;
  }

  async hear(mac: string): Promise<void> {
    await this.#must(['nft', 'delete', 'element', 'netdev', 'silence', 'muted', `{ ${mac} }`]);
  }

  /** A black hole: nothing is forwarded for this session while LCP goes on as if all were well. Undone by `fill`. */
  async hole(addressOrMac: string): Promise<string> {
    const { device } = await this.session(addressOrMac);
    await this.#must(['nft', 'add', 'element', 'inet', 'isp', 'holes', `{ ${device} }`]);
    return device;
  }

  async fill(device: string): Promise<void> {
    await this.#must(['nft', 'delete', 'element', 'inet', 'isp', 'holes', `{ ${device} }`]);
  }

  /** Packets dropped because the session did not own their source. A test asserts both to be 0. */
  spoofed(): Promise<{ ipv4: number; ipv6: number }> {
    return this.#counters('spoofed');
  }

  /** The router's own refusals that left by another link than their address's. */
  strayRefusals(): Promise<{ ipv4: number; ipv6: number }> {
    return this.#counters('refusals');
  }

  async #counters(name: string): Promise<{ ipv4: number; ipv6: number }> {
    const listing = await this.#list(['counters', 'table', 'inet', 'isp']);
    const packets = (family: 4 | 6) => listing.find((item) => item.counter?.name === `${name}${family}`)?.counter?.packets ?? -1;
    return { ipv4: packets(4), ipv6: packets(6) };
  }

  /** New flows to the echo ports by session device, since the last `resetFlows`. */
  async flows(family: 'ipv4' | 'ipv6'): Promise<CountBySession> {
    const listing = await this.#list(['set', 'inet', 'isp', family === 'ipv4' ? 'flows4' : 'flows6']);
    const elements = listing.find((item) => item.set)?.set?.elem ?? [];
    return Object.fromEntries(elements.map(({ elem }) => [elem.val, elem.counter.packets]));
  }

  async resetFlows(): Promise<void> {
    await this.#must(['nft', 'flush set inet isp flows4; flush set inet isp flows6']);
  }

  /** Bytes by session device: `down` to the router, `up` from it. */
  async bytes(): Promise<Record<string, { down: number; up: number }>> {
    const { stdout } = await this.#must(['ip', '-j', '-s', 'link', 'show']);
    const links = JSON.parse(stdout) as { ifname: string; stats64: { rx: { bytes: number }; tx: { bytes: number } } }[];
    return Object.fromEntries(
      links.filter(({ ifname }) => ifname.startsWith('ppp')).map(({ ifname, stats64 }) => [ifname, { down: stats64.tx.bytes, up: stats64.rx.bytes }]),
    );
  }

  async #list(what: string[]): Promise<NftItem[]> {
    const { stdout } = await this.#must(['nft', '-j', 'list', ...what]);
    return (JSON.parse(stdout) as { nftables: NftItem[] }).nftables;
  }
}

type NftItem = {
  counter?: { name: string; packets: number };
  set?: { elem?: { elem: { val: string; counter: { packets: number } } }[] };
};

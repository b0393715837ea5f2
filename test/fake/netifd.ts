// netifd as the agent sees it: interfaces of /etc/config/network that come up, go down, and leave routes in the kernel.
import type { Files } from './files.ts';
import type { Kernel, Route } from './kernel.ts';
import { parseUci } from './uci.ts';

/** `error` is netifd's code of the last failure, as AUTH_TOPEER_FAILED. */
export type State = { up: boolean; device: string; options: Map<string, string>; error?: string; dynamic?: boolean };

const STATIC = 4;
const MAIN = 254;
const PEER = '10.64.0.1';

const hashOf = (text: string): number => [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 60_000, 7);
const addressOf = (name: string): string => `10.${64 + (hashOf(name) % 60)}.${hashOf(name) % 200}.${2 + (hashOf(name) % 250)}`;
const prefixOf = (name: string): string => `2001:db8:${hashOf(name).toString(16)}::/64`;

/** What netifd swaps silently; any other option of an interface means a redial. */
const SILENT = new Set(['metric', 'multidial']);

export class Netifd {
  interfaces = new Map<string, State>();
  /** How long everything that is up has been so: more than the 20 s in which a link waits for its ifup. */
  uptimeS = 70;
  /** Interfaces that were told to stay down: no reload brings them back. */
  stopped = new Set<string>();
  /** Does the other side answer this session? */
  answers: (name: string) => boolean = () => true;
  /** Resolvers that the other side of a session names. */
  resolversOf: (name: string) => string[] = () => [];
  /** What a release tells of each interface besides. */
  besides: object = {};
  #files: Files;
  #kernel: Kernel;

  constructor(files: Files, kernel: Kernel) {
    this.#files = files;
    this.#kernel = kernel;
  }

  /** `network reload`: new sections are dialed, changed ones dialed anew, missing ones taken down. */
  reload(): void {
    const sections = parseUci(this.#files.read('/etc/config/network') ?? '').filter((section) => section.type === 'interface');
    const wanted = new Map(sections.map(({ id, options }) => [id, new Map([...options].map(([name, value]) => [name, String(value)]))]));
    for (const [name, state] of [...this.interfaces]) {
      if (state.dynamic) continue;
      const next = wanted.get(name);
      if (!next) this.#forget(name);
      else if (isRedial(state.options, next)) this.down(name);
    }
    for (const [name, options] of wanted) {
      const old = this.interfaces.get(name);
      if (old?.up) this.#setMetric(name, old, options);
      this.interfaces.set(name, { ...(old ?? { up: false, device: '' }), options });
      if (options.get('proto') === 'pppoe' && !this.interfaces.get(name)?.up && !this.stopped.has(name) && this.answers(name)) this.up(name);
    }
  }

  /** `ifdown`. */
  stop(name: string): void {
    if (!this.interfaces.has(name)) return;
    this.stopped.add(name);
    this.down(name);
  }

  /** `ifup`. */
  start(name: string): void {
    this.stopped.delete(name);
    if (this.answers(name)) this.up(name);
  }

  #forget(name: string): void {
    this.down(name);
    this.interfaces.delete(name);
    this.stopped.delete(name);
  }

  #setMetric(name: string, state: State, options: Map<string, string>): void {
    const metric = Number(options.get('metric') ?? 0);
    for (const route of this.#kernel.routes) {
      if (route.protocol === STATIC && route.family === 'ipv4' && route.legs[0]?.device === state.device) route.metric = metric;
    }
    state.options = options;
    this.interfaces.set(name, state);
  }

  /** A session is dialed, or somebody else's interface gets its address. */
  up(name: string): void {
    const old = this.interfaces.get(name);
    if (old?.up) return;
    const options = old?.options ?? new Map<string, string>();
    const isPpp = options.get('proto') === 'pppoe';
    const device = isPpp ? `pppoe-${name}` : (options.get('device') ?? options.get('ifname') ?? name);
    if (isPpp) this.#kernel.addDevice(device, { type: '512' });
    if (options.get('proto') === 'wireguard') this.#kernel.addDevice(device, { type: '65534' });
    this.interfaces.set(name, { up: true, device, options });
    const metric = Number(options.get('metric') ?? 0);
    const gateway = options.get('gateway') ?? (isPpp ? PEER : undefined);
    const six = options.get('ip6gw');
    if (six !== undefined) this.#install({ family: 'ipv6', destination: 'default', source: undefined, metric, legs: [{ device, gateway: six, weight: 1 }] });
    // wireguard routes what its peers may send, here everything.
    if (options.get('proto') === 'wireguard')
      this.#install({ family: 'ipv4', destination: 'default', source: undefined, metric, legs: [{ device, gateway: undefined, weight: 1 }] });
    if (gateway !== undefined) this.#install({ family: 'ipv4', destination: 'default', source: undefined, metric, legs: [{ device, gateway, weight: 1 }] });
    if (isPpp && options.get('ipv6') === 'auto') this.upSix(name);
  }

  /** netifd makes NAME_6 by itself: a default for the session's own prefix alone, at metric 512. */
  upSix(name: string): void {
    const { device, options } = this.interfaces.get(name) as State;
    this.interfaces.set(`${name}_6`, { up: true, device, options: new Map([['proto', 'dhcpv6']]), dynamic: true });
    const source = options.get('sourcefilter') === '0' ? undefined : prefixOf(name);
    this.#install({
      family: 'ipv6',
      destination: 'default',
      source,
      metric: 512,
      legs: [{ device, gateway: `fe80::${hashOf(name).toString(16)}`, weight: 1 }],
    });
  }

  /** netifd installs with create|replace. */
  #install(route: Pick<Route, 'family' | 'destination' | 'source' | 'metric' | 'legs'>): void {
    const refusal = this.#kernel.setRoute({ ...route, table: MAIN, protocol: STATIC, group: undefined }, true);
    if (refusal) throw new Error(`netifd: ${refusal}`);
  }

  /** The session ends: its device goes, and whatever lay on it. */
  down(name: string, error?: string): void {
    const state = this.interfaces.get(name);
    if (!state) return;
    this.interfaces.delete(`${name}_6`);
    if (state.up && state.device.startsWith('pppoe-')) this.#kernel.removeDevice(state.device);
    else if (state.up)
      this.#kernel.routes = this.#kernel.routes.filter(
        (route) => route.group !== undefined || route.legs[0]?.device !== state.device || route.protocol !== STATIC,
      );
    this.interfaces.set(name, { up: false, device: '', options: state.options, ...(error === undefined ? {} : { error }) });
  }

  /** The reply of `ubus call network.interface dump`. */
  dump(): string {
    return JSON.stringify({ interface: [...this.interfaces].map(([name, state]) => ({ ...this.besides, ...this.#toJson(name, state) })) });
  }

  #toJson(name: string, state: State): object {
    const proto = state.options.get('proto') ?? 'none';
    const head = {
      interface: name,
      up: state.up,
      pending: !state.up && state.error === undefined,
      available: true,
      autostart: !this.stopped.has(name),
      dynamic: state.dynamic === true,
      proto,
    };
    const errors = state.error === undefined ? {} : { errors: [{ subsystem: 'pppoe', code: state.error }] };
    if (!state.up) return { ...head, ...errors };
    const { device } = state;
    if (state.dynamic) {
      const base = name.slice(0, -2);
      const source = this.interfaces.get(base)?.options.get('sourcefilter') === '0' ? '::/0' : prefixOf(base);
      const nexthop = `fe80::${hashOf(base).toString(16)}`;
      return {
        ...head,
        l3_device: device,
        uptime: this.uptimeS,
        'ipv4-address': [],
        'ipv6-address': [{ address: `${prefixOf(base).slice(0, -3)}1`, mask: 64 }],
        route: [{ target: '::', mask: 0, nexthop, metric: 512, source }],
      };
    }
    const gateway = state.options.get('gateway');
    const isPpp = proto === 'pppoe';
    const address = { address: addressOf(name), mask: isPpp ? 32 : 24, ...(isPpp ? { ptpaddress: PEER } : {}) };
    const nexthop = gateway ?? (isPpp ? PEER : proto === 'wireguard' ? '0.0.0.0' : undefined);
    const six = state.options.get('ip6gw');
    const route = [
      ...(nexthop === undefined ? [] : [{ target: '0.0.0.0', mask: 0, nexthop, source: '0.0.0.0/0' }]),
      ...(six === undefined ? [] : [{ target: '::', mask: 0, nexthop: six, source: '::/0' }]),
    ];
    const resolvers = this.resolversOf(name);
    const dns = resolvers.length ? { 'dns-server': resolvers } : {};
    const sixes = proto === 'wireguard' ? (state.options.get('addresses') ?? '').split(',').filter((item) => item.includes(':')) : [];
    const addresses6 = sixes.map((item) => ({ address: item.split('/')[0], mask: Number(item.split('/')[1]) }));
    return { ...head, l3_device: device, uptime: this.uptimeS, 'ipv4-address': [address], 'ipv6-address': addresses6, route, ...dns };
  }
}

function isRedial(old: ReadonlyMap<string, string>, next: ReadonlyMap<string, string>): boolean {
  return [...new Set([...old.keys(), ...next.keys()])].some((option) => !SILENT.has(option) && old.get(option) !== next.get(option));
}

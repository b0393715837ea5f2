// The in-memory router's agent: answers of `multidial` as its contract gives them, with links that dial over time.
import {
  checkSection,
  type ConfigSection,
  type LinkStatus,
  type Plan,
  type Port,
  type PppoeInterface,
  type Problem,
  type Status,
} from '../../agent/src/contract/index.ts';
import type { RouterConfig, Section } from './router-config.ts';

export type LinkScript = Partial<Pick<LinkStatus, 'state' | 'reason' | 'weight' | 'device' | 'ipv4' | 'ipv6' | 'probe' | 'rest' | 'held' | 'balanced'>> & {
  downBps?: number;
  upBps?: number;
};

type Link = { name: string; line: string; index: number; sinceMs: number; rx: number; tx: number; readMs: number };

const PORTS: Port[] = [
  { device: 'eth0.2', mac: '02:00:5e:00:00:01', carrier: true, usedBy: [] },
  { device: 'wan', mac: '02:00:5e:00:00:02', carrier: true, usedBy: ['wan', 'wan6'] },
  { device: 'lan4', mac: '02:00:5e:00:00:03', carrier: false, usedBy: ['lan'] },
];

const nameOf = (line: string, index: number): string => `${line}_${String(index).padStart(2, '0')}`;

const toSection = ({ type, name, options }: Section): ConfigSection => {
  const { password, ...open } = options;
  return { type: type as ConfigSection['type'], name, options: open, ...(password === undefined ? {} : { secrets: ['password'] }) };
};

export class RouterAgent {
  readonly config: RouterConfig;
  /** From the commit to the end of the run that derives the rest. */
  deriveMs = 300;
  /** From then until a link is up. */
  dialMs = 400;
  ports: Port[] = PORTS;
  /** Interfaces that a line can adopt. */
  pppoe: PppoeInterface[] = [];
  problems: Problem[] = [];
  offload: Status['offload'];
  /** What the next run says; empty: it worked. */
  runProblems: Problem[] = [];
  script = new Map<string, LinkScript>();
  last: Status['last'] = null;
  #links: Link[] = [];
  #startMs = Date.now();

  constructor(config: RouterConfig) {
    this.config = config;
    config.onCommit = () => setTimeout(() => this.derive(), this.deriveMs).unref();
  }

  /** CLOCK_MONOTONIC of this router. */
  get nowMs(): number {
    return Date.now() - this.#startMs + 100_000;
  }

  #lines(): Section[] {
    const enabled = this.config.sections.find((section) => section.type === 'globals')?.options.enabled !== '0';
    return enabled ? this.config.sections.filter((section) => section.type === 'line') : [];
  }

  /** What procd's trigger runs. */
  derive(): void {
    const wanted = this.#lines().flatMap((line) =>
      Array.from({ length: Number(line.options.sessions ?? 1) }, (_, index) => ({ line: line.name, index: index + 1 })),
    );
    this.#links = wanted.map(({ line, index }) => {
      const name = nameOf(line, index);
      return this.#links.find((link) => link.name === name) ?? { name, line, index, sinceMs: this.nowMs, rx: 0, tx: 0, readMs: this.nowMs };
    });
    this.last = { revision: this.config.revision, ok: this.runProblems.length === 0, atS: this.nowMs / 1000, problems: this.runProblems };
  }

  /** Lets everything that dials be up for `ms` more. */
  age(ms: number): void {
    this.#startMs -= ms;
    for (const link of this.#links) link.readMs = this.nowMs;
  }

  /** Its clock and its counters begin anew, and every link is dialed. */
  reboot(): void {
    this.#startMs = Date.now();
    for (const { name } of this.#links) this.redial(name);
  }

  /** Hangs up: the device and its counters are gone, the link dials anew. */
  redial(name: string): void {
    const link = this.#links.find((each) => each.name === name);
    if (link) Object.assign(link, { sinceMs: this.nowMs, rx: 0, tx: 0, readMs: this.nowMs });
  }

  #linkStatus(link: Link): LinkStatus {
    const script = this.script.get(link.name) ?? {};
    const upMs = this.nowMs - link.sinceMs - this.dialMs;
    const state = script.state ?? (upMs >= 0 ? 'up' : 'dialing');
    const line = this.config.sections.find((section) => section.name === link.line);
    const weight = script.weight ?? Number(line?.options.weight ?? 1);
    const hasIpv6 = (line?.options.ipv6 ?? 'off') !== 'off';
    const idle = {
      name: link.name,
      line: link.line,
      state,
      ipv4: [],
      ipv6: [],
      weight,
      balanced: { ipv4: false, ipv6: false },
      ...(script.reason ? { reason: script.reason } : {}),
      ...(script.rest ? { rest: script.rest } : {}),
      ...(script.held ? { held: script.held } : {}),
    };
    if (state !== 'up') return idle;
    const elapsedMs = this.nowMs - link.readMs;
    link.rx += Math.round(((script.downBps ?? 9_600_000) * elapsedMs) / 8000);
    link.tx += Math.round(((script.upBps ?? 2_400_000) * elapsedMs) / 8000);
    link.readMs = this.nowMs;
    return {
      ...idle,
      device: script.device ?? `pppoe-${link.name}`,
      uptimeS: Math.max(0, Math.floor(upMs / 1000)),
      rxBytes: link.rx,
      txBytes: link.tx,
      ipv4: script.ipv4 ?? [`100.64.${link.index}.${20 + link.index}`],
      ipv6: script.ipv6 ?? (hasIpv6 ? [`2001:db8:${link.index}::${link.index}`] : []),
      balanced: script.balanced ?? { ipv4: !script.rest, ipv6: hasIpv6 && !script.rest },
      probe: script.probe ?? { ipv4: 'alive', sinceMs: link.sinceMs, loss: 0, latencyMs: 8.4 + 3 * link.index },
    };
  }

  status(): Status {
    const links = this.#links.map((link) => this.#linkStatus(link));
    const groups = (['ipv4', 'ipv6'] as const).flatMap((family) => {
      const members = links.filter((link) => link.balanced[family]).map(({ name, weight }) => ({ link: name, weight }));
      if (links.length === 0) return [];
      return [
        {
          group: 'default',
          family,
          prefix: family === 'ipv4' ? '0.0.0.0/0' : '::/0',
          route: members.length > 0 ? ('present' as const) : ('none' as const),
          kind: 'nexthop' as const,
          members,
        },
      ];
    });
    const enabled = this.config.sections.find((section) => section.type === 'globals')?.options.enabled !== '0';
    const more = this.offload ? { offload: this.offload } : {};
    return { version: '0.1.0', enabled, revision: this.config.revision, last: this.last, atMs: this.nowMs, links, groups, problems: this.problems, ...more };
  }

  configReply() {
    return { revision: this.config.revision, sections: this.config.sections.map(toSection), ports: this.ports, pppoe: this.pppoe, problems: [] as Problem[] };
  }

  plan(candidate: { sections: ConfigSection[] } | undefined): Plan {
    const sections = candidate?.sections ?? this.config.sections.map(toSection);
    const problems = sections.flatMap(checkSection);
    const lines = sections.filter((section) => section.type === 'line');
    const wanted = lines.flatMap((line) =>
      Array.from({ length: Number(line.options.sessions ?? 1) }, (_, index) => ({ name: nameOf(line.name, index + 1), device: String(line.options.device) })),
    );
    const adopted = lines.flatMap(({ name, options: { adopt } }) => (adopt ? [{ name: nameOf(name, 1), interface: String(adopt) }] : []));
    const now = this.#links.map((link) => link.name);
    const added = wanted.filter(({ name }) => !now.includes(name));
    const linksRemoved = now.filter((name) => !wanted.some((each) => each.name === name));
    const set = (section: string, option: string, value: string) => ({ op: 'set' as const, package: 'network' as const, section, option, value });
    return {
      revision: this.config.revision,
      blocked: problems.some((problem) => problem.severity === 'error'),
      summary: {
        linksAdded: added.map(({ name }) => name),
        linksRemoved,
        linksChanged: [],
        lines: lines.map((line) => ({
          name: line.name,
          device: String(line.options.device),
          sessions: Number(line.options.sessions ?? 1),
          ipv6: (line.options.ipv6 ?? 'off') as 'off',
        })),
      },
      uci: [
        ...adopted.flatMap(({ name, interface: owner }) => [set(owner, 'metric', '7001'), set(`multidial_${name}`, 'interface', owner)]),
        ...added
          .filter(({ name }) => adopted.every((each) => each.name !== name))
          .flatMap(({ name, device }) => [
            { op: 'section' as const, package: 'network' as const, section: `md_${name}`, type: 'device' },
            set(`md_${name}`, 'type', 'macvlan'),
            set(`md_${name}`, 'ifname', device),
            set(`md_${name}`, 'name', `md-${name}`),
            { op: 'section' as const, package: 'network' as const, section: name, type: 'interface' },
            set(name, 'proto', 'pppoe'),
            set(name, 'device', `md-${name}`),
            set(name, 'password', '***'),
            { op: 'list-add' as const, package: 'firewall' as const, section: '@zone[1]', option: 'network', value: name },
          ]),
        ...linksRemoved.map((section) => ({ op: 'unset' as const, package: 'network' as const, section })),
      ],
      system:
        added.length + linksRemoved.length > 0
          ? [
              { tool: 'reload', text: 'network firewall' },
              { tool: 'sysctl', text: 'net.ipv4.fib_multipath_hash_policy=1' },
            ]
          : [],
      problems,
    };
  }

  reset() {
    const globals = this.config.sections.find((section) => section.type === 'globals');
    if (globals) globals.options.enabled = '0';
    this.derive();
    return { ok: true, revision: this.config.revision, changed: true, uci: 1, system: 1, problems: [] as Problem[] };
  }
}

// The in-memory router's watcher: events, history, the doctor and answers as the contract gives them, and what is done to links.
import {
  explain,
  skipReasons,
  toReason,
  type DoctorReport,
  type EventDetails,
  type EventKind,
  type Examination,
  type LinkHistory,
  type Problem,
  type Question,
  type RatesReply,
  type Reason,
  type RoutesReply,
  type RunResult,
  type Span,
  type TimelineEvent,
  type Why,
} from '../../agent/src/contract/index.ts';
import type { RouterAgent } from './router-agent.ts';
import { aRoutesReply } from './router-routes.ts';

const STEPS: Record<Span, { stepS: number; count: number }> = {
  '5m': { stepS: 1, count: 300 },
  '2h': { stepS: 24, count: 300 },
  '7d': { stepS: 2016, count: 300 },
};

const wave = (place: number, mean: number, swing: number): number => Math.round((mean + swing * Math.sin(place / 9)) * 100) / 100;

/** As the agent's reply has it. What has its sentences already is of a newer agent; what no agent says may be anything. */
const told = ({ findings, checked, skipped }: Examination): DoctorReport => ({
  findings: findings.map((finding) => ('what' in finding ? (finding as DoctorReport['findings'][number]) : explain(finding))),
  checked,
  skipped: skipped.map((each) => ({ ...each, text: skipReasons[each.reason] ?? each.reason })),
});

export class RouterWatch {
  readonly #agent: RouterAgent;
  events: TimelineEvent[] = [];
  report: Examination = { findings: [], checked: ['configuration', 'netifd', 'ip', 'kernel', 'ports', 'zone'], skipped: [] };
  routes: RoutesReply = aRoutesReply();
  /** What an action says instead of doing it. */
  refuses: Problem | undefined;
  /** Nothing was recorded of these. */
  unrecorded = new Set<string>();
  reasons: Reason[] = [
    toReason('pin_none'),
    toReason('group_hash', { group: 'default' }),
    toReason('sent', { device: 'pppoe-wan_02', table: 'main', link: 'wan_02' }),
  ];

  constructor(agent: RouterAgent) {
    this.#agent = agent;
  }

  /** Lets something happen, so many seconds ago. */
  note(kind: EventKind, link?: string, details?: EventDetails, agoS = 0): void {
    const upMs = this.#agent.nowMs - agoS * 1000;
    const event: TimelineEvent = { kind, at: Math.round(Date.now() / 1000 - agoS), upMs, ...(link ? { link } : {}), ...(details ? { details } : {}) };
    this.events = [...this.events, event].sort((a, b) => a.upMs - b.upMs);
  }

  answer(method: string, args: Record<string, unknown>): [number, object] | undefined {
    switch (method) {
      case 'events':
        return [0, { atMs: this.#agent.nowMs, events: this.events.filter(({ at }) => at >= Number(args['since'] ?? 0)) }];
      case 'history':
        return [0, this.#history(String(args['link']), args['span'] as Span)];
      case 'histories':
        return [0, this.#histories(args['span'] as Span)];
      case 'doctor':
        return [0, told(this.report)];
      case 'routes':
        return [0, this.routes];
      case 'why':
        return [0, this.#why(args as unknown as Question)];
      case 'redial':
      case 'drain':
      case 'pause':
      case 'resume':
        return [0, this.#act(method, String(args['link']))];
      default:
        return undefined;
    }
  }

  #history(link: string, span: Span): LinkHistory | { error: Problem } {
    if (this.unrecorded.has(link)) return { error: { code: 'history_missing', severity: 'error', details: { link, links: 'none' } } };
    const { stepS, count } = STEPS[span];
    const values = (mean: number, swing: number) => Array.from({ length: count }, (_, place) => (place > 40 && place < 60 ? null : wave(place, mean, swing)));
    const series = { rx: values(1_200_000, 400_000), tx: values(300_000, 90_000), loss: values(1.5, 1.5), latencyMs: values(14, 5) };
    return { link, span, stepS, atMs: this.#agent.nowMs, endMs: this.#agent.nowMs, ...series };
  }

  #histories(span: Span): RatesReply {
    const links = this.#agent.status().links.flatMap(({ name }) => {
      const history = this.#history(name, span);
      return 'error' in history ? [] : { link: name, endMs: history.endMs, rx: history.rx, tx: history.tx };
    });
    return { span, atMs: this.#agent.nowMs, stepS: STEPS[span].stepS, links };
  }

  #why(question: Question): Why {
    return { question, by: 'routes', group: 'default', mark: 0, table: 254, device: 'pppoe-wan_02', link: 'wan_02', reasons: this.reasons, problems: [] };
  }

  #act(action: 'redial' | 'drain' | 'pause' | 'resume', link: string): RunResult {
    const result = { revision: this.#agent.config.revision, changed: true, uci: 0, system: 1 };
    if (this.refuses) return { ...result, ok: false, changed: false, problems: [this.refuses] };
    const { rest: _, held: __, ...script } = this.#agent.script.get(link) ?? {};
    const sinceMs = this.#agent.nowMs;
    if (action === 'pause') this.#agent.script.set(link, { ...script, rest: { kind: 'pause' } });
    else if (action === 'drain') this.#agent.script.set(link, { ...script, rest: { kind: 'drain', sinceMs, untilMs: sinceMs + 600_000 } });
    else this.#agent.script.set(link, script);
    if (action === 'redial') this.#agent.redial(link);
    return { ...result, ok: true, problems: [] };
  }
}

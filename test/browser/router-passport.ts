// The in-memory router's passport: one step more each time it is asked for, from the start to the report.
import { toNote, type PassportReport, type PassportStatus, type PassportStep, type Problem } from '../../agent/src/contract/index.ts';
import type { RouterAgent } from './router-agent.ts';

const step = (code: PassportStep['code'], details: PassportStep['details'], state: PassportStep['state'] = 'done'): PassportStep => ({
  ...toNote(code, details),
  state,
});

/** A provider that takes two sessions of an account. */
export const STEPS: PassportStep[] = [
  step('accepted', { sessions: 1 }),
  step('accepted', { sessions: 2 }),
  step('refused', { sessions: 3, link: 'wan_03', reason: 'AUTH_TOPEER_FAILED' }, 'refused'),
  step('alone_accepted', { link: 'wan_02' }),
  step('confirmed', { sessions: 2 }),
  step('restored', { line: 'wan' }),
];

export const REPORT: PassportReport = {
  line: 'wan',
  configured: 4,
  accepted: 2,
  limit: 'account',
  links: [
    { link: 'wan_01', mtu: 1492, ipv6: 'prefix', rxPerS: 1_250_000 },
    { link: 'wan_02', mtu: 1480, ipv6: 'prefix', rxPerS: 1_200_000 },
  ],
  speed: 'adds',
  togetherPerS: 2_400_000,
  proposal: { sessions: 2, weights: {} },
  findings: [
    toNote('sessions_limit', { sessions: 2 }),
    toNote('why_account', { link: 'wan_03', reason: 'AUTH_TOPEER_FAILED' }),
    toNote('speed_adds', { together: '19.2 Mbit/s', best: '10.0 Mbit/s' }),
    toNote('mtu_differs', { line: 'wan', mtus: ['wan_01 1492', 'wan_02 1480'] }),
    toNote('ipv6_prefix'),
  ],
  proposals: [toNote('propose_sessions', { line: 'wan', sessions: 2, configured: 4 }), toNote('pacing_watch', { sessions: 2 })],
};

export class RouterPassport {
  readonly #agent: RouterAgent;
  steps = STEPS;
  report: PassportReport = REPORT;
  /** What a start says instead. */
  refuses: Problem | undefined;
  /** How often a status moves it on; a test that looks at one step stops it. */
  isStopped = false;
  status: Omit<PassportStatus, 'atMs'> = { state: 'none', steps: [], problems: [] };

  constructor(agent: RouterAgent) {
    this.#agent = agent;
  }

  answer(method: string, args: Record<string, unknown>): [number, object] | undefined {
    if (method === 'passport') return [0, this.refuses ? { error: this.refuses } : this.#start(String(args['line']))];
    if (method === 'passport_stop') return [0, this.#stop()];
    if (method !== 'passport_status') return undefined;
    if (this.status.state === 'running' && !this.isStopped) this.#goOn();
    return [0, this.#now()];
  }

  /** As one that was made before the page was opened. */
  finish(): void {
    const line = this.report.line;
    this.status = { state: 'done', line, startedMs: this.#agent.nowMs, steps: this.steps, report: this.report, problems: [] };
  }

  #now = (): PassportStatus => ({ ...this.status, atMs: this.#agent.nowMs });

  #start(line: string): PassportStatus {
    this.status = { state: 'running', line, startedMs: this.#agent.nowMs, steps: [step('dialing', { line, sessions: 1 }, 'running')], problems: [] };
    return this.#now();
  }

  /** At once, where a real one takes seconds. */
  #stop(): PassportStatus {
    const { line = '', steps } = this.status;
    const done = steps.filter(({ state }) => state !== 'running');
    this.status = { ...this.status, state: 'failed', steps: [...done, step('stopped', {}, 'failed'), step('restored', { line })] };
    return this.#now();
  }

  #goOn(): void {
    const done = this.status.steps.filter(({ state }) => state !== 'running').length + 1;
    if (done < this.steps.length) this.status.steps = [...this.steps.slice(0, done), step('dialing', { line: 'wan', sessions: done + 1 }, 'running')];
    else this.finish();
  }
}

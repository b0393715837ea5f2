// What the agent has noted and measured: the timeline, a link's history, the doctor's report, and why a connection takes its link.
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { DoctorReport, LinkHistory, Question, Span, Why } from '../../../agent/src/contract/index.ts';
import { ask } from '../agent.ts';
import { blankQuestion, type QuestionDraft } from '../model/question.ts';
import { emptyTimeline, everything, merge, sinceOf, type EventFilter, type Timeline } from '../model/timeline.ts';
import type { Client } from '../ubus/index.ts';
import type { LiveStore } from './live.ts';
import type { PagePort } from './page.ts';
import type { Loadable } from './setup.ts';

const EVENTS_MS = 3000;
/** Enough for a plot: a value for each two or three of its pixels. */
const POINTS = 300;
/** How often a span gets a new value worth asking for. */
const HISTORY_MS: Record<Span, number> = { '5m': 4000, '2h': 10_000, '7d': 60_000 };
/** The doctor asks a dozen programs; rpcd gives a call 30 s. */
const SLOW_MS = 30_000;

/** `tookMs`: how long to expect the next one to take. */
export type Looked = { report: DoctorReport; atS: number; tookMs: number };

export type WatchingStore = {
  events: ReadonlySignal<Loadable<Timeline>>;
  filter: Signal<EventFilter>;
  history: ReadonlySignal<Loadable<LinkHistory>>;
  report: ReadonlySignal<Loadable<Looked>>;
  isLooking: ReadonlySignal<boolean>;
  /** As it is typed. */
  question: Signal<QuestionDraft>;
  answer: ReadonlySignal<Loadable<Why>>;
  /** Asks for what is new while a screen is shown; the function it returns ends that. */
  followEvents(): () => void;
  followHistory(link: string, span: Span): () => void;
  /** The doctor looks the router over; the report of before stays until then. */
  look(): Promise<void>;
  askWhy(question: Question): Promise<void>;
  forget(): void;
};

export function createWatching(client: Client, page: PagePort, live: LiveStore): WatchingStore {
  const events = signal<Loadable<Timeline>>({ state: 'empty' });
  const filter = signal<EventFilter>(everything);
  const history = signal<Loadable<LinkHistory>>({ state: 'empty' });
  const report = signal<Loadable<Looked>>({ state: 'empty' });
  const isLooking = signal(false);
  const question = signal(blankQuestion);
  const answer = signal<Loadable<Why>>({ state: 'empty' });
  const known = (): Timeline => (events.value.state === 'ready' ? events.value.value : emptyTimeline);

  return {
    events,
    filter,
    history,
    report,
    isLooking,
    question,
    answer,
    followEvents: () =>
      live.along({
        method: 'events',
        args: () => sinceOf(known()),
        everyMs: EVENTS_MS,
        take: (result) => {
          events.value = result.ok
            ? { state: 'ready', value: merge(known(), result.value, page.wallS()) }
            : events.value.state === 'ready'
              ? events.value
              : { state: 'failed', fault: result.fault };
        },
      }),
    followHistory: (link, span) => {
      history.value = { state: 'loading' };
      return live.along({
        method: 'history',
        args: () => ({ link, span, points: POINTS }),
        everyMs: HISTORY_MS[span],
        take: (result) => {
          history.value = result.ok ? { state: 'ready', value: result.value } : { state: 'failed', fault: result.fault };
        },
      });
    },
    look: async () => {
      if (isLooking.value) return;
      isLooking.value = true;
      const sinceMs = page.clock.now();
      const result = await ask(client, 'doctor', {}, { timeoutMs: SLOW_MS });
      isLooking.value = false;
      report.value = result.ok
        ? { state: 'ready', value: { report: result.value, atS: page.wallS(), tookMs: page.clock.now() - sinceMs } }
        : { state: 'failed', fault: result.fault };
    },
    askWhy: async (question) => {
      answer.value = { state: 'loading' };
      const result = await ask(client, 'why', question, { timeoutMs: SLOW_MS });
      answer.value = result.ok ? { state: 'ready', value: result.value } : { state: 'failed', fault: result.fault };
    },
    forget: () => {
      events.value = { state: 'empty' };
      filter.value = everything;
      report.value = { state: 'empty' };
      question.value = blankQuestion;
      answer.value = { state: 'empty' };
    },
  };
}

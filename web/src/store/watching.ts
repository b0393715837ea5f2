// What the agent has noted and measured: the timeline, a link's history, the doctor's report, and why a connection takes its link.
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { DoctorReport, LinkHistory, Question, Span, Why } from '../../../agent/src/contract/index.ts';
import { ask } from '../agent.ts';
import { toSamples, type Sample } from '../model/history.ts';
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
/** All links' rates: of the last minutes only what the page did not see itself. */
const RATES_MS: Record<Span, number> = { '5m': 60_000, '2h': 24_000, '7d': 300_000 };
/** The doctor asks a dozen programs; rpcd gives a call 30 s. */
const SLOW_MS = 30_000;

/** `tookMs`: how long to expect the next one to take. */
export type Looked = { report: DoctorReport; atS: number; tookMs: number };
export type Recorded = { span: Span; samples: readonly Sample[] };

export type WatchingStore = {
  events: ReadonlySignal<Loadable<Timeline>>;
  filter: Signal<EventFilter>;
  history: ReadonlySignal<Loadable<LinkHistory>>;
  /** All links' rates over a longer span; the last minutes are those of `live`. */
  recorded: ReadonlySignal<Loadable<Recorded>>;
  /** How far back the overview's plot goes. */
  span: Signal<Span>;
  report: ReadonlySignal<Loadable<Looked>>;
  isLooking: ReadonlySignal<boolean>;
  /** As it is typed. */
  question: Signal<QuestionDraft>;
  answer: ReadonlySignal<Loadable<Why>>;
  /** Asks for what is new while a screen is shown; the function it returns ends that. */
  followEvents(): () => void;
  followHistory(link: string, span: Span): () => void;
  followRates(span: Span): () => void;
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
  const recorded = signal<Loadable<Recorded>>({ state: 'empty' });
  const span = signal<Span>('5m');
  const isLooking = signal(false);
  const question = signal(blankQuestion);
  const answer = signal<Loadable<Why>>({ state: 'empty' });
  const known = (): Timeline => (events.value.state === 'ready' ? events.value.value : emptyTimeline);

  return {
    events,
    filter,
    history,
    recorded,
    span,
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
    followRates: (span) => {
      recorded.value = { state: 'loading' };
      return live.along({
        method: 'histories',
        args: () => ({ span, points: POINTS }),
        everyMs: RATES_MS[span],
        take: (result) => {
          const samples = result.ok ? toSamples(result.value, page.wallS()) : [];
          if (span === '5m') live.recall(samples);
          recorded.value = result.ok ? { state: 'ready', value: { span, samples } } : { state: 'failed', fault: result.fault };
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
      recorded.value = { state: 'empty' };
      span.value = '5m';
      report.value = { state: 'empty' };
      question.value = blankQuestion;
      answer.value = { state: 'empty' };
    },
  };
}

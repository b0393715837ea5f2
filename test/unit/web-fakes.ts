// For the page's unit tests: a clock that jumps from timer to timer, and a /ubus that a test answers itself.
import type { Clock } from '../../web/src/ubus/clock.ts';
import type { Fetch } from '../../web/src/ubus/post.ts';

type Timer = { id: number; atMs: number; callback: () => void };

/** Time passes only while `until` waits: as far as the next timer, as soon as nothing else is left to do. */
export class FakeClock implements Clock {
  #nowMs = 1_000_000;
  #timers: Timer[] = [];
  #lastId = 0;

  now(): number {
    return this.#nowMs;
  }

  setTimeout(callback: () => void, delayMs: number): number {
    this.#lastId += 1;
    this.#timers.push({ id: this.#lastId, atMs: this.#nowMs + delayMs, callback });
    return this.#lastId;
  }

  clearTimeout(timer: number): void {
    this.#timers = this.#timers.filter(({ id }) => id !== timer);
  }

  get waiting(): number {
    return this.#timers.length;
  }

  /** Lets promises settle without time passing. */
  async settle(): Promise<void> {
    for (let round = 0; round < 5; round++) await new Promise(setImmediate);
  }

  #fire(): void {
    const next = this.#timers.toSorted((a, b) => a.atMs - b.atMs || a.id - b.id)[0];
    if (!next) throw new Error('nobody waits for time, and still it is not over');
    this.clearTimeout(next.id);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.callback();
  }

  async until<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const mark = (): void => {
      isOver = true;
    };
    promise.then(mark, mark);
    for (;;) {
      await this.settle();
      if (isOver) return promise;
      this.#fire();
    }
  }

  /** Lets `ms` pass. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await this.settle();
    while (this.#timers.some(({ atMs }) => atMs <= endMs)) {
      this.#fire();
      await this.settle();
    }
    this.#nowMs = endMs;
  }
}

export type Call = { id: number; session: string; object: string; method: string; args: Record<string, unknown> };

/** `result:[…]` or an error object. */
export type Answer = unknown[] | { code: number; message: string };
/** What happens to a whole POST otherwise. */
export type Mishap = 'hang' | 'refuse' | { status: number } | { text: string };
export type Handler = (calls: Call[], body: string) => Answer[] | Mishap;

/** A `fetch` that hands each POST's calls to `handler`; `posts` remembers them. */
export function fakeFetch(handler: Handler): { fetch: Fetch; posts: Call[][] } {
  const posts: Call[][] = [];
  const fetch: Fetch = async (_url, { body, signal }) => {
    const parsed: unknown = JSON.parse(body);
    const list = (Array.isArray(parsed) ? parsed : [parsed]) as { id: number; params: [string, string, string, Record<string, unknown>] }[];
    const calls = list.map(({ id, params: [session, object, method, args] }) => ({ id, session, object, method, args }));
    posts.push(calls);
    const outcome = handler(calls, body);
    if (outcome === 'refuse') throw new TypeError('Failed to fetch');
    if (outcome === 'hang') {
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    }
    if (!Array.isArray(outcome)) return { status: 'status' in outcome ? outcome.status : 200, text: async () => ('text' in outcome ? outcome.text : '') };
    const answers = outcome.map((answer, index) => ({
      jsonrpc: '2.0',
      id: calls[index]?.id,
      ...(Array.isArray(answer) ? { result: answer } : { error: answer }),
    }));
    return { status: 200, text: async () => JSON.stringify(Array.isArray(parsed) ? answers : answers[0]) };
  };
  return { fetch, posts };
}

export const denied: Answer = { code: -32002, message: 'Access denied' };

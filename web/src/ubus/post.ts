// One HTTP request to /ubus with a time limit and a way to abort it.
import type { Clock } from './clock.ts';
import { fail, succeed, type Fault, type Result } from './fault.ts';

/** The part of `fetch` that is used, so that a test can be one. */
export type Fetch = (
  url: string,
  init: { method: 'POST'; headers: Record<string, string>; body: string; signal: AbortSignal; cache: 'no-store'; credentials: 'omit' },
) => Promise<{ status: number; text(): Promise<string> }>;

export type PostOptions = { url: string; fetch: Fetch; clock: Clock; timeoutMs: number; signal?: AbortSignal | undefined };

/**
 * Posts a body, gives the answer's text. uhttpd answers 200 to everything with a JSON body, denials included,
 * so another status means that no ubus plugin is behind the URL.
 */
export async function post(body: string, { url, fetch, clock, timeoutMs, signal }: PostOptions): Promise<Result<string>> {
  if (signal?.aborted) return fail({ kind: 'aborted' });
  const controller = new AbortController();
  let cause: Fault | undefined;
  const stop = (fault: Fault) => () => {
    cause ??= fault;
    controller.abort();
  };
  const timer = clock.setTimeout(stop({ kind: 'timeout', afterMs: timeoutMs }), timeoutMs);
  const onAbort = stop({ kind: 'aborted' });
  signal?.addEventListener('abort', onAbort);
  try {
    // The session travels in the body: cookies of LuCI on the same host are none of our business.
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      signal: controller.signal,
      cache: 'no-store',
      credentials: 'omit',
    });
    if (response.status !== 200) return fail({ kind: 'http', httpStatus: response.status });
    return succeed(await response.text());
  } catch (error) {
    return fail(cause ?? { kind: 'network', message: error instanceof Error ? error.message : String(error) });
  } finally {
    clock.clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

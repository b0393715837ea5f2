// A typed client of ubus over HTTP: calls, batches, login, and what to do when the session is gone.
import type { Clock } from './clock.ts';
import { fail, type Fault, type Result } from './fault.ts';
import { request, type ArgsOf, type LoginReply, type MethodOf, type ObjectName, type ReplyOf, type Request } from './objects.ts';
import { post, type Fetch } from './post.ts';
import { ACCESS_DENIED, NO_SESSION, parseAnswers, renderCall, toPosts } from './wire.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
/** What uhttpd reads at most; MAX_BODY_BYTES of wire.ts leaves room below it. */
const READ_LIMIT_BYTES = 65_535;

export type ClientOptions = {
  /** `/ubus` on the standalone page, LuCI's `L.env.ubuspath` inside LuCI; never LuCI's own /admin/ubus. */
  url: string;
  fetch: Fetch;
  clock: Clock;
  session?: string | undefined;
  /**
   * Called when the session turned out to be gone. Gives the id of a new one (the page asks for the password), or
   * undefined when the user declines; then the call fails as `expired`. Calls that wait share one renewal.
   */
  renew?: () => Promise<string | undefined>;
};

export type CallOptions = {
  signal?: AbortSignal;
  /** How long to wait for the HTTP answer, in milliseconds; rpcd itself gives up after 30 s. */
  timeoutMs?: number;
  /** False: an expired session fails at once. For calls that only make sense in the session that began the work. */
  renew?: boolean;
};

type ReplyOfRequest<R> = R extends Request<infer T> ? T : never;

export type Client = {
  /** One call. Numbers of 64 bits lose precision above 2^53 (9 PB of a byte counter). */
  call<O extends ObjectName, M extends MethodOf<O>>(object: O, method: M, args: ArgsOf<O, M>, options?: CallOptions): Promise<Result<ReplyOf<O, M>>>;
  /**
   * Several calls in one POST (in as few as fit), run by the router one after the other, results in order. A failing call
   * does not stop the later ones; a failing POST fails the rest without sending it.
   */
  batch<const R extends readonly Request[]>(requests: R, options?: CallOptions): Promise<{ -readonly [K in keyof R]: Result<ReplyOfRequest<R[K]>> }>;
  /** Logs in and uses the new session from then on. Wrong account or password: fault `ubus` 6. `timeoutS`: seconds of disuse. */
  login(username: string, password: string, timeoutS?: number): Promise<Result<LoginReply>>;
  /** Does the session live? */
  alive(options?: CallOptions): Promise<Result<boolean>>;
  /** The session's id, undefined before the login. */
  session(): string | undefined;
  useSession(session: string | undefined): void;
};

const isDenied = (result: Result<unknown>): boolean => !result.ok && result.fault.kind === 'protocol' && result.fault.code === ACCESS_DENIED;

export function createClient({ url, fetch, clock, session: given, renew }: ClientOptions): Client {
  let session = given;
  let renewing: Promise<string | undefined> | undefined;

  async function send(requests: readonly Request[], options: CallOptions, as: string = session ?? NO_SESSION): Promise<Result<unknown>[]> {
    const calls = requests.map((each, index) => renderCall(index + 1, as, each));
    const results: Result<unknown>[] = [];
    for (const { from, body, count, bytes } of toPosts(calls)) {
      const text =
        bytes > READ_LIMIT_BYTES
          ? fail({ kind: 'too_large', bytes } satisfies Fault)
          : await post(body, { url, fetch, clock, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, signal: options.signal });
      if (!text.ok) {
        while (results.length < requests.length) results.push(text);
        break;
      }
      results.push(
        ...parseAnswers(
          text.value,
          Array.from({ length: count }, (_, index) => from + index + 1),
        ),
      );
    }
    return results;
  }

  async function alive(options: CallOptions = {}): Promise<Result<boolean>> {
    // Nobody's session lives always, and says nothing of ours.
    if (session === undefined) return { ok: true, value: false };
    // Every session holds rpcd's group "unauthenticated", which grants session.access itself: only a dead one is denied it.
    const [answer] = await send([request('session', 'access', { scope: 'ubus', object: 'session', function: 'access' })], options);
    if (!answer?.ok) return answer && isDenied(answer) ? { ok: true, value: false } : (answer ?? fail({ kind: 'malformed', message: 'no answer' }));
    return { ok: true, value: (answer.value as { access?: unknown } | undefined)?.access === true };
  }

  async function renewed(stale: string | undefined): Promise<boolean> {
    if (session !== stale) return session !== undefined;
    renewing ??= (renew ?? (async () => undefined))().finally(() => {
      renewing = undefined;
    });
    const fresh = await renewing;
    if (fresh !== undefined) session = fresh;
    return fresh !== undefined;
  }

  /** -32002 means expired, not allowed or unknown method; session.access tells the first from the others. */
  async function judge(
    requests: readonly Request[],
    results: Result<unknown>[],
    used: string | undefined,
    options: CallOptions,
    mayRenew: boolean,
  ): Promise<Result<unknown>[]> {
    const denied = results.flatMap((result, index) => (isDenied(result) ? [index] : []));
    if (denied.length === 0) return results;
    const lives = session === used ? await alive(options) : { ok: true as const, value: false };
    const settle = (faultOf: (each: Request) => Fault) =>
      results.map((result, index) => {
        const each = requests[index];
        return each && denied.includes(index) ? fail(faultOf(each)) : result;
      });
    if (!lives.ok) return settle(() => lives.fault);
    if (lives.value) return settle(({ object, method }) => ({ kind: 'denied', object, method }));
    if (!mayRenew || !(await renewed(used))) return settle(() => ({ kind: 'expired' }));
    if (options.signal?.aborted) return settle(() => ({ kind: 'aborted' }));
    const again = denied.flatMap((index) => requests[index] ?? []);
    const fresh = session;
    const repeated = await judge(again, await send(again, options), fresh, options, false);
    return results.map((result, index) => repeated[denied.indexOf(index)] ?? result);
  }

  async function run(requests: readonly Request[], options: CallOptions = {}): Promise<Result<unknown>[]> {
    if (requests.length === 0) return [];
    const used = session;
    return judge(requests, await send(requests, options), used, options, options.renew !== false);
  }

  return {
    alive,
    session: () => session,
    useSession: (next) => {
      session = next;
    },
    call: async (object, method, args, options) => {
      const [result] = await run([request(object, method, args)], options);
      // The object table is the router's word on the reply's shape; the agent's validators guard ours.
      return (result ?? fail({ kind: 'malformed', message: 'no answer' })) as never;
    },
    batch: async (requests, options) => (await run(requests, options)) as never,
    login: async (username, password, timeoutS) => {
      const args = timeoutS === undefined ? { username, password } : { username, password, timeout: timeoutS };
      const [result] = await send([request('session', 'login', args)], {}, NO_SESSION);
      if (!result?.ok) return result ?? fail({ kind: 'malformed', message: 'no answer' });
      const reply = result.value as LoginReply | undefined;
      if (typeof reply?.ubus_rpc_session !== 'string') return fail({ kind: 'malformed', message: 'a login without a session' });
      session = reply.ubus_rpc_session;
      return { ok: true, value: reply };
    },
  };
}

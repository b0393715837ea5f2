// JSON-RPC as uhttpd's ubus plugin speaks it: calls to text, answers to results, batches to posts.
import { fail, succeed, ubusStatusNames, type Fault, type Result } from './fault.ts';
import type { Request } from './objects.ts';

/** Nobody's session: good for `session.login` and `session.access` only. */
export const NO_SESSION = '0'.repeat(32);

/**
 * Most bytes of a request body. uhttpd reads 65535 and answers a longer one with a parse error, or resets the
 * connection while the client is still sending.
 */
export const MAX_BODY_BYTES = 60_000;

/** JSON-RPC's code for "Access denied": expired session, missing right and unknown method look the same. */
export const ACCESS_DENIED = -32002;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Renders one call. The id is its number among the calls of a batch, from 1; the answer repeats it. */
export function renderCall(id: number, session: string, { object, method, args }: Request): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'call', params: [session, object, method, args] });
}

/** A part of a batch that fits into one post: calls `from` (an index) to `from + count - 1`, and the body's size. */
export type Post = { from: number; count: number; body: string; bytes: number };

/**
 * Cuts calls into posts of at most `maxBytes`. A call that is too big alone gets a post of its own:
 * the caller sees `bytes` and need not send it.
 */
export function toPosts(calls: string[], maxBytes: number = MAX_BODY_BYTES): Post[] {
  const posts: Post[] = [];
  let from = 0;
  while (from < calls.length) {
    let bytes = 1;
    let count = 0;
    while (from + count < calls.length) {
      const more = bytesOf(calls[from + count] ?? '') + 1;
      if (count > 0 && bytes + more > maxBytes) break;
      bytes += more;
      count += 1;
    }
    const part = calls.slice(from, from + count);
    posts.push({ from, count, bytes, body: calls.length === 1 ? (part[0] ?? '') : `[${part.join(',')}]` });
    from += count;
  }
  return posts;
}

const malformed = (message: string): Result<never, Fault> => fail({ kind: 'malformed', message });

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads one answer: `result:[0,{…}]`, `result:[0]` (no data), `result:[code]` (ubus failed) or `error:{code,message}`.
 */
export function parseAnswer(answer: unknown): Result<unknown> {
  if (!isObject(answer)) return malformed('not an object');
  if (isObject(answer.error)) {
    const { code, message } = answer.error;
    if (typeof code !== 'number') return malformed('an error without a code');
    return fail({ kind: 'protocol', code, message: String(message) });
  }
  const { result } = answer;
  if (!Array.isArray(result) || typeof result[0] !== 'number') return malformed('neither result nor error');
  const code: number = result[0];
  if (code !== 0) return fail({ kind: 'ubus', code, status: ubusStatusNames[code] ?? `status ${code}` });
  return succeed(result[1]);
}

const idOf = (answer: unknown): unknown => (isObject(answer) ? answer.id : undefined);

/**
 * Reads the body of a post of the calls with these ids. Answers are matched by id; uhttpd sends them in order, so one that
 * carries no id of ours (null, where it could not read the call) belongs to the call at its place. A body that could not be
 * parsed by the router comes back as ONE error object even for a batch: every call gets it then.
 */
export function parseAnswers(text: string, ids: readonly number[]): Result<unknown>[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return ids.map(() => malformed('not JSON'));
  }
  if (!Array.isArray(body)) {
    const only = parseAnswer(body);
    const answer = ids.length > 1 && only.ok ? malformed('one answer to several calls') : only;
    return ids.map(() => answer);
  }
  const answers: unknown[] = body;
  const known = new Set<unknown>(ids);
  return ids.map((id, place) => {
    const named = answers.find((answer) => idOf(answer) === id);
    if (named !== undefined) return parseAnswer(named);
    const placed = answers[place];
    return placed !== undefined && !known.has(idOf(placed)) ? parseAnswer(placed) : malformed('an answer is missing');
  });
}

// Everything that can go wrong with a call to /ubus, as a value: nothing here is thrown.

/** Names of ubus status codes. Source: libubox/libubus `enum ubus_msg_status`. */
export const ubusStatusNames = [
  'OK',
  'INVALID_COMMAND',
  'INVALID_ARGUMENT',
  'METHOD_NOT_FOUND',
  'NOT_FOUND',
  'NO_DATA',
  'PERMISSION_DENIED',
  'TIMEOUT',
  'NOT_SUPPORTED',
  'UNKNOWN_ERROR',
  'CONNECTION_FAILED',
  'NO_MEMORY',
  'PARSE_ERROR',
  'SYSTEM_ERROR',
] as const;

/**
 * Why a call has no reply.
 * - `network`: no HTTP answer at all (router gone, connection reset).
 * - `timeout`: no answer within `afterMs`; the router may still do what was asked.
 * - `aborted`: the caller's signal fired.
 * - `http`: an HTTP status other than 200 (404: no /ubus here; the web server lacks its ubus plugin).
 * - `malformed`: 200, but not the JSON-RPC answer that was due.
 * - `too_large`: the request alone exceeds what uhttpd reads (64 KiB); it was not sent.
 * - `expired`: the session is gone (or was never there); log in and repeat.
 * - `denied`: the session lives, but has no right to this method, or the object has no such method: both look the same.
 * - `protocol`: a JSON-RPC error: −32700 parse, −32601 unknown rpc method, −32602 forbidden argument, −32000 no such object.
 * - `ubus`: the method ran and answered with a status, such as 6 PERMISSION_DENIED; `status` is its name.
 */
export type Fault =
  | { kind: 'network'; message: string }
  | { kind: 'timeout'; afterMs: number }
  | { kind: 'aborted' }
  | { kind: 'http'; httpStatus: number }
  | { kind: 'malformed'; message: string }
  | { kind: 'too_large'; bytes: number }
  | { kind: 'expired' }
  | { kind: 'denied'; object: string; method: string }
  | { kind: 'protocol'; code: number; message: string }
  | { kind: 'ubus'; code: number; status: string };

/** A reply, or the reason why there is none. */
export type Result<T, F = Fault> = { ok: true; value: T } | { ok: false; fault: F };

export const succeed = <T>(value: T): Result<T, never> => ({ ok: true, value });
export const fail = <F>(fault: F): Result<never, F> => ({ ok: false, fault });

/** The router itself did not answer: worth another try, whatever was asked. */
export const isGone = (fault: { kind: string }): boolean => fault.kind === 'network' || fault.kind === 'timeout' || fault.kind === 'http';

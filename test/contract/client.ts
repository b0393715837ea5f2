// Calls to a router's /ubus in a line, for tests that are no replay.
import { exchange, parseReply } from './http.ts';
import type { HttpReply } from './http.ts';
import type { Router } from './router.ts';

export const NOBODY = '0'.repeat(32);

export type RpcReply = { result?: unknown; error?: { code: number; message: string }; id?: unknown };

/** Sends a request with this head and body and closes; a length is added unless `headers` say how the body comes. */
export async function request(router: Router, line: string, headers: readonly string[] = [], body = ''): Promise<HttpReply> {
  const length = headers.some((header) => /^(content-length|transfer-encoding):/i.test(header)) ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = [`${line} HTTP/1.1`, 'Host: x', ...headers, ...(body ? length : []), 'Connection: close', '', ''].join('\r\n');
  return parseReply(await exchange(router.port, head + body));
}

export async function post(router: Router, body: string, path = '/ubus'): Promise<RpcReply> {
  return JSON.parse((await request(router, `POST ${path}`, [], body)).body) as RpcReply;
}

export async function call(router: Router, sid: string, object: string, method: string, args: object = {}): Promise<RpcReply> {
  return post(router, JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'call', params: [sid, object, method, args] }));
}

/** The data of a call that must succeed. */
export async function dataOf(router: Router, sid: string, object: string, method: string, args: object = {}): Promise<Record<string, unknown>> {
  const { result } = await call(router, sid, object, method, args);
  const [code, data] = result as [number, Record<string, unknown>?];
  if (code !== 0) throw new Error(`${object} ${method} answers ${code}`);
  return data ?? {};
}

export async function login(router: Router, username = 'root', timeout?: number): Promise<string> {
  const password = username === 'root' ? 'bench' : 'viewerpw';
  const data = await dataOf(router, NOBODY, 'session', 'login', { username, password, ...(timeout === undefined ? {} : { timeout }) });
  return String(data['ubus_rpc_session']);
}

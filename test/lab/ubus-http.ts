// Calls over the router's web server, as a browser makes them.
import { equal } from 'uvu/assert';
import type { Lab } from './lab.ts';

const NOBODY = '00000000000000000000000000000000';

export type Result = [code: number, data?: Record<string, unknown>];

/** One call over the router's web server; an error object becomes its code. */
export async function call(lab: Lab, session: string, object: string, method: string, args: object = {}): Promise<Result> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'call', params: [session, object, method, args] });
  const response = await fetch(`http://127.0.0.1:${lab.webPort}/ubus`, { method: 'POST', body });
  const reply = (await response.json()) as { result?: Result; error?: { code: number } };
  return reply.result ?? [reply.error?.code ?? -1];
}

/** The id of a new session. */
export async function login(lab: Lab, username: string, password: string): Promise<string> {
  const [code, data] = await call(lab, NOBODY, 'session', 'login', { username, password });
  equal(code, 0);
  return String(data?.['ubus_rpc_session']);
}

// JSON-RPC over /ubus: one request object in, one answer out.
import type { Bus, Code, Reply, UbusObject } from '../bus.ts';
import { OK, isMatch } from '../bus.ts';
import type { Json } from '../json.ts';
import { wireType } from '../rpcd/args.ts';

const ERRORS = {
  parse: { code: -32700, message: 'Parse error' },
  method: { code: -32601, message: 'Method not found' },
  params: { code: -32602, message: 'Invalid parameters' },
  object: { code: -32000, message: 'Object not found' },
  access: { code: -32002, message: 'Access denied' },
  timeout: { code: -32003, message: 'ubus request timed out' },
} as const;

type RpcError = keyof typeof ERRORS;
type Table = Record<string, Json>;
type Answer = Record<string, unknown>;

/** After this uhttpd gives up a call; rpcd's own limit of 30 s comes first for plugins. */
const CALL_LIMIT_MS = 60_000;

/** ubus's words for its status numbers. */
export const STATUS_TEXT = [
  'Success',
  'Invalid command',
  'Invalid argument',
  'Method not found',
  'Not found',
  'No response',
  'Permission denied',
  'Request timed out',
  'Operation not supported',
  'Unknown error',
  'Connection failed',
];

function isTable(value: Json | undefined): value is Table {
  return wireType(value) === 'table';
}

/** The id comes back as it was, whatever its type; a missing one as null. */
const head = (request: Json | undefined): Answer => ({ jsonrpc: '2.0', id: isTable(request) ? (request.id ?? null) : null });

const failure = (request: Json | undefined, error: RpcError): Answer => ({ ...head(request), error: ERRORS[error] });

/** Answers one request of /ubus. The checks come in this order: form, object, right (a method nobody lists is a missing right), call. */
export async function answer(bus: Bus, request: Json | undefined): Promise<Answer> {
  if (!isTable(request) || request.jsonrpc !== '2.0' || typeof request.method !== 'string') return failure(request, 'parse');
  if (request.method === 'list') return { ...head(request), result: listResult(bus, request.params) };
  if (request.method !== 'call') return failure(request, 'method');
  const [sid, object, method, args] = Array.isArray(request.params) ? request.params : [];
  if (typeof sid !== 'string' || typeof object !== 'string' || typeof method !== 'string' || !isTable(args)) return failure(request, 'parse');
  const reply = await checkedCall(bus, sid, object, method, args);
  if (typeof reply === 'string') return failure(request, reply);
  const result: unknown[] = reply.data && Object.keys(reply.data).length > 0 ? [reply.code, reply.data] : [reply.code];
  return { ...head(request), result };
}

/** Answers POST /ubus/call/OBJECT, where the session comes in a header, params are the arguments and the result is bare. */
export async function answerBare(bus: Bus, sid: string, object: string, request: Json | undefined): Promise<Answer> {
  if (!isTable(request) || request.jsonrpc !== '2.0' || typeof request.method !== 'string') return failure(request, 'parse');
  const reply = await checkedCall(bus, sid, object, request.method, isTable(request.params) ? request.params : {});
  if (typeof reply === 'string') return failure(request, reply);
  if (reply.code !== OK) return { ...head(request), error: { code: reply.code, message: textOf(reply.code) } };
  return { ...head(request), result: reply.data && Object.keys(reply.data).length > 0 ? reply.data : null };
}

export const textOf = (code: Code): string => STATUS_TEXT[code] ?? 'Unknown error';

async function checkedCall(bus: Bus, sid: string, object: string, method: string, args: Table): Promise<Reply | RpcError> {
  if (!bus.get(object)) return 'object';
  if (!(await isAllowed(bus, sid, object, method))) return 'access';
  if ('ubus_rpc_session' in args) return 'params';
  return withLimit(bus.call(object, method, { ...args, ubus_rpc_session: sid }, { sid }));
}

export async function isAllowed(bus: Bus, sid: string, object: string, method: string): Promise<boolean> {
  const { data } = await bus.call('session', 'access', { ubus_rpc_session: sid, object, function: method });
  return data?.access === true;
}

function withLimit(reply: Promise<Reply>): Promise<Reply | RpcError> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<RpcError>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), CALL_LIMIT_MS).unref();
  });
  return Promise.race([reply, limit]).finally(() => clearTimeout(timer));
}

/** Without params all names; with a list of names (a trailing `*` is a prefix) the signatures. No session is asked for. */
function listResult(bus: Bus, params: Json | undefined): unknown {
  if (!Array.isArray(params)) return bus.list().map(({ name }) => name);
  const patterns = params.filter((pattern) => typeof pattern === 'string');
  return Object.fromEntries(patterns.flatMap((pattern) => signatures(bus, pattern)));
}

export function signatures(bus: Bus, pattern: string): [string, unknown][] {
  return bus
    .list()
    .filter(({ name }) => isMatch(pattern, name))
    .map((object) => [object.name, signature(object)]);
}

const SPELLED: Record<string, string> = { bool: 'boolean', int8: 'boolean', int32: 'number', string: 'string', array: 'array', table: 'object' };

export function signature({ methods }: UbusObject): Record<string, Record<string, string>> {
  const spell = (args: Record<string, string>) => Object.fromEntries(Object.entries(args).map(([name, type]) => [name, SPELLED[type] ?? 'unknown']));
  return Object.fromEntries(Object.entries(methods).map(([method, args]) => [method, spell(args)]));
}

// The `ubus` command.
import type { ArgType, Bus, UbusObject } from '../bus.ts';
import { INVALID_ARGUMENT, NOT_FOUND, OK, TIMEOUT } from '../bus.ts';
import { JsonError, parseJson, renderJson, renderJsonIndented } from '../json.ts';
import type { Json } from '../json.ts';
import { toBytes, toText } from '../rpcd/cursor.ts';
import { textOf } from '../uhttpd/ubus-call.ts';
import type { Cli, Command } from './server.ts';

const USAGE = `Usage: ubus [<options>] <command> [arguments...]
Options:
 -s <socket>:		Set the unix domain socket to connect to
 -t <timeout>:		Set the timeout (in seconds) for a command to complete
 -S:			Use simplified output (for scripts)
 -v:			More verbose output
 -m <type>:		(for monitor): include a specific message type
			(can be used more than once)
 -M <r|t>		(for monitor): only capture received or transmitted traffic

Commands:
 - list [<path>]			List objects
 - call <path> <method> [<message>]	Call an object method
 - subscribe <path> [<path>...]	Subscribe to object(s) notifications
 - listen [<path>...]			Listen for events
 - send <type> [<message>]		Send an event
 - wait_for <object> [<object>...]	Wait for multiple objects to appear on ubus
 - monitor				Monitor ubus traffic

`;

const DEFAULT_TIMEOUT_S = 30;
/** The exit code for a wrong command line; an "invalid argument" of a call has the same number and so prints the usage too. */
const USAGE_CODE = -2;

type Run = { bus: Bus; cli: Cli; words: string[]; isSimple: boolean; isVerbose: boolean; timeoutS: number };

export function ubusCommand(bus: Bus): Command {
  return async (args, cli) => {
    const run: Run = { bus, cli, words: [], isSimple: false, isVerbose: false, timeoutS: DEFAULT_TIMEOUT_S };
    const [name = '', ...words] = readOptions(args.map(toText), run) ?? [];
    run.words = words;
    const code = (await VERBS[name]?.(run)) ?? USAGE_CODE;
    if (code > 0 && !run.isSimple) cli.err(`Command failed: ${textOf(code)}\n`);
    if (code === USAGE_CODE) cli.err(USAGE);
    return code;
  };
}

function readOptions(args: string[], run: Run): string[] | undefined {
  const rest = [...args];
  while (/^-./.test(rest[0] ?? '')) {
    const word = rest.shift() ?? '';
    const letter = word[1] ?? '';
    if (letter === 'S') run.isSimple = true;
    else if (letter === 'v') run.isVerbose = true;
    else if (letter === 't' || letter === 's' || letter === 'm' || letter === 'M') {
      const value = word.slice(2) || rest.shift();
      if (letter === 't') run.timeoutS = Number(value) || 0;
    } else return undefined;
  }
  return rest;
}

const VERBS: Record<string, (run: Run) => Promise<number>> = { list, call, listen, send, wait_for: waitFor };

const TYPE_NAME: Partial<Record<ArgType, string>> = { bool: 'Boolean', int8: 'Boolean', int32: 'Integer', string: 'String', array: 'Array', table: 'Table' };

async function list({ bus, cli, words, isVerbose }: Run): Promise<number> {
  if (words.length > 1) return USAGE_CODE;
  const found = bus.list(words[0] ?? '*');
  if (words.length > 0 && found.length === 0) return NOT_FOUND;
  for (const object of found) cli.out(isVerbose ? describe(bus, object) : `${object.name}\n`);
  return OK;
}

function describe(bus: Bus, { name, methods }: UbusObject): string {
  const id = bus.idOf(name).toString(16).padStart(8, '0');
  const lines = Object.entries(methods).map(([method, args]) => {
    const spelled = Object.fromEntries(Object.entries(args).map(([arg, type]) => [arg, TYPE_NAME[type] ?? '(unknown)']));
    return `\t"${method}":${renderJson(spelled)}\n`;
  });
  return `'${name}' @${id}\n${lines.join('')}`;
}

async function call({ bus, cli, words, isSimple, timeoutS }: Run): Promise<number> {
  const [object, method, message] = words;
  if (object === undefined || method === undefined || words.length > 3) return USAGE_CODE;
  const args = message === undefined ? {} : parseTable(message);
  if (!args) {
    if (!isSimple) cli.err('Failed to parse message data\n');
    return -1;
  }
  // The time limit is the caller's; the method goes on without him.
  const reply = await withLimit(bus.call(object, method, args), timeoutS, { code: TIMEOUT });
  for (const data of reply.messages ?? [reply.data]) {
    if (data) cli.out(`${toBytes(isSimple ? renderJson(data) : renderJsonIndented(data))}\n`);
  }
  if (reply.code !== OK && !isSimple) cli.err(toBytes(`Command failed: ubus call ${words.join(' ')} (${textOf(reply.code)})\n`));
  if (reply.code === INVALID_ARGUMENT) return USAGE_CODE;
  return reply.code === OK ? OK : -reply.code;
}

function parseTable(text: string): Record<string, Json> | undefined {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : undefined;
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

function withLimit<T>(promise: Promise<T>, seconds: number, otherwise: T): Promise<T> {
  if (seconds <= 0) return promise;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), seconds * 1000);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** Prints events until the process ends. What procd tells itself is not among them. */
async function listen({ bus, cli, words }: Run): Promise<number> {
  const patterns = words.length > 0 ? words : ['*'];
  const print = (event: string, data: Record<string, unknown>) => cli.out(toBytes(`{ "${event}": ${renderJson(data)} }\n`));
  const offs = patterns.map((pattern) => bus.on(pattern, print));
  await new Promise<void>((resolve) => cli.signal.addEventListener('abort', () => resolve()));
  for (const off of offs) off();
  return OK;
}

async function send({ bus, words }: Run): Promise<number> {
  const [event, message] = words;
  if (event === undefined || words.length > 2) return USAGE_CODE;
  const data = message === undefined ? {} : parseTable(message);
  if (!data) return -1;
  bus.send(event, data);
  return OK;
}

async function waitFor({ bus, cli, words, timeoutS }: Run): Promise<number> {
  if (words.length === 0) return USAGE_CODE;
  const isThere = () => words.every((name) => bus.get(name) !== undefined);
  if (isThere()) return OK;
  let off = () => {};
  const appeared = new Promise<number>((resolve) => {
    off = bus.on('ubus.object.add', () => {
      if (isThere()) resolve(OK);
    });
    cli.signal.addEventListener('abort', () => resolve(TIMEOUT));
  });
  return withLimit(appeared, timeoutS, TIMEOUT).finally(off);
}

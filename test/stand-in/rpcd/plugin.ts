// rpcd's exec plugins: every executable of /usr/libexec/rpcd is a ubus object.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { INVALID_ARGUMENT, NOT_FOUND, NO_DATA, OK } from '../bus.ts';
import type { ArgType, Args, Methods, Reply, UbusObject } from '../bus.ts';
import { JsonError, parseJson, renderJson } from '../json.ts';
import type { Json } from '../json.ts';
import { run } from '../process.ts';
import { wireType } from './args.ts';
import type { WireType } from './args.ts';

const DIR = '/usr/libexec/rpcd';

/** Asks every plugin for its methods, one after the other: a slow one delays rpcd's start. One that answers no object is left out without a word. */
export async function loadPlugins(root: string, timeoutMs: number): Promise<UbusObject[]> {
  const objects: UbusObject[] = [];
  for (const name of executables(join(root, DIR))) {
    const path = join(root, DIR, name);
    const { stdout } = await run({ root, path, args: ['list'], timeoutMs: 10 * 60_000 });
    const methods = parseMethods(stdout.toString('utf8'));
    if (methods) objects.push(new PluginObject({ root, name, methods, timeoutMs }));
  }
  return objects;
}

function executables(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => {
        const stat = statSync(join(dir, name), { throwIfNoEntry: false });
        return stat?.isFile() && (stat.mode & 0o100) !== 0;
      })
      .sort();
  } catch {
    return [];
  }
}

const ARG_TYPE: Record<WireType, ArgType> = {
  string: 'string',
  int8: 'bool',
  int32: 'int32',
  int64: 'int64',
  double: 'double',
  table: 'table',
  array: 'array',
  unspec: 'unknown',
};

/** An argument's type is shown by an example; the numbers 8, 16 and 64 mean a width. */
function argTypeOf(example: Json): ArgType {
  if (example === 8) return 'bool';
  if (example === 16) return 'int16';
  if (example === 64) return 'int64';
  return ARG_TYPE[wireType(example)];
}

function parseMethods(text: string): Methods | undefined {
  const list = parseOrNothing(text);
  if (typeof list !== 'object' || list === null || Array.isArray(list)) return undefined;
  const methods: Methods = {};
  for (const [method, args] of Object.entries(list)) {
    if (wireType(args) !== 'table') continue;
    methods[method] = Object.fromEntries(Object.entries(args as Record<string, Json>).map(([name, example]) => [name, argTypeOf(example)]));
  }
  return Object.keys(list).length > 0 ? methods : undefined;
}

function parseOrNothing(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

class PluginObject implements UbusObject {
  readonly name: string;
  readonly methods: Methods;
  #root: string;
  #timeoutMs: number;

  constructor({ root, name, methods, timeoutMs }: { root: string; name: string; methods: Methods; timeoutMs: number }) {
    this.#root = root;
    this.name = name;
    this.methods = methods;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Types and names of arguments are not checked. Only one JSON object on stdout counts: what follows it, stderr and the
   * exit code do not. Nothing at all is 5, also when the time is over; anything else is 2.
   */
  async call(method: string, args: Args): Promise<Reply> {
    const path = join(this.#root, DIR, this.name);
    // No newline behind the input: a shell's `read` fails on it and has the data all the same.
    const outcome = await run({ root: this.#root, path, args: ['call', method], input: renderJson(args), timeoutMs: this.#timeoutMs });
    if (outcome.failed === 'spawn') return { code: NOT_FOUND };
    const text = outcome.stdout.toString('utf8');
    if (text === '') return { code: NO_DATA };
    const reply = parseOrNothing(text);
    if (reply === null) return { code: NO_DATA };
    return reply !== undefined && wireType(reply) === 'table' ? { code: OK, data: reply as Record<string, unknown> } : { code: INVALID_ARGUMENT };
  }
}

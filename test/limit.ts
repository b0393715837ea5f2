// uvu's suites with a time limit for every test and hook; every *.test.ts takes `suite` and `test` from here.
import { suite as uvuSuite } from 'uvu';

export const DEFAULT_LIMIT_MS = 30_000;

/** `limitMs` is given where a step is known to need longer, as booting the lab does. */
export type Limit = { limitMs?: number };
export type Body<T> = (context: T) => void | Promise<void>;

export interface Hook<T> {
  (body: Body<T>, limit?: Limit): void;
  each(body: Body<T>, limit?: Limit): void;
}

export interface Suite<T> {
  (name: string, body: Body<T>, limit?: Limit): void;
  only(name: string, body: Body<T>, limit?: Limit): void;
  before: Hook<T>;
  after: Hook<T>;
  run(): void;
}

/** The aggregator asks for names where a suite takes minutes; uvu itself prints dots. */
const isVerbose = process.env['TEST_NAMES'] === '1';

/** uvu reads `.name` and `.stack` of whatever was thrown. */
const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(`thrown: ${String(thrown)}`));

function withLimit<T>(name: string, body: Body<T>, limitMs: number): Body<T> {
  return async (context) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took longer than ${limitMs / 1000} s`)), limitMs);
    });
    const startMs = Date.now();
    let mark = 'FAIL';
    try {
      await Promise.race([body(context), late]);
      mark = 'ok';
    } catch (thrown) {
      throw toError(thrown);
    } finally {
      clearTimeout(timer);
      if (isVerbose) process.stderr.write(`${mark.padEnd(4)} ${name} (${((Date.now() - startMs) / 1000).toFixed(1)} s)\n`);
    }
  };
}

/** uvu swallows what a `before` hook throws and leaves the exit code 0, so a failed hook is printed here. */
function hookWithLimit<T>(title: string, body: Body<T>, limitMs: number): Body<T> {
  const limited = withLimit(title, body, limitMs);
  return async (context) => {
    try {
      await limited(context);
    } catch (thrown) {
      process.exitCode = 1;
      process.stderr.write(`\n${title} failed: ${toError(thrown).stack}\n`);
      throw thrown;
    }
  };
}

/** As uvu's `suite`; `limit` holds for each of its tests and hooks that gives none of its own. */
export function suite<T extends object>(title: string, context?: T, limit: Limit = {}): Suite<T> {
  const inner = uvuSuite<T>(title, context);
  const msOf = (own?: Limit) => own?.limitMs ?? limit.limitMs ?? DEFAULT_LIMIT_MS;
  const hook = (kind: 'before' | 'after'): Hook<T> => {
    const named = (body: Body<T>, own?: Limit) => inner[kind](hookWithLimit(`${title}: ${kind}`, body, msOf(own)));
    const each = (body: Body<T>, own?: Limit) => inner[kind].each(withLimit(`${title}: ${kind} each`, body, msOf(own)));
    return Object.assign(named, { each });
  };
  const named = (name: string, body: Body<T>, own?: Limit) => inner(name, withLimit(name, body, msOf(own)));
  return Object.assign(named, {
    only: (name: string, body: Body<T>, own?: Limit) => inner.only(name, withLimit(name, body, msOf(own))),
    before: hook('before'),
    after: hook('after'),
    run: () => inner.run(),
  });
}

/** The suite of a file that has only one. */
export const test = suite('');

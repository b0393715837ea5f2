// Triggers: `[TYPE, RULE, DELAY_MS]` entries of services, and the commands that events make them run.
import type { ChildProcess } from 'node:child_process';
import { spawnScript } from './script.ts';

type Data = Record<string, unknown>;

/** A command that waits, runs, or is to run once more. There is one for each argv, whoever asked for it. */
type Pending = { argv: string[]; dueMs: number; timer: NodeJS.Timeout | undefined; isWantedAgain: boolean };

export class Triggers {
  #root: string;
  #pending = new Map<string, Pending>();
  #queue: Pending[] = [];
  #running: ChildProcess | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** Looks through a service's triggers for an event. Nothing runs before this returns. */
  event(triggers: unknown[], type: string, data: Data): void {
    for (const trigger of triggers) {
      if (!Array.isArray(trigger)) continue;
      const [pattern, rule, delay] = trigger as unknown[];
      if (typeof pattern !== 'string' || !isTypeMatch(pattern, type)) continue;
      for (const argv of commandsOf(rule, data)) this.#add(argv, typeof delay === 'number' ? delay : 0);
    }
  }

  stop(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
    this.#queue = [];
    this.#running?.kill('SIGTERM');
  }

  /** The delay counts from the last event, so many changes in a row end in one run; one during a run brings a second. */
  #add(argv: string[], delayMs: number): void {
    const key = JSON.stringify(argv);
    const known = this.#pending.get(key);
    if (known && !known.timer) {
      known.isWantedAgain = true;
      return;
    }
    const pending = known ?? { argv, dueMs: 0, timer: undefined, isWantedAgain: false };
    const dueMs = performance.now() + delayMs;
    if (dueMs <= pending.dueMs) return;
    clearTimeout(pending.timer);
    pending.dueMs = dueMs;
    pending.timer = setTimeout(() => {
      pending.timer = undefined;
      this.#queue.push(pending);
      this.#next();
    }, delayMs);
    this.#pending.set(key, pending);
  }

  /** procd's queue lets one command run at a time, of all services together: a slow one delays everybody. */
  #next(): void {
    if (this.#running) return;
    const pending = this.#queue.shift();
    if (!pending) return;
    const child = spawnScript(this.#root, pending.argv, 'ignore');
    this.#running = child;
    const done = () => {
      if (this.#running !== child) return;
      this.#running = undefined;
      if (pending.isWantedAgain) this.#queue.push(pending);
      else if (this.#pending.get(JSON.stringify(pending.argv)) === pending) this.#pending.delete(JSON.stringify(pending.argv));
      pending.isWantedAgain = false;
      this.#next();
    };
    child.on('exit', done);
    child.on('error', done);
  }
}

/** `interface.*` takes whatever begins with `interface`. */
function isTypeMatch(pattern: string, type: string): boolean {
  const wildcard = pattern.indexOf('.*');
  return wildcard < 0 ? pattern === type : type.startsWith(pattern.slice(0, wildcard));
}

/** The argvs of the `run_script`s that a rule comes to for the data of an event. */
function commandsOf(rule: unknown, data: Data): string[][] {
  if (!Array.isArray(rule)) return [];
  const [verb, ...rest] = rule as unknown[];
  if (Array.isArray(verb)) return rule.flatMap((part) => commandsOf(part, data));
  if (verb === 'run_script') return [rest.filter((word) => typeof word === 'string')];
  if (verb === 'if') return commandsOf(isTrue(rest[0], data) ? rest[1] : rest[2], data);
  return [];
}

function isTrue(expression: unknown, data: Data): boolean {
  if (!Array.isArray(expression)) return false;
  const [verb, ...rest] = expression as unknown[];
  const [name, ...values] = rest;
  switch (verb) {
    case 'eq':
      return typeof name === 'string' && Object.hasOwn(data, name) && values.flat().includes(data[name]);
    case 'has':
      return rest.flat().every((key) => Object.hasOwn(data, String(key)));
    case 'and':
      return rest.every((part) => isTrue(part, data));
    case 'or':
      return rest.some((part) => isTrue(part, data));
    case 'not':
      return !isTrue(name, data);
    default:
      return false;
  }
}

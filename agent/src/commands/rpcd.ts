// The rpcd exec plugin: `list` from the method table, `call METHOD` with JSON on stdin, one JSON object back, always.
import { methods } from '../contract/index.ts';
import type { Arguments, ConfigSection, MethodName, Problem, Replies } from '../contract/index.ts';
import type { System } from '../system.ts';
import { version } from '../version.ts';
import { invalidArgument, readLinkArgument, readQuestion } from './arguments.ts';
import { readConfigReply } from './config.ts';
import { readEventsReply } from './events.ts';
import { readHistories, readHistory } from './history.ts';
import { readDoctor } from './doctor.ts';
import { drainLink, isDrainLimit, MAX_DRAIN_S, pauseLink, redialLink, resumeLink } from './links.ts';
import { readPassport } from './passport-note.ts';
import { startPassport, stopPassport } from './passport.ts';
import { readPlan } from './plan.ts';
import { renderReply } from './reply.ts';
import { applyConfig, resetRouter } from './run.ts';
import { readRoutes } from './routes.ts';
import { readStatus } from './status.ts';
import { readWhy } from './why.ts';

/** rpcd tells types by example. */
const EXAMPLES = { string: 'str', integer: 0, table: {} } as const;

/** The reply to `list`, from the table alone: rpcd asks while it starts and waits for it. */
export function renderList(): string {
  const signatures = Object.entries(methods).map(([name, spec]) => {
    const entries = Object.entries(spec.arguments as Record<string, { kind: keyof typeof EXAMPLES }>);
    return [name, Object.fromEntries(entries.map(([argument, { kind }]) => [argument, EXAMPLES[kind]]))];
  });
  return JSON.stringify(Object.fromEntries(signatures));
}

const problem = (code: Problem['code'], details: NonNullable<Problem['details']>): Problem => ({ code, severity: 'error', details });

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

function isSection(value: unknown): value is ConfigSection {
  if (!isObject(value) || !isText(value['type']) || !isText(value['name']) || !isObject(value['options'])) return false;
  return Object.values(value['options']).every((option) => isText(option) || (Array.isArray(option) && option.every(isText)));
}

/** rpcd passes anything on to an exec plugin, so every type is checked here. */
function readCandidate(config: unknown): ConfigSection[] | undefined | Problem {
  if (config === undefined || config === null) return undefined;
  const sections = isObject(config) ? config['sections'] : undefined;
  if (!Array.isArray(sections) || !sections.every(isSection)) {
    return problem('argument_invalid', { argument: 'config', expected: 'an object with sections, each {type, name, options}' });
  }
  // Only what is known goes on; `secrets` is ours to tell, not the caller's.
  return sections.map(({ type, name, options }) => ({ type, name, options }));
}

function onLink<T>(link: unknown, act: (name: string) => T): T | Problem {
  const name = readLinkArgument(link);
  return typeof name === 'string' ? act(name) : name;
}

type Handlers = { [Name in MethodName]: (system: System, args: Record<string, unknown>) => Replies[Name] | Problem };

const handlers: Handlers = {
  status: readStatus,
  config: readConfigReply,
  plan: (system, args) => {
    const candidate = readCandidate(args['config'] satisfies unknown as Arguments['plan']['config']);
    return candidate !== undefined && 'code' in candidate ? candidate : readPlan(system, candidate);
  },
  version: () => ({ version }),
  doctor: readDoctor,
  routes: readRoutes,
  history: readHistory,
  histories: readHistories,
  events: readEventsReply,
  why: (system, args) => {
    const question = readQuestion(args);
    return 'code' in question ? question : readWhy(system, question);
  },
  redial: (system, { link }) => onLink(link, (name) => redialLink(system, name)),
  drain: (system, { link, seconds }) =>
    isDrainLimit(seconds) ? onLink(link, (name) => drainLink(system, name, seconds)) : invalidArgument('seconds', `a number from 0 to ${MAX_DRAIN_S}`),
  pause: (system, { link }) => onLink(link, (name) => pauseLink(system, name)),
  resume: (system, { link }) => onLink(link, (name) => resumeLink(system, name)),
  passport: startPassport,
  passport_status: readPassport,
  passport_stop: stopPassport,
  apply: applyConfig,
  reset: resetRouter,
};

function answer(system: System, method: string, input: string): object {
  if (!Object.hasOwn(methods, method)) return problem('method_unknown', { method: method.slice(0, 64) });
  let args: unknown;
  try {
    args = JSON.parse(input || '{}');
  } catch {
    return problem('argument_invalid', { argument: '(all)', expected: 'one JSON object' });
  }
  if (!isObject(args)) return problem('argument_invalid', { argument: '(all)', expected: 'one JSON object' });
  return handlers[method as MethodName](system, args);
}

/** Serves one call. `ubus_rpc_session`, which rpcd adds to the arguments, is never looked at nor passed on. */
export function runPlugin(system: System, words: readonly string[]): number {
  const [verb, method = ''] = words;
  if (verb === 'list') {
    system.print(`${renderList()}\n`);
    return 0;
  }
  if (verb !== 'call') {
    system.printError(`multidial: rpcd calls this with list or call METHOD\n`);
    return 2;
  }
  system.print(renderReply(answer(system, method, system.readStdin())));
  return 0;
}

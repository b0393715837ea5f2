// The command line: words to a command, its reply as text or JSON, and an exit code.
import { announce } from '../announced.ts';
import { describe, renderRoutes } from '../contract/index.ts';
import type { Problem } from '../contract/index.ts';
import type { System } from '../system.ts';
import { version } from '../version.ts';
import { drainLink, isDrainLimit, MAX_DRAIN_S, pauseLink, redialLink, resumeLink } from './links.ts';
import { renderDoctor } from './doctor-text.ts';
import { readDoctor } from './doctor.ts';
import { readEventsReply, renderEvents } from './events.ts';
import { readHistory, renderHistory } from './history.ts';
import { renderMetrics } from './metrics.ts';
import { runPassport } from './passport-run.ts';
import { renderPassport } from './passport-text.ts';
import { followPassport, stopPassport } from './passport.ts';
import { readPlan } from './plan.ts';
import { isProblem, renderReply } from './reply.ts';
import { applyConfig, look, resetRouter } from './run.ts';
import { readRoutes } from './routes.ts';
import { readStatus } from './status.ts';
import { HELP, plain, renderPlan, renderRun, renderStatus, renderWhy } from './text.ts';
import { readWhy } from './why.ts';

const OK = 0;
const FAILED = 1;
const USAGE = 2;

const exitOf = (problems: readonly Problem[]): number => (problems.some((problem) => problem.severity === 'error') ? FAILED : OK);

function show<T extends { problems: Problem[] }>(system: System, reply: T, json: boolean, render: (reply: T) => string): number {
  system.print(json ? renderReply(reply) : plain(render(reply)));
  return exitOf(reply.problems);
}

/** A command without its own word and `--json`. `words` says which it takes, those in [ ] may be left out. */
type Command = { words: string; run: (system: System, words: readonly string[], json: boolean) => number };

function why(system: System, [src = '', dst = '', proto, sport, dport]: readonly string[], json: boolean): number {
  const ports = { ...(sport === undefined ? {} : { sport: Number(sport) }), ...(dport === undefined ? {} : { dport: Number(dport) }) };
  return show(system, readWhy(system, { src, dst, ...(proto === undefined ? {} : { proto }), ...ports }), json, renderWhy);
}

function drain(system: System, [link = '', seconds]: readonly string[], json: boolean): number {
  const limitS = seconds === undefined ? undefined : Number(seconds);
  if (!isDrainLimit(limitS)) {
    return wrong(system, `multidial drain: SECONDS must be a number from 0 to ${MAX_DRAIN_S}, not ${plain(seconds ?? '')}\n`);
  }
  return show(system, drainLink(system, link, limitS), json, renderRun);
}

const oneLink =
  (act: typeof pauseLink): Command['run'] =>
  (system, [link = ''], json) =>
    show(system, act(system, link), json, renderRun);

function doctor(system: System, _: readonly string[], json: boolean): number {
  const report = readDoctor(system);
  system.print(json ? renderReply(report) : plain(renderDoctor(report)));
  return report.findings.some(({ severity }) => severity === 'error') ? FAILED : OK;
}

/** A reply without complaints of its own, or the one why there is none. */
function showOrRefuse<T extends object>(system: System, reply: T | Problem, json: boolean, render: (reply: T) => string): number {
  if (!isProblem(reply)) {
    system.print(json ? renderReply(reply) : plain(render(reply)));
    return OK;
  }
  system.print(json ? renderReply(reply) : plain(`${reply.severity}: ${describe(reply)}\n`));
  return exitOf([reply]);
}

/** A number among the words is the sessions to try at most, everything else the URL. */
function passport(system: System, [line, ...more]: readonly string[], json: boolean): number {
  const numbers = more.filter((word) => /^\d+$/.test(word)).map(Number);
  const [url] = more.filter((word) => !/^\d+$/.test(word));
  if (numbers.length > 1 || more.length > numbers.length + 1) return wrong(system, 'usage: multidial passport [--json] LINE [SESSIONS] [URL]\n');
  const tell = (sentence: string): void => (json ? undefined : system.print(plain(`${sentence}\n`)));
  const reply = followPassport(system, { line, sessions: numbers[0], url }, tell);
  if ('code' in reply) return showOrRefuse(system, reply, json, renderPassport);
  return Math.max(show(system, reply, json, renderPassport), reply.state === 'done' ? OK : FAILED);
}

function metrics(system: System): number {
  system.print(renderMetrics(readStatus(system)));
  return OK;
}

const commands: Record<string, Command> = {
  plan: { words: '', run: (system, _, json) => show(system, readPlan(system), json, renderPlan) },
  apply: { words: '', run: (system, _, json) => show(system, applyConfig(system), json, renderRun) },
  status: { words: '', run: (system, _, json) => show(system, readStatus(system), json, renderStatus) },
  why: { words: 'SRC DST [PROTO SPORT DPORT]', run: why },
  history: { words: 'LINK [5m|2h|7d]', run: (system, [link, span], json) => showOrRefuse(system, readHistory(system, { link, span }), json, renderHistory) },
  events: { words: '[LINK]', run: (system, [link], json) => showOrRefuse(system, readEventsReply(system, { link }), json, renderEvents) },
  metrics: { words: '', run: metrics },
  redial: { words: 'LINK', run: oneLink(redialLink) },
  drain: { words: 'LINK [SECONDS]', run: drain },
  pause: { words: 'LINK', run: oneLink(pauseLink) },
  resume: { words: 'LINK', run: oneLink(resumeLink) },
  passport: { words: 'LINE [SESSIONS] [URL]', run: passport },
  'passport-stop': { words: '', run: (system, _, json) => show(system, stopPassport(system), json, renderPassport) },
  doctor: { words: '', run: doctor },
  routes: { words: '', run: (system, _, json) => show(system, readRoutes(system), json, (reply) => renderRoutes(reply, describe)) },
  reset: { words: '', run: (system, _, json) => show(system, resetRouter(system), json, renderRun) },
};

const count = (words: string): number => words.split(' ').filter(Boolean).length;

function wrong(system: System, text: string): number {
  system.printError(text);
  return USAGE;
}

const tooMany = (system: System, name: string, words: readonly string[]): number =>
  wrong(system, `multidial ${name}: unknown argument ${plain(words.at(-1) ?? '')}; see multidial help\n`);

/** What the router itself calls: the hook of netifd's events, the watcher, and a passport in the background. */
function runEvent(system: System, command: string, [action = '', device = '']: readonly string[]): boolean {
  if (command === 'passport-run') runPassport(system);
  if (command !== 'hotplug' && command !== 'look') return command === 'passport-run';
  if (command === 'hotplug') announce(system, action, device);
  look(system);
  return true;
}

/** Runs one command and returns the exit code. */
export function runCommand(system: System, words: readonly string[]): number {
  const [name = 'help', ...rest] = words;
  if (runEvent(system, name, rest)) return OK;
  if (['help', '--help', '-h', 'version'].includes(name) && rest.length === 0) {
    system.print(name === 'version' ? `${version}\n` : HELP);
    return OK;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const isKnown = ['help', '--help', '-h', 'version'].includes(name);
    return isKnown ? tooMany(system, name, rest) : wrong(system, `multidial: unknown command ${plain(name)}\n\n${HELP}`);
  }
  const json = rest[0] === '--json';
  const given = json ? rest.slice(1) : rest;
  const least = count(command.words.replace(/\[.*\]/, ''));
  if (command.words === '' && given.length > 0) return tooMany(system, name, given);
  if (given.length < least || given.length > count(command.words))
    return wrong(system, `usage: multidial ${name} [--json]${command.words && ` ${command.words}`}\n`);
  return command.run(system, given, json);
}

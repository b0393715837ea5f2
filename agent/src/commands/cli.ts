// The command line: words to a command, its reply as text or JSON, and an exit code.
import { announce } from '../announced.ts';
import type { Problem } from '../contract/index.ts';
import type { System } from '../system.ts';
import { version } from '../version.ts';
import { readPlan } from './plan.ts';
import { applyConfig, look, resetRouter } from './run.ts';
import { readStatus } from './status.ts';
import { HELP, plain, renderPlan, renderRun, renderStatus, renderWhy } from './text.ts';
import { readWhy } from './why.ts';

const OK = 0;
const FAILED = 1;
const USAGE = 2;

const exitOf = (problems: readonly Problem[]): number => (problems.some((problem) => problem.severity === 'error') ? FAILED : OK);

function show<T extends { problems: Problem[] }>(system: System, reply: T, json: boolean, render: (reply: T) => string): number {
  system.print(json ? `${JSON.stringify(reply)}\n` : plain(render(reply)));
  return exitOf(reply.problems);
}

/** Runs one command and returns the exit code. */
export function runCommand(system: System, words: readonly string[]): number {
  const [command = 'help', ...rest] = words;
  const json = rest[0] === '--json';
  if (command === 'hotplug') {
    const [action = '', device = ''] = rest;
    announce(system, action, device);
    look(system);
    return OK;
  }
  if (command === 'why') {
    const [src, dst, proto, sport, dport, ...more] = json ? rest.slice(1) : rest;
    if (src === undefined || dst === undefined || more.length) {
      system.printError('usage: multidial why [--json] SRC DST [PROTO SPORT DPORT]\n');
      return USAGE;
    }
    const ports = { ...(sport === undefined ? {} : { sport: Number(sport) }), ...(dport === undefined ? {} : { dport: Number(dport) }) };
    return show(system, readWhy(system, { src, dst, ...(proto === undefined ? {} : { proto }), ...ports }), json, renderWhy);
  }
  if (rest.length > (json ? 1 : 0)) {
    system.printError(`multidial ${command}: unknown argument ${plain(rest.at(-1) ?? '')}; see multidial help\n`);
    return USAGE;
  }
  switch (command) {
    case 'plan':
      return show(system, readPlan(system), json, renderPlan);
    case 'apply':
      return show(system, applyConfig(system), json, renderRun);
    case 'status':
      return show(system, readStatus(system), json, renderStatus);
    case 'reset':
      return show(system, resetRouter(system), json, renderRun);
    case 'version':
      system.print(`${version}\n`);
      return OK;
    case 'help':
    case '--help':
    case '-h':
      system.print(HELP);
      return OK;
    default:
      system.printError(`multidial: unknown command ${plain(command)}\n\n${HELP}`);
      return USAGE;
  }
}

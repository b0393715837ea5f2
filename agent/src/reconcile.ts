// One run: read, plan, apply. Every entry point comes here: the command line, rpcd, hotplug, the init script.
import { applyRoutes, applyRuleset, applySettings, isRulesetDue, noteRules6 } from './apply/kernel.ts';
import { endLostFlows } from './apply/flows.ts';
import { shortenHolds } from './apply/holds.ts';
import { clearLeftovers, findLeftovers } from './apply/leftover.ts';
import { applyReloads, applyUci, reloadsDue } from './apply/uci.ts';
import { isAnnounced } from './announced.ts';
import { parseConfig, toConfig } from './config/parse.ts';
import { redact } from './config/secrets.ts';
import type { Config, ParsedConfig } from './config/parse.ts';
import type { ConfigSection, Problem, RunResult } from './contract/index.ts';
import { appendEvent } from './events.ts';
import { writeLastRun } from './last-run.ts';
import { log } from './log.ts';
import { deviceOptionOf, hasCarrier, readConfigText, readPortMac, readSetting, readIfindex } from './observe/files.ts';
import { observe, observeLive } from './observe/observe.ts';
import type { Observed } from './observe/observe.ts';
import { CONFIG_FILE, MAX_CONFIG_BYTES, RUN_DIRECTORY } from './owned.ts';
import { planRun } from './plan/run.ts';
import { planWatched } from './plan/watched.ts';
import type { Ask, RunPlan, Scope } from './plan/run.ts';
import { readRevision } from './revision.ts';
import type { System } from './system.ts';
import { clearTrial, leftTrial, livingTrial, tellTrial, withTrial } from './trial.ts';
import { readVerdicts, readResting, writeWatched } from './watched.ts';
import type { Watched } from './watched.ts';

/** Interfaces may come and go while we set routes: so often a run looks again before it leaves it to the next event. */
const ROUNDS = 3;

/** The sections of the last configuration that could be read, without their secrets. */
const LAST_GOOD = `${RUN_DIRECTORY}/config.good`;

export const askSystem = (system: System, observed: Observed): Ask => ({
  portMac: (device) => readPortMac(system, device),
  hasCarrier: (device) => hasCarrier(system, device),
  isAnnounced: (device) => isAnnounced(system, device),
  setting: (key) => readSetting(system, key),
  deviceOption: deviceOptionOf(observed.packages.network),
  hasNft: ['/usr/sbin/nft', '/sbin/nft'].some((path) => system.stat(path) !== undefined),
  ...readVerdicts(system),
  resting: Object.keys(readResting(system)),
  hasNftset: () => / nftset\b/.test(system.run(['dnsmasq', '--version']).stdout),
});

const hasError = (problems: readonly Problem[]): boolean => problems.some((problem) => problem.severity === 'error');

/** The stored configuration. */
export const readConfig = (system: System): ParsedConfig => parseConfig(readConfigText(system, CONFIG_FILE, MAX_CONFIG_BYTES));

/** For routes alone a file that can't be read now is no reason to forget what it said before. */
export function configFor(system: System, scope: Scope): ParsedConfig {
  const read = readConfig(system);
  if (!read.config.broken || scope === 'all') return read;
  const good = system.readFile(LAST_GOOD);
  if (good === undefined) return read;
  const sections = JSON.parse(good) as ConfigSection[];
  return { config: toConfig(sections).config, sections, problems: read.problems };
}

function keepGood(system: System, sections: readonly ConfigSection[]): void {
  const text = JSON.stringify(sections.map(redact));
  if (text !== system.readFile(LAST_GOOD)) system.writeFile(LAST_GOOD, text, 0o600);
}

/** Sets routes, looking again while interfaces move. The first plan is given, later ones are made from a new look. */
function settleRoutes(system: System, config: Config, observed: Observed, first: RunPlan, ask: Ask): Problem[] {
  let plan = first;
  for (let round = 1; plan.routes.length + plan.rules.length > 0; round++) {
    const problems = applyRoutes(system, plan.routes, plan.rules);
    if (problems.length === 0) break;
    if (round === ROUNDS) return [...problems, { code: 'unsettled', severity: 'error' }];
    const again = observeLive(system, 'asked');
    if (!again.live) return again.problems;
    plan = planRun(config, { ...observed, live: again.live }, ask, 'routes');
  }
  if (observed.live) noteRules6(system, plan.wantedRules);
  return [];
}

/** By the number of its device a link is told from the session before. */
const withIfindexes = (system: System, watched: Watched): Watched => ({
  ...watched,
  links: watched.links.map((link) => {
    const ifindex = link.device === undefined ? undefined : readIfindex(system, link.device);
    return ifindex === undefined ? link : { ...link, ifindex };
  }),
});

type Outcome = { plan: RunPlan; uci: number; system: number; problems: Problem[] };

/** uci before the kernel, the reload last: a link that goes has left the balance before netifd takes it down. */
function execute(system: System, config: Config, observed: Observed, scope: Scope): Outcome {
  const ask = askSystem(system, observed);
  const plan = planRun(config, observed, ask, scope);
  const refused = applyUci(system, plan.uci, { reload: true });
  if (refused.length) return { plan, uci: 0, system: 0, problems: [...plan.problems, ...refused] };
  if (plan.uci.length) shortenHolds(system, plan.uci);
  const after = plan.uci.length ? { ...observed, packages: { ...observed.packages, network: plan.network } } : observed;
  const rulesetDue = isRulesetDue(system, plan.ruleset, scope === 'all');
  const problems = [
    ...applySettings(system, plan.settings),
    ...(rulesetDue ? applyRuleset(system, plan.ruleset) : []),
    ...settleRoutes(system, config, after, plan, ask),
  ];
  const lost = endLostFlows(system, plan.links, plan.addresses, plan.otherAddresses);
  if (observed.live) writeWatched(system, withIfindexes(system, planWatched(config, plan, observed.live.interfaces)));
  const leftovers = findLeftovers(system, plan.links, observed.live?.interfaces ?? []);
  problems.push(...clearLeftovers(system, leftovers));
  const left = scope === 'all' ? leftTrial(system) : undefined;
  if (left) clearTrial(system, left);
  const reloads = scope === 'all' ? reloadsDue(system).length : 0;
  if (reloads) problems.push(...applyReloads(system));
  const changes =
    plan.routes.length +
    plan.rules.length +
    plan.settings.writes.length +
    (plan.settings.file === undefined ? 0 : 1) +
    (rulesetDue ? 1 : 0) +
    leftovers.length +
    reloads +
    lost;
  return { plan, uci: plan.uci.length, system: changes, problems: [...plan.problems, ...problems] };
}

/**
 * Brings the router to the configuration. The caller holds the lock.
 * `off` plans as if everything were disabled, whatever the file says: the way back must not depend on it.
 */
export function reconcile(system: System, scope: Scope, { off = false }: { off?: boolean } = {}): RunResult {
  const read = configFor(system, scope);
  const revision = readRevision(system);
  const result = (outcome: Omit<Outcome, 'plan'>): RunResult => {
    const run: RunResult = {
      ok: !hasError(outcome.problems),
      revision,
      changed: outcome.uci + outcome.system > 0,
      uci: outcome.uci,
      system: outcome.system,
      problems: outcome.problems,
    };
    if (scope === 'all' && run.changed) {
      const failed = outcome.problems.find((problem) => problem.severity === 'error');
      appendEvent(system, failed ? { kind: 'config_failed', details: { reason: failed.code } } : { kind: 'config', details: { revision } });
    }
    if (scope === 'all') writeLastRun(system, { revision, ok: run.ok, atS: Math.round(system.nowMs() / 1000), problems: run.problems });
    return run;
  };
  if (read.config.broken && !off) return result({ uci: 0, system: 0, problems: read.problems });
  if (off)
    system.removeFile(LAST_GOOD); // else the next event would go on by it where the file can't be read
  else if (scope === 'all') keepGood(system, read.sections);
  const trial = livingTrial(system);
  const config = withTrial(off ? { ...read.config, enabled: false, broken: false } : read.config, trial);
  const observed = observe(system, scope === 'all' ? 'asked' : 'noted');
  // A package that can't be parsed can't be edited: stop before anything is half done.
  if (hasError(observed.problems)) return result({ uci: 0, system: 0, problems: [...read.problems, ...observed.problems] });
  const idle: Problem[] = scope === 'all' && !off && !config.enabled ? [{ code: 'disabled', severity: 'warning' }] : [];
  const trying: Problem[] = trial && scope === 'all' && !off ? [tellTrial(trial)] : [];
  const outcome = execute(system, config, observed, scope);
  const run = result({ ...outcome, problems: [...(off ? [] : read.problems), ...idle, ...trying, ...outcome.problems] });
  log(system, run, outcome.plan);
  return run;
}

// `plan`: what a run would change, for the stored configuration or for a candidate from the page.
import { isRulesetDue } from '../apply/kernel.ts';
import { findLeftovers } from '../apply/leftover.ts';
import { reloadsDue } from '../apply/uci.ts';
import { toConfig } from '../config/parse.ts';
import { withStoredSecrets } from '../config/secrets.ts';
import type { ConfigSection, DerivedPackage, Plan, SystemChange, UciChange } from '../contract/index.ts';
import { observe } from '../observe/observe.ts';
import { SYSCTL_FILE } from '../owned.ts';
import type { Link } from '../plan/members.ts';
import { planRun } from '../plan/run.ts';
import type { RunPlan } from '../plan/run.ts';
import { needsSix, renderRouteStep } from '../plan/routes.ts';
import { renderRuleStep } from '../plan/rules.ts';
import { macvlanName } from '../plan/sections.ts';
import { askSystem, readConfig } from '../reconcile.ts';
import { readRevision } from '../revision.ts';
import type { System } from '../system.ts';
import { livingTrial, tellTrial, withTrial } from '../trial.ts';

const SECRET_OPTIONS = new Set(['password']);

/** The same edit with a secret's value hidden. */
const redactChange = (change: UciChange): UciChange => (change.op === 'set' && SECRET_OPTIONS.has(change.option) ? { ...change, value: '***' } : change);

function systemChanges(system: System, run: RunPlan, leftovers: readonly Link[], reloads: ReadonlySet<string>): SystemChange[] {
  const routes = run.routes.map((step): SystemChange => ({ tool: needsSix(step) ? 'ip -6' : 'ip', text: renderRouteStep(step) }));
  const rules = run.rules.map((step): SystemChange => ({ tool: step.rule.family === 'ipv6' ? 'ip -6' : 'ip', text: renderRuleStep(step) }));
  const settings = run.settings.writes.map(({ key, value }): SystemChange => ({ tool: 'sysctl', text: `${key}=${value}` }));
  const { file } = run.settings;
  const files: SystemChange[] = file === undefined ? [] : [{ tool: 'file', text: file === null ? `remove ${SYSCTL_FILE}` : `write ${SYSCTL_FILE}` }];
  const ruleset: SystemChange[] = isRulesetDue(system, run.ruleset, true) ? [{ tool: 'nft', text: run.ruleset || 'delete table inet multidial\n' }] : [];
  const devices = leftovers.map((link): SystemChange => ({ tool: 'ip', text: `link del dev ${macvlanName(link.name)}` }));
  return [...files, ...settings, ...ruleset, ...routes, ...rules, ...devices, ...[...reloads].map((name): SystemChange => ({ tool: 'reload', text: name }))];
}

/** Plans without changing anything. `candidate` sections may leave secrets out: the stored ones count. */
export function readPlan(system: System, candidate?: readonly ConfigSection[]): Plan {
  const stored = readConfig(system);
  const read = candidate ? toConfig(withStoredSecrets(candidate, stored.sections)) : stored;
  const revision = readRevision(system);
  const observed = observe(system, 'asked');
  const problems = [...read.problems, ...observed.problems];
  const empty: Plan = { revision, blocked: true, summary: { linksAdded: [], linksRemoved: [], linksChanged: [], lines: [] }, uci: [], system: [], problems };
  if (read.config.broken || observed.problems.some((problem) => problem.severity === 'error')) return empty;
  const trial = livingTrial(system);
  const run = planRun(withTrial(read.config, trial), observed, askSystem(system, observed), 'all');
  const leftovers = findLeftovers(system, run.links, observed.live?.interfaces ?? []);
  const packages = new Set<DerivedPackage>(run.uci.map((change) => change.package));
  const pending = [...packages].filter((name) => (system.stat(`/tmp/.uci/${name}`)?.size ?? 0) > 0);
  if (pending.length) problems.push({ code: 'pending_changes', severity: 'error', details: { packages: pending, changes: [] } });
  return {
    revision,
    blocked: pending.length > 0,
    summary: run.summary,
    uci: run.uci.map(redactChange),
    system: systemChanges(system, run, leftovers, new Set([...reloadsDue(system), ...packages])),
    problems: [...problems, ...(trial ? [tellTrial(trial)] : []), ...run.problems],
  };
}

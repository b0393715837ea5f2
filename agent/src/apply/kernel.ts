// Routes, kernel settings and our nft table, each by one command or write, and only where something differs.
import type { Problem } from '../contract/index.ts';
import { writeSetting } from '../observe/files.ts';
import type { Rule } from '../observe/kernel.ts';
import { NFT_TABLE, RULES6_NOTE, RUN_DIRECTORY, SYSCTL_FILE } from '../owned.ts';
import { needsSix, renderRouteStep } from '../plan/routes.ts';
import type { RouteStep } from '../plan/routes.ts';
import { renderRuleStep } from '../plan/rules.ts';
import type { RuleStep } from '../plan/rules.ts';
import type { SettingsPlan } from '../plan/settings.ts';
import type { CommandResult, System } from '../system.ts';

/** The text of the ruleset that stands; in RAM, as the ruleset is. Anything but the wanted text means: set it again. */
const RULESET_NOTE = `${RUN_DIRECTORY}/ruleset`;
const HALF_DONE = '# being set';

export const failed = ({ argv, exit, stderr }: CommandResult): Problem => ({
  code: 'command_failed',
  severity: 'error',
  details: { command: argv.join(' '), exit, stderr: stderr.trim().slice(0, 400) },
});

/**
 * Runs the steps: `ip -6` for what needs it, the rest of both families in one batch. -force goes on after a line
 * that fails, for an interface may vanish under our hands, and the others must not wait for the next event.
 */
export function applyRoutes(system: System, steps: readonly RouteStep[], rules: readonly RuleStep[]): Problem[] {
  const isSix = ({ rule }: RuleStep): boolean => rule.family === 'ipv6';
  const ruleLines = (some: readonly RuleStep[]): string[] => some.map(renderRuleStep);
  const batches = [
    { argv: ['ip', '-6', '-force', '-batch', '-'], lines: [...steps.filter(needsSix).map(renderRouteStep), ...ruleLines(rules.filter(isSix))] },
    {
      argv: ['ip', '-force', '-batch', '-'],
      lines: [...steps.filter((step) => !needsSix(step)).map(renderRouteStep), ...ruleLines(rules.filter((step) => !isSix(step)))],
    },
  ];
  const six = rules.filter(isSix);
  if (six.length) system.removeFile(RULES6_NOTE);
  return batches
    .filter(({ lines }) => lines.length > 0)
    .flatMap(({ argv, lines }) => {
      const done = system.run(argv, `${lines.join('\n')}\n`);
      return done.exit === 0 ? [] : [failed(done)];
    });
}

/** Notes the rules of IPv6 that stand, once they are known to be what is wanted. */
export function noteRules6(system: System, rules: readonly Rule[]): void {
  const text = JSON.stringify(rules.filter((rule) => rule.family === 'ipv6'));
  if (system.readFile(RULES6_NOTE) !== text) system.writeFile(RULES6_NOTE, text, 0o600);
}

/** Writes settings and the file that brings them back at boot. The file first: it holds the values of before. */
export function applySettings(system: System, plan: SettingsPlan): Problem[] {
  const problems: Problem[] = [];
  const note = (error: ReturnType<System['writeFile']>): void => {
    if (error) problems.push({ code: 'write_failed', severity: 'error', details: error });
  };
  if (typeof plan.file === 'string') {
    note(system.makeDirectory(SYSCTL_FILE.slice(0, SYSCTL_FILE.lastIndexOf('/')), 0o755) ?? system.writeFile(SYSCTL_FILE, plan.file, 0o644));
    if (problems.length) return problems; // without the note of the former values there would be no way back
  }
  for (const { key, value } of plan.writes) note(writeSetting(system, key, value));
  if (plan.file === null) note(system.removeFile(SYSCTL_FILE));
  return problems;
}

/** Does the ruleset need setting? `look` asks nft too, for somebody may have flushed everything. */
export function isRulesetDue(system: System, ruleset: string, look: boolean): boolean {
  const noted = system.readFile(RULESET_NOTE) ?? '';
  if (noted !== ruleset) return true;
  return look && ruleset !== '' && system.run(['nft', 'list', 'table', 'inet', NFT_TABLE]).exit !== 0;
}

/**
 * What must go before a ruleset that keeps its table for the sake of its sets: chains and sets of the former one that the new
 * one lacks. Where nobody knows what stands, all of it.
 */
function clearance(former: string, next: string): string {
  const flush = `flush table inet ${NFT_TABLE}\n`;
  if (!next.includes(flush)) return '';
  const all = `add table inet ${NFT_TABLE}\n`;
  if (former === HALF_DONE) return `${all}delete table inet ${NFT_TABLE}\n`;
  const namesIn = (text: string): string[] => [...text.matchAll(/^\t((?:chain|set) \w+) \{$/gm)].map(([, name]) => name ?? '');
  const gone = namesIn(former).filter((name) => !namesIn(next).includes(name));
  return gone.length ? `${all}${flush}${gone.map((name) => `delete ${name.replace(' ', ` inet ${NFT_TABLE} `)}\n`).join('')}` : '';
}

/** Replaces our table in one transaction, or takes it away. */
export function applyRuleset(system: System, ruleset: string): Problem[] {
  // `add` before `delete` makes the deletion good whether or not the table is there.
  const text = ruleset || `add table inet ${NFT_TABLE}\ndelete table inet ${NFT_TABLE}\n`;
  const before = clearance(system.readFile(RULESET_NOTE) ?? HALF_DONE, text);
  system.writeFile(RULESET_NOTE, HALF_DONE, 0o600);
  const done = system.run(['nft', '-f', '-'], `${before}${text}`);
  if (done.exit !== 0) return [failed(done)];
  if (ruleset) system.writeFile(RULESET_NOTE, ruleset, 0o600);
  else system.removeFile(RULESET_NOTE);
  return [];
}

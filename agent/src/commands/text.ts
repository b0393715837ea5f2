// Replies as text for people at a shell.
import { describe } from '../contract/index.ts';
import type { GroupRoute, LinkStatus, Plan, Problem, RunResult, Status, UciChange, Why } from '../contract/index.ts';
import { renderBatchLine } from '../uci/render.ts';

const problemLines = (problems: readonly Problem[]): string[] => problems.map((problem) => `${problem.severity}: ${describe(problem)}`);

/** Control characters of a PPP peer or a file must not reach the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
export const plain = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?');

const list = (names: readonly string[]): string => (names.length ? names.join(' ') : 'none');

export function renderPlan(plan: Plan): string {
  const { summary } = plan;
  const words = summary.lines.map(
    (line) => `line ${line.name}: ${line.sessions} session${line.sessions === 1 ? '' : 's'} over ${line.device}, IPv6 ${line.ipv6}`,
  );
  const counts = [`links added: ${list(summary.linksAdded)}`, `links changed: ${list(summary.linksChanged)}`, `links removed: ${list(summary.linksRemoved)}`];
  const edits = plan.uci.map((change: UciChange) => `  uci ${renderBatchLine(change)}`);
  const effects = plan.system.flatMap((change) =>
    change.text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${change.tool} ${line}`),
  );
  const changes = edits.length + effects.length ? [...counts, ...edits, ...effects] : ['Nothing would change.'];
  return [...words, ...changes, ...problemLines(plan.problems), ...(plan.blocked ? ['A run would stop here and change nothing.'] : []), ''].join('\n');
}

const seconds = (total: number): string => {
  const hours = Math.floor(total / 3600);
  const rest = `${String(Math.floor((total % 3600) / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`;
  return `${String(hours).padStart(2, '0')}:${rest}`;
};

/** What netifd says, and beside it what the probes and people say. */
function stateWords({ state, reason, probe, rest, held }: LinkStatus, atMs: number): string {
  if (held) return `held ${seconds(Math.max(0, Math.round((held.untilMs - atMs) / 1000)))} ${held.reason}`;
  const dead = (['ipv4', 'ipv6'] as const).filter((family) => probe?.[family] === 'dead');
  const silent = dead.length ? `no answer${dead.length === 1 && probe?.ipv4 && probe.ipv6 ? ` in ${dead[0] === 'ipv4' ? 'IPv4' : 'IPv6'}` : ''}` : '';
  const resting = rest ? (rest.kind === 'pause' ? 'paused' : 'drains') : '';
  return [`${state}${reason ? ` ${reason.code}` : ''}`, silent, resting].filter(Boolean).join(', ');
}

function linkLine(link: LinkStatus, atMs: number): string {
  const families = [link.balanced.ipv4 ? 'IPv4' : '', link.balanced.ipv6 ? 'IPv6' : ''].filter(Boolean).join('+') || '-';
  const cells = [
    link.name.padEnd(10),
    stateWords(link, atMs).padEnd(26),
    families.padEnd(10),
    String(link.weight).padStart(3),
    link.uptimeS === undefined ? '-'.padEnd(9) : seconds(link.uptimeS).padEnd(9),
  ];
  return [...cells, [...link.ipv4, ...link.ipv6].join(' ')].join(' ').trimEnd();
}

const groupLine = (group: GroupRoute): string => {
  const shares = group.members.map(({ link, weight }) => `${link}:${weight}`).join(' ');
  const state = group.route === 'present' ? shares : group.route === 'fallback' ? 'no member lives; netifd’s own default is used' : 'no default route';
  return `${group.group} ${group.prefix}: ${state}`;
};

export function renderStatus(status: Status): string {
  const head = status.enabled ? [] : ['multidial is disabled. Enable it: uci set multidial.globals.enabled=1; uci commit multidial; multidial apply'];
  const due = status.enabled && status.last?.revision !== status.revision ? ['The configuration was changed since the last run: multidial apply'] : [];
  const table = status.links.length
    ? ['link       state                      carries    wgt uptime    addresses', ...status.links.map((link) => linkLine(link, status.atMs))]
    : ['No links. Describe a line in /etc/config/multidial, then: multidial apply'];
  const blind = status.offload ? [`Flow offloading (${status.offload}) is on: counters and rates of links may miss what it forwards.`] : [];
  return [...head, ...due, ...table, ...blind, ...status.groups.map(groupLine), ...problemLines(status.problems), ''].join('\n');
}

export function renderRun(run: RunResult): string {
  const done = run.changed ? `Done: ${run.uci} edits of uci, ${run.system} changes of the running system.` : 'Nothing to change.';
  // After a lost commit nobody knows how many of the edits stand.
  const isLost = run.problems.some((problem) => problem.code === 'commit_lost');
  const undone = isLost ? 'Not everything was done.' : 'Nothing was changed.';
  return [
    run.ok ? done : run.changed ? `Partly done: ${run.uci} edits of uci, ${run.system} changes of the running system.` : undone,
    ...problemLines(run.problems),
    '',
  ].join('\n');
}

export const renderWhy = (why: Why): string => [...why.reasons.map(({ text }) => text), ...problemLines(why.problems), ''].join('\n');

export const HELP = `multidial: several PPPoE sessions over one line, balanced

  multidial plan [--json]     what apply would change; changes nothing
  multidial apply [--json]    bring the router to /etc/config/multidial
  multidial status [--json]   links, addresses, what carries traffic, problems
  multidial why [--json] SRC DST [PROTO SPORT DPORT]
                              which link a connection takes, and why
  multidial history [--json] LINK [5m|2h|7d]
                              rates, loss and latency of a link over that time
  multidial events [--json] [LINK]
                              what happened since boot
  multidial metrics           the status for Prometheus
  multidial redial LINK       hang up and dial again
  multidial drain LINK [SECONDS]
                              no new connections; dial again once the old ones are over
  multidial pause LINK        no new connections, until: multidial resume LINK
  multidial passport [--json] LINE [SESSIONS] [URL]
                              try what the provider allows: sessions, MACs, speed by URL; some minutes
  multidial doctor [--json]   what is wrong or unusual here, why it matters, how to mend it
  multidial routes [--json]   routes, rules and nexthops of the kernel: ours, what for, and others’
  multidial reset [--json]    take everything back and disable; the configuration stays
  multidial version
  multidial help

After editing by hand: uci commit multidial; multidial apply
(a commit by the uci command alone triggers nothing; LuCI and ubus do).
Exit codes: 0 done, 1 something failed or would (see the output), 2 wrong usage.
`;

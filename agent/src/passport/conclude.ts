// The report of a passport: what was found out, what refuses more sessions, and what to configure.
import { toNote } from '../contract/index.ts';
import type { PassportLimit, PassportLink, PassportNote, PassportReport } from '../contract/index.ts';
import { addsUp, bestOf, weightsFor, worthwhile } from './speed.ts';
import type { Speeds } from './speed.ts';
import { acceptedBy, refusalOf } from './steps.ts';
import type { Done } from './steps.ts';

/** Why there are no speeds. `url`: none was given; `data`: by `link` nothing came. */
export type Unmeasured = { without: 'url' | 'nft' | 'program' } | { without: 'data'; link: string };

export type Facts = {
  line: string;
  configured: number;
  /** Links whose section names an account. */
  ownAccounts: readonly string[];
  hasIpv6: boolean;
  done: readonly Done[];
  /** The sessions while most were up. */
  links: readonly PassportLink[];
  speeds: Speeds | Unmeasured;
};

const isMeasured = (speeds: Speeds | Unmeasured): speeds is Speeds => 'alone' in speeds;

/** Who says no. A session beside others shows less than one that dials alone. */
export function limitOf({ done, ownAccounts }: Pick<Facts, 'done' | 'ownAccounts'>): PassportLimit {
  const refusal = refusalOf(done);
  if (!refusal || refusal.sessions === 1) return 'none';
  if (refusal.how === 'router') return 'router';
  const alone = done.find(({ step }) => step.kind === 'alone')?.outcome;
  const isOwn = ownAccounts.includes(refusal.link);
  if (alone?.kind === 'refused') {
    if (alone.how === 'router') return 'router';
    return alone.how === 'account' && isOwn ? 'login' : 'mac';
  }
  if (refusal.how === 'silent') return 'port';
  if (!isOwn) return 'account';
  return refusal.how === 'account' && !alone ? 'login' : 'port';
}

function whyNoMore(facts: Facts, limit: PassportLimit, accepted: number): PassportNote[] {
  const refusal = refusalOf(facts.done);
  if (!refusal || limit === 'none') return [];
  const { link, reason } = refusal;
  const displaced = refusal.how === 'displaced' ? [toNote('why_displaced', { sessions: accepted })] : [];
  return [toNote(`why_${limit === 'router' ? 'faulty' : limit}`, { link, reason }), ...displaced];
}

function sessionNotes(facts: Facts, limit: PassportLimit, accepted: number): PassportNote[] {
  const refusal = refusalOf(facts.done);
  const { line } = facts;
  if (accepted === 0 && refusal?.how === 'router') return [toNote('why_faulty', { link: refusal.link, reason: refusal.reason })];
  if (accepted === 0) return [toNote('sessions_none', { line, reason: refusal?.reason ?? 'no answer' })];
  if (!refusal) return [toNote('sessions_open', { line, sessions: accepted, more: 2 * accepted })];
  const isSure = accepted === refusal.sessions - 1;
  const head = isSure
    ? limit === 'router' || limit === 'login'
      ? []
      : [toNote('sessions_limit', { sessions: accepted })]
    : [toNote('sessions_unsure', { sessions: accepted })];
  return [...head, ...whyNoMore(facts, limit, accepted)];
}

const megabits = (perS: number): string => `${((perS * 8) / 1e6).toFixed(1)} Mbit/s`;

export function speedNote({ line, speeds }: Facts): PassportNote {
  if (!isMeasured(speeds)) return toNote(`speed_without_${speeds.without}`, speeds.without === 'data' ? { link: speeds.link } : { line });
  const rates = { together: megabits(speeds.togetherPerS), best: megabits(bestOf(speeds)) };
  return Object.keys(speeds.alone).length < 2 ? toNote('speed_single', rates) : toNote(`speed_${addsUp(speeds)}`, rates);
}

function mtuNote({ line, links }: Facts): PassportNote[] {
  const known = links.filter(({ mtu }) => mtu !== undefined);
  const [first] = known;
  if (first?.mtu === undefined) return [];
  if (known.every(({ mtu }) => mtu === first.mtu)) return [toNote('mtu_same', { mtu: first.mtu })];
  return [toNote('mtu_differs', { line, mtus: known.map(({ link, mtu }) => `${link} ${mtu}`) })];
}

function ipv6Note({ line, links, hasIpv6 }: Facts): PassportNote[] {
  if (!hasIpv6) return [toNote('ipv6_off', { line })];
  const having = links.filter(({ ipv6 }) => ipv6 !== 'none');
  if (links.length === 0) return [];
  if (having.length === 0) return [toNote('ipv6_none')];
  if (having.length < links.length) return [toNote('ipv6_some', { links: having.map(({ link }) => link) })];
  return [toNote(links.every(({ ipv6 }) => ipv6 === 'prefix') ? 'ipv6_prefix' : 'ipv6_address')];
}

const listOf = (weights: Record<string, number>): string[] => Object.entries(weights).map(([link, weight]) => `${link} ${weight}`);

/** What to configure; nothing where nothing came up. */
function proposalsOf(facts: Facts, accepted: number, proposal: PassportReport['proposal']): PassportNote[] {
  if (accepted === 0) return [];
  const { line, configured, speeds } = facts;
  const { sessions, weights } = proposal;
  const isSame = sessions === configured;
  const isKnown = isMeasured(speeds) && sessions > 1;
  return [
    isSame ? toNote('propose_same', { sessions }) : toNote('propose_sessions', { line, sessions, configured }),
    refusalOf(facts.done) ? toNote('pacing_watch', { sessions: accepted }) : toNote('pacing_none'),
    ...(!isKnown ? [] : Object.keys(weights).length ? [toNote('propose_weights', { weights: listOf(weights) })] : [toNote('propose_no_weights')]),
  ];
}

export function conclude(facts: Facts): PassportReport {
  const { line, configured, done, speeds } = facts;
  const accepted = acceptedBy(done);
  const limit = limitOf(facts);
  const measured = isMeasured(speeds) ? speeds : undefined;
  const sessions = accepted === 0 ? configured : measured ? Math.min(accepted, worthwhile(measured)) : accepted;
  const proposal = { sessions, weights: measured && sessions > 1 ? weightsFor(measured) : {} };
  const rateOf = (link: string): number | undefined => measured?.alone[link];
  const isComparable = measured !== undefined && Object.keys(measured.alone).length > 1;
  return {
    line,
    configured,
    accepted,
    limit,
    links: facts.links.map((link) => ({ ...link, ...(rateOf(link.link) === undefined ? {} : { rxPerS: Math.round(rateOf(link.link) ?? 0) }) })),
    speed: isComparable ? addsUp(measured) : 'unmeasured',
    ...(measured ? { togetherPerS: Math.round(measured.togetherPerS) } : {}),
    proposal,
    findings: [...sessionNotes(facts, limit, accepted), speedNote(facts), ...mtuNote(facts), ...ipv6Note(facts)],
    proposals: proposalsOf(facts, accepted, proposal),
  };
}

// What a line's provider allows: progress and report of `passport`, with one English sentence a code.
import { fill } from './fill.ts';
import type { Problem } from './problem.ts';

/** `{line}` and the names of details are filled in. */
export const passportSentences = {
  // steps
  dialing: 'Dialing {line} so that {sessions} are up at once.',
  accepted: '{sessions} at once: accepted, and it stays so.',
  refused: '{sessions} at once: {link} is refused ({reason}).',
  unanswered: '{sessions} at once: nobody answers {link}.',
  displaced: '{sessions} at once: {link} is hung up when one more is dialed ({reason}).',
  faulty: '{link} can’t be dialed by the router itself ({reason}).',
  alone_trying: 'Dialing {link} alone, without the first session.',
  alone_accepted: '{link} alone is up: its MAC is accepted.',
  alone_refused: '{link} alone is not accepted either ({reason}).',
  confirming: 'Going back to {sessions}, to see that they still come up.',
  confirmed: '{sessions} at once: still accepted.',
  unconfirmed: '{sessions} at once do not come up any more: {link} ({reason}).',
  measuring: 'Measuring the speed of each link, then of all together.',
  measured: 'The speed of {sessions} was measured.',
  restoring: 'Putting {line} back to its configuration.',
  restored: '{line} is as configured, and those that were up before are up.',
  restored_late: '{line} is as configured; not all that were up before are up yet. Look: multidial status',
  stopped: 'Stopped on the way.',
  // what was found
  sessions_none: 'Not even one session of {line} comes up ({reason}). Check account, password and cable, then ask again.',
  sessions_limit: 'The provider accepts {sessions} at once, and refuses one more.',
  sessions_open: 'All {sessions} that were tried are accepted. To try more: multidial passport {line} {more}',
  sessions_unsure: 'More than {sessions} at once did not come up again once one was refused. Ask again in an hour.',
  why_account: "It is a limit of the account: other MACs are accepted. More may work with an account of its own for each session (section link '{link}').",
  why_port: 'It is a limit of the port or of the access concentrator, whatever the account. Ask the provider how many sessions a port may have.',
  why_mac: 'A second MAC is refused even when it dials alone: the provider knows one MAC at this port. Ask it to allow more.',
  why_login: "{link} has an account of its own, and that is refused. Check username and password in section link '{link}', then ask again.",
  why_displaced: 'When one more is dialed the provider hangs up an older session: more than {sessions} would take turns.',
  why_faulty: '{link} could not be dialed for a reason that lies on the router ({reason}). What to do: multidial doctor',
  speed_adds: 'Speed adds up: {together} together, {best} by the fastest alone.',
  speed_partly: 'Speed adds up in part: {together} together, {best} by the fastest alone.',
  speed_shared: 'Speed does not add up: {together} together, {best} by the fastest alone. The line or the account as a whole is limited.',
  speed_single: 'One link alone: {best}.',
  speed_without_url: 'Speed was not measured, for no URL was given. To measure: multidial passport {line} http://HOST/LARGE-FILE',
  speed_without_nft: 'Speed was not measured: without nft a download can’t be sent by one link. That takes OpenWrt 22.03 or newer.',
  speed_without_program: 'Speed was not measured: there is neither uclient-fetch nor wget. Install uclient-fetch.',
  speed_without_data: 'Speed was not measured: by {link} nothing came. Try it on the router: uclient-fetch -O /dev/null URL',
  mtu_same: 'Each session has an MTU of {mtu}.',
  mtu_differs: 'The sessions differ in their MTU: {mtus}. Set option mtu of {line} to the smallest.',
  ipv6_off: 'IPv6 was not looked at, for {line} has it off. Set ipv6 to nat and ask again.',
  ipv6_prefix: 'Each session gets an IPv6 prefix of its own.',
  ipv6_address: 'Each session gets an IPv6 address, but not each a prefix: ipv6 nat works, native does not.',
  ipv6_some: 'Only these sessions get IPv6: {links}.',
  ipv6_none: 'No session gets IPv6. Set ipv6 to off.',
  // what is proposed
  propose_sessions: 'Sessions: {sessions} (now {configured}). To set it: uci set multidial.{line}.sessions={sessions}; uci commit multidial; multidial apply',
  propose_same: 'Sessions: {sessions}, as configured.',
  propose_weights: 'Weights: {weights}, in sections link of these names, for their speeds differ.',
  propose_no_weights: 'Weights: none, all links are alike.',
  pacing_none: 'Pacing: none is needed, all sessions may be dialed at once.',
  pacing_watch:
    'Pacing: dial no more than {sessions} and keep option watch on: what is refused would be dialed every four seconds, for which some lock an account.',
} as const;

export type PassportCode = keyof typeof passportSentences;

/** A sentence as code and details, for who translates it, and as `text` in English, with the details filled in. */
export type PassportNote = { code: PassportCode; details: Record<string, string | number | string[]>; text: string };

/** `refused` is an answer too: it is what the step was to find out. */
export type PassportStep = PassportNote & { state: 'running' | 'done' | 'refused' | 'failed' };

/** One session, as it was while most were up at once. `mtu` is its device’s, `rxPerS` in bytes a second, measured alone. */
export type PassportLink = { link: string; mtu?: number; ipv6: 'prefix' | 'address' | 'none'; rxPerS?: number };

/** What refuses more sessions: `login` is the own account of one link, `router` nobody but the router itself. */
export type PassportLimit = 'none' | 'account' | 'port' | 'mac' | 'login' | 'router';

export type PassportReport = {
  line: string;
  /** Sessions as configured, and as many as were up at once. */
  configured: number;
  accepted: number;
  limit: PassportLimit;
  links: PassportLink[];
  speed: 'adds' | 'partly' | 'shared' | 'unmeasured';
  /** Bytes a second of all together. */
  togetherPerS?: number;
  /** `weights` by link; empty where all should be alike. */
  proposal: { sessions: number; weights: Record<string, number> };
  findings: PassportNote[];
  proposals: PassportNote[];
};

/** `interrupted`: it was killed. What it had changed is put back by the watcher, or by the next apply. */
export type PassportState = 'none' | 'running' | 'done' | 'failed' | 'interrupted';

/** Reply of `passport` and `passport_status`. Times are CLOCK_MONOTONIC. */
export type PassportStatus = {
  state: PassportState;
  atMs: number;
  line?: string;
  startedMs?: number;
  steps: PassportStep[];
  report?: PassportReport;
  problems: Problem[];
};

/** A step, a finding or a proposal with its sentence. */
export const toNote = (code: PassportCode, details: PassportNote['details'] = {}): PassportNote => ({
  code,
  details,
  text: fill(passportSentences[code], details),
});

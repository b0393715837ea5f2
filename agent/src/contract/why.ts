// Why a connection takes the link it takes: reply of `multidial why`.
import { fill } from './fill.ts';
import type { Problem } from './problem.ts';

/** What decides, one English sentence a step. */
export const whySentences = {
  known: 'This connection exists and keeps what it was given.',
  unmarked: 'Nothing is marked here: the routes decide.',
  behind: '{src} lies behind link {link}: what it opens comes in there and is no pin’s or group’s.',
  pin_avoided: 'Pin {pin} matches, but {use} does not answer or rests: it is shared like other traffic.',
  pin_never: 'Pin {pin} matches: it is never balanced.',
  pin_strict: 'Pin {pin} matches: it takes {use} and never by another.',
  pin_takes: 'Pin {pin} matches: it takes {use}.',
  pin_none: 'No pin matches.',
  group_none: 'No group has this destination: the router’s own routes decide.',
  group_hash: 'Group {group} has this destination: the kernel shares its connections by a hash.',
  group_without: 'No link of group {group} carries this family now: the routes decide.',
  group_in_turn: 'Group {group} spreads single packets in turn over {links}; one of them is shown.',
  group_by_chance: 'Group {group} spreads single packets by chance over {links}; one of them is shown.',
  sticky_client: 'Group {group} is sticky by client: this client has one link.',
  sticky_site: 'Group {group} is sticky by site: this client and site have one link.',
  sticky_router: 'The router’s own connections stick to no link of group {group}.',
  sticky_given: 'An address that a provider gave leaves by that provider’s link.',
  mark: 'It has mark {mark}: table {table} is asked.',
  mark_target: 'It has mark {mark}, a target’s: table {table} is asked.',
  mark_link: 'It has mark {mark}, a link’s: table {table} is asked.',
  refused: 'The kernel has no route for it: it is refused.',
  untold: 'ip told no route (exit code {exit}), so the way is not known.',
  sent: 'The kernel sends it by {device}, from table {table}: link {link}.',
  sent_to: 'The kernel sends it by {device} to {gateway}, from table {table}: link {link}.',
  sent_elsewhere: 'The kernel sends it by {device}, from table {table}, which is no link.',
  sent_elsewhere_to: 'The kernel sends it by {device} to {gateway}, from table {table}, which is no link.',
} as const;

export type ReasonCode = keyof typeof whySentences;

/** A step as code and details, for who translates it, and as `text` in English, with the details filled in. */
export type Reason = { code: ReasonCode; details: Record<string, string | number | undefined>; text: string };

/** A step with its sentence. */
export const toReason = (code: ReasonCode, details: Reason['details'] = {}): Reason => ({ code, details, text: fill(whySentences[code], details) });

/** A connection as it is asked for; the protocol and ports matter where pins name them, and for which link of several. */
export type Question = { src: string; dst: string; proto?: string; sport?: number; dport?: number };

/**
 * `by` is what decided: a pin, a group that is sticky or spreads packets, or the routes alone. `mark` is the byte that is ours
 * (0: none), `table` where the kernel found its route. `link` is missing where the traffic takes no link of ours.
 * `reasons` are in the order of what happens.
 */
export type Why = {
  question: Question;
  by: 'pin' | 'group' | 'routes';
  pin?: string;
  group?: string;
  mark: number;
  table?: number;
  device?: string;
  gateway?: string;
  link?: string;
  reasons: Reason[];
  problems: Problem[];
};

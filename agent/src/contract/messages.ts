// One English sentence a problem code, with what to do next; those of check-messages.ts are the rest of them. Replies carry them filled in.
import { checkMessages, fillIn } from './check-messages.ts';
import type { CheckCode } from './check-messages.ts';
import type { Problem, ProblemCode } from './problem.ts';

/** `{section}`, `{option}` and the names of details are filled in; a list is joined by commas. */
export const messages: Record<Exclude<ProblemCode, CheckCode>, string> = {
  config_unreadable: '/etc/config/multidial can’t be read: {reason} (line {line}). Mend the file; until then nothing is changed.',
  config_missing: '/etc/config/multidial does not exist. Install the package again, or create the file.',
  file_unfit: '{path} must be a file of at most {max} bytes, not {found}. Mend it; until then nothing is changed.',
  section_unnamed: "A section of type {type} has no name, skipped. Name it: config {type} 'name'.",
  device_missing: '{section}: there is no device {device}. Check the port’s name; what the line had before stays.',
  interface_missing: '{section}: there is no network interface {interface}.',
  interface_foreign: '{section}: the network interface {interface} exists and is not multidial’s. Rename the line, or the interface.',
  section_foreign: '{section}: network already has a section {name} that is not multidial’s. Rename the line.',
  member_unknown: '{section}: no link or line is called {name}; it is left out.',
  link_unknown: '{section}: no line dials a session of this name, so it has no effect.',
  prefix_taken: '{section}: {prefix} is shared by group {group} already, so it is left out here. Give it to one group only.',
  zone_missing: 'The firewall has no zone named wan, so nothing is masqueraded. Create the zone, then apply again.',
  slots_exhausted: '{section}: more than {max} links or groups in all; the rest is left out.',
  hash_conflict: '{section}: the kernel has one hash policy for all groups; {got} is used, not {wanted}.',
  pin_target_unknown: '{section}: no link or group is called {name}. A strict pin refuses its traffic until there is one; any other has no effect.',
  pin_never_matches: '{section}: its source and destination are of different families, so nothing ever matches it.',
  pin_interface_unknown: '{section}: there is no network interface {interface}, or it is down; it is left out here.',
  packet_masqueraded:
    '{section}: packets can’t be spread over {link}, which hides addresses behind its own ({by}): the far end would see two senders. Connections are shared instead. Use a tunnel over each link, take the link out of the group, or set mode to flow.',
  packet_uneven:
    '{section}: the round trips of its links differ ({figures}), so packets arrive out of order and one connection gets less than the sum. Use links alike, or set mode to flow.',
  nexthop_unsupported:
    'This system has no nexthop groups (ip-full and kernel 5.3 or newer): a hang-up interrupts the IPv4 default for a moment. Install ip-full.',
  nat66_unsupported: '{section}: IPv6 by NAT needs nft, which is missing here. Use off or native.',
  names_unsupported: '{section}: this dnsmasq can’t tell nft the addresses of names, so the pin has no effect. Install dnsmasq-full (OpenWrt 23.05 or newer).',
  marks_unsupported:
    'This system has no nft, so connections do not keep their link when links come and go, and pins, sticky groups and mode packet have no effect. That takes OpenWrt 22.03 or newer.',
  multipath6_needs_gateway: 'IPv6 can’t be shared without nexthop groups over links that have no gateway. Install ip-full.',
  weights6_unsupported: 'This kernel knows no weights in IPv6, so all links get an equal share of it. That takes Linux 4.16: update the system.',
  pending_changes: 'Somebody left uncommitted changes in {packages}. Commit or revert them (uci changes; uci commit or uci revert), then apply again.',
  default_outranks:
    'The {family} default of {interface} (device {device}, metric {metric}) wins over the balanced one (metric {ours}). Give that interface a metric above {ours}.',
  metric_taken:
    'The {family} default by {device} has metric {metric}, which is multidial’s own: netifd will overwrite one by the other. Give that interface another metric.',
  command_failed: '{command} failed with exit code {exit}: {stderr}',
  reply_unreadable: 'The reply of {command} can’t be read: {reason}',
  flash_full: 'No room to write {path}: {need} bytes are needed. Free some space, then apply again. Nothing was changed.',
  commit_lost:
    '{package} did not hold the change after the commit (an emptied file is put back as it was). Check the free space and who else edits it, then apply again.',
  write_failed: '{path} can’t be written: {reason}',
  busy: 'Another run is going on (process {pid}). Try again in a moment.',
  unsettled: 'Interfaces kept changing while the routes were set; the next event brings another try.',
  disabled: 'multidial is disabled, so there is nothing to do. Enable it: uci set multidial.globals.enabled=1; uci commit multidial; multidial apply',
  link_missing: 'There is no link called {name}.',
  line_missing: 'No line called {name} is dialed. Lines that are: {lines}.',
  trial_running: '{section} has {sessions} sessions for now: multidial passport tries it. It goes back to its configuration when that ends.',
  passport_running: 'A passport of {line} is being made already (process {pid}). Wait for its end.',
  passport_interrupted:
    'The passport of {line} was ended on the way. Within a minute the watcher puts the line back to its configuration; at once does: multidial apply',
  watcher_missing: 'The watcher does not run, so nobody would end the drain. Start it: /etc/init.d/multidial start, with option watch of globals not 0.',
  argument_invalid: 'Argument {argument} must be {expected}.',
  method_unknown: 'There is no method {method}.',
  history_missing: 'Nothing was recorded of {link}. Links with a history: {links}.',
  internal: 'A fault in multidial itself: {message}. Please report it with the output of multidial status.',
};

/** A complaint's sentence. */
export const describe = (problem: Problem): string => fillIn({ ...checkMessages, ...messages }[problem.code], problem);

/** As a reply has it: with its sentence. */
export const toTold = (problem: Problem): Problem => ({ ...problem, message: describe(problem) });

type Complaining = { problems?: Problem[]; last?: Complaining | null };

/** A reply with the sentences of all that it complains of; `last` is the last run in a status. */
export function toToldReply<T extends Complaining>(reply: T): T {
  const { problems, last } = reply;
  return { ...reply, ...(problems ? { problems: problems.map(toTold) } : {}), ...(last ? { last: toToldReply(last) } : {}) };
}

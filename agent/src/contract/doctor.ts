// What `multidial doctor` found: findings by code, the checks that ran, and those that could not be answered.
import type { Problem } from './problem.ts';

/** Everything the doctor can find. The code is stable: the page finds translations by it, scripts test for it. */
export type FindingCode =
  // configuration
  | 'config_faulty'
  | 'package_unreadable'
  | 'disabled'
  | 'apply_due'
  | 'uncommitted'
  | 'config_uncommitted'
  // what the system lacks
  | 'netifd_silent'
  | 'ip_unfit'
  | 'nexthops_missing'
  | 'nft_missing'
  | 'hash_policy_missing'
  | 'hash_policy_differs'
  | 'connections_unlisted'
  | 'clock_unset'
  | 'offload_software'
  | 'offload_hardware'
  | 'offload_packets'
  // others on this router
  | 'rule_first'
  | 'rule_part_first'
  | 'rule_among_ours'
  | 'mark_compared'
  | 'mark_overwritten'
  | 'table_shared'
  | 'mwan3_first'
  | 'pbr_beside'
  | 'default_outranks'
  | 'metric_taken'
  | 'metric_shared'
  // ports and devices
  | 'port_missing'
  | 'port_unplugged'
  | 'mac_duplicate'
  | 'device_down'
  | 'carrier_lost'
  // sessions
  | 'name_too_long'
  | 'account_refused'
  | 'session_refused'
  | 'dial_unanswered'
  | 'dial_failed'
  | 'link_stopped'
  | 'link_absent'
  | 'address_restricted'
  | 'mtu_low'
  | 'resolvers_missing'
  | 'resolvers_private'
  // firewall
  | 'zone_missing'
  | 'masquerade_off'
  | 'mss_unclamped'
  | 'zone_lacks_link';

/** `error`: something does not work; `warning`: it works less well, or not always; `note`: good to know. */
export type FindingSeverity = 'error' | 'warning' | 'note';

/**
 * One finding. `section` is `TYPE.NAME` of /etc/config/multidial, `link` a link's name; both and `details` fill the
 * sentences of findings.ts. `details` holds plain values only, never a secret, and may hold what a peer or a file said.
 */
export type Finding = {
  code: FindingCode;
  severity: FindingSeverity;
  section?: string;
  link?: string;
  details?: NonNullable<Problem['details']>;
};

export type CheckName =
  | 'configuration'
  | 'uncommitted'
  | 'netifd'
  | 'ip'
  | 'kernel'
  | 'hash_policy'
  | 'offload'
  | 'clock'
  | 'rules_ipv4'
  | 'rules_ipv6'
  | 'tables'
  | 'marks'
  | 'marks_iptables'
  | 'defaults'
  | 'metrics'
  | 'ports'
  | 'macs'
  | 'carrier'
  | 'names'
  | 'dialing'
  | 'addresses'
  | 'mtu'
  | 'resolvers'
  | 'zone';

/** Why a check could not be answered; the sentences are in findings.ts. */
export type SkipReason =
  | 'no_lines'
  | 'no_links'
  | 'no_live_links'
  | 'netifd_silent'
  | 'ip_silent'
  | 'nft_missing'
  | 'nft_silent'
  | 'package_unreadable'
  | 'iptables_unread';

/** What a look at the router came to: each check is either in `checked` or in `skipped`. Errors come first among the findings. */
export type Examination = {
  findings: Finding[];
  checked: CheckName[];
  skipped: { check: CheckName; reason: SkipReason }[];
};

/**
 * What a button of the page can do about a finding. `apply`: derive everything anew from the stored configuration. `redial`: the
 * finding's link. `setup`: in the form of its line, at that option where one is named. The page may write no package but multidial:
 * what is to be changed in others' is no remedy but a command.
 */
export type Remedy = { kind: 'apply' } | { kind: 'redial' } | { kind: 'setup'; option?: string };

/** What it is, why it matters and how to mend it, in English. */
export type Explanation = { what: string; why: string; mend: string };

/**
 * A finding as the reply has it, its sentences filled in. Without a remedy it takes the commands of `mend`, hands or a judgement, or
 * nothing needs to be done.
 */
export type ToldFinding = Finding & Explanation & { remedy?: Remedy };

/** Reply of `doctor`: an examination with its sentences; `text` says in English why a check was left out, without a full stop. */
export type DoctorReport = {
  findings: ToldFinding[];
  checked: CheckName[];
  skipped: (Examination['skipped'][number] & { text: string })[];
};

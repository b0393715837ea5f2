// How each of the doctor's findings is mended: by what the page can do itself, by commands, or by nothing but what its sentence says.
import type { FindingCode } from './doctor.ts';

/**
 * `apply`: derive everything anew from the stored configuration. `redial`: the finding's link. `setup`: in the form of its line,
 * at that option where one is named; all three are buttons of the page. `command`: its sentence has commands to copy.
 * `inform`: it takes hands or a judgement, or nothing needs to be done.
 */
export type Remedy = { kind: 'apply' } | { kind: 'redial' } | { kind: 'setup'; option?: string } | { kind: 'command' } | { kind: 'inform' };

const apply: Remedy = { kind: 'apply' };
const redial: Remedy = { kind: 'redial' };
const command: Remedy = { kind: 'command' };
const inform: Remedy = { kind: 'inform' };
const setup = (option?: string): Remedy => ({ kind: 'setup', ...(option === undefined ? {} : { option }) });

/** The page may write no package but multidial: what is to be changed in others' stays a command. */
export const remedies: Record<FindingCode, Remedy> = {
  config_faulty: setup(),
  package_unreadable: command,
  disabled: setup(),
  apply_due: apply,
  uncommitted: command,
  config_uncommitted: command,
  netifd_silent: command,
  ip_unfit: command,
  nexthops_missing: command,
  nft_missing: inform,
  hash_policy_missing: inform,
  hash_policy_differs: apply,
  connections_unlisted: command,
  clock_unset: command,
  offload_software: command,
  offload_hardware: command,
  offload_packets: command,
  rule_first: inform,
  rule_part_first: inform,
  rule_among_ours: inform,
  mark_compared: inform,
  mark_overwritten: inform,
  table_shared: inform,
  mwan3_first: command,
  pbr_beside: inform,
  default_outranks: command,
  metric_taken: command,
  // An interface that is no link must be given another metric before.
  metric_shared: command,
  port_missing: setup('device'),
  port_unplugged: inform,
  mac_duplicate: command,
  // Dialed again it would be as before: the address must be mended first.
  device_down: command,
  carrier_lost: inform,
  name_too_long: command,
  account_refused: setup('username'),
  session_refused: setup('sessions'),
  dial_unanswered: setup('ac'),
  dial_failed: redial,
  link_stopped: redial,
  link_absent: command,
  address_restricted: redial,
  mtu_low: setup('mtu'),
  resolvers_missing: command,
  resolvers_private: command,
  zone_missing: command,
  masquerade_off: command,
  mss_unclamped: command,
  zone_lacks_link: apply,
};

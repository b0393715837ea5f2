// What can be wrong, as a value: a code, where, and the details a sentence needs. Sentences live in messages.ts and check-messages.ts.

/**
 * Everything multidial can complain about. The code is stable: the page finds translations by it, scripts test for it.
 */
export type ProblemCode =
  // configuration
  | 'config_unreadable'
  | 'config_missing'
  | 'file_unfit'
  | 'section_unknown_type'
  | 'section_unnamed'
  | 'section_name_invalid'
  | 'section_duplicate'
  | 'option_unknown'
  | 'option_missing'
  | 'option_invalid'
  | 'option_repeated'
  | 'device_missing'
  | 'interface_missing'
  | 'interface_foreign'
  | 'section_foreign'
  | 'member_unknown'
  | 'link_unknown'
  | 'prefix_taken'
  | 'zone_missing'
  | 'slots_exhausted'
  | 'hash_conflict'
  | 'pin_target_unknown'
  | 'pin_never_matches'
  | 'pin_interface_unknown'
  | 'packet_masqueraded'
  | 'packet_uneven'
  // what the system lacks
  | 'nexthop_unsupported'
  | 'nat66_unsupported'
  | 'marks_unsupported'
  | 'names_unsupported'
  | 'multipath6_needs_gateway'
  | 'weights6_unsupported'
  // somebody else's state
  | 'pending_changes'
  | 'default_outranks'
  | 'metric_taken'
  // running
  | 'command_failed'
  | 'reply_unreadable'
  | 'flash_full'
  | 'commit_lost'
  | 'write_failed'
  | 'busy'
  | 'unsettled'
  | 'disabled'
  | 'link_missing'
  | 'line_missing'
  | 'trial_running'
  | 'passport_running'
  | 'passport_interrupted'
  | 'watcher_missing'
  | 'argument_invalid'
  | 'method_unknown'
  | 'history_missing'
  | 'internal';

/**
 * `error`: the section is skipped (its present state is kept) or the run stopped; `warning`: it was done, but look here.
 */
export type Severity = 'error' | 'warning';

/**
 * One complaint. `section` is `TYPE.NAME` of /etc/config/multidial, as in `line.wan`; `option` the option in it.
 * `details` holds plain values only, never a secret. `message` says it in English; replies have it, but neither what is kept
 * in files nor what the page has checked itself.
 */
export type Problem = {
  code: ProblemCode;
  severity: Severity;
  section?: string;
  option?: string;
  details?: Record<string, string | number | boolean | string[]>;
  message?: string;
};

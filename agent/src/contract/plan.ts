// What a run would change: uci edits, kernel state, and a count for the sentence above them.
import type { Problem } from './problem.ts';

/** Packages the agent may derive sections into. */
export type DerivedPackage = 'network' | 'firewall' | 'dhcp';

/**
 * One edit of a uci package, in uci's own words. `section` is a name or, for anonymous ones, `@type[index]`.
 * A secret's value is replaced by `***`.
 */
export type UciChange =
  | { op: 'section'; package: DerivedPackage; section: string; type: string }
  | { op: 'set'; package: DerivedPackage; section: string; option: string; value: string }
  | { op: 'unset'; package: DerivedPackage; section: string; option?: string }
  | { op: 'list-add' | 'list-del'; package: DerivedPackage; section: string; option: string; value: string };

/** One effect on the running system; `text` is what is fed to the command named by `tool`. */
export type SystemChange = {
  tool: 'ip' | 'ip -6' | 'nft' | 'sysctl' | 'file' | 'reload';
  text: string;
};

/** Counts for the preview's sentence. */
export type PlanSummary = {
  linksAdded: string[];
  linksRemoved: string[];
  linksChanged: string[];
  /** Lines whose links the plan speaks of, with device, sessions and ipv6 mode. */
  lines: { name: string; device: string; sessions: number; ipv6: 'off' | 'nat' | 'native' }[];
};

/**
 * Reply of `plan`. Empty `uci` and `system` mean that a run would change nothing.
 * `blocked` is true when a run would stop before changing anything (see the errors in `problems`).
 */
export type Plan = {
  revision: string;
  blocked: boolean;
  summary: PlanSummary;
  uci: UciChange[];
  system: SystemChange[];
  problems: Problem[];
};

/** Reply of `apply` and `reset`: what was done. `ok` is false when something planned could not be done. */
export type RunResult = {
  ok: boolean;
  revision: string;
  /** True when anything was changed by this run. */
  changed: boolean;
  uci: number;
  system: number;
  problems: Problem[];
};

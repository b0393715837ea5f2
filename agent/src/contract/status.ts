// What is going on now: links, groups, counters. The page computes rates from two replies.
import type { Problem } from './problem.ts';

/** `absent`: netifd does not know the interface (yet). `failed`: down with an error that a redial alone won't mend. */
export type LinkState = 'up' | 'dialing' | 'down' | 'failed' | 'absent';

/**
 * netifd's last error of an interface, as in `ubus call network.interface.X status`: AUTH_TOPEER_FAILED, HANGUP,
 * USER_REQUEST, NO_DEVICE, CONNECT_FAILED, PEER_DEAD, OPTION_ERROR … An old error lingers while netifd redials; a USER_REQUEST
 * is not told then, for it says nothing any more.
 */
export type LinkReason = { subsystem: string; code: string };

/** What the probes say of a link in a family: `unknown` until the first reply since it was dialed. */
export type Verdict = 'unknown' | 'alive' | 'dead';

export type LinkProbe = {
  ipv4?: Verdict;
  ipv6?: Verdict;
  /** CLOCK_MONOTONIC of the newest verdict. */
  sinceMs?: number;
  /** While it is dead: seconds that it must answer without a break to be used again. */
  holdS?: number;
  /** Percent of the last 20 seconds' packets. */
  loss?: number;
  latencyMs?: number;
};

/** A link without new connections: by `pause` until `resume`, by `drain` until it is idle, at the latest `untilMs` (CLOCK_MONOTONIC). */
export type LinkRest = { kind: 'pause' } | { kind: 'drain'; sinceMs: number; untilMs: number };

/** Not dialed until `untilMs` (CLOCK_MONOTONIC), because so many dials in a row failed for `reason`. */
export type LinkHold = { untilMs: number; failures: number; reason: string };

export type LinkStatus = {
  /** netifd interface, as in `wan_02`. */
  name: string;
  /** Line it belongs to; absent for a foreign interface that takes part. */
  line?: string;
  /** l3 device while it is up, as in `pppoe-wan_02`. */
  device?: string;
  state: LinkState;
  reason?: LinkReason;
  ipv4: string[];
  ipv6: string[];
  /** Seconds since netifd saw it come up. */
  uptimeS?: number;
  weight: number;
  /** Does it carry its share of the default of this family now? */
  balanced: { ipv4: boolean; ipv6: boolean };
  /** Absent while nobody asks whether it lives. */
  probe?: LinkProbe;
  rest?: LinkRest;
  held?: LinkHold;
  /** Bytes since the device was created: a redial starts at 0 again. Absent while there is no device. */
  rxBytes?: number;
  txBytes?: number;
};

export type Family = 'ipv4' | 'ipv6';

/** One balanced route: a prefix of one family over the members that live. */
export type GroupRoute = {
  group: string;
  family: Family;
  prefix: string;
  /** `present`: the route stands in the kernel; `fallback`: only netifd's own defaults; `none`: no default of ours or netifd's. */
  route: 'present' | 'fallback' | 'none';
  /** `nexthop`: through a nexthop group; `multipath`: classic route of an old kernel or ip. */
  kind: 'nexthop' | 'multipath';
  members: { link: string; weight: number }[];
};

/** Outcome of the last run that derived uci (apply, reset or reload), kept in RAM. */
export type LastRun = { revision: string; ok: boolean; atS: number; problems: Problem[] };

/**
 * Reply of `status`. `revision` names the configuration file's present content, `last.revision` what was applied:
 * they differ while a run is due. `problems` are those of now; what the last run complained of stands in `last.problems`. `atMs` is monotonic (CLOCK_MONOTONIC), for rates; `last.atS` seconds since boot.
 */
export type Status = {
  version: string;
  enabled: boolean;
  revision: string;
  last: LastRun | null;
  atMs: number;
  /** fw4's flow offloading is on: what it forwards may pass by the counters of links, and rates are too small then. */
  offload?: 'software' | 'hardware';
  links: LinkStatus[];
  groups: GroupRoute[];
  problems: Problem[];
};

// The rpcd object `multidial`: one table gives the `list` reply, the validators, the ACL check and the types.
import type { ConfigSection, Port, PppoeInterface } from './config.ts';
import type { EventsReply } from './events.ts';
import type { LinkHistory, RatesReply, Span } from './history.ts';
import type { DoctorReport } from './doctor.ts';
import type { PassportStatus } from './passport.ts';
import type { Plan, RunResult } from './plan.ts';
import type { Problem } from './problem.ts';
import type { RoutesReply } from './routes.ts';
import type { Status } from './status.ts';
import type { Question, Why } from './why.ts';

/** How an argument is announced to ubus by example, as rpcd's exec plugins do: "str" is a string, 0 an integer, {} a table. */
export type ArgumentKind = 'string' | 'integer' | 'table';

export type MethodSpec = {
  /** Which ACL part grants it. */
  access: 'read' | 'write';
  arguments: Record<string, { kind: ArgumentKind; required: boolean }>;
};

/**
 * Every method of object `multidial`. `apply` derives everything anew from the stored configuration; `reset` stores
 * `globals.enabled` 0, so that neither an event nor a boot dials again, and takes everything back.
 * rpcd enforces nothing of this for exec plugins, so the agent does.
 */
export const methods = {
  status: { access: 'read', arguments: {} },
  config: { access: 'read', arguments: {} },
  plan: { access: 'read', arguments: { config: { kind: 'table', required: false } } },
  version: { access: 'read', arguments: {} },
  doctor: { access: 'read', arguments: {} },
  routes: { access: 'read', arguments: {} },
  history: {
    access: 'read',
    arguments: { link: { kind: 'string', required: true }, span: { kind: 'string', required: false }, points: { kind: 'integer', required: false } },
  },
  histories: { access: 'read', arguments: { span: { kind: 'string', required: false }, points: { kind: 'integer', required: false } } },
  events: { access: 'read', arguments: { link: { kind: 'string', required: false }, since: { kind: 'integer', required: false } } },
  why: {
    access: 'read',
    arguments: {
      src: { kind: 'string', required: true },
      dst: { kind: 'string', required: true },
      proto: { kind: 'string', required: false },
      sport: { kind: 'integer', required: false },
      dport: { kind: 'integer', required: false },
    },
  },
  redial: { access: 'write', arguments: { link: { kind: 'string', required: true } } },
  drain: { access: 'write', arguments: { link: { kind: 'string', required: true }, seconds: { kind: 'integer', required: false } } },
  pause: { access: 'write', arguments: { link: { kind: 'string', required: true } } },
  resume: { access: 'write', arguments: { link: { kind: 'string', required: true } } },
  passport: {
    access: 'write',
    arguments: { line: { kind: 'string', required: true }, sessions: { kind: 'integer', required: false }, url: { kind: 'string', required: false } },
  },
  passport_status: { access: 'read', arguments: {} },
  passport_stop: { access: 'write', arguments: {} },
  apply: { access: 'write', arguments: {} },
  reset: { access: 'write', arguments: {} },
} as const satisfies Record<string, MethodSpec>;

export type MethodName = keyof typeof methods;

/**
 * Arguments by method; `plan` takes a candidate configuration, without one it plans the stored one. `history` without a span
 * tells of 5m, and thins its values to at most `points` where that is given; `histories` does the same for the rates of all links; `since` of `events` is in seconds since 1970.
 * `passport` dials at most `sessions` at once (4, or as many as configured), measures speed by `url`, and returns at once: how it
 * goes on, and its report, `passport_status` tells. `passport_stop` ends it within seconds and has the line put back.
 * `drain` ends after `seconds` at the latest (600 where it is not given), and needs the watcher.
 */
export type Arguments = {
  status: Record<never, never>;
  config: Record<never, never>;
  plan: { config?: { sections: ConfigSection[] } };
  version: Record<never, never>;
  doctor: Record<never, never>;
  routes: Record<never, never>;
  history: { link: string; span?: Span; points?: number };
  histories: { span?: Span; points?: number };
  events: { link?: string; since?: number };
  why: Question;
  redial: { link: string };
  drain: { link: string; seconds?: number };
  pause: { link: string };
  resume: { link: string };
  passport: { line: string; sessions?: number; url?: string };
  passport_status: Record<never, never>;
  passport_stop: Record<never, never>;
  apply: Record<never, never>;
  reset: Record<never, never>;
};

/** Reply of `config`: the stored configuration without its secrets. */
export type ConfigReply = {
  revision: string;
  sections: ConfigSection[];
  ports: Port[];
  /** Absent from an agent older than the wizard. */
  pppoe?: PppoeInterface[];
  problems: Problem[];
};

/** A call that could not be answered at all travels as an object too: rpcd drops exit codes and stderr. */
export type Failure = { error: Problem };

export type Replies = {
  status: Status;
  config: ConfigReply;
  plan: Plan;
  version: { version: string };
  doctor: DoctorReport;
  routes: RoutesReply;
  history: LinkHistory;
  histories: RatesReply;
  events: EventsReply;
  why: Why;
  redial: RunResult;
  drain: RunResult;
  pause: RunResult;
  resume: RunResult;
  passport: PassportStatus;
  passport_status: PassportStatus;
  passport_stop: PassportStatus;
  apply: RunResult;
  reset: RunResult;
};

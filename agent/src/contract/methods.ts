// The rpcd object `multidial`: one table gives the `list` reply, the validators, the ACL check and the types.
import type { ConfigSection, Port } from './config.ts';
import type { Plan, RunResult } from './plan.ts';
import type { Problem } from './problem.ts';
import type { Status } from './status.ts';

/** How an argument is announced to ubus by example, as rpcd's exec plugins do: "str" is a string, {} a table. */
export type ArgumentKind = 'string' | 'table';

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
  apply: { access: 'write', arguments: {} },
  reset: { access: 'write', arguments: {} },
} as const satisfies Record<string, MethodSpec>;

export type MethodName = keyof typeof methods;

/** Arguments by method; `plan` takes a candidate configuration, without one it plans the stored one. */
export type Arguments = {
  status: Record<never, never>;
  config: Record<never, never>;
  plan: { config?: { sections: ConfigSection[] } };
  version: Record<never, never>;
  apply: Record<never, never>;
  reset: Record<never, never>;
};

/** Reply of `config`: the stored configuration without its secrets. */
export type ConfigReply = {
  revision: string;
  sections: ConfigSection[];
  ports: Port[];
  problems: Problem[];
};

/** A call that could not be answered at all travels as an object too: rpcd drops exit codes and stderr. */
export type Failure = { error: Problem };

export type Replies = {
  status: Status;
  config: ConfigReply;
  plan: Plan;
  version: { version: string };
  apply: RunResult;
  reset: RunResult;
};

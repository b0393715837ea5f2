// The agent's ubus object `multidial`, with its own failures taken out of the replies.
import type { Arguments, Failure, MethodName, Problem, Replies } from '../../agent/src/contract/index.ts';
import type { CallOptions, Client, Fault, Result } from './ubus/index.ts';
import { fail } from './ubus/index.ts';

/**
 * `agent`: the call arrived, and the agent says why it can't answer. `silent`: rpcd got no reply of it within its 30 s
 * (a router that is overloaded, or a crash).
 */
export type AgentFault = Fault | { kind: 'agent'; problem: Problem } | { kind: 'silent' };

/** ubus' NO_DATA: what rpcd says of an exec plugin that printed nothing in time. */
const NO_DATA = 5;

const isFailure = (reply: object): reply is Failure => 'error' in reply;

/** Calls a method of the agent. rpcd drops exit codes and stderr, so failures travel inside the reply as `error`. */
export async function ask<M extends MethodName>(client: Client, method: M, args: Arguments[M], options?: CallOptions): Promise<Result<Replies[M], AgentFault>> {
  const result = await client.call('multidial', method, args as never, options);
  if (!result.ok) return result.fault.kind === 'ubus' && result.fault.code === NO_DATA ? fail({ kind: 'silent' }) : result;
  const reply = result.value as Replies[M] | Failure | undefined;
  if (!reply) return fail({ kind: 'malformed', message: `an empty reply of ${method}` });
  return isFailure(reply) ? fail({ kind: 'agent', problem: reply.error }) : { ok: true, value: reply };
}

// The agent's ubus object `multidial`, with its own failures taken out of the replies.
import type { Arguments, Failure, MethodName, Problem, Replies, RunResult } from '../../agent/src/contract/index.ts';
import { t } from './t.ts';
import type { CallOptions, Client, Fault, Result } from './ubus/index.ts';
import { fail, request } from './ubus/index.ts';

/**
 * `agent`: the call arrived, and the agent says why it can't answer. `silent`: rpcd got no reply of it within its 30 s
 * (a router that is overloaded, or a crash).
 */
export type AgentFault = Fault | { kind: 'agent'; problem: Problem } | { kind: 'silent' };

/** ubus' NO_DATA: what rpcd says of an exec plugin that printed nothing in time. */
const NO_DATA = 5;

const isFailure = (reply: object): reply is Failure => 'error' in reply;

/** rpcd drops exit codes and stderr, so failures travel inside the reply as `error`. */
function read<M extends MethodName>(method: M, result: Result<unknown>): Result<Replies[M], AgentFault> {
  if (!result.ok) return result.fault.kind === 'ubus' && result.fault.code === NO_DATA ? fail({ kind: 'silent' }) : result;
  const reply = result.value as Replies[M] | Failure | undefined;
  if (!reply) return fail({ kind: 'malformed', message: `an empty reply of ${method}` });
  return isFailure(reply) ? fail({ kind: 'agent', problem: reply.error }) : { ok: true, value: reply };
}

/** Calls a method of the agent. */
export async function ask<M extends MethodName>(client: Client, method: M, args: Arguments[M], options?: CallOptions): Promise<Result<Replies[M], AgentFault>> {
  return read(method, await client.call('multidial', method, args as never, options));
}

/** Why a run did not do all that it should; undefined where it did. */
export function faultOfRun(method: MethodName, result: Result<RunResult, AgentFault>): AgentFault | undefined {
  if (!result.ok) return result.fault;
  if (result.value.ok) return undefined;
  const { problems } = result.value;
  const problem = problems.find(({ severity }) => severity === 'error') ?? problems[0];
  return problem ? { kind: 'agent', problem } : { kind: 'malformed', message: t('{action} failed without a reason', { action: method }) };
}

export type Question<M extends MethodName = MethodName> = { method: M; args: Arguments[M] };

/** Several questions in one request, answers in order. */
export async function askAll(client: Client, questions: readonly Question[], options?: CallOptions): Promise<Result<Replies[MethodName], AgentFault>[]> {
  const results = await client.batch(
    questions.map(({ method, args }) => request('multidial', method, args as never)),
    options,
  );
  return results.map((result, place) => read(questions[place]?.method ?? 'status', result));
}

// The ubus objects that the page calls: arguments and replies by object and method.
import type { Arguments, Failure, MethodName, Replies } from '../../../agent/src/contract/index.ts';

/** Reply of `session.login`: the id is 32 hex digits, times are seconds, each use slides the expiry. */
export type LoginReply = {
  ubus_rpc_session: string;
  timeout: number;
  expires: number;
  acls?: Record<string, Record<string, string[]>>;
};

/** A value as `uci.set` and `uci.add` take it: numbers, booleans and null are refused or mangled by rpcd. */
export type UciValue = string | string[];

type Method<A, R> = { args: A; reply: R };

/** Only what the page uses. `void`: the method answers `[0]` without data. */
export type Objects = {
  session: {
    /** `timeout` in seconds; 0 never expires. Wrong account or password: status 6. */
    login: Method<{ username: string; password: string; timeout?: number }, LoginReply>;
    /** Open to everybody; `access` is false for an unknown session. */
    access: Method<{ scope: string; object: string; function: string }, { access: boolean }>;
  };
  uci: {
    /** Makes a section; one that exists is merged into. */
    add: Method<{ config: string; type: string; name?: string; values?: Record<string, UciValue> }, { section: string }>;
    /** Never makes a section (status 4); "" deletes the option. */
    set: Method<{ config: string; section: string; values: Record<string, UciValue> }, void>;
    delete: Method<{ config: string; section: string; option?: string; options?: string[] }, void>;
    /** Puts the sections into the places from the first on, in this order; status 4 and nothing is moved where one is unknown. */
    order: Method<{ config: string; sections: string[] }, void>;
    /** This session's uncommitted changes by package. */
    changes: Method<Record<never, never>, { changes: Record<string, string[][]> }>;
    revert: Method<{ config: string }, void>;
    /** `timeout` in seconds. Status 5: nothing is staged; 6: another apply waits for its confirm. */
    apply: Method<{ rollback: boolean; timeout?: number }, void>;
    /** Only by the session that applied. Status 5: too late, or confirmed already; 6: another session's apply. */
    confirm: Method<Record<never, never>, void>;
    rollback: Method<Record<never, never>, void>;
  };
  multidial: { [M in MethodName]: Method<Arguments[M], Replies[M] | Failure> };
};

export type ObjectName = keyof Objects;
export type MethodOf<O extends ObjectName> = keyof Objects[O] & string;
export type ArgsOf<O extends ObjectName, M extends MethodOf<O>> = Objects[O][M] extends Method<infer A, unknown> ? A : never;
export type ReplyOf<O extends ObjectName, M extends MethodOf<O>> = Objects[O][M] extends Method<unknown, infer R> ? R : never;

/** One call, with the type of its reply. */
export type Request<R = unknown> = { object: string; method: string; args: object; readonly reply?: R };

/** Names a call with everything checked: object, method and arguments. */
export function request<O extends ObjectName, M extends MethodOf<O>>(object: O, method: M, args: ArgsOf<O, M>): Request<ReplyOf<O, M>> {
  return { object, method, args: args as object };
}

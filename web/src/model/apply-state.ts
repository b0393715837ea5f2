// The states an apply goes through, as the page shows them.
import type { Problem } from '../../../agent/src/contract/index.ts';
import type { AgentFault } from '../agent.ts';

/** How long the router waits for the confirm before it goes back by itself. LuCI's own figure. */
export const ROLLBACK_S = 90;

/** Why it did not come to a good end. */
export type Why =
  | { kind: 'fault'; fault: AgentFault }
  /** Nothing was staged: the configuration is as wanted already. */
  | { kind: 'nothing' }
  /** Another apply waits for its confirm. */
  | { kind: 'busy' }
  /** The same session has uncommitted changes elsewhere, which this apply would commit too. */
  | { kind: 'foreign'; packages: string[] }
  /** The agent ran and could not do everything. */
  | { kind: 'problems'; problems: Problem[] }
  /** The router was not reached, or was not done, before the time was over. */
  | { kind: 'late' }
  /** The user asked for it. */
  | { kind: 'undone' };

/**
 * `deadlineMs` is on the page's clock. `refused`: nothing was changed. `returning`: the router goes back at the deadline;
 * `returned`: it did, and what was typed is still in the forms. `unknown`: the session is gone, so nobody can look.
 */
export type ApplyState =
  | { step: 'staging' }
  | { step: 'saving' }
  | { step: 'settling'; deadlineMs: number; reachable: boolean }
  | { step: 'doubtful'; deadlineMs: number; problems: Problem[] }
  | { step: 'confirming'; deadlineMs: number }
  | { step: 'returning'; deadlineMs: number; why: Why }
  | { step: 'done'; problems: Problem[] }
  | { step: 'refused'; why: Why }
  | { step: 'returned'; why: Why }
  | { step: 'unknown'; why: Why };

const ends: readonly ApplyState['step'][] = ['done', 'refused', 'returned', 'unknown'];

export const isOver = (state: ApplyState): boolean => ends.includes(state.step);

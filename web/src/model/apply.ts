// Applies staged changes with a way back: uci.apply with rollback, wait for the agent, then uci.confirm.
import type { Problem, Status } from '../../../agent/src/contract/index.ts';
import { ask, type AgentFault } from '../agent.ts';
import { isGone, pause, request, type Client, type Clock, type Fault, type Request } from '../ubus/index.ts';
import { ROLLBACK_S, type ApplyState, type Why } from './apply-state.ts';

const TICK_MS = 1000;
/** rpcd answers uci.apply when the files are written, which a slow flash can drag out. */
const APPLY_TIMEOUT_MS = 20_000;
const STATUS_TIMEOUT_MS = 8000;
/** The service's reload trigger waits 1 s after the last commit; the run itself takes its time too. */
const RERUN_MS = 5000;
/** After the deadline: rpcd puts the file back, and 1 s later the trigger derives the rest anew. */
const RETURN_MS = 3000;

/** Answers to the questions the page asks meanwhile. */
export type Choice = 'keep' | 'undo';

export type ApplyOptions = {
  client: Client;
  clock: Clock;
  calls: readonly Request[];
  /** Told each state, in order; the last one is over (`isOver`). */
  onState: (state: ApplyState) => void;
  /** Told each status that came back while it waited: the links' progress. */
  onStatus?: (status: Status) => void;
  /** What the user decided meanwhile. `keep` counts only while the state is `doubtful`. */
  choice: () => Choice | undefined;
};

/** Every step belongs to the session that staged: another one may neither apply these changes nor confirm them. */
const SAME_SESSION = { renew: false } as const;

type Outcome = { step: 'confirm'; problems: Problem[] } | { step: 'return'; why: Why };

const faultOf = (fault: AgentFault): Why => ({ kind: 'fault', fault });

/** Takes back what this session staged and did not apply. */
const revert = (client: Client) => client.call('uci', 'revert', { config: 'multidial' }, SAME_SESSION);

async function stageAll({ client, calls }: ApplyOptions): Promise<Why | undefined> {
  const changes = await client.call('uci', 'changes', {}, SAME_SESSION);
  if (!changes.ok && changes.fault.kind !== 'denied') return faultOf(changes.fault);
  const packages = changes.ok ? Object.keys(changes.value.changes).filter((name) => name !== 'multidial') : [];
  if (packages.length > 0) return { kind: 'foreign', packages };
  // After a rollback rpcd gives the session its changes back as uncommitted ones: start from none.
  const results = await client.batch([request('uci', 'revert', { config: 'multidial' }), ...calls], SAME_SESSION);
  const failed = results.find((result) => !result.ok);
  if (!failed || failed.ok) return undefined;
  await revert(client);
  return faultOf(failed.fault);
}

function whyRefused(fault: Fault): Why {
  if (fault.kind === 'ubus' && fault.code === 5) return { kind: 'nothing' };
  if (fault.kind === 'ubus' && fault.code === 6) return { kind: 'busy' };
  return faultOf(fault);
}

/** Has the agent derived everything from the new file? A file of equal content keeps its revision, so a newer run counts too. */
function isSettled(before: Status, now: Status, waitedMs: number): boolean {
  if (now.last?.revision !== now.revision) return false;
  return now.revision !== before.revision || now.last.atS > (before.last?.atS ?? 0) || waitedMs > RERUN_MS;
}

/** Who applied, and once the router has told it, the revision of the applied file. */
type Heard = { session: string | undefined; inForce?: string };

async function settle(options: ApplyOptions, before: Status, heard: Heard, startMs: number, deadlineMs: number): Promise<Outcome> {
  const { client, clock, onState, onStatus, choice } = options;
  let reachable = true;
  for (;;) {
    onState({ step: 'settling', deadlineMs, reachable });
    await pause(clock, TICK_MS);
    if (choice() === 'undo') return { step: 'return', why: { kind: 'undone' } };
    if (clock.now() >= deadlineMs) return { step: 'return', why: { kind: 'late' } };
    const status = await ask(client, 'status', {}, { ...SAME_SESSION, timeoutMs: STATUS_TIMEOUT_MS });
    if (status.ok) onStatus?.(status.value);
    if (status.ok && status.value.revision !== before.revision) heard.inForce ??= status.value.revision;
    reachable = status.ok || !isGone(status.fault);
    if (!status.ok && status.fault.kind === 'expired') return { step: 'return', why: faultOf(status.fault) };
    if (!status.ok || !isSettled(before, status.value, clock.now() - startMs)) continue;
    const { last } = status.value;
    if (!last || last.ok) return { step: 'confirm', problems: last?.problems ?? [] };
    return decide(options, last.problems, deadlineMs);
  }
}

/** Not everything could be done: the user says whether to keep it, silence means no. */
async function decide({ clock, onState, choice }: ApplyOptions, problems: Problem[], deadlineMs: number): Promise<Outcome> {
  onState({ step: 'doubtful', deadlineMs, problems });
  while (clock.now() < deadlineMs) {
    const chosen = choice();
    if (chosen === 'keep') return { step: 'confirm', problems };
    if (chosen === 'undo') return { step: 'return', why: { kind: 'undone' } };
    await pause(clock, TICK_MS / 4);
  }
  return { step: 'return', why: { kind: 'problems', problems } };
}

async function confirm({ client, clock, onState }: ApplyOptions, problems: Problem[], deadlineMs: number): Promise<Outcome> {
  onState({ step: 'confirming', deadlineMs });
  for (;;) {
    const result = await client.call('uci', 'confirm', {}, { ...SAME_SESSION, timeoutMs: STATUS_TIMEOUT_MS });
    if (result.ok) return { step: 'confirm', problems };
    // Once an answer is lost, a later "no data" may mean that the first one was heard: the revision will tell.
    if (!isGone(result.fault)) return { step: 'return', why: result.fault.kind === 'ubus' ? { kind: 'late' } : faultOf(result.fault) };
    if (clock.now() >= deadlineMs) return { step: 'return', why: { kind: 'late' } };
    await pause(clock, TICK_MS);
  }
}

/**
 * Is the applied file gone? A file that was put back is another one by its revision, though its content is the one of before.
 * What was never heard of was never confirmed: rpcd has put it back, unless it was restarted, and then its sessions are gone too.
 * undefined: nobody can tell.
 */
function hasReturned(client: Client, before: Status, { session, inForce }: Heard, { revision }: Status): boolean | undefined {
  if (revision === before.revision) return true;
  if (inForce !== undefined) return revision !== inForce;
  return client.session() === session ? true : undefined;
}

type Return = { before: Status; heard: Heard; deadlineMs: number; why: Why };

/**
 * Waits for the router to be as before, or to turn out to have kept the change after all. `deadlineMs` is the latest moment
 * at which rpcd's timer fires: it began to run some time before uci.apply was answered.
 */
async function goBack({ client, clock, onState, onStatus }: ApplyOptions, { before, heard, deadlineMs, why }: Return): Promise<ApplyState> {
  onState({ step: 'returning', deadlineMs, why });
  // rpcd's own rollback, sooner than the timer where the session may. Status 5: nothing waits any more.
  const undone = await client.call('uci', 'rollback', {}, SAME_SESSION);
  const isOver = undone.ok || (undone.fault.kind === 'ubus' && undone.fault.code === 5);
  const overMs = (isOver ? clock.now() : deadlineMs) + RETURN_MS;
  for (;;) {
    await pause(clock, TICK_MS);
    const status = await ask(client, 'status', {}, { timeoutMs: STATUS_TIMEOUT_MS });
    if (status.ok) onStatus?.(status.value);
    // Not even asked for the password any more: nobody may look.
    if (!status.ok && status.fault.kind === 'expired') return { step: 'unknown', why };
    if (!status.ok || clock.now() < overMs) continue;
    await revert(client);
    const returned = hasReturned(client, before, heard, status.value);
    if (returned === undefined) return { step: 'unknown', why };
    return returned ? { step: 'returned', why } : { step: 'done', problems: status.value.last?.problems ?? [] };
  }
}

/** Runs the whole apply; resolves with the last state. Never throws, never leaves staged changes behind while the router answers. */
export async function runApply(options: ApplyOptions): Promise<ApplyState> {
  const { client, clock, onState } = options;
  const end = (state: ApplyState): ApplyState => {
    onState(state);
    return state;
  };
  onState({ step: 'staging' });
  const before = await ask(client, 'status', {});
  if (!before.ok) return end({ step: 'refused', why: faultOf(before.fault) });
  const obstacle = await stageAll(options);
  if (obstacle) return end({ step: 'refused', why: obstacle });
  onState({ step: 'saving' });
  const startMs = clock.now();
  const deadlineMs = startMs + ROLLBACK_S * 1000;
  const applied = await client.call('uci', 'apply', { rollback: true, timeout: ROLLBACK_S }, { ...SAME_SESSION, timeoutMs: APPLY_TIMEOUT_MS });
  // No answer does not mean that it was not done: the status will tell.
  if (!applied.ok && !isGone(applied.fault)) {
    await revert(client);
    return end({ step: 'refused', why: whyRefused(applied.fault) });
  }
  const latestMs = clock.now() + ROLLBACK_S * 1000;
  const heard: Heard = { session: client.session() };
  const settled = await settle(options, before.value, heard, startMs, deadlineMs);
  const outcome = settled.step === 'confirm' ? await confirm(options, settled.problems, deadlineMs) : settled;
  if (outcome.step === 'confirm') return end({ step: 'done', problems: outcome.problems });
  return end(await goBack(options, { before: before.value, heard, deadlineMs: latestMs, why: outcome.why }));
}

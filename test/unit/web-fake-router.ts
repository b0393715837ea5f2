// A router for the tests of the page's apply: rpcd's rollback timer and the agent's run after each commit, on the test's clock.
import type { Problem, Status } from '../../agent/src/contract/index.ts';
import { denied, type Answer, type Call, type FakeClock, type Handler, type Mishap } from './web-fakes.ts';

const SESSION = 'a'.repeat(32);

export class FakeRouter {
  readonly clock: FakeClock;
  /** Every call that was handled, in words. */
  readonly done: string[] = [];
  session: string | undefined = SESSION;
  revision = 'old';
  /** What a commit makes of the revision; the same again for a file of equal content. */
  next = 'new';
  /** From a commit to the end of the agent's run; never, if undefined. */
  deriveMs: number | undefined = 1500;
  runProblems: Problem[] = [];
  /** Uncommitted changes of other packages in this session. */
  foreign: string[] = [];
  /** How long rpcd takes before it answers uci.apply: its timer starts only then. */
  applyMs = 0;
  /** What happens to POSTs while it lasts. */
  mishap: ((calls: Call[]) => Mishap | undefined) | undefined;
  /** Answers in rpcd's place. */
  override: (call: Call) => Answer | undefined = () => undefined;
  /** The revision as it is told: uci writes a new file each time, so what was put back has a name of its own. */
  #stamp = 'old';
  #staged = 0;
  #pending: { session: string; backup: string; endMs: number } | undefined;
  #deriveAtMs: number | undefined;
  #last: Status['last'] = { revision: 'old', ok: true, atS: 1, problems: [] };

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  get staged(): number {
    return this.#staged;
  }

  get isPending(): boolean {
    this.#catchUp();
    return this.#pending !== undefined;
  }

  readonly handler: Handler = (calls) => {
    this.#catchUp();
    const mishap = this.mishap?.(calls);
    if (mishap !== undefined) return mishap;
    return calls.map((call) => this.#answer(call));
  };

  /** rpcd restarts: sessions, their changes and the timer are gone, the file stays. */
  restart(): void {
    this.session = undefined;
    this.#staged = 0;
    this.#pending = undefined;
  }

  #commit(revision: string, atMs: number): void {
    this.#stamp = revision;
    this.revision = revision;
    this.#deriveAtMs = this.deriveMs === undefined ? undefined : atMs + this.deriveMs;
  }

  /** The session gets its changes back, where it still lives. */
  #putBack({ session, backup }: { session: string; backup: string }, atMs: number): void {
    this.#pending = undefined;
    this.#commit(backup, atMs);
    this.#stamp = `${backup} put back`;
    this.#staged = session === this.session ? 1 : 0;
  }

  #catchUp(): void {
    const nowMs = this.clock.now();
    const pending = this.#pending;
    if (pending && nowMs >= pending.endMs) {
      this.#putBack(pending, pending.endMs);
    }
    if (this.#deriveAtMs !== undefined && nowMs >= this.#deriveAtMs) {
      this.#last = { revision: this.#stamp, ok: this.runProblems.length === 0, atS: this.#deriveAtMs / 1000, problems: this.runProblems };
      this.#deriveAtMs = undefined;
    }
  }

  /** Handles one call; a test whose answer gets lost on the way calls it too. */
  handle(call: Call): Answer {
    return this.#answer(call);
  }

  #answer(call: Call): Answer {
    const { session, object, method, args } = call;
    if (session !== this.session) return denied;
    if (object === 'session') return [0, { access: true }];
    const overridden = this.override(call);
    if (overridden) return overridden;
    if (object !== 'multidial') this.done.push(method);
    switch (`${object}.${method}`) {
      case 'multidial.status':
        return [0, this.status()];
      case 'uci.changes':
        // Of multidial nothing, for whoever may not read it.
        return [0, { changes: Object.fromEntries(this.foreign.map((name) => [name, [['set']]])) }];
      case 'uci.revert':
        this.#staged = 0;
        return [0];
      case 'uci.set':
        this.#staged += 1;
        return [0];
      case 'uci.apply':
        return this.#apply(session, Number(args.timeout));
      case 'uci.confirm':
      case 'uci.rollback':
        return this.#end(session, method === 'rollback');
      default:
        return denied;
    }
  }

  #apply(session: string, timeoutS: number): Answer {
    if (this.#pending) return [6];
    if (this.#staged === 0) return [5];
    this.#pending = { session, backup: this.revision, endMs: this.clock.now() + this.applyMs + timeoutS * 1000 };
    this.#staged = 0;
    this.#commit(this.next, this.clock.now() + this.applyMs);
    return [0];
  }

  #end(session: string, isRollback: boolean): Answer {
    const pending = this.#pending;
    if (!pending) return [5];
    if (pending.session !== session) return [6];
    if (isRollback) this.#putBack(pending, this.clock.now());
    else this.#pending = undefined;
    return [0];
  }

  status(): Status {
    return {
      version: '1',
      enabled: true,
      revision: this.#stamp,
      last: this.#last,
      atMs: this.clock.now(),
      links: [],
      groups: [],
      problems: [],
    };
  }
}

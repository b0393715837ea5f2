// Who is logged in, and what the session may do.
import { signal, type ReadonlySignal } from '@preact/signals';
import { request, type Client, type Fault, type Result } from '../ubus/index.ts';
import type { PagePort } from './page.ts';

/** Seconds of disuse after which rpcd forgets the session; LuCI's own figure. Each poll slides it. */
const SESSION_S = 3600;

/** `expired`: a login dialog lies over the page, whatever was typed stays below it. */
export type SessionState = 'checking' | 'none' | 'live' | 'expired';
export type Rights = { read: boolean; write: boolean };

export type SessionStore = {
  state: ReadonlySignal<SessionState>;
  rights: ReadonlySignal<Rights>;
  /** Fails with what the router said, or with the fault of the check of rights that follows. */
  login(username: string, password: string): Promise<Result<void>>;
  logout(): void;
  /** Is the session that was kept or given by LuCI still good? */
  check(): Promise<Result<void>>;
  /** For the client: opens the dialog, resolves after the login, or undefined when it is closed. */
  renew(): Promise<string | undefined>;
  /** Closes the dialog without a login. */
  decline(): void;
};

export function createSession(client: Client, page: PagePort): SessionStore {
  const state = signal<SessionState>('checking');
  const rights = signal<Rights>({ read: false, write: false });
  let answer: ((session: string | undefined) => void) | undefined;

  const settle = (next: SessionState, session: string | undefined): void => {
    state.value = next;
    page.keepSession(session);
    answer?.(session);
    answer = undefined;
  };

  /** rpcd checks uci rights on the package, apart from the right to call uci's methods. */
  async function fetchRights(): Promise<Fault | undefined> {
    const may = (scope: string, object: string, method: string) => request('session', 'access', { scope, object, function: method });
    const answers = await client.batch(
      [may('ubus', 'multidial', 'status'), may('ubus', 'uci', 'apply'), may('uci', 'multidial', 'write'), may('ubus', 'multidial', 'reset')],
      { renew: false },
    );
    const failed = answers.find((each) => !each.ok);
    if (failed && !failed.ok) return failed.fault;
    const [read, ...write] = answers.map((each) => each.ok && each.value.access);
    rights.value = { read: read === true, write: write.every((granted) => granted === true) };
    return undefined;
  }

  return {
    state,
    rights,
    login: async (username, password) => {
      const result = await client.login(username, password, SESSION_S);
      if (!result.ok) return result;
      const fault = await fetchRights();
      if (fault) return { ok: false, fault };
      settle('live', result.value.ubus_rpc_session);
      return { ok: true, value: undefined };
    },
    logout: () => {
      // session.destroy is not granted over HTTP, not even to root: forget the id and let it expire.
      client.useSession(undefined);
      settle('none', undefined);
    },
    check: async () => {
      const lives = client.session() === undefined ? { ok: true as const, value: false } : await client.alive();
      if (!lives.ok) return lives;
      const fault = lives.value ? await fetchRights() : undefined;
      if (fault) return { ok: false, fault };
      if (lives.value) state.value = 'live';
      else settle('none', undefined);
      return { ok: true, value: undefined };
    },
    renew: () => {
      state.value = 'expired';
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    decline: () => {
      client.useSession(undefined);
      settle('none', undefined);
    },
  };
}

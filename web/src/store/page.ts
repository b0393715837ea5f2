// What the store needs of the browser, so that tests can stand in for it.
import type { Clock } from '../ubus/index.ts';

export type PagePort = {
  clock: Clock;
  /** Seconds since 1970, for the plot's axis. */
  wallS(): number;
  isHidden(): boolean;
  onVisibility(listener: () => void): () => void;
  /** Keeps the session's id over a reload of this tab; a no-op inside LuCI, which has its own. */
  keepSession(session: string | undefined): void;
};

/** The real browser. `storageKey` undefined: nothing is kept. */
export function browserPage(storageKey?: string): PagePort {
  return {
    clock: {
      now: () => performance.now(),
      setTimeout: (callback, delayMs) => window.setTimeout(callback, delayMs),
      clearTimeout: (timer) => window.clearTimeout(timer),
    },
    wallS: () => Date.now() / 1000,
    isHidden: () => document.hidden,
    onVisibility: (listener) => {
      document.addEventListener('visibilitychange', listener);
      return () => document.removeEventListener('visibilitychange', listener);
    },
    keepSession: (session) => {
      if (storageKey === undefined) return;
      if (session === undefined) sessionStorage.removeItem(storageKey);
      else sessionStorage.setItem(storageKey, session);
    },
  };
}

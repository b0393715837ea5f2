// The page's whole state over a fake browser and a fake router, for the tests of the store.
import type { ConfigSection, Status } from '../../agent/src/contract/index.ts';
import type { PagePort } from '../../web/src/store/page.ts';
import { createStore, type Store } from '../../web/src/store/store.ts';
import { denied, fakeFetch, FakeClock, type Answer, type Call, type Mishap } from './web-fakes.ts';

const FIRST = 'a'.repeat(32);

class FakePage implements PagePort {
  clock = new FakeClock();
  isTabHidden = false;
  kept: string | undefined = FIRST;
  #listeners = new Set<() => void>();
  wallS = (): number => this.clock.now() / 1000;
  isHidden = (): boolean => this.isTabHidden;
  onVisibility = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  keepSession = (session: string | undefined): void => {
    this.kept = session;
  };
  hide(isHidden: boolean): void {
    this.isTabHidden = isHidden;
    for (const listener of this.#listeners) listener();
  }
}

type World = {
  page: FakePage;
  store: Store;
  posts: Call[][];
  router: { sections: ConfigSection[]; session: string | undefined; rights: string[]; mishap: Mishap | undefined; replies: Record<string, Answer> };
};

export const stored = (): ConfigSection[] => [
  { type: 'globals', name: 'globals', options: { enabled: '1' } },
  { type: 'line', name: 'wan', options: { device: 'wan', sessions: '4', username: 'me' }, secrets: ['password'] },
];

export function setUp(session: string | undefined = FIRST): World {
  const page = new FakePage();
  const router: World['router'] = { sections: stored(), session: FIRST, rights: ['status', 'apply', 'write', 'reset'], mishap: undefined, replies: {} };
  let logins = 0;
  const statusNow = (): Status => ({ version: '1', enabled: true, revision: 'r', last: null, atMs: page.clock.now(), links: [], groups: [], problems: [] });
  const answer = ({ session, object, method, args }: Call): Answer => {
    if (method === 'login') {
      if (args.password !== 'lab') return [6];
      logins += 1;
      router.session = String(logins).repeat(32);
      return [0, { ubus_rpc_session: router.session, timeout: 3600, expires: 3600 }];
    }
    const lives = session === router.session;
    if (!lives) return denied;
    if (method === 'access') return [0, { access: args.object === 'session' || router.rights.includes(String(args.function)) }];
    const reply = router.replies[method];
    if (object === 'multidial' && reply) return reply;
    if (object === 'multidial' && method === 'status') return [0, statusNow()];
    if (object === 'multidial' && method === 'config') return [0, { revision: 'r', sections: router.sections, ports: [], problems: [] }];
    if (object === 'multidial' && method === 'plan') return [0, { revision: 'r', blocked: false, summary: {}, uci: [], system: [], problems: [] }];
    return [0];
  };
  const { fetch, posts } = fakeFetch((calls) => router.mishap ?? calls.map(answer));
  const store = createStore({ host: 'standalone', url: '/ubus', session, fetch, page });
  return { page, store, posts, router };
}

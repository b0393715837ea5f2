// All of the page's state: session, live status, setup, what is done to links and known of them, and which screen is shown.
import { signal, type Signal } from '@preact/signals';
import { createClient, type Fetch } from '../ubus/index.ts';
import { createLinks, type LinksStore } from './links.ts';
import { createLive, type LiveStore } from './live.ts';
import { createMending, type MendingStore } from './mending.ts';
import type { PagePort } from './page.ts';
import { createPassport, type PassportStore } from './passport.ts';
import { createRoutes, type RoutesStore } from './routes.ts';
import { createSession, type SessionStore } from './session.ts';
import { createSetup, type SetupStore } from './setup.ts';
import { createWatching, type WatchingStore } from './watching.ts';
import { createWizard, type WizardStore } from './wizard.ts';

export type ScreenName = 'overview' | 'events' | 'doctor' | 'routes' | 'why' | 'setup' | 'wizard' | 'preview' | 'apply' | 'passport';

/** `standalone`: own login and header. `luci`: a view in LuCI's page, with its session. */
export type Host = 'standalone' | 'luci';

export type Store = {
  host: Host;
  page: PagePort;
  screen: Signal<ScreenName>;
  session: SessionStore;
  live: LiveStore;
  setup: SetupStore;
  links: LinksStore;
  watching: WatchingStore;
  mending: MendingStore;
  routes: RoutesStore;
  wizard: WizardStore;
  passport: PassportStore;
};

export type StoreOptions = { host: Host; url: string; session: string | undefined; fetch: Fetch; page: PagePort };

export function createStore({ host, url, session: given, fetch, page }: StoreOptions): Store {
  const client = createClient({ url, fetch, clock: page.clock, session: given, renew: () => session.renew() });
  const session = createSession(client, page);
  const live = createLive(client, page);
  const setup = createSetup(client, page, live);
  const links = createLinks(client, live);
  const watching = createWatching(client, page, live);
  return {
    host,
    page,
    screen: signal<ScreenName>('overview'),
    session,
    live,
    setup,
    links,
    watching,
    mending: createMending(client, page, { live, links, watching }),
    routes: createRoutes(client, page),
    wizard: createWizard(setup),
    passport: createPassport(client, live),
  };
}

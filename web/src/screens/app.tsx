// The page around the screens: header, navigation, what is wrong with the connection, and the login.
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isOver } from '../model/apply-state.ts';
import { joinSentences } from '../model/format.ts';
import { describeFault } from '../model/sentences.ts';
import type { ScreenName, Store } from '../store/store.ts';
import { isGone } from '../ubus/index.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Notice } from '../widgets/notice.tsx';
import { lazy } from './lazy.tsx';
import { LogOut } from './log-out.tsx';
import { LoginDialog, LoginScreen } from './login.tsx';
import { OverviewScreen } from './overview.tsx';
import { useSecondsLeft } from './seconds-left.ts';
import { StoreContext, useStore } from './store-context.ts';

const changing = (name: keyof typeof import('./changing.ts')): ComponentType => lazy(() => import('./changing.ts').then((all) => ({ Part: all[name] })));

const screens: Record<ScreenName, ComponentType> = {
  overview: OverviewScreen,
  events: lazy(() => import('./events.tsx')),
  doctor: lazy(() => import('./doctor.tsx')),
  routes: lazy(() => import('./routes.tsx')),
  why: lazy(() => import('./why.tsx')),
  setup: changing('SetupScreen'),
  wizard: changing('WizardScreen'),
  preview: changing('PreviewScreen'),
  apply: changing('ApplyScreen'),
  passport: lazy(() => import('./passport.tsx')),
};

/** Inside LuCI the page's landmarks are LuCI's. */
const landmarks = { standalone: { Header: 'header', Main: 'main' }, luci: { Header: 'div', Main: 'div' } } as const;

const CHECK_AGAIN_MS = 2000;

function titleOf({ screen, setup }: Store): string {
  switch (screen.value) {
    case 'overview':
      return t('Overview');
    case 'events':
      return t('Events');
    case 'doctor':
      return t('Doctor');
    case 'routes':
      return t('Routes');
    case 'why':
      return t('Why this link?');
    case 'setup':
      return t('Setup');
    case 'wizard':
      return t('Set up a line');
    case 'passport':
      return t('What the provider allows');
    case 'preview':
      return t('What will change');
    case 'apply': {
      const state = setup.apply.value;
      if (!state || !isOver(state)) return t('Applying');
      return state.step === 'done' ? t('Applied') : t('Not applied');
    }
    default:
      return screen.value satisfies never;
  }
}

function Navigation() {
  const { screen, setup } = useStore();
  const isApplying = setup.apply.value !== undefined;
  const names = { overview: t('Overview'), events: t('Events'), doctor: t('Doctor'), routes: t('Routes'), why: t('Why?'), setup: t('Setup') } as const;
  const current = screen.value in names ? screen.value : 'setup';
  return (
    <nav class="md-nav" aria-label="multidial">
      {(['overview', 'events', 'doctor', 'routes', 'why', 'setup'] as const).map((name) => (
        <a
          key={name}
          href={`#${name}`}
          aria-current={name === current ? 'page' : undefined}
          onClick={(event) => {
            event.preventDefault();
            screen.value = name === 'setup' && isApplying ? 'apply' : name;
          }}
        >
          {names[name]}
          {name === 'setup' && setup.isDirty.value && <span class="md-dot" role="img" aria-label={t('changes not applied')} />}
        </a>
      ))}
    </nav>
  );
}

/** Not read aloud: it would be once a second. */
function NextTry({ atMs }: { atMs: number }) {
  const seconds = useSecondsLeft(atMs) ?? 0;
  return seconds > 0 ? (
    <span class="md-countdown" aria-hidden="true">
      {t('Next try in {seconds} s.', { seconds })}{' '}
    </span>
  ) : null;
}

/** The router is gone, or refuses: says so, and when the next try is. */
function Connection() {
  const { live, session } = useStore();
  const trouble = live.trouble.value;
  const retryAtMs = live.retryAtMs.value;
  // The router is back and asks for a login: that alone matters now.
  if (session.state.value === 'expired') return null;
  if (!trouble || trouble.kind === 'expired' || trouble.kind === 'aborted') return null;
  return (
    <Notice tone="bad">
      {joinSentences([describeFault(trouble), isGone(trouble) && t('It is tried again by itself; what you see is the last that was known.')])}{' '}
      {retryAtMs !== undefined && <NextTry key={retryAtMs} atMs={retryAtMs} />}
      <Button onClick={live.now}>{t('Try now')}</Button>
    </Notice>
  );
}

/** A new screen begins at its title: for readers of the page aloud, and for the next Tab. */
function useTitle(store: Store) {
  const element = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  const screen = store.screen.value;
  const title = titleOf(store);
  useEffect(() => {
    if (!isFirst.current) {
      element.current?.focus();
      scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [screen]);
  useEffect(() => {
    // Inside LuCI the title is LuCI's.
    if (store.host === 'standalone') document.title = `${title} · multidial`;
  }, [title]);
  return { element, title };
}

function Content() {
  const store = useStore();
  const { screen, session } = store;
  const { element, title } = useTitle(store);
  const Screen = screens[screen.value];
  const { Main } = landmarks[store.host];
  return (
    <Main class="md-main">
      <h1 ref={element} tabIndex={-1} class={screen.value === 'overview' ? 'md-hidden' : ''}>
        {title}
      </h1>
      <Connection />
      <Screen />
      {session.state.value === 'expired' && <LoginDialog />}
    </Main>
  );
}

function Page() {
  const { host, session, live } = useStore();
  const state = session.state.value;
  const { Header, Main } = landmarks[host];
  useEffect(() => {
    if (state === 'live') live.start();
    if (state === 'none') live.stop();
  }, [state]);
  if (state === 'checking') return <Checking />;
  if (state === 'none')
    return (
      <Main class="md-main">
        <LoginScreen />
      </Main>
    );
  return (
    <>
      <Header class="md-header">
        {host === 'standalone' && <span class="md-brand">multidial</span>}
        <Navigation />
        {host === 'standalone' && <LogOut />}
      </Header>
      <Content />
    </>
  );
}

/** Before anything is known: is the session that was kept still good? */
function Checking() {
  const { session, page, host } = useStore();
  const { Main } = landmarks[host];
  const [trouble, setTrouble] = useState<string>();
  useEffect(() => {
    let timer: number | undefined;
    const check = async (): Promise<void> => {
      const result = await session.check();
      if (result.ok) return;
      setTrouble(describeFault(result.fault));
      timer = page.clock.setTimeout(() => void check(), CHECK_AGAIN_MS);
    };
    void check();
    return () => page.clock.clearTimeout(timer ?? 0);
  }, []);
  return (
    <Main class="md-main">
      <p class="md-muted" role="status">
        {trouble ?? t('Asking the router…')}
      </p>
    </Main>
  );
}

export function App({ store }: { store: Store }) {
  return (
    <StoreContext.Provider value={store}>
      <div class="multidial" data-host={store.host}>
        <Page />
      </div>
    </StoreContext.Provider>
  );
}

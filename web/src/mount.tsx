// Puts the page into an element: what the standalone page and the LuCI view have in common.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { speak } from './language.ts';
import { isOver } from './model/apply-state.ts';
import { App } from './screens/app.tsx';
import { browserPage } from './store/page.ts';
import { createStore, type Host, type ScreenName, type Store } from './store/store.ts';
import overviewCss from './style/overview.css?inline';
import css from './style/style.css?inline';
import formsCss from './style/forms.css?inline';
import watchingCss from './style/watching.css?inline';
import wizardCss from './style/wizard.css?inline';

const screensByHash: Record<string, ScreenName> = {
  '#overview': 'overview',
  '#events': 'events',
  '#doctor': 'doctor',
  '#routes': 'routes',
  '#why': 'why',
  '#setup': 'setup',
  '#wizard': 'wizard',
  '#passport': 'passport',
  '#preview': 'preview',
};

/** The style travels in the bundle, once for both hosts: after LuCI's theme, before the standalone page's own sheet. */
function addStyle(host: Host): void {
  if (document.getElementById('md-style')) return;
  const style = document.createElement('style');
  style.id = 'md-style';
  style.textContent = css + watchingCss + overviewCss + wizardCss + formsCss;
  if (host === 'luci') document.head.append(style);
  else document.head.prepend(style);
}

/** The screen is in the address, so that the browser's Back works. `apply` is not: nobody comes back to it by an address. */
function followAddress({ screen, setup }: Store): () => void {
  const read = (): void => {
    const wanted = screensByHash[location.hash] ?? 'overview';
    if (setup.apply.value && wanted !== 'overview') screen.value = 'apply';
    else screen.value = wanted === 'preview' && setup.plan.value.state === 'empty' ? 'setup' : wanted;
  };
  read();
  addEventListener('hashchange', read);
  const stop = effect(() => {
    const hash = `#${screen.value}`;
    if (hash !== '#apply' && location.hash !== hash && !(hash === '#overview' && location.hash === '')) history.pushState(null, '', hash);
  });
  return () => {
    removeEventListener('hashchange', read);
    stop();
  };
}

/** Leaving with typed changes, or while the router waits for the confirm, asks first. */
function guardLeaving({ setup, wizard }: Store): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    const { value: apply } = setup.apply;
    if (setup.isDirty.value || wizard.isTyped.value || (apply && !isOver(apply))) event.preventDefault();
  };
  addEventListener('beforeunload', ask);
  return () => removeEventListener('beforeunload', ask);
}

export type MountOptions = {
  host: Host;
  /** Where to POST ubus calls. */
  url: string;
  /** A session that exists already. */
  session?: string | undefined;
  /** Key of sessionStorage to keep the session under; undefined: it is not kept. */
  storageKey?: string;
  /** Languages that the reader wants, the dearest first. */
  languages: readonly string[];
};

/** Shows the page in `element` once it knows its words; the function it returns takes it away again. */
export function mount(element: Element, { host, url, session, storageKey, languages }: MountOptions): () => void {
  addStyle(host);
  const page = browserPage(storageKey);
  const store = createStore({ host, url, session, page, fetch: (to, init) => fetch(to, init) });
  const cleanups = [followAddress(store), guardLeaving(store), store.live.stop];
  let isWanted = true;
  void speak(languages).then((tag) => {
    if (!isWanted) return;
    // Inside LuCI the document may be in a language that we don't have.
    (host === 'standalone' ? document.documentElement : element).setAttribute('lang', tag);
    render(<App store={store} />, element);
  });
  return () => {
    isWanted = false;
    for (const cleanup of cleanups) cleanup();
    render(null, element);
  };
}

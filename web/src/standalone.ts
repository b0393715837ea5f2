// Entry of the standalone page under /multidial/: own login, session kept for this tab.
import { mount } from './mount.tsx';

const STORAGE_KEY = 'multidial.session';

const root = document.getElementById('multidial');
if (root) {
  const session = sessionStorage.getItem(STORAGE_KEY) ?? undefined;
  mount(root, { host: 'standalone', url: '/ubus', session, storageKey: STORAGE_KEY, languages: navigator.languages });
}

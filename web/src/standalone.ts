// Entry of the standalone page under /multidial/: own login, session kept for this tab.
import { mount } from './mount.tsx';

const STORAGE_KEY = 'multidial.session';

const root = document.getElementById('multidial');
if (root) mount(root, { host: 'standalone', url: '/ubus', session: sessionStorage.getItem(STORAGE_KEY) ?? undefined, storageKey: STORAGE_KEY });

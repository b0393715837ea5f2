// Scenes for the browser tests: a router in a known state, and a page of it that is logged in.
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { openPage, type Opened, type PageOptions } from './chromium.ts';
import type { Section } from './router-config.ts';
import { Router } from './router.ts';

export const STORAGE_KEY = 'multidial.session';

const globals: Section = { type: 'globals', name: 'globals', options: { enabled: '1' } };

export const wanLine = (options: Section['options'] = {}): Section => ({
  type: 'line',
  name: 'wan',
  options: { device: 'wan', sessions: '4', username: 'account@provider', password: 'secret', ipv6: 'nat', ...options },
});

/** A router as the package leaves it: nothing is dialed. */
export async function startEmpty(): Promise<Router> {
  const router = await Router.start();
  router.config.sections = [structuredClone(globals)];
  router.agent.derive();
  return router;
}

/** A router whose links have been up for a while. */
export async function startDialed(...lines: Section[]): Promise<Router> {
  const router = await Router.start();
  router.config.sections = structuredClone([globals, ...(lines.length > 0 ? lines : [wanLine()])]);
  router.agent.derive();
  router.agent.age(3_723_000);
  return router;
}

/** `luci-status`: our section on LuCI's overview. */
export type Host = 'standalone' | 'luci' | 'luci-status';
export type SceneOptions = PageOptions & {
  mayWrite?: boolean;
  host?: Host;
  /** What LuCI is set to, as in zh-cn. */
  luciLanguage?: string;
  /** Runs in the page before its own scripts. */
  initScript?: string;
};

/** Opens the page at a screen, with a session of this tab as a reload finds it. */
export async function openLoggedIn(
  browser: Browser,
  router: Router,
  hash = '',
  { mayWrite = true, host = 'standalone', luciLanguage = 'en', initScript, ...options }: SceneOptions = {},
): Promise<Opened> {
  const opened = await openPage(browser, options);
  const session = router.openSession(mayWrite);
  await opened.page.addInitScript(`sessionStorage['${STORAGE_KEY}'] ??= '${session}'`);
  if (initScript) await opened.page.addInitScript(initScript);
  const inLuci = `?session=${session}&lang=${luciLanguage}${hash}`;
  const path = { standalone: `multidial/${hash}`, luci: `luci/index.html${inLuci}`, 'luci-status': `luci/overview.html${inLuci}` }[host];
  await opened.page.goto(`${router.url}/${path}`);
  return opened;
}

export type Used = { router: Router; page: Page; errors: string[] };

/** Runs `body` with a router and its page, closes both, and fails when the page itself failed. */
export async function withPage(
  browser: Browser,
  start: () => Promise<Router>,
  options: SceneOptions & { hash?: string },
  body: (used: Used) => Promise<void>,
): Promise<void> {
  const router = await start();
  try {
    const { hash, ...rest } = options;
    const opened = await openLoggedIn(browser, router, hash, rest);
    try {
      await body({ router, page: opened.page, errors: opened.errors });
      assert.equal(opened.errors, [], 'the page threw or logged nothing');
    } finally {
      await opened.close();
    }
  } finally {
    await router.stop();
  }
}

/** Fills the form of a new line as a user does. */
export async function fillLine(page: Page, { password = 'secret', sessions = '4' } = {}): Promise<void> {
  await page.getByRole('combobox', { name: 'Port' }).selectOption('wan');
  await page.getByRole('textbox', { name: 'Sessions' }).fill(sessions);
  await page.getByRole('textbox', { name: 'Account' }).fill('account@provider');
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
}

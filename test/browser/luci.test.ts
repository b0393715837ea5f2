// Inside LuCI: its loader evaluates the view, which mounts the bundle with LuCI's session and under LuCI's theme.
// suite limit: 120 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { overflowing, violations } from './checks.ts';
import { openPage, startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { fillLine, startDialed, startEmpty } from './scene.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);

async function withLuci(start: () => Promise<Router>, body: (page: Page, router: Router, session: string) => Promise<void>): Promise<void> {
  const router = await start();
  const { page, errors, close } = await openPage(browser);
  try {
    const session = router.openSession();
    await page.goto(`${router.url}/luci/index.html?session=${session}`);
    await body(page, router, session);
    assert.equal(errors, []);
  } finally {
    await close();
    await router.stop();
  }
}

paired('LuCI’s session is used, without a login and without a frame of our own', () =>
  withLuci(startDialed, async (page, router, session) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    await page.locator('.md-plane').waitFor();
    assert.is(await page.getByRole('button', { name: 'Log out' }).count(), 0);
    assert.is(await page.locator('.spinning, .cbi-page-actions').count(), 0, 'neither LuCI’s spinner nor its buttons');
    assert.is(await page.title(), 'bench - Multidial - LuCI');
    assert.equal([...new Set(router.seen.flatMap(({ calls }) => calls.map((call) => call.session)))], [session]);
    assert.is(await page.evaluate('sessionStorage.length + localStorage.length'), 0, 'nothing is kept: the session is LuCI’s');
  }),
);

paired('ubus is asked under the path that LuCI names, never under /cgi-bin/luci', () =>
  withLuci(startDialed, async (page) => {
    const paths = new Set<string>();
    page.on('request', (request) => paths.add(`${request.method()} ${new URL(request.url()).pathname}`));
    await page.getByText('All 4 links carry traffic.').waitFor();
    await page.waitForTimeout(1500);
    assert.equal(
      [...paths].filter((path) => path.startsWith('POST')),
      ['POST /ubus/'],
    );
  }),
);

paired('LuCI’s version is passed on, so that a new package is not hidden by an old cache', () =>
  withLuci(startDialed, async (page) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    const loaded = (await page.evaluate(`performance.getEntriesByType('resource').map(({ name }) => name)`)) as string[];
    assert.ok(loaded.some((url) => url.endsWith('/luci-static/resources/multidial/multidial.js?v=26.1')));
    assert.not.ok(
      loaded.some((url) => url.includes('standalone')),
      'nothing of the standalone page is loaded',
    );
  }),
);

paired('a line is set up and applied in LuCI as well, and its own style is left alone', () =>
  withLuci(startEmpty, async (page, router) => {
    await page.getByRole('button', { name: 'Set up a line' }).click();
    await page.getByRole('button', { name: 'All settings as a form' }).click();
    await page.getByRole('group', { name: 'Line wan' }).waitFor();
    await fillLine(page);
    await page.getByRole('button', { name: 'Preview changes' }).click();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByText('All 4 links are up.').waitFor();
    await page.getByText('Applied and confirmed.').waitFor();
    assert.not.ok(router.config.pending);
    assert.match((await page.getByRole('button', { name: 'Go to the overview' }).getAttribute('class')) ?? '', /cbi-button-apply/);
    const outside = `[getComputedStyle(document.querySelector('header li')).lineHeight, getComputedStyle(document.body).fontSize]`;
    assert.equal(await page.evaluate(outside), ['18px', '13px']);
  }),
);

for (const colorScheme of ['light', 'dark'] as const) {
  paired(`under a ${colorScheme} theme it is readable, accessible, and fits 360 px`, () =>
    withLuci(startDialed, async (page, router) => {
      await page.emulateMedia({ colorScheme });
      await page.reload();
      router.agent.script.set('wan_02', { state: 'failed', reason: { subsystem: 'pppoe', code: 'AUTH_TOPEER_FAILED' } });
      await page.locator('.md-plane').waitFor();
      await page.getByText('Check account and password.').waitFor();
      assert.equal(await violations(page, '.multidial'), []);
      await page.setViewportSize({ width: 360, height: 740 });
      assert.equal(await overflowing(page), []);
      await page.getByRole('button', { name: 'wan_01', exact: true }).click();
      await page.locator('.md-panel .md-plane').waitFor();
      assert.equal(await violations(page, '.multidial'), []);
      assert.equal(await overflowing(page), []);
      for (const [name, text] of [
        ['Events', 'Nothing has happened yet'],
        ['Doctor', 'Nothing is wrong'],
        ['Why?', 'Which link does a connection take'],
      ] as const) {
        await page.getByRole('link', { name }).click();
        await page.getByText(text).waitFor();
        assert.equal(await violations(page, '.multidial'), []);
        assert.equal(await overflowing(page), []);
      }
      await page.getByRole('link', { name: 'Setup' }).click();
      await page.getByText('Advanced').click();
      assert.equal(await violations(page, '.multidial'), []);
      assert.equal(await overflowing(page), []);
    }),
  );
}

paired('a session that LuCI has lost is asked for in a dialog, and the page goes on', () =>
  withLuci(startDialed, async (page, router) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    router.expireSessions();
    await page.getByRole('dialog').waitFor();
    await page.getByLabel('Password', { exact: true }).fill('lab');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /^Sum/ }).getByText('Mbit/s').first().waitFor();
  }),
);

test.run();

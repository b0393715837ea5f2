// The routes of the kernel on the page: whose each is, what ours are for, narrowed and copied; also for those who may only look.
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { startChromium } from './chromium.ts';
import { startDialed, withPage } from './scene.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const rows = (page: Page): Promise<string[]> => page.locator('.md-kernel code').allTextContents();

paired('routes are told by owner with what ours are for, can be narrowed, and are copied as text', () =>
  withPage(browser, startDialed, { hash: '#routes' }, async ({ page, router }) => {
    await page.getByText('6 routes, 3 rules, 2 nexthops. 900000 more are not shown: others have too many. Looked at').waitFor();
    assert.equal(await page.locator('.md-main h2').allTextContents(), [
      'IPv4 routes, table main',
      'IPv4 routes, table 77001',
      'IPv4 routes, table 77193',
      'IPv4 rules',
      'IPv6 routes, table main',
      'Nexthops',
    ]);
    await page.getByText('The IPv4 default of group default: its links share new connections.').waitFor();
    await page.getByText('Refuses what strict pins send by wan_01 while that has no link: tv, work.').waitFor();
    await page.getByRole('combobox', { name: 'Whose' }).selectOption('others');
    await page.getByText('interface lan').waitFor();
    assert.equal(await rows(page), ['198.51.100.0/24 via 192.168.1.254 dev br-lan metric 20 proto 186', '100: from 10.0.0.0/8 lookup 100']);
    await button(page, 'Copy all as text').click();
    await page.getByText('Copied. It holds addresses of this router.').waitFor();
    const text = (await page.getByRole('region', { name: 'What was copied' }).textContent()) ?? '';
    assert.match(text, /^ {2}ours {4}id 77104001 group 77004001\/77004002,2 {2}# The links of group default in IPv4\.$/m);
    router.watch.routes = { ...router.watch.routes, routes: [], rules: [], nexthops: null, left: { routes: 0, rules: 0, nexthops: 0 } };
    await button(page, 'Look again').click();
    await page.getByText('0 routes, 0 rules, no nexthop objects on this system.').waitFor();
    await page.getByText('There is nothing of theirs.').waitFor();
    assert.is(router.seen.flatMap(({ calls }) => calls).filter(({ method }) => method === 'routes').length, 2);
  }),
);

paired('whoever may only read sees them too', () =>
  withPage(browser, startDialed, { mayWrite: false }, async ({ page }) => {
    await page.getByRole('link', { name: 'Routes' }).click();
    await page.getByText('6 routes, 3 rules, 2 nexthops.').waitFor();
  }),
);

paired('a router that can’t tell its routes is told so', () =>
  withPage(browser, startDialed, { hash: '#routes' }, async ({ page, router }) => {
    await page.getByText('Looked at').waitFor();
    router.intercept = ({ method }) => (method === 'routes' ? [5] : undefined);
    await button(page, 'Look again').click();
    await page.getByText('multidial gave no answer on the router.').waitFor();
  }),
);

test.run();

// Sessions, a router that is gone, and how often the page asks.
// suite limit: 240 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { openPage, startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { startDialed, startEmpty, withPage } from './scene.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const logIn = async (page: Page, password = 'lab'): Promise<void> => {
  await page.getByLabel('Password', { exact: true }).last().fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
};
const statusPosts = (router: Router) => router.seen.filter(({ calls }) => calls.some(({ method }) => method === 'status'));

paired('the standalone page begins with a login, says when it was wrong, and keeps the session over a reload', async () => {
  const router = await startDialed();
  const { page, errors, close } = await openPage(browser);
  try {
    await page.goto(`${router.url}/multidial/`);
    await page.getByRole('heading', { name: 'Log in to this router' }).waitFor();
    assert.is(await page.evaluate('document.activeElement.type'), 'password', 'typing begins at the password');
    await logIn(page, 'wrong');
    await page.getByText('Wrong account or password.').waitFor();
    await logIn(page);
    await page.getByText('All 4 links carry traffic.').waitFor();
    assert.is(await page.title(), 'Overview · multidial');
    await page.reload();
    await page.getByText('All 4 links carry traffic.').waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Log in to this router' }).waitFor();
    const password = router.seen.flatMap(({ calls }) => calls).filter(({ args }) => JSON.stringify(args).includes('lab'));
    assert.equal([...new Set(password.map(({ method }) => method))], ['login'], 'the password goes to the login alone');
    assert.equal(errors, []);
  } finally {
    await close();
    await router.stop();
  }
});

paired('a session that expires in the middle of typing: log in again, go on typing', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    const account = page.getByRole('textbox', { name: 'Account' });
    await account.fill('half an acc');
    router.expireSessions();
    const dialog = page.getByRole('dialog', { name: 'Your session has expired' });
    await dialog.waitFor();
    await logIn(page, 'wrong');
    await page.getByText('Wrong account or password.').waitFor();
    await logIn(page);
    await dialog.waitFor({ state: 'detached' });
    assert.is(await account.inputValue(), 'half an acc');
    assert.is(await page.evaluate('document.activeElement.value'), 'half an acc', 'the focus is back in the field');
    await page.keyboard.type('ount');
    assert.is(await account.inputValue(), 'half an account');
    const posts = statusPosts(router).length;
    await later(2500);
    assert.ok(statusPosts(router).length > posts, 'the overview goes on');
  }),
);

paired('a login dialog that is closed leads to the login screen, and the form is still there afterwards', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    await page.getByRole('textbox', { name: 'Account' }).fill('me');
    router.expireSessions();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Log in to this router' }).waitFor();
    const posts = router.seen.length;
    await later(2500);
    assert.is(router.seen.length, posts, 'nobody asks while nobody is logged in');
    await logIn(page);
    await page.getByRole('group', { name: 'Line wan' }).waitFor();
    assert.is(await page.getByRole('textbox', { name: 'Account' }).inputValue(), 'me');
  }),
);

paired('logging out with typed changes asks, and forgets them', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page }) => {
    await page.getByRole('textbox', { name: 'Password' }).fill('typed');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Stay' }).click();
    assert.is(await page.getByRole('textbox', { name: 'Password' }).inputValue(), 'typed');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click();
    await logIn(page);
    await page.getByRole('link', { name: 'Setup' }).click();
    await page.getByRole('group', { name: 'Line wan' }).waitFor();
    assert.is(await page.getByRole('textbox', { name: 'Password' }).inputValue(), '');
  }),
);

paired('a router that is gone is said so, what was known stays, and it comes back by itself', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    router.isGone = true;
    await page.getByText('The router can’t be reached').waitFor();
    assert.is(await page.getByRole('row', { name: /wan_04/ }).count(), 1);
    router.isGone = false;
    await page.getByText('The router can’t be reached').waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /^Sum/ }).getByText('Mbit/s').first().waitFor();
  }),
);

paired('a page opened while the router is gone waits for it, and “Try now” does not wait', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    router.isGone = true;
    await page.getByText('The router can’t be reached').waitFor();
    await later(3500);
    router.isGone = false;
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('The router can’t be reached').waitFor({ state: 'detached', timeout: 1500 });
  }),
);

paired('a router that stays gone is asked less and less, and the page says when it is asked next', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    router.isGone = true;
    const next = page.getByText(/Next try in \d+ s\./);
    await next.waitFor();
    await page.getByText('Next try in 3 s.').waitFor();
    assert.is(await next.getAttribute('aria-hidden'), 'true', 'nobody has it read aloud each second');
    await page.getByText('Next try in 2 s.').waitFor();
    router.isGone = false;
    await next.waitFor({ state: 'detached' });
    await page.getByText('The router can’t be reached').waitFor({ state: 'detached' });
  }),
);

paired('a router that reboots is waited for; its new rpcd knows no session, and after one login the form is as it was', () =>
  withPage(browser, startDialed, { hash: '#setup' }, async ({ page, router }) => {
    const account = page.getByRole('textbox', { name: 'Account' });
    await account.fill('typed before the reboot');
    router.isGone = true;
    await page.getByText('The router can’t be reached').waitFor();
    await later(2500);
    assert.is(await page.getByRole('dialog').count(), 0, 'a router that is gone asks for no login');
    router.expireSessions();
    router.agent.reboot();
    router.isGone = false;
    await page.getByRole('dialog', { name: 'Your session has expired' }).waitFor();
    assert.is(await page.getByRole('alert').count(), 0, 'the login alone is shown');
    const from = router.seen.length;
    await later(2500);
    assert.is(router.seen.length, from, 'nobody asks until somebody logs in');
    await logIn(page);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.is(await account.inputValue(), 'typed before the reboot');
    await later(300);
    assert.is(await page.getByRole('alert').count(), 0);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('All 4 links carry traffic.').waitFor();
    await page.getByRole('row', { name: /^Sum/ }).getByText('Mbit/s').first().waitFor();
    assert.not.match((await page.locator('main').textContent()) ?? '', /-\d|NaN|Infinity/, 'the router’s clock began anew');
  }),
);

paired('an expiry while a mistake stands in the form: the login says nothing of it, and the mistake is still told', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    await page.getByRole('textbox', { name: 'Sessions' }).fill('400');
    await page.getByRole('button', { name: 'Preview changes' }).click();
    await page.getByText('Required.').first().waitFor();
    router.expireSessions();
    await page.getByRole('dialog').waitFor();
    assert.is(await page.getByRole('dialog').getByRole('alert').count(), 0, 'nobody made a mistake in the login yet');
    await logIn(page);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.is(await page.getByRole('textbox', { name: 'Sessions' }).inputValue(), '400');
    await page.getByText('Required.').first().waitFor();
  }),
);

paired('a link that is dialed again shows no rate for a moment, never a wrong one', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    const row = page.getByRole('row', { name: /wan_01/ });
    await row.getByText('Mbit/s').first().waitFor();
    router.agent.dialMs = 2500;
    router.agent.redial('wan_01');
    await row.getByText('dialing').waitFor();
    await row.getByText('up', { exact: true }).waitFor();
    await row.getByText('Mbit/s').first().waitFor();
    assert.not.match((await page.locator('main').textContent()) ?? '', /-\d|NaN|Infinity/);
  }),
);

paired('one request a cycle, with the status alone in it', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    const from = router.seen.length;
    await later(5200);
    const seen = router.seen.slice(from);
    assert.ok(seen.length >= 3 && seen.length <= 6, `${seen.length} requests in 5 s`);
    // The first one may still ask for the minutes before the page was opened.
    assert.equal([...new Set(seen.slice(1).map(({ calls }) => calls.map(({ method }) => method).join()))], ['status']);
    for (const [index, { atMs }] of seen.entries()) assert.ok(index === 0 || atMs - (seen[index - 1]?.atMs ?? 0) > 900);
  }),
);

paired('no request in a hidden tab, and one at once when it is seen again', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    const see = (isHidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} }); document.dispatchEvent(new Event('visibilitychange'))`,
      );
    await see(true);
    await later(300);
    const from = router.seen.length;
    await later(3000);
    assert.is(router.seen.length, from);
    await see(false);
    await later(500);
    assert.is(router.seen.length, from + 1);
  }),
);

test.run();

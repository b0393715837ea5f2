// The page of the lab's router while that is out of reach, in a real browser: cut off during an apply, and while the router reboots; and what a reader sees.
// suite limit: 1500 s
// patient suite
import type { Page } from 'playwright-core';
import { equal, ok } from 'uvu/assert';
import { ALL_UP, button, headline, logIn, row, toScreen, Visit } from './browsing.ts';
import { LINKS } from './foreign.ts';
import type { Lab } from './lab.ts';
import { labSuite } from './steps.ts';

const READER = { username: 'guest', password: 'guest' };
/** rpcd waits so long for a confirmation; then a reload follows. */
const ROLLBACK_MS = 90_000;
const RELOAD_MS = 120_000;

let visit: Visit;
let page: Page;
let before = '';

const exportsOf = (lab: Lab) => lab.must('for f in $(ls /etc/config); do uci export $f; done');

labSuite('page-cut', { after: async () => visit?.end() }, (step) => {
  step('shows four links to whoever logs in', async (lab) => {
    visit = await Visit.begin(lab);
    page = await visit.open('/multidial/');
    await logIn(page);
    await headline(page, ALL_UP);
  });

  step('is cut off from the router while it applies a fifth session', async (lab) => {
    before = await exportsOf(lab);
    await toScreen(page, 'Setup');
    await page.getByRole('radio', { name: 'Lines' }).check();
    await page.getByRole('textbox', { name: 'Sessions' }).fill('5');
    await page.route(/\/ubus/, async (route) => {
      if (!route.request().postData()?.includes('"uci","apply"')) return route.continue();
      const response = await route.fetch();
      await page.context().setOffline(true);
      await route.fulfill({ response });
    });
    await button(page, 'Preview changes').click();
    await button(page, 'Apply').click();
    await page.getByText('The router does not answer at the moment.').waitFor();
    await lab.until('the change is in force', async () => (await exportsOf(lab)).includes("config interface 'wan_05'"), 60_000, 500);
  });

  step('meanwhile shows everything to a reader, and nothing to press that changes anything', async () => {
    const reader = await visit.open('/multidial/', { isApart: true });
    await logIn(reader, READER);
    for (const link of LINKS) await row(reader, link).waitFor();
    await button(reader, 'wan_01').click();
    await reader.getByRole('heading', { name: 'Link wan_01' }).waitFor();
    for (const name of [/^Redial/, 'Drain', 'Pause', 'Resume']) equal(await reader.getByRole('button', { name }).count(), 0, String(name));
    equal(await reader.getByRole('checkbox').count(), 0, 'no link can be chosen');
    await toScreen(reader, 'Setup');
    await reader.getByText('Your account may look, but not change anything.').waitFor();
    ok(await reader.getByRole('textbox', { name: 'Sessions' }).isDisabled());
    equal(await reader.locator('main').getByRole('button').allTextContents(), []);
    await reader.context().close();
  });

  step(
    'finds every package as before the apply when it is back, and says so',
    async (lab) => {
      await lab.until('all packages are as before', async () => (await exportsOf(lab)) === before, ROLLBACK_MS + RELOAD_MS, 500);
      await page.unroute(/\/ubus/);
      await page.context().setOffline(false);
      await page.getByText('The router is as it was before. What you typed is still in the form.').waitFor();
      await page.getByRole('heading', { name: 'Not applied' }).waitFor();
      await button(page, 'Back to the form').click();
      equal(await page.getByRole('textbox', { name: 'Sessions' }).inputValue(), '5');
      await button(page, 'Discard changes').click();
      await toScreen(page, 'Overview');
      await headline(page, ALL_UP);
      equal(await exportsOf(lab), before);
    },
    { limitMs: ROLLBACK_MS + 3 * RELOAD_MS },
  );

  step(
    'waits for a router that reboots, and after one login shows four links again',
    async (lab) => {
      const waits = async (): Promise<void> => {
        await page.getByText('The router can’t be reached').waitFor();
        await page.getByText(/Next try in \d+ s\./).waitFor();
      };
      await Promise.all([visit.router.reboot('clean'), waits()]);
      const dialog = page.getByRole('dialog', { name: 'Your session has expired' });
      await dialog.waitFor();
      await logIn(page);
      await dialog.waitFor({ state: 'detached' });
      await headline(page, ALL_UP);
      equal(await page.locator('tbody .md-state-up').count(), LINKS.length);
      equal((await lab.isp.sessions()).length, LINKS.length);
    },
    { limitMs: 400_000 },
  );

  step('throws no error on the way', async () => equal(visit.errors(), []));
});

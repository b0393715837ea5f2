// The page against the router of the lab, in a real browser: from an empty router to four links that carry traffic.
// suite limit: 600 s
import { equal, ok } from 'uvu/assert';
import type { Browser } from 'playwright-core';
import { openPage, startChromium, type Opened } from '../browser/chromium.ts';
import { DemoTraffic, RATE_MBITS } from './demo-traffic.ts';
import { ALICE } from './lab.ts';
import { LOGIN } from './router-files.ts';
import { Router } from './router.ts';
import { labSuite, report } from './steps.ts';
import { PORT } from './topology.ts';

const SESSIONS = 4;

let traffic: DemoTraffic;
let browser: Browser | undefined;
let opened: Opened;

/** Waits until so many links are shown as up. */
async function upLinks(isDone: (count: number) => boolean, limitMs: number): Promise<void> {
  const marks = opened.page.locator('tbody .md-state-up');
  for (const deadline = Date.now() + limitMs; !isDone(await marks.count()); ) {
    ok(Date.now() < deadline, `${await marks.count()} links are shown as up`);
    await opened.page.waitForTimeout(200);
  }
}

/** Each link's download in Mbit/s, as the table shows it. */
const downloads = async (): Promise<number[]> => {
  const cells = await opened.page.locator('tbody [data-label="Download"]').allInnerTexts();
  return cells.map((text) => (text.includes('Mbit/s') ? Number.parseFloat(text.replace(/[^\d.]*(\d)/, '$1')) : 0));
};

labSuite('page', { after: async () => browser?.close() }, (step) => {
  step('opens the page on the router and logs in', async (lab) => {
    await Router.install(lab, report);
    await lab.isp.limit(RATE_MBITS);
    traffic = new DemoTraffic(lab, report);
    browser = await startChromium();
    opened = await openPage(browser);
    const { page } = opened;
    await page.goto(`http://127.0.0.1:${lab.webPort}/multidial/`);
    await page.getByLabel('Account').fill(LOGIN.username);
    await page.getByLabel('Password').fill(LOGIN.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Set up a line' }).click();
    await page.getByRole('button', { name: 'All settings as a form' }).click();
  });

  step('takes port, account and four sessions, and shows what will change', async () => {
    const { page } = opened;
    await page.getByLabel('Port').selectOption(PORT);
    await page.getByLabel('Sessions').fill(String(SESSIONS));
    await page.getByLabel('Account').fill(ALICE.user);
    await page.getByLabel('Password').fill(ALICE.password);
    await page.getByLabel('IPv6').selectOption('nat');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('Applying this makes:').waitFor();
    ok(!(await page.content()).includes(ALICE.password), 'the preview shows no password');
  });

  step('applies with progress and confirms', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByText('Applied and confirmed.').waitFor({ timeout: 90_000 });
  });

  step('watches four links come up, each with state, address and uptime', async (lab) => {
    const { page } = opened;
    await page
      .getByRole('link', { name: 'Overview' })
      .or(page.getByRole('button', { name: 'Overview' }))
      .first()
      .click();
    await upLinks((count) => count === SESSIONS, 90_000);
    equal((await lab.isp.sessions()).length, SESSIONS);
    const shown: string[] = [];
    for (const name of await page.locator('.md-links .md-open').allInnerTexts()) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('heading', { name: `Link ${name}` }).waitFor();
      shown.push(...(await page.locator('.md-address').allTextContents()));
    }
    await page.getByRole('button', { name: 'Close' }).click();
    for (const { address } of await lab.isp.sessions()) ok(shown.includes(address), `${address} is shown in a link’s panel: ${shown.join(' ')}`);
  });

  step('shows the live rates and their sum while the LAN has traffic', async () => {
    const { page } = opened;
    await traffic.toggle();
    const deadline = Date.now() + 150_000;
    for (let rates = await downloads(); rates.slice(0, SESSIONS).some((rate) => rate < 0.8 * RATE_MBITS); rates = await downloads()) {
      ok(Date.now() < deadline, `the page shows ${rates.join(', ')} Mbit/s`);
      await page.waitForTimeout(1000);
    }
    // A few more seconds, so that the plot has something to show.
    await page.waitForTimeout(20_000);
    const rates = await downloads();
    report(`the page shows ${rates.slice(0, SESSIONS).join(' + ')} Mbit/s`);
    await page.locator('.md-plane').first().waitFor();
    const shot = process.env['SCREENSHOT'];
    if (shot) await page.screenshot({ path: shot, fullPage: true });
    await traffic.toggle();
  });

  step('shows a link that hung up, and shows it back', async (lab) => {
    const [session] = await lab.isp.sessions();
    ok(session);
    // Nobody hears it dial for a while, or it might be back between two looks of the page.
    const mac = await lab.isp.silence(session.address);
    await lab.isp.kill(session.address);
    await upLinks((count) => count === SESSIONS - 1, 30_000);
    await lab.isp.hear(mac);
    await upLinks((count) => count === SESSIONS, 60_000);
  });

  step('throws no error on the way', async () => equal(opened.errors, []));
});

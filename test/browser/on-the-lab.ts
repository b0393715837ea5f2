// The page against the router of the lab, in a real browser: from an empty router to four links that carry traffic.
// Not among the suites of `make test` yet: `make screenshots` runs it.
import { equal, ok } from 'uvu/assert';
import type { Browser } from 'playwright-core';
import { DemoTraffic } from '../lab/demo-traffic.ts';
import { ALICE, Lab } from '../lab/lab.ts';
import { LOGIN } from '../lab/router-files.ts';
import { Router } from '../lab/router.ts';
import { report } from '../lab/steps.ts';
import { PORT } from '../lab/topology.ts';
import { suite } from '../limit.ts';
import { openPage, startChromium, type Opened } from './chromium.ts';

const RATE_MBITS = 10;
const SESSIONS = 4;
const steps = suite('page on the lab', {}, { limitMs: 150_000 });

let lab: Lab;
let traffic: DemoTraffic;
let browser: Browser;
let opened: Opened;

steps.before(async () => {
  lab = await Lab.boot({ progress: report });
  await Router.install(lab, report);
  await lab.isp.limit(RATE_MBITS);
  traffic = new DemoTraffic(lab, report);
  browser = await startChromium();
  opened = await openPage(browser);
});
steps.after(async () => {
  await browser?.close();
  await lab?.stop();
});

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

steps('opens the page on the router and logs in', async () => {
  const { page } = opened;
  await page.goto(`http://127.0.0.1:${lab.webPort}/multidial/`);
  await page.getByLabel('Account').fill(LOGIN.username);
  await page.getByLabel('Password').fill(LOGIN.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Set up a line' }).click();
});

steps('takes port, account and four sessions, and shows what will change', async () => {
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

steps('applies with progress and confirms', async () => {
  const { page } = opened;
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByText('Applied and confirmed.').waitFor({ timeout: 90_000 });
});

steps('watches four links come up, each with state, address and uptime', async () => {
  const { page } = opened;
  await page
    .getByRole('link', { name: 'Overview' })
    .or(page.getByRole('button', { name: 'Overview' }))
    .first()
    .click();
  await upLinks((count) => count === SESSIONS, 90_000);
  equal((await lab.isp.sessions()).length, SESSIONS);
  for (const { address } of await lab.isp.sessions()) await page.getByText(address).first().waitFor();
});

steps('shows the live rates and their sum while the LAN has traffic', async () => {
  const { page } = opened;
  await traffic.toggle();
  const deadline = Date.now() + 60_000;
  for (let rates = await downloads(); rates.slice(0, SESSIONS).some((rate) => rate < 4); rates = await downloads()) {
    ok(Date.now() < deadline, `the page shows ${rates.join(', ')} Mbit/s`);
    await page.waitForTimeout(1000);
  }
  // A few more seconds, so that the plot has something to show.
  await page.waitForTimeout(20_000);
  const rates = await downloads();
  report(`the page shows ${rates.slice(0, SESSIONS).join(' + ')} Mbit/s`);
  await page.locator('canvas').first().waitFor();
  const shot = process.env['SCREENSHOT'];
  if (shot) await page.screenshot({ path: shot, fullPage: true });
  await traffic.toggle();
});

steps('shows a link that hung up, and shows it back', async () => {
  await traffic.hangUp();
  await upLinks((count) => count < SESSIONS, 20_000);
  await upLinks((count) => count === SESSIONS, 60_000);
});

steps('throws no error on the way', () => equal(opened.errors, []));

steps.run();

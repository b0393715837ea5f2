// What the page may cost: time at an input and at a poll with 32 links on a slow processor, requests, and memory over an hour.
// suite limit: 420 s
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { startChromium } from './chromium.ts';
import { fastClock } from './fast-clock.ts';
import { median, startMeter } from './measure.ts';
import { openLoggedIn, startDialed, wanLine, withPage } from './scene.ts';

/** How fast the machine of a CI is nobody knows: there a budget is twice as much, and the figure is what counts. */
const SLACK = process.env['CI'] ? 2 : 1;
const BUDGET_MS = 50 * SLACK;
const POLLS = 3600;
/** From then on five minutes of history are full. */
const FULL = 600;
/** By so many values one look at the heap may differ from another, for what is compiled comes and goes; an object that stayed of each poll made nine thousand. */
const MORE_VALUES = 7000;

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const report = (line: string): void => void process.stderr.write(`     ${line}\n`);
const startMany = () => startDialed(wanLine({ sessions: '32' }));

/** A busy machine makes anything slow once or twice; three times, it is the page. */
async function within(budgetMs: number, what: string, measure: () => Promise<number[]>): Promise<void> {
  const tries: number[] = [];
  while (tries.length < 3 && !tries.some((ms) => ms < budgetMs)) tries.push(median(await measure()));
  report(`${what}: ${tries.map((ms) => (ms === 0 ? 'less than 50' : ms.toFixed(0))).join(', then ')} of ${budgetMs} ms`);
  assert.ok(Math.min(...tries) < budgetMs, `${what} takes ${Math.min(...tries).toFixed(0)} ms`);
}

/** As a hand does it: there first, and down for a while. */
async function press(page: Page, x: number, y: number): Promise<void> {
  await page.mouse.move(x, y);
  await page.waitForTimeout(100);
  await page.mouse.down();
  await page.waitForTimeout(80);
  await page.mouse.up();
}

/** Where to press: no question is put to the page while it is measured. */
async function centre(page: Page, name: string): Promise<[number, number]> {
  const button = page.getByRole('button', { name, exact: true });
  await button.scrollIntoViewIfNeeded();
  const box = await button.boundingBox();
  assert.ok(box);
  return [box.x + box.width / 2, box.y + box.height / 2];
}

test('a link is opened and closed in time, among 32', () =>
  withPage(browser, startMany, {}, async ({ page }) => {
    await page.getByText('All 32 links carry traffic.').waitFor();
    // The panel's code is fetched once.
    await page.mouse.click(...(await centre(page, 'wan_05')));
    await page.locator('.md-panel .md-plane').waitFor();
    const meter = await startMeter(page);
    await within(BUDGET_MS, 'a link opened or closed, with 32 links', () =>
      meter.interactions(async () => {
        const panels = await page.locator('.md-panel').count();
        for (let time = 0; time < 7; time += 1) {
          // The opened panel has scrolled the page to itself.
          await press(page, ...(await centre(page, 'wan_05')));
          await page.waitForTimeout(250);
        }
        assert.is(await page.locator('.md-panel').count(), 1 - panels, 'each press counted');
      }),
    );
  }));

test('32 links are chosen and sorted in time', () =>
  withPage(browser, startMany, {}, async ({ page }) => {
    await page.getByText('All 32 links carry traffic.').waitFor();
    const all = page.getByRole('checkbox', { name: 'Choose all links' });
    // The code of the actions is fetched once.
    await all.click();
    await page.getByRole('group', { name: 'Chosen links' }).waitFor();
    const box = await all.boundingBox();
    assert.ok(box);
    const heads = [await centre(page, 'Latency'), await centre(page, 'Link')] as const;
    const meter = await startMeter(page);
    await within(BUDGET_MS, 'all 32 links chosen, or none, with the bar below', () =>
      meter.interactions(async () => {
        for (let time = 0; time < 8; time += 1) {
          await press(page, box.x + box.width / 2, box.y + box.height / 2);
          await page.waitForTimeout(250);
        }
        assert.ok(await all.isChecked(), 'each press counted');
      }),
    );
    await within(BUDGET_MS, '32 links sorted by another column, or turned round', () =>
      meter.interactions(async () => {
        for (const at of [heads[0], heads[1], heads[1], heads[0]]) {
          await press(page, ...at);
          await page.waitForTimeout(300);
        }
      }),
    );
  }));

test('a key in the form is there in time', () =>
  withPage(browser, startMany, { hash: '#setup' }, async ({ page }) => {
    await page.getByRole('textbox', { name: 'Account' }).focus();
    const meter = await startMeter(page);
    await within(BUDGET_MS, 'a key typed into the form', () => meter.interactions(() => page.keyboard.type('account@provider', { delay: 120 })));
  }));

test('a screen is changed in time', () =>
  withPage(browser, startMany, {}, async ({ page }) => {
    for (const name of ['Events', 'Doctor', 'Setup', 'Overview']) await page.getByRole('link', { name }).click();
    const [overview, setup] = await Promise.all(['Overview', 'Setup'].map((name) => page.getByRole('link', { name }).boundingBox()));
    assert.ok(overview && setup);
    const meter = await startMeter(page);
    await within(BUDGET_MS, 'the form in place of 32 links, and back', () =>
      meter.interactions(async () => {
        for (let time = 0; time < 4; time += 1) {
          for (const { x, y } of [setup, overview]) {
            await press(page, x + 5, y + 10);
            await page.waitForTimeout(400);
          }
        }
      }),
    );
  }));

test('a poll’s update of 32 links is done in time', () =>
  withPage(browser, startMany, {}, async ({ page }) => {
    await page.locator('.md-plane').waitFor();
    await page.waitForTimeout(3000);
    const meter = await startMeter(page);
    await within(BUDGET_MS, 'the longest piece of work of a second, with 32 links', async () => {
      const seconds = await meter.seconds(7);
      report(`all work of a second, with 32 links: ${median(seconds.map(({ workMs }) => workMs)).toFixed(0)} ms`);
      return seconds.map(({ longestMs }) => longestMs);
    });
  }));

test('one request a cycle with a link open, none in a hidden tab', () =>
  withPage(browser, startMany, {}, async ({ page, router }) => {
    await page.getByRole('button', { name: 'wan_05', exact: true }).click();
    await page.locator('.md-panel .md-plane').waitFor();
    const from = router.seen.length;
    await page.waitForTimeout(6000);
    const seen = router.seen.slice(from);
    assert.ok(seen.length >= 3 && seen.length <= 6, `${seen.length} requests in 6 s`);
    assert.ok(
      seen.every(({ calls }) => calls[0]?.method === 'status'),
      'what is asked besides rides along',
    );
    await page.evaluate(
      `Object.defineProperty(document, 'hidden', { configurable: true, get: () => true }); document.dispatchEvent(new Event('visibilitychange'))`,
    );
    await page.waitForTimeout(300);
    const hidden = router.seen.length;
    await page.waitForTimeout(4000);
    assert.is(router.seen.length, hidden);
    report(`${seen.length} requests in 6 s with a link open, none in a hidden tab`);
  }));

test(
  `nothing grows in ${POLLS} polls, an hour of the page’s clock, with a link open`,
  async () => {
    const router = await startDialed();
    const { page, errors, close } = await openLoggedIn(browser, router, '#overview', { isApart: true, initScript: fastClock });
    try {
      await page.getByRole('button', { name: 'wan_02', exact: true }).click();
      await page.locator('.md-panel .md-plane').waitFor();
      const meter = await startMeter(page, { isSlow: false });
      const reach = async (polls: number) => {
        while (router.seen.length < polls) await page.waitForTimeout(250);
        await page.evaluate('window.isClockStopped = true');
        await page.waitForTimeout(300);
        const kept = await meter.kept();
        await page.evaluate('window.isClockStopped = false');
        return kept;
      };
      const marks = [await reach(FULL), await reach(POLLS / 2), await reach(POLLS)] as const;
      const [early, , late] = marks;
      const hours = ((await page.evaluate('window.clockMs')) as number) / 3_600_000;
      const row = (key: keyof typeof late, per = 1) => marks.map((mark) => (mark[key] / per).toFixed(0)).join(', ');
      report(
        `${hours.toFixed(2)} h, at polls ${FULL}, ${POLLS / 2}, ${POLLS}: heap ${row('heapBytes', 1000)} kB, values ${row('values')}, nodes ${row('nodes')}, listeners ${row('listeners')}`,
      );
      assert.ok(hours > 0.9, 'the page’s clock went on');
      assert.ok(late.values <= early.values + MORE_VALUES, `${late.values - early.values} values more`);
      assert.ok(late.nodes <= early.nodes + 50, `${late.nodes} nodes instead of ${early.nodes}`);
      assert.ok(late.listeners <= early.listeners + 5, `${late.listeners} listeners instead of ${early.listeners}`);
      assert.equal(errors, []);
    } finally {
      await close();
      await router.stop();
    }
  },
  { limitMs: 240_000 },
);

test.run();

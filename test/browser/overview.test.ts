// The overview: the picture of the router, the table's order and choice, plots over hours and days, and events by words.
// suite limit: 300 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { violations } from './checks.ts';
import { startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { startDialed, withPage } from './scene.ts';
import { startEventful, startMany, startWatched } from './watched.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const panel = (page: Page) => page.locator('.md-panel');
const names = (page: Page): Promise<string[]> => page.locator('.md-links tbody th').allTextContents();

/** These links are first: at once, or after the next drawing. */
async function isOrder(page: Page, expected: readonly string[], why?: string): Promise<void> {
  const first = async (): Promise<string[]> => (await names(page)).slice(0, expected.length);
  for (let tries = 0; tries < 40 && (await first()).join() !== expected.join(); tries++) await page.waitForTimeout(50);
  assert.equal(await first(), expected, why);
}
const focusedText = (page: Page): Promise<string> =>
  page.evaluate(
    `document.activeElement.getAttribute('aria-label') ?? (document.activeElement.querySelector('.md-hidden') ?? document.activeElement).textContent`,
  );
const called = (router: Router, method: string) => router.seen.flatMap(({ calls }) => calls).filter((call) => call.method === method);
const together = (router: Router, method: string): string[] => [
  ...new Set(router.seen.filter(({ calls }) => calls.some((call) => call.method === method)).map(({ calls }) => calls.map((call) => call.method).join('+'))),
];

paired('the picture says in words what it shows, and draws each link by its state', () =>
  withPage(browser, startWatched, {}, async ({ page }) => {
    const image = page.getByRole('img', { name: /^The LAN reaches the internet by 6 links/ });
    await image.waitFor();
    const words = (await image.getAttribute('aria-label')) ?? '';
    for (const each of ['2 carry traffic.', 'wan_02: waits.', 'wan_03: no answer.', 'wan_04: paused.', 'wan_05: drains.'])
      assert.ok(words.includes(each), words);
    const drawn = await page.evaluate(`[...document.querySelectorAll('.md-flow')].map((flow) => flow.classList[1].slice(8))`);
    assert.equal(drawn, ['flows', 'waits', 'silent', 'rests', 'rests', 'part']);
    assert.equal(await page.locator('.md-station-word').allTextContents(), ['waits', 'no answer', 'paused', 'drains']);
  }),
);

paired('lines are as wide as what goes over them, and the trunk as all of them', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    router.watch.unrecorded = new Set(['wan_01', 'wan_02', 'wan_03', 'wan_04']);
    router.agent.script.set('wan_01', { downBps: 30e6, upBps: 0 });
    router.agent.script.set('wan_02', { downBps: 10e6, upBps: 0 });
    for (const name of ['wan_03', 'wan_04']) router.agent.script.set(name, { downBps: 0, upBps: 0 });
    const near = (a: number, b: number): boolean => Math.abs(a - b) < 1;
    const read = (): Promise<number[]> =>
      page.evaluate(`[...document.querySelectorAll('.md-flow > path:first-child, .md-trunk')].map((path) => parseFloat(path.style.strokeWidth))`);
    // In the order they are painted: the links', and the trunk over them.
    const isDrawn = (found: number[]): boolean => [19.5, 6.5, 1.5, 1.5, 26].every((width, place) => near(width, found[place] ?? 0));
    let widths: number[] = [];
    for (let round = 0; round < 60; round++) {
      widths = await read();
      if (isDrawn(widths)) break;
      await page.waitForTimeout(200);
    }
    assert.ok(isDrawn(widths), widths.join(' '));
  }),
);

paired('a link in the picture opens its panel, by pointer and by keys, and is one stop of Tab', () =>
  withPage(browser, startDialed, {}, async ({ page }) => {
    await button(page, 'Show wan_01').click();
    await panel(page).getByRole('heading', { name: 'Link wan_01' }).waitFor();
    await panel(page).getByText('100.64.1.21').waitFor();
    await panel(page).getByText('Received').waitFor();
    await button(page, 'Show wan_01').click();
    await panel(page).waitFor({ state: 'detached' });
    await button(page, 'Show wan_01').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.is(await focusedText(page), 'Show wan_03');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowDown');
    assert.is(await focusedText(page), 'Show wan_04');
    await page.keyboard.press('Tab');
    assert.is(await focusedText(page), 'Choose all links');
    await page.keyboard.press('Shift+Tab');
    assert.is(await focusedText(page), 'Show wan_04', 'comes back to the one of before');
    await page.keyboard.press('Enter');
    await panel(page).getByRole('heading', { name: 'Link wan_04' }).waitFor();
  }),
);

paired('thirty-two links fit from 320 px on, in the picture and in the table', () =>
  withPage(browser, startMany, {}, async ({ page }) => {
    for (const width of [320, 360, 700, 1120]) {
      await page.setViewportSize({ width, height: 760 });
      await page.locator('.md-station').nth(31).waitFor();
      const beyond = `[...document.querySelectorAll('.md-station')].filter((each) => each.getBoundingClientRect().right > innerWidth || each.scrollWidth > each.clientWidth + 1).map((each) => each.textContent)`;
      assert.equal(await page.evaluate(beyond), [], `${width} px`);
    }
    assert.equal(await violations(page, '.md-picture'), []);
  }),
);

paired('a column’s head sorts by it and says so; the order is kept over screens', () =>
  withPage(browser, startWatched, {}, async ({ page }) => {
    await page.getByRole('columnheader', { name: 'Link' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
    await button(page, 'Latency').click();
    assert.is(await page.getByRole('columnheader', { name: 'Latency' }).getAttribute('aria-sort'), 'descending');
    assert.is(await page.getByRole('columnheader', { name: 'Link', exact: true }).getAttribute('aria-sort'), null);
    await isOrder(page, ['wan_06', 'wan_05', 'wan_04', 'wan_01', 'wan_02', 'wan_03']);
    assert.is(await focusedText(page), 'Latency', 'the focus stays');
    await page.keyboard.press('Enter');
    await isOrder(page, ['wan_01', 'wan_04']);
    await page.getByRole('link', { name: 'Doctor' }).click();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.locator('[aria-sort="ascending"]').getByText('Latency').waitFor();
    await isOrder(page, ['wan_01', 'wan_04']);
    await button(page, 'State').click();
    await isOrder(page, ['wan_03', 'wan_06'], 'what needs a look comes first');
  }),
);

paired('rows that are sorted by rate stay where they are while somebody is at one', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    router.agent.script.set('wan_02', { downBps: 20e6 });
    await button(page, 'Download').click();
    await page.locator('.md-links tbody tr').first().getByText('wan_02').waitFor();
    await button(page, 'wan_02').focus();
    router.agent.script.set('wan_03', { downBps: 40e6 });
    await page.waitForTimeout(6500);
    assert.is((await names(page))[0], 'wan_02');
    assert.is(await focusedText(page), 'wan_02');
    await page.getByRole('radio', { name: '5 min' }).focus();
    await page.locator('.md-links tbody tr').first().getByText('wan_03').waitFor();
  }),
);

paired('several links are paused and resumed at once, and how it went is told', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    await page.getByRole('checkbox', { name: 'Choose wan_02' }).check();
    await page.getByRole('checkbox', { name: 'Choose wan_03' }).check();
    const bar = page.getByRole('group', { name: 'Chosen links' });
    await bar.getByText('2 links chosen').waitFor();
    assert.is(await button(page, 'Resume (0)').getAttribute('aria-disabled'), 'true');
    await button(page, 'Pause (2)').click();
    await bar.getByText('Pause: 2 links done.').waitFor();
    await page.getByText('2 of 4 links carry traffic.').waitFor();
    await button(page, 'Resume (2)').click();
    await page.getByText('All 4 links carry traffic.').waitFor();
    assert.equal(
      called(router, 'pause').map(({ args }) => args),
      [{ link: 'wan_02' }, { link: 'wan_03' }],
    );
    await button(page, 'Choose none').click();
    await bar.waitFor({ state: 'detached' });
  }),
);

paired('what cuts, or leaves no link, is asked about first', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    await page.getByRole('checkbox', { name: 'Choose all links' }).check();
    await button(page, 'Pause (4)…').click();
    await page.getByRole('dialog').getByText('No link is left for new connections then.').waitFor();
    await page.keyboard.press('Escape');
    assert.is(await focusedText(page), 'Pause (4)…');
    assert.is(called(router, 'pause').length, 0);
    await button(page, 'Redial (4)…').click();
    await page.getByRole('dialog').getByText('4 links hang up, one after the other: their connections are cut.').waitFor();
    assert.equal(await violations(page), []);
    await page.getByRole('dialog').getByRole('button', { name: 'Redial' }).click();
    await page.getByText('Redial: 4 links done.').waitFor();
    assert.is(called(router, 'redial').length, 4);
  }),
);

paired('whoever may only read chooses nothing, and sorts all the same', () =>
  withPage(browser, startDialed, { mayWrite: false }, async ({ page }) => {
    await button(page, 'Share').click();
    await page.locator('[aria-sort="descending"]').waitFor();
    assert.is(await page.getByRole('checkbox').count(), 0);
  }),
);

paired('the plot goes back hours and days, by one call for all links in the status’ own request', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    await page.locator('.md-plane').waitFor();
    await page.getByRole('radio', { name: '7 days' }).check();
    await page.locator('.md-plane').waitFor();
    await page.getByText('As a table').click();
    await page.getByRole('row', { name: 'Sum' }).last().getByText('Mbit/s').first().waitFor();
    assert.equal(
      called(router, 'histories').map(({ args }) => args),
      [
        { span: '5m', points: 300 },
        { span: '7d', points: 300 },
      ],
    );
    assert.equal(together(router, 'histories'), ['status+histories'], 'never a request of its own');
    await button(page, 'Events of all links').click();
    await page.getByRole('heading', { name: 'Nothing has happened yet' }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    assert.ok(await page.getByRole('radio', { name: '7 days' }).isChecked());
  }),
);

paired('where nothing was recorded the plot says so', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    router.watch.unrecorded = new Set(['wan_01', 'wan_02', 'wan_03', 'wan_04']);
    await page.getByRole('radio', { name: '2 h' }).check();
    await page.getByText('Nothing was recorded. Where option watch is 0').waitFor();
  }),
);

paired('events are found by their words', () =>
  withPage(browser, startEventful, { hash: '#events' }, async ({ page }) => {
    await page.getByRole('textbox', { name: 'Words' }).fill('refused');
    await page.getByText('2 of 11 events.').waitFor();
    await page.getByRole('combobox', { name: 'Link' }).selectOption('wan_01');
    await page.getByText('No event of this kind and link has “refused” in it.').waitFor();
    await button(page, 'Show all').click();
    await page.getByText('11 events since the router was started.').waitFor();
    assert.is(await page.getByRole('textbox', { name: 'Words' }).inputValue(), '');
  }),
);

test.run();

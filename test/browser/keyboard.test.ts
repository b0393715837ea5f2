// The keyboard alone: through the setup, to every control, and never lost.
// suite limit: 120 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { startChromium } from './chromium.ts';
import { startDialed, startEmpty, withPage } from './scene.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

type Focused = { name: string; hasRing: boolean; isVisible: boolean };

/** What has the focus: its words, and whether a ring shows it. */
const focused = (page: Page): Promise<Focused> =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    const name = element.getAttribute('aria-label') ?? (element.labels?.[0] ?? element).textContent.replace('*', '').trim();
    const ringed = element.matches('.md-switch input') ? element.closest('label') : element;
    const { outlineStyle, outlineWidth } = getComputedStyle(ringed);
    const { top, bottom } = element.getBoundingClientRect();
    return { name, hasRing: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0, isVisible: bottom > 0 && top < innerHeight };
  })()`);

/** Presses Tab until `name` has the focus; each stop on the way must be seen. */
async function tabTo(page: Page, name: string): Promise<void> {
  const met: string[] = [];
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    met.push(stop.name);
    if (stop.name !== '' && !stop.name.startsWith('All 4')) assert.ok(stop.hasRing && stop.isVisible, `the focus on “${stop.name}” is seen`);
    if (stop.name === name) return;
  }
  assert.unreachable(`Tab does not come to “${name}”, only to ${met.join(', ')}`);
}

test('leads from an empty router to four links', () =>
  withPage(browser, startEmpty, {}, async ({ page, router }) => {
    await page.getByRole('button', { name: 'Set up a line' }).waitFor();
    await tabTo(page, 'Set up a line');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '1 of 3' }).waitFor();
    await tabTo(page, 'All settings as a form');
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Line wan' }).waitFor();
    await tabTo(page, 'Port');
    await page.keyboard.type('wan');
    await tabTo(page, 'Account');
    await page.keyboard.type('account@provider');
    await tabTo(page, 'Password');
    await page.keyboard.type('secret');
    await page.keyboard.press('Enter');
    await page.getByText('4 virtual ports on wan').waitFor();
    assert.is((await focused(page)).name, 'What will change', 'a new screen begins at its title');
    await tabTo(page, 'Apply');
    await page.keyboard.press('Space');
    await page.getByText('Applied and confirmed.').waitFor();
    await tabTo(page, 'Go to the overview');
    await page.keyboard.press('Enter');
    await page.getByText('All 4 links carry traffic.').waitFor();
    assert.is(router.agent.status().links.length, 4);
  }));

test('reaches the plot’s switch and table, and the focus stays while figures change', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    await page.locator('.md-plane').waitFor();
    await tabTo(page, 'Upload');
    await tabTo(page, 'Download');
    await page.keyboard.press('ArrowRight');
    assert.is((await focused(page)).name, 'Upload');
    assert.ok(await page.getByRole('radio', { name: 'Upload' }).isChecked());
    await tabTo(page, 'As a table');
    await page.keyboard.press('Enter');
    await page.getByRole('table').nth(1).waitFor();
    const seen = router.seen.length;
    while (router.seen.length < seen + 2) await page.waitForTimeout(100);
    assert.is((await focused(page)).name, 'As a table');
    assert.is(await page.getByRole('table').count(), 2, 'the table stays open');
  }));

test('types on while the page asks the router: neither text nor place is lost', () =>
  withPage(browser, startDialed, { hash: '#setup' }, async ({ page }) => {
    const account = page.getByRole('textbox', { name: 'Account' });
    await account.fill('ab');
    await page.keyboard.press('ArrowLeft');
    await page.waitForTimeout(2200);
    await page.keyboard.type('X');
    assert.is(await account.inputValue(), 'aXb');
  }));

test('stays inside a dialog, and comes back to where it was opened', () =>
  withPage(browser, startDialed, { hash: '#setup' }, async ({ page }) => {
    await page.getByRole('button', { name: 'Turn off…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press('Tab');
      assert.ok(
        await page.evaluate(`document.activeElement === document.body || document.activeElement.closest('dialog') !== null`),
        'Tab stays in the dialog',
      );
    }
    await page.keyboard.press('Escape');
    assert.is((await focused(page)).name, 'Turn off…');
  }));

test.run();

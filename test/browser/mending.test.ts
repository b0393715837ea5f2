// The doctor's buttons and its report as text: by keyboard, for readers, and for those who may only look.
// suite limit: 300 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { withPage } from './scene.ts';
import { startUnwell } from './watched.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const counted = (router: Router, method: string): number => router.seen.flatMap(({ calls }) => calls).filter((call) => call.method === method).length;
/** The page's policy forbids what waits for a condition within it. */
const focusOn = (page: Page, name: string) => page.locator(`[name="${name}"]:focus`).waitFor();
const finding = (page: Page, text: string) => page.locator('.md-finding').filter({ hasText: text });

paired('what an apply mends has a button: asked first, told, looked at again, and reading goes on where it says so', () =>
  withPage(browser, startUnwell, { hash: '#doctor' }, async ({ page, router }) => {
    await finding(page, 'wan_03: it is not in the firewall').getByRole('button', { name: 'Apply again…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('their connections are cut').waitFor();
    await page.keyboard.press('Escape');
    assert.is(await page.evaluate('document.activeElement.textContent'), 'Apply again…');
    assert.is(counted(router, 'apply'), 0);
    router.delayMs.set('doctor', 600);
    await page.keyboard.press('Enter');
    router.watch.report = { ...router.watch.report, findings: router.watch.report.findings.filter(({ code }) => code !== 'zone_lacks_link') };
    await page.getByRole('dialog').getByRole('button', { name: 'Apply again' }).click();
    await page.getByText('The stored configuration was applied.').waitFor();
    await page.getByRole('progressbar').waitFor();
    assert.is(await button(page, 'Apply again…').getAttribute('aria-disabled'), 'true');
    assert.is(await button(page, 'Apply again…').getAttribute('aria-describedby'), 'md-looked');
    await page.getByText('2 errors, 2 warnings, 1 note.').waitFor();
    assert.is(await button(page, 'Apply again…').count(), 0);
    assert.is(await page.evaluate('document.activeElement.textContent'), 'The stored configuration was applied.');
    assert.equal([counted(router, 'apply'), counted(router, 'doctor')], [1, 2]);
  }),
);

paired('a link is redialed from its finding, the doctor waits for it to be up; a refusal is told and the finding stays', () =>
  withPage(browser, startUnwell, { hash: '#doctor' }, async ({ page, router }) => {
    await button(page, 'Redial wan_01…').click();
    await page.getByRole('dialog').getByText('its connections are cut').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Redial wan_01' }).click();
    await page.getByText('Redialing wan_01… Then the router is looked over again.').waitFor();
    await page.getByText('wan_01 was hung up and is being dialed.').waitFor();
    await page.getByText('Looked at').waitFor();
    assert.equal([counted(router, 'redial'), counted(router, 'doctor')], [1, 2]);
    router.watch.refuses = { code: 'link_missing', severity: 'error', details: { name: 'wan_01' } };
    await button(page, 'Redial wan_01…').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Redial wan_01' }).click();
    await page.getByText('Redial wan_01 failed. There is no link called wan_01.').waitFor();
  }),
);

paired('what is mended in a form leads to its field; what only a command mends has none but that', () =>
  withPage(browser, startUnwell, { hash: '#doctor' }, async ({ page, router }) => {
    assert.is(
      await finding(page, 'uncommitted changes')
        .getByRole('button', { name: /^(?!Copy)/ })
        .count(),
      0,
    );
    await button(page, 'Edit “Account” of line wan').click();
    await page.getByRole('group', { name: 'Line wan' }).waitFor();
    await focusOn(page, 'line.wan.username');
    router.watch.report = { ...router.watch.report, findings: [{ code: 'mtu_low', severity: 'warning', link: 'wan_02', details: { mtu: 1400 } }] };
    await page.getByRole('link', { name: 'Doctor' }).click();
    await button(page, 'Look again').click();
    await finding(page, 'at most 1400 bytes')
      .getByRole('button', { name: /^Edit .* of line wan$/ })
      .click();
    await focusOn(page, 'line.wan.mtu');
    assert.ok(await page.getByText('Advanced').isVisible());
  }),
);

paired('the report is copied as text, without addresses', () =>
  withPage(browser, startUnwell, { hash: '#doctor' }, async ({ page }) => {
    await button(page, 'Copy report as text').click();
    await page.getByText(/Copied\. Addresses and accounts are masked/).waitFor();
    const text = await page.getByRole('region', { name: 'What was copied' }).textContent();
    assert.match(text ?? '', /^multidial 0\.1\.0 doctor, \d{4}-\d\d-\d\dT/);
    assert.match(text ?? '', /\[mac_duplicate\] wan_02: its device md-wan_02 has the MAC address 02:00:5e:xx:xx:xx/);
    assert.match(text ?? '', /wan_01 got the address 10\.64\.x\.x/);
    assert.not.match(text ?? '', /10\.64\.3\.17|00:00:02/);
  }),
);

paired('whoever may only read gets the same findings and text, and no button that mends', () =>
  withPage(browser, startUnwell, { hash: '#doctor', mayWrite: false }, async ({ page }) => {
    await page.getByText('3 errors, 2 warnings, 1 note.').waitFor();
    assert.is(await page.locator('.md-finding .md-button').count(), 0);
    await button(page, 'Copy report as text').waitFor();
  }),
);

test.run();

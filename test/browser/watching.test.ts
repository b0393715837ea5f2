// What watches the links: panels and what is done in them, events, the doctor, and answers; by keyboard, by readers, in one request.
// suite limit: 300 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { startDialed, withPage } from './scene.ts';
import { startEventful, startUnwell, startWatched } from './watched.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const panel = (page: Page) => page.locator('.md-panel');
const told = (page: Page) => panel(page).getByRole('status');
const methods = (router: Router, from = 0): string[] => [...new Set(router.seen.slice(from).map(({ calls }) => calls.map(({ method }) => method).join('+')))];
const focusedText = (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent');
const cycles = async (page: Page, router: Router, count = 2): Promise<void> => {
  const from = router.seen.length;
  while (router.seen.length < from + count) await page.waitForTimeout(50);
};

paired('a link’s name opens its panel, reading goes on there, and closing it comes back', () =>
  withPage(browser, startWatched, {}, async ({ page, router }) => {
    await button(page, 'wan_03').focus();
    await page.keyboard.press('Enter');
    await panel(page).getByRole('heading', { name: 'Link wan_03' }).waitFor();
    assert.is(await focusedText(page), 'Link wan_03');
    assert.is(await button(page, 'wan_03').getAttribute('aria-expanded'), 'true');
    await panel(page).getByText('No target has answered through it').waitFor();
    await cycles(page, router);
    assert.is(await focusedText(page), 'Link wan_03', 'the focus stays while figures change');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await panel(page).waitFor({ state: 'detached' });
    assert.is(await focusedText(page), 'wan_03');
  }),
);

paired('a pause takes one press, is told, keeps the focus, and becomes a resume', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    await button(page, 'wan_02').click();
    await button(page, 'Pause').focus();
    await page.keyboard.press('Space');
    await told(page).getByText('wan_02 is paused: it gets no new connections.').waitFor();
    await button(page, 'Resume').waitFor();
    assert.is(await focusedText(page), 'Resume');
    await page.getByText('3 of 4 links carry traffic. wan_02 is paused.').waitFor();
    await page.keyboard.press('Space');
    await told(page).getByText('wan_02 gets new connections again.').waitFor();
    await page.getByText('All 4 links carry traffic.').waitFor();
    const asked = router.seen.flatMap(({ calls }) => calls).filter(({ method }) => ['pause', 'resume'].includes(method));
    assert.equal(
      asked.map(({ method, args }) => [method, args]),
      [
        ['pause', { link: 'wan_02' }],
        ['resume', { link: 'wan_02' }],
      ],
    );
  }),
);

paired('a redial of a link that is up is asked about first; while it goes on nothing else can be pressed, and says why', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    router.delayMs.set('redial', 1500);
    await button(page, 'wan_01').click();
    await button(page, 'Redial…').click();
    await page.getByRole('dialog').getByText('its connections are cut').waitFor();
    await page.keyboard.press('Escape');
    assert.is(await focusedText(page), 'Redial…');
    assert.not.ok(methods(router).includes('redial'));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Redial' }).click();
    await told(page).getByText('Redialing wan_01…').waitFor();
    for (const name of ['Redial…', 'Drain', 'Pause']) {
      assert.is(await button(page, name).getAttribute('aria-disabled'), 'true');
      assert.is(await button(page, name).getAttribute('aria-describedby'), await told(page).getAttribute('id'));
    }
    assert.is(await focusedText(page), 'Redial…', 'the focus stays');
    await button(page, 'Pause').click({ force: true });
    await told(page).getByText('wan_01 was hung up and is being dialed.').waitFor();
    assert.not.ok(methods(router).includes('pause'));
    await page.getByText('All 4 links carry traffic.').waitFor();
    assert.is(await button(page, 'Drain').getAttribute('aria-disabled'), null);
  }),
);

paired('one that waits is redialed without a question; a drain says until when, and why not twice; a refusal is told', () =>
  withPage(browser, startWatched, {}, async ({ page, router }) => {
    await page.getByText('Not dialed for another 1 min').waitFor();
    await button(page, 'wan_02').click();
    await told(page).getByText('It is not up, so there is nothing to drain.').waitFor();
    await button(page, 'Redial').click();
    await told(page).getByText('wan_02 was hung up and is being dialed.').waitFor();
    await page.getByText('Not dialed for another').first().waitFor({ state: 'detached' });
    await button(page, 'wan_01').click();
    await panel(page).getByRole('heading', { name: 'Link wan_01' }).waitFor();
    await button(page, 'Drain').click();
    await told(page).getByText('wan_01 drains: it gets no new connections').waitFor();
    await panel(page)
      .getByText(/in (9 min 5\d s|10 min 0 s) at the latest/)
      .waitFor();
    assert.is(await button(page, 'Drain').getAttribute('aria-disabled'), 'true');
    await button(page, 'Drain').click({ force: true });
    await cycles(page, router);
    assert.is(router.seen.flatMap(({ calls }) => calls).filter(({ method }) => method === 'drain').length, 1, 'what is idle does nothing');
    router.watch.refuses = { code: 'watcher_missing', severity: 'error' };
    await button(page, 'Resume').click();
    await told(page).getByText('Resume of wan_01 failed. The watcher does not run').waitFor();
  }),
);

paired('history rides along with the status while the panel is open, by span, with a table behind the plot', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    await button(page, 'wan_02').click();
    await panel(page).locator('.md-plane').waitFor();
    await panel(page).getByText('As a table').click();
    await panel(page).getByRole('columnheader', { name: 'Download' }).waitFor();
    await panel(page).getByRole('row', { name: 'Mean' }).getByText('Mbit/s').first().waitFor();
    await panel(page).getByRole('radio', { name: 'Latency and loss' }).check();
    await panel(page).getByRole('columnheader', { name: 'Latency' }).waitFor();
    await panel(page)
      .getByRole('row', { name: 'Mean' })
      .getByText(/^\d+ ms$/)
      .waitFor();
    await panel(page).getByRole('radio', { name: '5 min' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.ok(await panel(page).getByRole('radio', { name: '7 days' }).isChecked());
    await panel(page).locator('.md-plane').waitFor();
    const spans = router.seen.flatMap(({ calls }) => calls).filter(({ method }) => method === 'history');
    assert.equal(
      [spans.at(0)?.args, spans.at(-1)?.args],
      [
        { link: 'wan_02', span: '5m', points: 300 },
        { link: 'wan_02', span: '7d', points: 300 },
      ],
    );
    assert.equal(
      methods(router).filter((names) => names.includes('history')),
      ['status+history'],
      'never a request of its own',
    );
    await button(page, 'Close').click();
    await cycles(page, router, 1);
    const from = router.seen.length;
    await page.waitForTimeout(5000);
    assert.equal(methods(router, from), ['status']);
  }),
);

paired('a link of which nothing was recorded says so', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    router.watch.unrecorded.add('wan_01');
    await button(page, 'wan_01').click();
    await panel(page).getByText('Nothing was recorded of wan_01.').waitFor();
  }),
);

const events = (page: Page): Promise<string[]> => page.locator('.md-events li > span:last-child').allTextContents();

paired('events are newest first, by link and kind, asked for while they are shown; the focus stays when one comes in', () =>
  withPage(browser, startEventful, {}, async ({ page, router }) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    assert.equal(
      methods(router).filter((names) => names.includes('events')),
      [],
    );
    await page.getByRole('link', { name: 'Events' }).click();
    await page.getByText('11 events since the router was started.').waitFor();
    assert.equal((await events(page)).slice(0, 2), ['wan_02 was resumed.', 'wan_02 was paused: it gets no new connections.']);
    assert.ok((await events(page)).includes('wan_04 could not be dialed: The provider refused the account.'));
    await page.getByRole('combobox', { name: 'Link' }).selectOption('wan_03');
    await page.getByText('3 of 11 events.').waitFor();
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('Answers to probes');
    await page.getByText('2 of 11 events.').waitFor();
    await page.getByRole('combobox', { name: 'Kind' }).focus();
    router.watch.note('dead', 'wan_03', { family: 'IPv4' });
    await page.getByText('3 of 12 events.').waitFor();
    assert.is((await events(page))[0], 'wan_03 is dead in IPv4.');
    assert.is(await page.evaluate('document.activeElement.labels?.[0]?.textContent'), 'Kind');
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('The service itself');
    await page.getByText('No event is of this kind and link.').waitFor();
    await button(page, 'Show all').click();
    await page.getByText('12 events since the router was started.').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await cycles(page, router, 1);
    const from = router.seen.length;
    await page.waitForTimeout(4000);
    assert.equal(methods(router, from), ['status']);
  }),
);

paired('times are the reader’s, and a link’s panel leads to its events', () =>
  withPage(browser, startEventful, {}, async ({ page, router }) => {
    for (const event of router.watch.events) event.at -= 1_000_000_000;
    await button(page, 'wan_04').click();
    await button(page, 'Events of wan_04').click();
    await page.getByText('2 of 11 events.').waitFor();
    const time = (await page.locator('.md-events time').first().getAttribute('datetime')) ?? '';
    assert.ok(Math.abs(Date.parse(time) - (Date.now() - 860_000)) < 30_000, time);
  }),
);

paired('the doctor says what it does, what it found, and what to type; and looks again', () =>
  withPage(browser, startUnwell, {}, async ({ page, router }) => {
    router.delayMs.set('doctor', 800);
    await page.getByRole('link', { name: 'Doctor' }).click();
    await page.getByRole('status').getByText('Looking…').waitFor();
    assert.is(await button(page, 'Look again').getAttribute('aria-disabled'), 'true');
    await page.getByText('3 errors, 2 warnings, 1 note. 7 checks, 1 left out.').waitFor();
    assert.equal(await page.locator('.md-what strong').allTextContents(), ['Error', 'Error', 'Error', 'Warning', 'Warning', 'Note']);
    await button(page, 'Copy uci changes network').click();
    await page.getByText(/^ copied$/).waitFor();
    await page.getByText('1 check could not be done').click();
    await page.getByText('Others’ marks in iptables: there are rules').waitFor();
    router.watch.report = { findings: [], checked: ['ip', 'netifd'], skipped: [] };
    await button(page, 'Look again').click();
    await page.getByText('Nothing is wrong, and nothing is unusual').waitFor();
    assert.is(await focusedText(page), 'Look again');
    assert.is(router.seen.filter(({ calls }) => calls.some(({ method }) => method === 'doctor')).length, 2);
  }),
);

paired('why: mistakes are led to, Enter asks, the answer is told in words, and the form keeps what was typed', () =>
  withPage(browser, startDialed, { hash: '#why' }, async ({ page, router }) => {
    await page.getByRole('textbox', { name: 'Source address' }).fill('192.168.1.7');
    await page.getByRole('textbox', { name: 'Destination address' }).fill('example.org');
    await button(page, 'Ask').click();
    await page.getByText('An IPv4 or IPv6 address, not a name.').waitFor();
    assert.is(await page.evaluate('document.activeElement.value'), 'example.org');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('203.0.113.5');
    await page.getByRole('combobox', { name: 'Protocol' }).selectOption('TCP');
    await page.getByRole('textbox', { name: 'Destination port' }).fill('443');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('It takes link wan_02, by pppoe-wan_02.').waitFor();
    await page.getByText('The routes decide, among the links of group default.').waitFor();
    assert.is(await page.locator('.md-how li').count(), 3);
    const [question] = router.seen.flatMap(({ calls }) => calls).filter(({ method }) => method === 'why');
    assert.equal(question?.args, { src: '192.168.1.7', dst: '203.0.113.5', proto: 'tcp', dport: 443 });
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('link', { name: 'Why?' }).click();
    assert.is(await page.getByRole('textbox', { name: 'Source address' }).inputValue(), '192.168.1.7');
  }),
);

paired('whoever may only read sees all of it, and nothing to press that changes anything', () =>
  withPage(browser, startEventful, { mayWrite: false }, async ({ page }) => {
    await button(page, 'wan_01').click();
    await panel(page).locator('.md-plane').waitFor();
    for (const name of [/^Redial/, 'Drain', 'Pause', 'Resume']) assert.is(await button(page, name).count(), 0);
    await page.getByRole('link', { name: 'Events' }).click();
    await page.getByText('11 events').waitFor();
    await page.getByRole('link', { name: 'Doctor' }).click();
    await page.getByText('Nothing is wrong').waitFor();
    await page.getByRole('link', { name: 'Why?' }).click();
    await page.getByRole('textbox', { name: 'Source address' }).fill('192.168.1.7');
    await page.getByRole('textbox', { name: 'Destination address' }).fill('203.0.113.5');
    await button(page, 'Ask').click();
    await page.getByText('It takes link wan_02').waitFor();
  }),
);

paired('each screen’s code is fetched when it is first shown; where that fails it says so and tries again', () =>
  withPage(browser, startDialed, {}, async ({ page }) => {
    await page.locator('.md-plane').waitFor();
    const loaded = (await page.evaluate(`performance.getEntriesByType('resource').map(({ name }) => name)`)) as string[];
    assert.not.ok(loaded.some((url) => /\/(events|doctor|routes|why|changing|link-panel)-/.test(url)));
    await page.route('**/multidial/doctor-*', (route) => route.abort());
    await page.getByRole('link', { name: 'Doctor' }).click();
    await page.getByText('This part of the page could not be fetched.').waitFor();
    await page.unroute('**/multidial/doctor-*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Nothing is wrong').waitFor();
  }),
);

test.run();

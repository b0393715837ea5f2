// Setup in three questions, and the test of what the provider allows that it may lead to.
// suite limit: 240 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { toNote } from '../../agent/src/contract/index.ts';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { REPORT } from './router-passport.ts';
import { startDialed, startEmpty, wanLine, withPage } from './scene.ts';
import { startConflicting, toQuestion } from './screens-wizard.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);
const IMG = '<img src=x onerror="window.owned=1">';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const focusedText = (page: Page): Promise<string> => page.evaluate('(document.activeElement.labels?.[0] ?? document.activeElement).textContent');
const called = (router: Router, name: string) => router.seen.flatMap(({ calls }) => calls.filter(({ method }) => method === name));
const planned = (router: Router) => called(router, 'plan').at(-1)?.args.config as { sections: { type: string; options: Record<string, string> }[] } | undefined;
const plannedLine = (router: Router) => planned(router)?.sections.find(({ type }) => type === 'line')?.options;

/** Presses Tab until the control of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 30; step++) {
    await page.keyboard.press('Tab');
    if ((await focusedText(page)).replace('*', '').trim() === name) return;
  }
  assert.unreachable(`Tab does not come to “${name}”`);
}

paired('leads from an empty router to the preview by keyboard alone, each question read from its title', () =>
  withPage(browser, startEmpty, {}, async ({ page, router }) => {
    await button(page, 'Set up a line').waitFor();
    await tabTo(page, 'Set up a line');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '1 of 3 Which port leads to the provider?' }).waitFor();
    assert.is(await page.getByRole('combobox', { name: 'Port' }).inputValue(), 'wan', 'the likeliest port is filled in');
    await tabTo(page, 'Next');
    await page.keyboard.press('Enter');
    assert.is(await focusedText(page), '2 of 3 Which account did the provider give you?');
    await tabTo(page, 'Account');
    await page.keyboard.type('account@provider');
    await page.keyboard.press('Enter');
    assert.is((await focusedText(page)).replace('*', '').trim(), 'Password', 'what is missing gets the focus');
    await page.getByText('Required.').waitFor();
    await page.keyboard.type('secret');
    await page.keyboard.press('Enter');
    assert.is(await focusedText(page), '3 of 3 How many sessions at once?');
    await tabTo(page, 'Back');
    await page.keyboard.press('Enter');
    assert.is(await page.getByRole('textbox', { name: 'Account' }).inputValue(), 'account@provider', 'answers stay');
    await tabTo(page, 'Next');
    await page.keyboard.press('Space');
    await tabTo(page, 'Sessions');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('65');
    await page.keyboard.press('Enter');
    await page.getByText('Must be a whole number from 1 to 64.').waitFor();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    await page.getByText('3 virtual ports on wan').waitFor();
    assert.equal(plannedLine(router), { device: 'wan', sessions: '3', ipv6: 'nat', username: 'account@provider', password: 'secret' });
    await tabTo(page, 'Apply');
    await page.keyboard.press('Enter');
    await page.getByText('All 3 links are up.').waitFor();
    await page.getByText('Applied and confirmed.').waitFor();
    assert.is(await button(page, 'Find out what the provider allows').count(), 0, 'who knows the number is not led to the test');
  }),
);

paired('an interface that dials already is offered, its account with it, and its default is no conflict', () =>
  withPage(browser, startConflicting, { hash: '#wizard' }, async ({ page, router }) => {
    const adopt = page.getByRole('radio', { name: 'Go on with dsl, which dials over eth0.2 already' });
    assert.ok(await adopt.isChecked());
    await page.getByText('mwan3 is at work in IPv4').waitFor();
    await page.getByText('2 things to know').waitFor();
    assert.is(await page.getByText('The IPv4 default of dsl').count(), 0);
    assert.is(await page.getByText('no carrier').count(), 0, 'what is no matter of a line that is yet to come is left to the doctor');
    await page.getByRole('radio', { name: 'Choose a port' }).check();
    await page.getByText('The IPv4 default of dsl').waitFor();
    await page.getByText('dsl dials over this port as well').waitFor();
    await adopt.check();
    await button(page, 'Next').click();
    await page.getByText('Nothing is needed here: dsl has an account, user@isp.').waitFor();
    await page.getByText('2 things to know about this router').click();
    await page.getByText('mwan3 is at work in IPv4').waitFor();
    await button(page, 'Next').click();
    await button(page, 'Preview changes').click();
    await page.getByText('dsl, which is there already, becomes wan_01').waitFor();
    await page.getByText('3 virtual ports on eth0.2').waitFor();
    assert.equal(plannedLine(router), { device: 'eth0.2', adopt: 'dsl', sessions: '4', ipv6: 'off' }, 'without nft IPv6 is not shared by NAT');
    await button(page, 'Back').click();
    await page.getByRole('heading', { name: '3 of 3' }).waitFor();
  }),
);

paired('an interface without a password lends none: the account is asked for', () =>
  withPage(browser, startEmpty, {}, async ({ page, router }) => {
    router.agent.pppoe = [{ name: 'dsl', device: 'eth0.2', username: 'user@isp', hasPassword: false }];
    await button(page, 'Set up a line').click();
    await page.getByRole('radio', { name: 'Go on with dsl' }).check();
    await button(page, 'Next').click();
    await page.getByRole('textbox', { name: 'Account' }).fill('user@isp');
    await button(page, 'Next').click();
    await page.getByText('Required.').waitFor();
    assert.is((await focusedText(page)).replace('*', '').trim(), 'Password');
  }),
);

paired('leaving asks first once an account was typed, not for what was filled in', () =>
  withPage(browser, startEmpty, { hash: '#wizard' }, async ({ page }) => {
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await toQuestion(page, 2);
    await page.reload();
    assert.equal(asked, []);
    await toQuestion(page, 2);
    await page.getByRole('textbox', { name: 'Account' }).fill('me');
    await page.reload();
    assert.equal(asked, ['beforeunload']);
  }),
);

paired('names, accounts and what a provider says stay text', () =>
  withPage(browser, startDialed, { hash: '#wizard' }, async ({ page, router }) => {
    const pppoe = { name: 'dsl', device: 'eth0.2', username: IMG, hasPassword: true };
    router.agent.pppoe = [pppoe, { ...pppoe, name: IMG }];
    await page.reload();
    await page.getByRole('radio', { name: 'Go on with dsl' }).waitFor();
    assert.is(await page.getByRole('radio').count(), 2, 'what can be no name is not offered');
    await button(page, 'Next').click();
    await page.getByText(`dsl has an account, ${IMG}.`).waitFor();
    router.passport.report = {
      ...router.passport.report,
      line: IMG,
      findings: [toNote('why_mac'), { code: IMG as 'mtu_same', details: {}, text: IMG }],
    };
    router.passport.steps = [{ ...toNote('refused', { sessions: 2, link: IMG, reason: IMG }), state: 'refused' }];
    router.passport.finish();
    await page.goto(`${router.url}/multidial/#passport`);
    await page.getByText(`${IMG} may have 2 sessions at once.`).waitFor();
    await page.getByText(`2 at once: ${IMG} is refused (${IMG}).`).waitFor();
    assert.equal(await page.evaluate(`[window.owned, document.querySelectorAll('.multidial img, .multidial script').length]`), [undefined, 0]);
  }),
);

paired('a second line is asked about like the first, and the first is left alone', () =>
  withPage(browser, startDialed, { hash: '#setup' }, async ({ page, router }) => {
    await button(page, 'Set up another in three questions').click();
    await page.getByText('There is a line already: wan. This adds another, called wan2.').waitFor();
    assert.is(await page.getByRole('combobox', { name: 'Port' }).inputValue(), 'eth0.2', 'a port that is dialed is not suggested again');
    await toQuestion(page, 3);
    await button(page, 'All settings as a form').click();
    await page.getByRole('group', { name: 'Line wan2' }).waitFor();
    assert.is(await page.getByRole('group', { name: /Line wan/ }).count(), 2);
    assert.is(await page.getByRole('group', { name: 'Line wan2' }).getByRole('textbox', { name: 'Account' }).inputValue(), 'account@provider');
    await button(page, 'Preview changes').click();
    await page.getByText('wan2_01, wan2_02, wan2_03, wan2_04').waitFor();
    assert.equal(called(router, 'plan').length, 1);
  }),
);

paired('to find out sets up one session, leads to the test, and its proposal becomes the line', () =>
  withPage(browser, startEmpty, { hash: '#wizard' }, async ({ page, router }) => {
    await toQuestion(page, 3);
    await page.getByRole('radio', { name: 'Find out what the provider allows' }).check();
    await button(page, 'Preview changes').click();
    await page.getByText('1 virtual port on wan').waitFor();
    await page.getByText('One session first.').waitFor();
    await button(page, 'Apply').click();
    await page.getByText('Applied and confirmed.').waitFor();
    await button(page, 'Find out what the provider allows').click();
    await page.getByRole('heading', { name: 'What the provider allows' }).waitFor();
    await page.getByRole('textbox', { name: 'At most' }).fill('8');
    await page.getByRole('textbox', { name: 'Large file' }).fill('ftp://x');
    await button(page, 'Test wan…').click();
    await page.getByText('Must begin with http:// or https://').waitFor();
    assert.is((await focusedText(page)).trim(), 'Large file');
    await page.getByRole('textbox', { name: 'Large file' }).fill('http://example.org/large');
    await button(page, 'Test wan…').click();
    assert.equal(called(router, 'passport'), [], 'nothing is started without the question');
    await page.getByRole('dialog').getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('Dialing wan so that 1 are up at once.').waitFor();
    assert.equal(
      called(router, 'passport').map(({ args }) => args),
      [{ line: 'wan', sessions: 8, url: 'http://example.org/large' }],
    );
    assert.is(await button(page, 'Test wan…').count(), 0, 'one at a time');
    await page.getByText('3 at once: wan_03 is refused (The provider refused the account).').waitFor();
    await page.getByText('wan may have 2 sessions at once.').waitFor({ timeout: 20_000 });
    await page.getByText('Speed adds up: 19.2 Mbit/s together').waitFor();
    await page.getByRole('row', { name: /wan_02.*1480.*prefix.*9\.60 Mbit/ }).waitFor();
    await page.getByText('For wan: sessions 2, MTU 1480.').waitFor();
    const alone = router.seen.filter(({ calls }) => calls.some(({ method }) => method === 'passport_status') && calls.length < 2);
    assert.equal(alone, [], 'it is asked in the request of the cycle');
    await button(page, 'Use this').click();
    await page.getByText('1 virtual port on wan').waitFor();
    assert.is(plannedLine(router)?.sessions, '2');
    await button(page, 'Apply').click();
    await page.getByText('Applied and confirmed.').waitFor();
    const { password, ...options } = wanLine({ sessions: '2', mtu: '1480' }).options;
    assert.equal(router.config.sections.at(-1)?.options, { ...options, password });
  }),
);

paired('the weights that a test proposes are filled in with the rest', () =>
  withPage(browser, startDialed, { hash: '#passport' }, async ({ page, router }) => {
    router.passport.report = { ...REPORT, links: [], proposal: { sessions: 4, weights: { wan_01: 1, wan_02: 2, wan_03: 1, wan_04: 3 } } };
    router.passport.finish();
    await page.getByText('For wan: weight of wan_02 2, weight of wan_04 3.').waitFor();
    await button(page, 'Use this').click();
    await button(page, 'Apply').click();
    await page.getByText('Applied and confirmed.').waitFor();
    assert.equal(
      router.config.sections.filter(({ type }) => type === 'link').map(({ name, options }) => [name, options]),
      [
        ['wan_02', { weight: '2' }],
        ['wan_04', { weight: '3' }],
      ],
    );
  }),
);

paired('a test that is refused, fails or is interrupted says so', () =>
  withPage(browser, startDialed, { hash: '#passport' }, async ({ page, router }) => {
    router.passport.refuses = { code: 'passport_running', severity: 'error', details: { line: 'wan', pid: 77 } };
    await button(page, 'Test wan…').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('A passport of wan is being made already (process 77).').waitFor();
    router.passport.status = {
      state: 'interrupted',
      line: 'wan',
      startedMs: 5,
      steps: [{ ...toNote('accepted', { sessions: 1 }), state: 'done' }],
      problems: [{ code: 'passport_interrupted', severity: 'warning', details: { line: 'wan' } }],
    };
    await page.getByText('The test was ended on the way.').waitFor();
    await page.getByText('1 at once: accepted, and it stays so.').waitFor();
    await page.getByRole('heading', { name: 'Test again' }).waitFor();
  }),
);

paired('a test under way is stopped, and the next one can begin', () =>
  withPage(browser, startDialed, { hash: '#passport' }, async ({ page, router }) => {
    router.passport.isStopped = true;
    await button(page, 'Test wan…').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Test', exact: true }).click();
    await button(page, 'Stop').click();
    await page.getByText('Stopped on the way.').waitFor();
    await page.getByText('The test could not be made to its end.').waitFor();
    assert.is(called(router, 'passport_stop').length, 1);
    await page.getByRole('heading', { name: 'Test again' }).waitFor();
    assert.is(await button(page, 'Stop').count(), 0);
  }),
);

paired('who may only look sees the report and the way to it, and nothing to press', () =>
  withPage(browser, startDialed, { hash: '#setup', mayWrite: false }, async ({ page, router }) => {
    router.passport.finish();
    await page.getByRole('link', { name: 'Go to the test' }).click();
    await page.getByText('wan may have 2 sessions at once.').waitFor();
    assert.equal(await page.locator('main').getByRole('button').allTextContents(), []);
    await page.goto(`${router.url}/multidial/#wizard`);
    await page.getByText('Your account may look, but not change anything.').waitFor();
    assert.equal(await page.locator('main').getByRole('button').allTextContents(), []);
    assert.is(await page.locator('main').getByRole('textbox').count(), 0);
  }),
);

test.run();

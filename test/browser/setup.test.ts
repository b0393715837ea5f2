// From an empty router to four links, and every way in which the form helps or refuses.
// suite limit: 240 s
// patient suite
import type { Browser } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { startChromium } from './chromium.ts';
import { fillLine, startDialed, startEmpty, wanLine, withPage } from './scene.ts';
import { toApply, toPreview } from './screens.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);

paired('an empty router is led to four links that are up, with rates and a plot', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    await toPreview(page);
    await page.getByText('wan_01, wan_02, wan_03, wan_04').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Applied and confirmed.').waitFor();
    await page.getByText('All 4 links are up.').waitFor();
    assert.not.ok(router.config.pending, 'the apply is confirmed');
    assert.equal(router.config.sections.at(-1), wanLine());
    await page.getByRole('button', { name: 'Go to the overview' }).click();
    await page.getByText('All 4 links carry traffic.').waitFor();
    const rows = page.getByRole('table').first().locator('tbody tr');
    assert.is(await rows.count(), 4);
    await page.getByRole('row', { name: /^Sum/ }).getByText('Mbit/s').first().waitFor();
    assert.match((await rows.first().textContent()) ?? '', /wan_01.*up.*IPv4 \+ IPv6.*Mbit\/s/);
    await page.locator('.md-plane').waitFor();
    await page.getByText('shared by 4 next hops').nth(1).waitFor();
  }),
);

paired('the plot’s code is fetched only when a plot is shown', () =>
  withPage(browser, startEmpty, {}, async ({ page, router }) => {
    const scripts: string[] = [];
    page.on('request', (request) => scripts.push(request.url()));
    await page.getByRole('heading', { name: 'Dial one line' }).waitFor();
    assert.equal(
      scripts.filter((url) => url.includes('plot-chart')),
      [],
    );
    router.config.sections.push(wanLine());
    router.agent.derive();
    await page.locator('.md-plane').waitFor();
    assert.is(scripts.filter((url) => url.includes('plot-chart')).length, 1);
  }),
);

paired('a link that fails says why and what to do, during the apply and afterwards', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    router.agent.script.set('wan_02', { state: 'failed', reason: { subsystem: 'pppoe', code: 'AUTH_TOPEER_FAILED' } });
    await toApply(page);
    await page.getByText('3 of 4 links are up.').waitFor();
    await page.getByText('Check account and password.').waitFor();
    await page.getByRole('button', { name: 'Go to the overview' }).click();
    await page.getByText('3 of 4 links carry traffic. wan_02 is down: The provider refused the account.').first().waitFor();
    await page
      .getByRole('row', { name: /wan_02/ })
      .getByText('Check account and password.')
      .waitFor();
  }),
);

paired('the form is checked by the agent’s schema before anything is sent, and leads to the first mistake', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    await page.getByRole('textbox', { name: 'Sessions' }).fill('65');
    await page.getByText('Must be a whole number from 1 to 64.').waitFor();
    assert.is(await page.getByText('Required.').count(), 0, 'an empty field is no mistake before the first attempt');
    await page.getByRole('textbox', { name: 'Name' }).fill('fibre01');
    await page.getByText('at most 6 characters.').waitFor();
    await page.getByRole('button', { name: 'Preview changes' }).click();
    assert.is(await page.getByText('Required.').count(), 3);
    assert.is(await page.evaluate('document.activeElement.labels[0].textContent.trim()'), 'Port *');
    assert.equal(
      router.seen.flatMap(({ calls }) => calls.filter(({ method }) => method === 'plan')),
      [],
    );
    await page.getByRole('textbox', { name: 'Name' }).fill('wan');
    await fillLine(page);
    await page.getByRole('button', { name: 'Preview changes' }).click();
    await page.getByRole('heading', { name: 'What will change' }).waitFor();
  }),
);

paired('a mistake under Advanced opens it', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page }) => {
    await fillLine(page);
    await page.getByText('Advanced').click();
    await page.getByRole('textbox', { name: 'MTU' }).fill('90');
    await page.getByText('Advanced').click();
    await page.getByRole('button', { name: 'Preview changes' }).click();
    await page.getByText('Must be a whole number from 576 to 9000.').waitFor();
    assert.is(await page.evaluate('document.activeElement.labels[0].textContent'), 'MTU');
  }),
);

paired('what the agent finds in the plan stands above it, and a blocked plan can’t be applied', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    const { plan } = router.agent;
    router.agent.plan = (candidate) => ({
      ...plan.call(router.agent, candidate),
      blocked: true,
      problems: [{ code: 'pending_changes', severity: 'error', details: { packages: ['network'] } }],
    });
    await toPreview(page);
    await page.getByText('Somebody left uncommitted changes in network.').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Apply' }).isDisabled());
  }),
);

paired('a stored password is neither shown nor asked for, and stays when its field is left empty', () =>
  withPage(browser, startDialed, { hash: '#setup' }, async ({ page, router }) => {
    const password = page.getByRole('textbox', { name: 'Password' });
    assert.is(await password.inputValue(), '');
    await page.getByRole('textbox', { name: 'Sessions' }).fill('2');
    await page.getByRole('button', { name: 'Preview changes' }).click();
    await page.getByText('2 links are taken away').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Applied and confirmed.').waitFor();
    assert.equal(router.config.sections.at(-1)?.options, { ...wanLine().options, sessions: '2' });
    const staged = router.seen.flatMap(({ calls }) => calls.filter(({ object, method }) => object === 'uci' && ['set', 'add', 'delete'].includes(method)));
    assert.equal(
      staged.map(({ args }) => args),
      [{ config: 'multidial', section: 'wan', values: { sessions: '2' } }],
    );
  }),
);

paired('a typed password can be looked at', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page }) => {
    const password = page.getByRole('textbox', { name: 'Password' });
    await password.fill('secret');
    assert.is(await password.getAttribute('type'), 'password');
    await page.getByRole('checkbox', { name: 'Show' }).check();
    assert.is(await password.getAttribute('type'), 'text');
    assert.is(await password.inputValue(), 'secret');
  }),
);

paired('leaving with typed changes asks first; without any, or after they were discarded, it does not', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page }) => {
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await page.getByRole('group', { name: 'Line wan' }).waitFor();
    await page.reload();
    assert.equal(asked, []);
    await page.getByRole('textbox', { name: 'Account' }).fill('me');
    await page.getByRole('img', { name: 'changes not applied' }).waitFor();
    await page.reload();
    assert.equal(asked, ['beforeunload']);
    await page.getByRole('textbox', { name: 'Account' }).fill('me');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.reload();
    assert.is(asked.length, 1);
  }),
);

paired('Back leads from the preview to the form as it was typed', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page }) => {
    await toPreview(page);
    await page.goBack();
    await page.getByRole('heading', { name: 'Setup' }).waitFor();
    assert.is(await page.getByRole('textbox', { name: 'Account' }).inputValue(), 'account@provider');
    await page.goForward();
    await page.getByRole('heading', { name: 'What will change' }).waitFor();
  }),
);

paired('a second line is added and a stored one removed', () =>
  withPage(browser, startDialed, { hash: '#setup' }, async ({ page, router }) => {
    await page.getByRole('button', { name: 'Add a line' }).click();
    await page.getByRole('button', { name: 'Remove line wan', exact: true }).click();
    await page.getByRole('group', { name: 'Line wan2' }).waitFor();
    await fillLine(page, { sessions: '1' });
    await page.getByRole('button', { name: 'Preview changes' }).click();
    await page.getByText('4 links are taken away').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('The link is up.').waitFor();
    assert.equal(
      router.config.sections.map(({ name }) => name),
      ['globals', 'wan2'],
    );
  }),
);

paired('turning off asks, hangs up, and leaves a page that says so', () =>
  withPage(browser, startDialed, { hash: '#setup' }, async ({ page, router }) => {
    await page.getByRole('button', { name: 'Turn off…' }).click();
    await page.keyboard.press('Escape');
    assert.is(await page.getByRole('dialog').count(), 0);
    assert.is(await page.evaluate('document.activeElement.textContent'), 'Turn off…', 'focus is back where it was');
    await page.getByRole('button', { name: 'Turn off…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off', exact: true }).click();
    await page.getByRole('heading', { name: 'multidial is turned off' }).waitFor();
    assert.is(router.agent.status().links.length, 0);
  }),
);

paired('who may only look sees the form, and no way to change it', () =>
  withPage(browser, startDialed, { hash: '#setup', mayWrite: false }, async ({ page }) => {
    await page.getByText('Your account may look, but not change anything.').waitFor();
    assert.ok(await page.getByRole('textbox', { name: 'Account' }).isDisabled());
    assert.equal(await page.locator('main').getByRole('button').allTextContents(), []);
  }),
);

test.run();

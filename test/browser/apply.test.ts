// The apply with its way back: cut off, undone, refused, doubtful; and what the page says of each.
// suite limit: 240 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { fillLine, startDialed, startEmpty, withPage } from './scene.ts';
import { toApply, toPreview } from './screens.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);

const apply = (page: Page) => page.getByRole('button', { name: 'Apply', exact: true }).click();
const methods = (router: Router) => router.seen.flatMap(({ calls }) => calls.filter(({ object }) => object === 'uci').map(({ method }) => method));
const lines = (router: Router) => router.config.sections.filter(({ type }) => type === 'line').length;

/** A router on which a minute of the rollback timer takes a second, and a page whose clock a test moves. */
async function startQuick(): Promise<Router> {
  const router = await startEmpty();
  router.config.secondMs = 1000 / 60;
  return router;
}

paired('stages the package multidial alone, applies it once with a timer of 90 s, and confirms once', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    await toApply(page);
    await page.getByText('Applied and confirmed.').waitFor();
    assert.equal(methods(router), ['changes', 'revert', 'add', 'apply', 'confirm']);
    const calls = router.seen.flatMap((seen) => seen.calls).filter(({ object }) => object === 'uci');
    assert.equal([...new Set(calls.flatMap(({ args }) => args.config ?? []))], ['multidial']);
    assert.equal(calls.find(({ method }) => method === 'apply')?.args, { rollback: true, timeout: 90 });
    assert.is(new Set(calls.map(({ session }) => session)).size, 1, 'all in one session');
  }),
);

paired('waits for the agent, and shows each link on its way up', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    router.agent.deriveMs = 1500;
    router.agent.dialMs = 1500;
    let derived: boolean | undefined;
    router.intercept = ({ method }) => {
      if (method === 'confirm') derived = router.agent.last?.revision === router.config.revision;
      return undefined;
    };
    await toApply(page);
    await page.getByText('waiting').nth(3).waitFor();
    assert.ok(router.config.pending, 'not confirmed before the agent is done');
    assert.match((await page.getByRole('timer').textContent()) ?? '', /goes back in (8\d|90) s/);
    await page.getByText('dialing').first().waitFor();
    await page.getByText('All 4 links are up.').waitFor();
    assert.not.ok(router.config.pending);
    assert.is(derived, true, 'the agent was done before the confirm');
  }),
);

paired('a browser that is cut off finds the router as it was before, and the form as it was typed', () =>
  withPage(browser, startQuick, { hash: '#setup', isApart: true }, async ({ page, router }) => {
    await page.clock.install();
    router.agent.deriveMs = 60_000;
    await toApply(page);
    await page.getByText('Without a confirmation').waitFor();
    assert.is(lines(router), 1, 'the change is in force');
    router.isGone = true;
    await page.getByText('The router does not answer at the moment.').waitFor();
    await page.clock.fastForward(91_000);
    await page.getByRole('alert').waitFor();
    const deadline = Date.now() + 5000;
    while (router.config.pending && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.is(lines(router), 0, 'rpcd has put the file back');
    router.isGone = false;
    await page.clock.fastForward(15_000);
    await page.getByText('The router is as it was before. What you typed is still in the form.').waitFor();
    assert.not.ok(methods(router).includes('confirm'));
    await page.getByRole('button', { name: 'Back to the form' }).click();
    assert.is(await page.getByRole('textbox', { name: 'Account' }).inputValue(), 'account@provider');
    assert.equal(router.config.deltas.size, 0, 'the changes that a rollback gives back are thrown away');
  }),
);

paired('from the form on, nothing more of the page must come from the router to apply and to say how it went', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page }) => {
    await page.getByRole('combobox', { name: 'Port' }).waitFor();
    await page.route('**/*.js', (route) => route.abort());
    await toApply(page);
    await page.getByText('Applied and confirmed.').waitFor();
    await page.getByText('All 4 links are up.').waitFor();
    await page.getByRole('button', { name: 'Go to the overview' }).click();
    await page.getByText('All 4 links carry traffic.').waitFor();
  }),
);

paired('a short interruption is not the end', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    router.agent.deriveMs = 2500;
    await toApply(page);
    await page.getByText('Without a confirmation').waitFor();
    router.isGone = true;
    await page.getByText('The router does not answer at the moment.').waitFor();
    assert.is(await page.getByText('can’t be reached').count(), 0, 'it is said once');
    router.isGone = false;
    await page.getByText('Applied and confirmed.').waitFor();
  }),
);

paired('undo goes back at once', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    router.agent.deriveMs = 60_000;
    await toApply(page);
    await page.getByRole('button', { name: 'Undo now' }).click();
    await page.getByText('Undone as you asked. The router is as it was before.').waitFor();
    await page.getByRole('heading', { name: 'Not applied' }).waitFor();
    assert.is(lines(router), 0);
  }),
);

paired('an apply of somebody else that waits is left alone', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    const other = router.openSession();
    router.config.call(other, 'add', { config: 'multidial', type: 'group', name: 'theirs' });
    router.config.call(other, 'apply', { rollback: true, timeout: 90 });
    await toApply(page);
    await page.getByText('Somebody else’s changes are waiting for their confirmation.').waitFor();
    assert.is(router.config.pending?.session, other);
    assert.equal(
      router.config.sections.map(({ name }) => name),
      ['globals', 'theirs'],
    );
  }),
);

paired('changes of other packages that wait in this session are not applied along', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    router.config.foreign = { network: [['set', 'lan', 'ipaddr', '192.168.9.1']] };
    await toApply(page);
    await page.getByText('Unsaved changes in network wait in this session').waitFor();
    assert.equal(methods(router), ['changes']);
  }),
);

paired('a run that could not do everything is kept only when the user says so', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    router.agent.runProblems = [{ code: 'zone_missing', severity: 'error' }];
    await toApply(page);
    await page.getByText('The firewall has no zone named wan').waitFor();
    assert.ok(router.config.pending, 'not confirmed yet');
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByText('Applied and confirmed.').waitFor();
    assert.not.ok(router.config.pending);
  }),
);

paired('what the last run could not do stands on the overview, with a way to try again', () =>
  withPage(browser, startDialed, {}, async ({ page, router }) => {
    router.agent.runProblems = [{ code: 'zone_missing', severity: 'error' }];
    router.agent.derive();
    await page.getByText('The firewall has no zone named wan').waitFor();
    router.agent.runProblems = [];
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The last run could not do everything.').waitFor({ state: 'detached' });
  }),
);

paired('the preview is made of what is stored now, not of what was when the form was opened', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    await fillLine(page);
    router.config.sections.push({ type: 'line', name: 'wan', options: { device: 'lan4', username: 'old', password: 'x', mtu: '1400' } });
    await page.getByRole('button', { name: 'Preview changes' }).click();
    await page.getByText('4 virtual ports').waitFor();
    await apply(page);
    await page.getByText('Applied and confirmed.').waitFor();
    assert.equal(
      router.config.sections.map(({ name, options }) => [name, options.device, options.mtu]),
      [
        ['globals', undefined, undefined],
        ['wan', 'wan', undefined],
      ],
    );
  }),
);

paired('while it goes on, every way leads back to it, and leaving asks first', () =>
  withPage(browser, startEmpty, { hash: '#setup' }, async ({ page, router }) => {
    router.agent.deriveMs = 60_000;
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await toPreview(page);
    await apply(page);
    await page.getByText('Without a confirmation').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('link', { name: 'Setup' }).click();
    await page.getByRole('heading', { name: 'Applying' }).waitFor();
    await page.goBack();
    await page.goBack();
    await page.getByRole('heading', { name: 'Applying' }).waitFor();
    await page.close({ runBeforeUnload: true });
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(asked, ['beforeunload']);
  }),
);

test.run();

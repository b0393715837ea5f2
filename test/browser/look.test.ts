// Every screen: nothing for axe to find, light and dark; nothing cut off at 360 px; and text that stays text.
// suite limit: 300 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { toReason } from '../../agent/src/contract/index.ts';
import { suite } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { overflowing, violations } from './checks.ts';
import { startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { startDialed, wanLine, withPage } from './scene.ts';
import { screens } from './screens.ts';

let browser: Browser;
const look = suite('look');
look.before(async () => {
  browser = await startChromium();
});

const luminance = (page: Page): Promise<number> =>
  page.evaluate(`getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, value) => sum + Number(value), 0) / 765`);

const paired = inPairs(look);
for (const { name, start, reach, ...options } of screens) {
  // What surrounds the page in LuCI is LuCI's.
  const within = { standalone: 'body', luci: '.multidial', 'luci-status': '.cbi-section > div' }[options.host ?? 'standalone'];
  paired(
    `${name}: accessible, light and dark, wide, at 768 and at 360 px`,
    () =>
      withPage(browser, start, options, async ({ page, router }) => {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
        await reach(page, router);
        assert.ok((await luminance(page)) > 0.9, 'light is light');
        assert.equal(await violations(page, within), []);
        await page.setViewportSize({ width: 768, height: 900 });
        assert.equal(await overflowing(page), []);
        await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
        // LuCI's theme follows by a script, which a tab that is not looked at runs when it likes.
        if (options.host?.startsWith('luci')) await page.evaluate('followScheme()');
        assert.ok((await luminance(page)) < 0.2, 'dark is dark');
        await page.setViewportSize({ width: 360, height: 740 });
        assert.equal(await overflowing(page), []);
        assert.equal(await violations(page, within), []);
      }),
    { limitMs: 60_000 },
  );
}
look.run();

const hostile = suite('hostile');
const IMG = '<img src=x onerror="window.owned=1">';

/** Names, messages and values as an attacker on the line or in a configuration would write them. */
async function startHostile(): Promise<Router> {
  const router = await startDialed(wanLine({ username: `${IMG}'";--`, device: IMG, ac: '</pre><script>window.owned=1</script>' }));
  router.agent.ports.push({ device: IMG, mac: '02:00:00:00:00:09', carrier: null, usedBy: [IMG] });
  router.agent.problems = [{ code: 'device_missing', severity: 'error', section: `line.${IMG}`, details: { device: IMG } }];
  const { status } = router.agent;
  router.agent.status = () => {
    const real = status.call(router.agent);
    const links = real.links.map((link, index) => (index === 0 ? { ...link, name: IMG, device: IMG, ipv4: [IMG] } : link));
    const groups = real.groups.map((group) => ({ ...group, prefix: IMG, group: IMG, members: [{ link: IMG, weight: 1 }] }));
    return { ...real, links, groups };
  };
  router.agent.script.set('wan_02', { state: 'failed', reason: { subsystem: 'pppoe', code: `${IMG}` } });
  return router;
}

const isClean = async (page: Page): Promise<void> => {
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(`[window.owned, document.querySelectorAll('.multidial img, .multidial script').length]`), [undefined, 0]);
};

hostile('names, addresses, reasons and prefixes stay text on the overview and in its plot', () =>
  withPage(browser, startHostile, {}, async ({ page }) => {
    await page.locator('.md-plane').waitFor();
    await page.getByText('As a table').click();
    await page.getByText(IMG).nth(8).waitFor();
    await isClean(page);
  }),
);

hostile('ports and stored values stay text in the form and its preview', () =>
  withPage(browser, startHostile, { hash: '#setup' }, async ({ page, router }) => {
    const { plan } = router.agent;
    router.agent.plan = (candidate) => ({
      ...plan.call(router.agent, candidate),
      uci: [{ op: 'set', package: 'network', section: IMG, option: IMG, value: `'${IMG}` }],
      system: [{ tool: 'nft', text: IMG }],
    });
    await page.getByRole('group', { name: 'Line wan' }).waitFor();
    assert.is(await page.getByRole('textbox', { name: 'Account' }).inputValue(), `${IMG}'";--`);
    await isClean(page);
    await page.getByRole('combobox', { name: 'Port' }).selectOption('wan');
    await page.getByRole('button', { name: 'Preview changes' }).click();
    await page.getByText('1 edit of the configuration').click();
    await page.getByText('1 command').click();
    await page.getByText(IMG).nth(1).waitFor();
    await isClean(page);
  }),
);

hostile('what the watcher, the doctor and answers hold stays text', () =>
  withPage(browser, startHostile, {}, async ({ page, router }) => {
    router.agent.script.set('wan_03', { state: 'down', held: { untilMs: router.agent.nowMs + 9000, failures: 3, reason: IMG } });
    router.watch.note('dial_failed', IMG, { reason: IMG });
    router.watch.note('up', 'wan_02', { device: IMG });
    router.watch.report = {
      findings: [{ code: 'netifd_silent', severity: 'error', link: IMG, section: IMG, details: { exit: 1, reason: IMG } }],
      checked: [],
      skipped: [{ check: IMG as 'ip', reason: IMG as 'no_links' }],
    };
    router.watch.reasons = [{ code: IMG as 'known', details: {}, text: IMG }, toReason('refused'), toReason('sent', { device: IMG, table: 'main', link: IMG })];
    router.watch.refuses = { code: 'command_failed', severity: 'error', details: { command: IMG, exit: 1, stderr: IMG } };
    await page.getByText(`wan_03 waits: ${IMG}.`).waitFor();
    await page.getByRole('button', { name: IMG, exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(`Pause of ${IMG} failed. ${IMG} failed with exit code 1: ${IMG}`).waitFor();
    await isClean(page);
    await page.getByRole('button', { name: `Events of ${IMG}` }).click();
    await page.getByText(`${IMG} could not be dialed: ${IMG}.`).waitFor();
    await isClean(page);
    await page.getByRole('link', { name: 'Doctor' }).click();
    await page.getByText(`netifd does not answer (exit code 1): ${IMG}`).waitFor();
    await page.getByText('1 check could not be done').click();
    await isClean(page);
    await page.getByRole('link', { name: 'Why?' }).click();
    await page.getByRole('textbox', { name: 'Source address' }).fill('192.168.1.7');
    await page.getByRole('textbox', { name: 'Destination address' }).fill('203.0.113.5');
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.getByText(`The kernel sends it by ${IMG}, from table main: link ${IMG}.`).waitFor();
    await isClean(page);
  }),
);

hostile('the standalone page runs no script that is not its own', () =>
  withPage(browser, startDialed, {}, async ({ page, errors }) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    const added = `(() => { const script = document.createElement('script'); script.textContent = 'window.owned = 1'; document.body.append(script); return window.owned; })()`;
    assert.is(await page.evaluate(added), undefined);
    assert.match(errors.splice(0).join(), 'Content Security Policy');
  }),
);
hostile.after(() => browser.close());
hostile.run();

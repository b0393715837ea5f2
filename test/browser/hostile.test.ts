// All screens with the worst that an attacker on the line, in the network or in a configuration could write: it stays text and in its place.
// suite limit: 180 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import type { Examination } from '../../agent/src/contract/index.ts';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { overflowing } from './checks.ts';
import { startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { startDialed, wanLine, withPage, type Host } from './scene.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const IMG = `<img src=x onerror="window.owned=1">`;
const QUOTED = `"'\`&amp;</td><script>window.owned=1</script>`;
/** Turns round what follows it, where it is let. */
const TURNED = '\u202eexe.gnp\u2066';
const LONG = 'x'.repeat(300);
const NASTY = [IMG, QUOTED, TURNED, LONG] as const;
const ALL = NASTY.join(' ');

/** A router of which every text is one of those. */
async function startNasty(): Promise<Router> {
  const router = await startDialed(wanLine({ username: ALL, service: LONG, device: LONG, ac: IMG, sessions: '8' }));
  const { agent, watch } = router;
  for (const text of NASTY) agent.ports.push({ device: text, mac: text, carrier: true, usedBy: [text, LONG] });
  agent.problems = NASTY.map((text) => ({ code: 'device_missing', severity: 'error', section: `line.${text}`, option: text, details: { device: text } }));
  const { status } = agent;
  agent.status = () => {
    const real = status.call(agent);
    const links = real.links.map((link, place) => ({ ...link, ...change(NASTY[place % 4] ?? '', place, real.atMs), line: ALL }));
    return {
      ...real,
      links,
      groups: real.groups.map((group) => ({ ...group, group: LONG, prefix: ALL, members: links.map(({ name }) => ({ link: name, weight: 1 })) })),
    };
  };
  const change = (text: string, place: number, atMs: number) => {
    const name = `${text}${place}`;
    if (place < 4) return { name, device: text, ipv4: [text], ipv6: [text] };
    if (place < 6) return { name, state: 'failed' as const, reason: { subsystem: text, code: text } };
    return { name, state: 'down' as const, held: { untilMs: atMs + 90_000, failures: 3, reason: text } };
  };
  for (const text of NASTY) {
    watch.note('dial_failed', text, { reason: text });
    watch.note('up', text, { device: text });
  }
  const findings = NASTY.map((text) => ({ code: 'netifd_silent', severity: 'error', link: text, section: text, details: { exit: 1, reason: text } }));
  watch.report = { findings, checked: [], skipped: [{ check: LONG, reason: ALL }] } as unknown as Examination;
  watch.reasons = NASTY.map((text) => ({ code: text as 'known', details: {}, text }));
  const { plan } = agent;
  agent.plan = (candidate) => ({
    ...plan.call(agent, candidate),
    uci: NASTY.map((text) => ({ op: 'set' as const, package: 'network' as const, section: text, option: text, value: text })),
    system: [{ tool: 'nft', text: ALL }],
    problems: NASTY.map((text) => ({ code: 'device_missing', severity: 'warning', section: `line.${text}`, details: { device: text } })),
  });
  return router;
}

/** No element of theirs, no script, and nothing beyond the edge of a telephone. */
async function isHarmless(page: Page, where: string): Promise<void> {
  await page.waitForTimeout(250);
  assert.equal(await page.evaluate(`[window.owned, document.images.length, document.querySelectorAll('.multidial script').length]`), [undefined, 0, 0], where);
  assert.equal(await overflowing(page), [], where);
}

const go = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click();

for (const host of ['standalone', 'luci'] as const satisfies Host[]) {
  inPairs(test)(
    `every screen keeps hostile texts as text within 360 px (${host})`,
    () =>
      withPage(browser, startNasty, { host }, async ({ page }) => {
        await page.setViewportSize({ width: 360, height: 740 });
        await page.locator('.md-plane').waitFor();
        await page.getByText('As a table').click();
        for (const text of NASTY) await page.getByText(text).first().waitFor();
        await isHarmless(page, 'overview');
        for (const place of [0, 2, 3]) {
          await page.getByRole('button', { name: `${NASTY[place]}${place}`, exact: true }).click();
          await page.locator('.md-panel .md-plane').waitFor();
          await isHarmless(page, `the panel of link ${place}`);
        }
        await page.getByRole('button', { name: 'Redial…' }).click();
        await page.getByRole('dialog').waitFor();
        await isHarmless(page, 'a question about a link');
        await page.keyboard.press('Escape');
        await go(page, 'Events');
        await page.locator('.md-events').getByText(IMG).first().waitFor();
        await isHarmless(page, 'events');
        await go(page, 'Doctor');
        await page.getByText('4 errors').waitFor();
        await page.getByText('1 check could not be done').click();
        await isHarmless(page, 'doctor');
        await go(page, 'Why?');
        await page.getByRole('textbox', { name: 'Source address' }).fill('192.168.1.7');
        await page.getByRole('textbox', { name: 'Destination address' }).fill('203.0.113.5');
        await page.getByRole('button', { name: 'Ask' }).click();
        await page.getByRole('listitem').getByText(IMG).first().waitFor();
        await isHarmless(page, 'why');
        await go(page, 'Setup');
        await page.getByRole('group', { name: 'Line wan' }).waitFor();
        assert.is(await page.getByRole('textbox', { name: 'Account' }).inputValue(), ALL);
        await page.getByText('Advanced').click();
        await isHarmless(page, 'setup');
        await page.getByRole('combobox', { name: 'Port' }).selectOption('wan');
        // The form takes none of the others; their mistakes are told beside them.
        await page.getByRole('textbox', { name: 'Account' }).fill(IMG);
        await page.getByRole('button', { name: 'Preview changes' }).click();
        await isHarmless(page, 'setup with mistakes');
        for (const name of ['Service name', 'Access concentrator']) await page.getByRole('textbox', { name }).fill('');
        await page.getByRole('button', { name: 'Preview changes' }).click();
        await page.getByText('edits of the configuration').click();
        await isHarmless(page, 'preview');
      }),
    { limitMs: 60_000 },
  );
}

test.run();

// Links, groups, pins and probes on the page: added, moved, checked, undone, guarded, and written as the least of uci calls.
// suite limit: 240 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { withPage } from './scene.ts';
import { applyChanges, openKind, startSorted } from './sorted.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const names = (page: Page): Promise<string[]> => page.locator('.md-item-body > summary strong').allTextContents();
const focusedText = (page: Page): Promise<string> =>
  page.evaluate(`(document.activeElement.labels?.[0] ?? document.activeElement).textContent.replace('*', '').trim()`);

/** What was staged for the configuration, as method and arguments. */
const staged = (router: Router): [string, object][] =>
  router.seen.flatMap(({ calls }) =>
    calls.flatMap(({ object, method, args }): [string, object][] =>
      object === 'uci' && ['add', 'set', 'delete', 'order'].includes(method) ? [[method, args]] : [],
    ),
  );

paired('a pin is added and applied by one call, and nothing else of the configuration is touched', () =>
  withPage(browser, startSorted, { hash: '#setup' }, async ({ page, router }) => {
    const before = structuredClone(router.config.sections);
    await openKind(page, 'Pins');
    await button(page, 'Add a pin').click();
    assert.is(await focusedText(page), 'Name', 'typing begins in the new form');
    const form = page.locator('.md-item', { hasText: 'new' });
    await form.getByRole('textbox', { name: 'Name', exact: true }).fill('office');
    await form.getByRole('combobox', { name: 'Use' }).selectOption('wan_02');
    await form.getByRole('checkbox', { name: 'Strict' }).check();
    await form.getByRole('textbox', { name: 'Source', exact: true }).fill('192.168.1.7\n192.168.2.0/24 ');
    await applyChanges(page);
    const values = { use: 'wan_02', strict: '1', src: ['192.168.1.7', '192.168.2.0/24'] };
    assert.equal(staged(router), [['add', { config: 'multidial', type: 'pin', name: 'office', values }]]);
    assert.equal(router.config.sections, [...before, { type: 'pin', name: 'office', options: values }]);
  }),
);

paired('pins are moved by keys: the focus stays on the button, and one call stores the order', () =>
  withPage(browser, startSorted, { hash: '#setup' }, async ({ page, router }) => {
    await openKind(page, 'Pins');
    assert.equal(await names(page), ['work', 'console', 'guests']);
    await button(page, 'Move guests up').focus();
    await page.keyboard.press('Enter');
    await page.getByText('guests is now number 2 of 3.').waitFor({ state: 'attached' });
    assert.equal(await names(page), ['work', 'guests', 'console']);
    assert.is(await focusedText(page), '↑Move guests up');
    await page.keyboard.press('Space');
    assert.equal(await names(page), ['guests', 'work', 'console']);
    await page.keyboard.press('Space');
    assert.equal(await names(page), ['guests', 'work', 'console'], 'the first goes no further');
    assert.is(await focusedText(page), '↑Move guests up', 'and keeps the focus');
    await applyChanges(page);
    const order = ['globals', 'wan', 'guests', 'far', 'work', 'console', 'lines'];
    assert.equal(staged(router), [['order', { config: 'multidial', sections: order }]]);
    assert.equal(
      router.config.sections.map(({ name }) => name),
      order,
    );
  }),
);

paired('pins are moved by hand', () =>
  withPage(browser, startSorted, { hash: '#setup' }, async ({ page }) => {
    await openKind(page, 'Pins');
    const centre = async (place: number): Promise<[number, number]> => {
      const box = await page.locator('.md-grip').nth(place).boundingBox();
      return [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
    };
    await page.mouse.move(...(await centre(0)));
    await page.mouse.down();
    const [x, y] = await centre(2);
    await page.mouse.move(x, y + 8, { steps: 12 });
    // A hand rests and trembles where it wants the row to be; the page may be slower than it was.
    for (let round = 0; round < 40 && (await names(page)).join() !== 'console,guests,work'; round++) {
      await page.waitForTimeout(50);
      await page.mouse.move(x, y + 8 + (round % 2));
    }
    assert.equal(await names(page), ['console', 'guests', 'work']);
    await page.mouse.up();
    await page.mouse.move(...(await centre(0)));
    assert.equal(await names(page), ['console', 'guests', 'work'], 'once let go it stays');
  }),
);

paired('a bad prefix is marked at its field in the agent’s words, and Preview leads to it from another kind', () =>
  withPage(browser, startSorted, { hash: '#setup' }, async ({ page, router }) => {
    await openKind(page, 'Groups');
    await page.locator('summary', { hasText: 'far' }).click();
    const field = page.getByRole('textbox', { name: 'Destinations' });
    await field.fill('10.9.0.0/16\n10.0.0.0/40');
    await page.getByText('Must be a prefix such as 0.0.0.0/0 or ::/0.').waitFor();
    assert.is(await field.getAttribute('aria-invalid'), 'true');
    await page.locator('summary', { hasText: 'far' }).click();
    await openKind(page, 'Links');
    await button(page, 'Preview changes').click();
    await field.waitFor();
    assert.is(await focusedText(page), 'Destinations');
    assert.not.ok(router.seen.some(({ calls }) => calls.some(({ method }) => method === 'plan')));
  }),
);

paired('what the plan says of an option stands at its field, until that form is changed', () =>
  withPage(browser, startSorted, { hash: '#setup' }, async ({ page, router }) => {
    const { plan } = router.agent;
    router.agent.plan = (candidate) => ({
      ...plan.call(router.agent, candidate),
      problems: [{ code: 'pin_interface_unknown', severity: 'warning', section: 'pin.work', option: 'in', details: { interface: 'dmz' } }],
    });
    await openKind(page, 'Pins');
    await page.locator('summary', { hasText: 'work' }).click();
    await page.getByRole('textbox', { name: 'From' }).fill('dmz');
    await button(page, 'Preview changes').click();
    const sentence = page.getByText('pin.work: there is no network interface dmz, or it is down; it is left out here.');
    await sentence.waitFor();
    await button(page, 'Back').click();
    await page.locator('.md-error', { hasText: 'there is no network interface dmz' }).waitFor();
    assert.is(await page.getByRole('textbox', { name: 'From' }).getAttribute('aria-invalid'), 'true');
    await page.getByRole('textbox', { name: 'From' }).fill('lan');
    assert.is(await sentence.count(), 0);
  }),
);

paired('one form is undone, one put back, and Discard takes back all the rest', () =>
  withPage(browser, startSorted, { hash: '#setup' }, async ({ page }) => {
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await openKind(page, 'Pins');
    await page.locator('summary', { hasText: 'work' }).click();
    const source = page.getByRole('textbox', { name: 'Source', exact: true });
    await source.fill('10.0.0.1');
    await page.getByText('changed', { exact: true }).waitFor();
    await button(page, 'Undo changes of work').click();
    assert.is(await source.inputValue(), '192.168.1.7');
    assert.match(await focusedText(page), /^work/);
    await button(page, 'Remove work').click();
    assert.is(await focusedText(page), 'Put work back');
    assert.equal(await names(page), ['console', 'guests']);
    await button(page, 'Put work back').click();
    assert.equal(await names(page), ['work', 'console', 'guests'], 'where it was');
    assert.is(await page.getByRole('img', { name: 'changes not applied' }).count(), 0);
    await page.reload();
    assert.equal(asked, [], 'all is as it is stored');
    await openKind(page, 'Probes');
    await page.locator('summary', { hasText: 'lines' }).click();
    await button(page, 'Duplicate lines').click();
    assert.equal(await names(page), ['lines', 'lines2']);
    await button(page, 'Discard changes').click();
    assert.equal(await names(page), ['lines']);
  }),
);

paired('leaving the page with a typed pin asks; leaving the screen keeps it', () =>
  withPage(browser, startSorted, { hash: '#setup' }, async ({ page }) => {
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await openKind(page, 'Pins');
    await button(page, 'Add a pin').click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('office');
    await page.getByRole('link', { name: 'Events' }).click();
    await page.getByRole('heading', { name: 'Events' }).waitFor();
    await page.getByRole('link', { name: 'Setup' }).click();
    assert.is(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue(), 'office', 'its kind and its form are still open');
    await page.reload();
    assert.equal(asked, ['beforeunload']);
  }),
);

paired('weights are set side by side: a section comes with the first option of a link and goes with its last', () =>
  withPage(browser, startSorted, { hash: '#setup' }, async ({ page, router }) => {
    await openKind(page, 'Links');
    const weight = page.getByRole('textbox', { name: 'Weight of wan_03' });
    await weight.fill('300');
    await page.getByText('Must be a whole number from 1 to 255.').first().waitFor();
    await weight.fill('');
    assert.is(await page.getByRole('img', { name: 'changes not applied' }).count(), 0);
    await weight.fill('3');
    await applyChanges(page);
    assert.equal(staged(router), [['add', { config: 'multidial', type: 'link', name: 'wan_03', values: { weight: '3' } }]]);
  }),
);

paired('an option that this page does not know stays, and so does one that only says the default', () =>
  withPage(browser, startSorted, { hash: '#setup' }, async ({ page, router }) => {
    const work = router.config.sections.find(({ name }) => name === 'work');
    Object.assign(work?.options ?? {}, { newer: 'x', disabled: '0' });
    await page.reload();
    await openKind(page, 'Pins');
    await page.locator('summary', { hasText: 'work' }).click();
    await page.getByRole('checkbox', { name: 'Strict' }).check();
    await applyChanges(page);
    assert.equal(staged(router), [['set', { config: 'multidial', section: 'work', values: { strict: '1' } }]]);
    assert.is(router.config.sections.find(({ name }) => name === 'work')?.options['newer'], 'x');
  }),
);

paired('who may only look opens everything, and has nothing to press', () =>
  withPage(browser, startSorted, { hash: '#setup', mayWrite: false }, async ({ page }) => {
    for (const [kind, name, field] of [
      ['Groups', 'far', 'Destinations'],
      ['Pins', 'console', 'Source'],
      ['Probes', 'lines', 'Targets'],
    ] as const) {
      await openKind(page, kind);
      await page.locator('summary', { hasText: name }).click();
      assert.ok(await page.getByRole('textbox', { name: field, exact: true }).isDisabled());
      assert.equal(await page.locator('main').getByRole('button').allTextContents(), []);
      assert.is(await page.locator('.md-grip').count(), 0);
    }
  }),
);

test.run();

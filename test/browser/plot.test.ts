// The plots: their marks at any width, span and language, what is pointed at by mouse and finger, and a router without a history.
// suite limit: 180 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { inPairs } from './ahead.ts';
import { startChromium } from './chromium.ts';
import { startDialed, withPage } from './scene.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);

type Mark = { text: string; left: number; right: number; top: number; bottom: number };

/** The marks of each plot that is shown, where their letters are, and the room they have. */
const readPlots = (page: Page): Promise<{ room: Mark; marks: Mark[] }[]> =>
  page.evaluate(`[...document.querySelectorAll('.md-axes')].map((axes) => {
    const toMark = (text, { left, right, top, bottom }) => ({ text, left, right, top, bottom });
    const marks = [...axes.querySelectorAll('.md-marks > span, .md-times > span')].map((mark) => {
      const range = document.createRange();
      range.selectNodeContents(mark);
      return toMark(mark.textContent, range.getBoundingClientRect());
    });
    return { room: toMark('', axes.getBoundingClientRect()), marks };
  })`);

const GAP_PX = 3;
const isApart = (a: Mark, b: Mark): boolean => a.right + GAP_PX <= b.left || b.right + GAP_PX <= a.left || a.bottom <= b.top || b.bottom <= a.top;
const isInside = (mark: Mark, room: Mark): boolean =>
  mark.left >= room.left && mark.right <= room.right && mark.top >= room.top && mark.bottom <= room.bottom && mark.right > mark.left;

function findFault({ room, marks }: { room: Mark; marks: Mark[] }): string[] {
  const cut = marks.filter((mark) => !isInside(mark, room)).map(({ text }) => `${text} is cut off`);
  const pairs = marks.flatMap((mark, place) => marks.slice(place + 1).map((other) => [mark, other] as const));
  return [...cut, ...pairs.filter(([a, b]) => !isApart(a, b)).map(([a, b]) => `${a.text} touches ${b.text}`)];
}

for (const locale of ['en-US', 'zh-CN']) {
  paired(`marks neither touch nor are cut off at any width and span, in ${locale}`, () =>
    withPage(browser, startDialed, { locale, isApart: true }, async ({ page }) => {
      await page.getByRole('button', { name: 'wan_02', exact: true }).click();
      await page.locator('.md-panel .md-plane').waitFor();
      for (const quantity of [0, 1]) {
        await page.locator('input[name="md-quantity"]').nth(quantity).check();
        for (const span of [0, 1, 2]) {
          for (const name of ['md-span', 'md-rates-span']) await page.locator(`input[name="${name}"]`).nth(span).check();
          await page.locator('.md-plane').nth(1).waitFor();
          for (const width of [360, 768, 1440]) {
            await page.setViewportSize({ width, height: 900 });
            // The plane follows its width in the next frame.
            await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
            const plots = await readPlots(page);
            const shown = plots.map(({ marks }) => marks.map(({ text }) => text).join(' ')).join(' | ');
            assert.is(plots.length, 2);
            assert.ok(
              plots.every(({ marks }) => marks.length >= 6),
              shown,
            );
            assert.equal(plots.flatMap(findFault), [], `${width} px: ${shown}`);
          }
        }
      }
    }),
  );
}

paired('what is pointed at is told below, by mouse until it leaves, by finger until it touches elsewhere', () =>
  withPage(browser, startDialed, {}, async ({ page }) => {
    const plane = page.locator('.md-plane');
    const told = page.locator('.md-plot .md-legend li').first();
    const cursor = page.locator('.md-cursor');
    // The history arrives a request later than the first reading.
    while (((await page.locator('.md-ground').first().getAttribute('d')) ?? '').length < 500) await page.waitForTimeout(50);
    assert.is(await told.textContent(), 'now');
    await plane.scrollIntoViewIfNeeded();
    const box = await plane.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.22, box.y + 60);
    await told.filter({ hasText: /^−23\d s$/ }).waitFor();
    const near = (await cursor.boundingBox())?.x ?? 0;
    assert.ok(Math.abs(near - (box.x + box.width * 0.22)) < 10, `the line stands at ${near}`);
    await page.mouse.move(box.x + box.width * 0.22, box.y - 40);
    await cursor.waitFor({ state: 'detached' });
    assert.is(await told.textContent(), 'now');
    const touch = (type: string) =>
      plane.dispatchEvent(type, {
        pointerType: 'touch',
        isPrimary: true,
        clientX: box.x + box.width * 0.5,
        clientY: box.y + 60,
        bubbles: type !== 'pointerleave',
      });
    for (const type of ['pointerdown', 'pointerup', 'pointerleave']) await touch(type);
    await told.filter({ hasText: /^−1[45]\d s$/ }).waitFor();
    await page.locator('h2', { hasText: 'Rates' }).dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
    await cursor.waitFor({ state: 'detached' });
    for (const type of ['pointerdown', 'pointercancel']) await touch(type);
    await cursor.waitFor({ state: 'detached' });
    // Both touches before the browser has drawn anything: the second is not lost.
    await page.evaluate(`(async () => {
      const touch = (element, clientX) =>
        element.dispatchEvent(new PointerEvent('pointerdown', { pointerType: 'touch', clientX, bubbles: true }));
      touch(document.querySelector('.md-plane'), ${box.x + 100});
      for (let turn = 0; turn < 10; turn++) await undefined;
      if (!document.querySelector('.md-cursor')) throw new Error('nothing is pointed at');
      touch(document.body, 0);
    })()`);
    await cursor.waitFor({ state: 'detached' });
  }),
);

const startUnrecorded = async () => {
  const router = await startDialed();
  router.watch.unrecorded = new Set(['wan_01', 'wan_02', 'wan_03', 'wan_04']);
  return router;
};

paired('without a history a plot has its axes at once, and a curve from the second reading on', () =>
  withPage(browser, startUnrecorded, {}, async ({ page }) => {
    await page.locator('.md-plane').waitFor();
    assert.is(await page.locator('.md-times').textContent(), '−1 min−45 s−30 s−15 snow');
    await page.locator('.md-plane').hover();
    await page.locator('.md-curve.md-swatch-sum[d^="M"]').waitFor({ state: 'attached' });
    assert.not.match((await page.locator('.md-curve.md-swatch-sum').getAttribute('d')) ?? '', /NaN|Infinity/);
    assert.equal((await readPlots(page)).flatMap(findFault), []);
  }),
);

test.run();

// Takes a picture of every screen at three widths, light and dark, in each language, into build/screenshots with an index.html:
// `node --import tsx test/browser/screenshots.ts [PATTERN]`, or `make screens ONLY=PATTERN`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { luciKey } from '../../tools/catalogs/lmo.ts';
import { CONTEXT, luciSentences } from '../../tools/catalogs/luci.ts';
import { startChromium } from './chromium.ts';
import { renderSheet, type Picture } from './contact-sheet.ts';
import type { Router } from './router.ts';
import { openLoggedIn } from './scene.ts';
import { screens, type Screen } from './screens.ts';
import { inWords, readWords, type Words } from './words.ts';

const folder = join(import.meta.dirname, '../../build/screenshots');
const widths = [360, 768, 1440] as const;
const schemes = ['light', 'dark'] as const;
/** The browser's language decides; `catalog` is where its sentences stand. */
const languages = [
  { name: 'en', locale: 'en-US', catalog: 'en' },
  { name: 'zh-Hans', locale: 'zh-CN', catalog: 'zh_Hans' },
] as const;
/** Long enough for a plot that shows something. */
const WATCH_MS = 15_000;

/** Rates that wander, each link in its own way. */
function stir(router: Router): () => void {
  let step = 0;
  const timer = setInterval(() => {
    step += 1;
    for (const index of [1, 2, 3, 4]) {
      const wave = Math.sin(step / 3 + index);
      router.agent.script.set(`wan_0${index}`, { downBps: 9e6 + index * 1.3e6 + 3e6 * wave, upBps: 1e6 + index * 3e5 + 4e5 * wave });
    }
  }, 500);
  return () => clearInterval(timer);
}

/** The table of words that LuCI hands to its pages. */
const luciWords = (words: Words): string =>
  `window.TR = ${JSON.stringify(Object.fromEntries(luciSentences().ids.flatMap((id) => (words.has(id) ? [[luciKey(id, CONTEXT), words.get(id)]] : []))))}`;

async function shoot(page: Page, screen: string, language: string): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: width > 500 ? 900 : 740 });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(200);
      const variant = `${language}-${width}-${colorScheme}`;
      const file = `${screen}-${variant}.png`;
      // What a dialog covers is no longer than the window.
      await page.screenshot({ path: join(folder, file), fullPage: (await page.locator('dialog[open]').count()) === 0 });
      pictures.push({ screen, variant, file, width });
    }
  }
  return pictures;
}

async function visit(browser: Browser, screen: Screen, language: (typeof languages)[number], words: Words): Promise<Picture[]> {
  const { name, start, hash, reach, ...options } = screen;
  const router = await start();
  const calm = name === 'overview' ? stir(router) : () => {};
  // LuCI's language is a setting of the router, not of the browser.
  const inLuci = options.host?.startsWith('luci') ? { luciLanguage: language.locale.toLowerCase(), initScript: luciWords(words) } : {};
  const { page, close } = await openLoggedIn(browser, router, hash, { ...options, ...inLuci, locale: language.locale });
  try {
    await reach(inWords(page, words), router);
    if (name === 'overview') await page.waitForTimeout(WATCH_MS);
    return await shoot(page, name, language.name);
  } finally {
    calm();
    await close();
    await router.stop();
  }
}

mkdirSync(folder, { recursive: true });
const browser = await startChromium();
const pictures: Picture[] = [];
const only = new RegExp(process.argv[2] ?? '');
for (const screen of screens.filter(({ name }) => only.test(name))) {
  for (const language of languages) {
    const words = readWords(language.catalog);
    if (language.name !== 'en' && words.size === 0) continue;
    try {
      pictures.push(...(await visit(browser, screen, language, words)));
    } catch (error) {
      // The others are worth seeing all the same.
      console.error(`${screen.name} in ${language.name}: ${String(error).split('\n')[0]}`);
      process.exitCode = 1;
    }
  }
}
await browser.close();
writeFileSync(join(folder, 'index.html'), renderSheet(pictures));
console.log(`${pictures.length} pictures: build/screenshots/index.html`);

// Takes a picture of every screen, wide and narrow, light and dark, into build/screenshots: `node --import tsx test/browser/screenshots.ts [PATTERN]`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { openLoggedIn } from './scene.ts';
import { screens } from './screens.ts';

const folder = join(import.meta.dirname, '../../build/screenshots');
const widths = [1440, 360] as const;
const schemes = ['light', 'dark'] as const;
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

async function shoot(page: Page, name: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width > 500 ? 900 : 740 });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(200);
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
}

mkdirSync(folder, { recursive: true });
const browser = await startChromium();
for (const { name, start, hash, reach } of screens.filter((screen) => screen.name.includes(process.argv[2] ?? ''))) {
  const router = await start();
  const calm = name === 'overview' ? stir(router) : () => {};
  const { page, close } = await openLoggedIn(browser, router, hash);
  await reach(page, router);
  if (name === 'overview') await page.waitForTimeout(WATCH_MS);
  await shoot(page, name);
  calm();
  await close();
  await router.stop();
}
await browser.close();

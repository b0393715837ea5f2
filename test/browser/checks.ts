// What is looked for on every screen: axe's rules, and what reaches beyond the page's edge.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds below an element, each as "rule: element". */
export async function violations(page: Page, within = 'body'): Promise<string[]> {
  await page.evaluate(`if (!window.axe) { ${axe} }`);
  return page.evaluate(
    `axe.run('${within}', { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 160) + ' ' + failureSummary.slice(0, 300))))`,
  );
}

/** What is drawn by script follows the width of the page some frames later. */
const FOLLOW_MS = 1500;

/** What reaches beyond the right edge of the page, except what scrolls in a box of its own. */
export async function overflowing(page: Page): Promise<string[]> {
  const endMs = Date.now() + FOLLOW_MS;
  for (;;) {
    const found = await look(page);
    if (found.length === 0 || Date.now() > endMs) return found;
    await page.waitForTimeout(50);
  }
}

const look = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const edge = document.documentElement.clientWidth;
    const isHeld = (element) => element.closest('pre, .md-hidden') !== null;
    const beyond = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > edge + 0.5 && !isHeld(element));
    const wide = document.documentElement.scrollWidth > edge ? ['the page scrolls: ' + document.documentElement.scrollWidth] : [];
    return [...wide, ...beyond.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
  })()`);

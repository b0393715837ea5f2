// Starts Debian's Chromium, one for a suite, and opens pages that fail a test when the page itself fails.
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function startChromium(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is missing: install Debian's package chromium`);
  return chromium.launch({ executablePath: EXECUTABLE, headless: true, args: ARGUMENTS });
}

export type Opened = { page: Page; errors: string[]; close(): Promise<void> };

export type PageOptions = {
  /** A context of its own, for a test that moves the clock: a second and more on a busy machine. */
  isApart?: boolean;
  /** What the reader wants to read, as in zh-CN. Pages of one language share a context. */
  locale?: string;
};

const contexts = new WeakMap<Browser, Map<string, Promise<BrowserContext>>>();

/** What pages share of a context are cookies and caches, and the page uses neither; its session belongs to the tab. */
function contextOf(browser: Browser, isApart: boolean, locale: string): Promise<BrowserContext> {
  const ofBrowser = contexts.get(browser) ?? new Map<string, Promise<BrowserContext>>();
  contexts.set(browser, ofBrowser);
  const known = ofBrowser.get(locale);
  if (known && !isApart) return known;
  // Software draws every frame here: none for motion, and few pixels.
  const made = browser.newContext({ viewport: { width: 1120, height: 760 }, reducedMotion: 'reduce', locale });
  if (!isApart) ofBrowser.set(locale, made);
  return made;
}

/** A page of a tab of its own; `errors` collects what it throws or logs as an error. */
export async function openPage(browser: Browser, { isApart = false, locale = 'en-US' }: PageOptions = {}): Promise<Opened> {
  const context = await contextOf(browser, isApart, locale);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // A request cut off by a router that is gone is logged by the browser itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text());
  });
  return { page, errors, close: () => (isApart ? context.close() : page.close()) };
}

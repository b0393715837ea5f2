// The page of the lab's router as somebody uses it. The router is emulated, so each wait has a wide limit.
import type { Browser, Page } from 'playwright-core';
import { openPage, startChromium, type Opened, type PageOptions } from '../browser/chromium.ts';
import { applyChanges, openKind } from '../browser/sorted.ts';
import { FAMILIES, LINE, LINKS } from './foreign.ts';
import { Front } from './front.ts';
import type { Lab } from './lab.ts';
import { Router } from './router.ts';
import { LOGIN } from './router-files.ts';
import { report } from './steps.ts';

/** What the page says while all is well. */
export const ALL_UP = 'All 4 links carry traffic.';

/** For what the page does at once on a router that is not emulated. */
const ANSWER_MS = 60_000;
/** For what takes links hanging up and dialing. */
const DIAL_MS = 120_000;

export type Login = { username: string; password: string };

/** On the screen of the login as in the dialog. */
export async function logIn(page: Page, { username, password }: Login = LOGIN): Promise<void> {
  await page.getByLabel('Account', { exact: true }).last().fill(username);
  await page.getByLabel('Password', { exact: true }).last().fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const row = (page: Page, link: string) => page.locator('tbody').getByRole('row', { name: link });

export async function toScreen(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'multidial' }).getByRole('link', { name }).click();
}

/** To the forms of one kind. */
export async function toForms(page: Page, kind: string): Promise<void> {
  await toScreen(page, 'Setup');
  await openKind(page, kind);
}

/** Applies what was typed, sees it confirmed, and goes on at the overview. */
export async function applyAndLook(page: Page): Promise<void> {
  await applyChanges(page, DIAL_MS);
  await button(page, 'Go to the overview').click();
}

/** The one sentence about the links. */
export const headline = (page: Page, sentence: string | RegExp) => page.locator('.md-headline').getByText(sentence).waitFor({ timeout: DIAL_MS });

/** A router with four links, and a browser in front of it. */
export class Visit {
  readonly router: Router;
  readonly #front: Front;
  readonly #browser: Browser;
  readonly #opened: Opened[] = [];

  private constructor(router: Router, front: Front, browser: Browser) {
    this.router = router;
    this.#front = front;
    this.#browser = browser;
  }

  static async begin(lab: Lab): Promise<Visit> {
    const router = await Router.install(lab, report);
    await router.apply({ 'line wan': LINE });
    await router.balanced(LINKS, FAMILIES);
    return new Visit(router, await Front.start(() => lab.webPort), await startChromium());
  }

  async open(path: string, options: PageOptions = {}): Promise<Page> {
    const opened = await openPage(this.#browser, options);
    this.#opened.push(opened);
    opened.page.setDefaultTimeout(ANSWER_MS);
    await opened.page.goto(`${this.#front.url}${path}`);
    return opened.page;
  }

  /** What pages threw or logged as an error so far. */
  errors(): string[] {
    return this.#opened.flatMap(({ errors }) => errors);
  }

  async end(): Promise<void> {
    await this.#browser.close();
    await this.#front.stop();
  }
}

// States of the page that are seen seldom, and how to get there.
import type { Page } from 'playwright-core';
import type { Router } from './router.ts';
import { startDialed, startEmpty, wanLine } from './scene.ts';
import type { Screen } from './screens.ts';
import { startEventful, startWatched } from './watched.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function startOff(): Promise<Router> {
  const router = await startDialed();
  router.agent.reset();
  return router;
}

/** The last run failed, and said why. */
async function startBroken(): Promise<Router> {
  const router = await startDialed();
  router.agent.runProblems = [
    {
      code: 'command_failed',
      severity: 'error',
      details: { command: 'nft -f -', exit: 1, stderr: 'Error: Could not process rule: No such file or directory' },
    },
  ];
  router.agent.derive();
  return router;
}

async function choose(page: Page, ...links: string[]): Promise<void> {
  for (const link of links) await page.getByRole('checkbox', { name: `Choose ${link}` }).check();
}

export const stateScreens: Screen[] = [
  { name: 'overview-off', start: startOff, reach: (page) => page.getByRole('heading', { name: 'multidial is turned off' }).waitFor() },
  { name: 'overview-broken', start: startBroken, reach: (page) => page.getByText('The last run could not do everything.').waitFor() },
  {
    name: 'overview-unequal',
    start: async () => {
      const router = await startDialed(wanLine({ sessions: '8' }));
      for (let index = 1; index <= 8; index++) router.agent.script.set(`wan_0${index}`, { weight: index === 1 ? 5 : 1 });
      return router;
    },
    reach: (page) => page.locator('.md-plane').waitFor(),
  },
  {
    name: 'chosen',
    start: startWatched,
    reach: async (page) => {
      await choose(page, 'wan_01', 'wan_04');
      await page.locator('.md-bulk').waitFor();
    },
  },
  {
    name: 'chosen-asks',
    start: startDialed,
    reach: async (page) => {
      await choose(page, 'wan_01', 'wan_02');
      await page.locator('.md-bulk button').first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'events-sought',
    start: startEventful,
    hash: '#events',
    reach: async (page) => {
      await page.getByRole('textbox', { name: 'Words' }).fill('no such thing');
      await page.getByText('wan_02 was resumed.').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'why-mixed',
    start: startDialed,
    hash: '#why',
    reach: async (page) => {
      await page.getByRole('textbox', { name: 'Source address' }).fill('192.168.1.7');
      await page.getByRole('textbox', { name: 'Destination address' }).fill('2001:db8::1');
      await button(page, 'Ask').click();
      await page.locator('.md-error, .md-notice, .md-answer').first().waitFor();
    },
  },
  {
    name: 'setup-off',
    start: startOff,
    hash: '#setup',
    reach: async (page) => {
      await page.getByText('Applying turns it on again.').waitFor();
      await page.getByRole('textbox', { name: 'Password' }).fill('p');
    },
  },
  {
    name: 'setup-luci-password',
    start: startEmpty,
    host: 'luci',
    reach: async (page) => {
      await page.getByRole('link', { name: 'Setup' }).click();
      await page.getByRole('textbox', { name: 'Password' }).fill('p');
      await page.getByRole('checkbox', { name: 'Show' }).check();
    },
  },
  { name: 'luci-status', start: startWatched, host: 'luci-status', reach: (page) => page.getByText('2 of 6 links carry traffic.').waitFor() },
  {
    name: 'link-luci',
    start: startWatched,
    host: 'luci',
    reach: async (page) => {
      await page.getByRole('button', { name: 'wan_05', exact: true }).click();
      await page.locator('.md-panel').waitFor();
    },
  },
];

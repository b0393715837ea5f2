// Every screen of the page in a telling state, and how to get there: for the checks of its look, and for pictures. A new screen is one row.
import type { Page } from 'playwright-core';
import type { Router } from './router.ts';
import { fillLine, startDialed, startEmpty, wanLine, type Host } from './scene.ts';
import { formScreens } from './screens-forms.ts';
import { stateScreens } from './screens-states.ts';
import { wizardScreens } from './screens-wizard.ts';
import { startEventful, startMany, startUnwell, startWatched } from './watched.ts';

export type Screen = {
  name: string;
  start: () => Promise<Router>;
  hash?: string;
  /** False: an account that may only look. */
  mayWrite?: boolean;
  host?: Host;
  /** From the page just opened to the screen. */
  reach: (page: Page, router: Router) => Promise<void>;
};

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function startFailing(): Promise<Router> {
  const router = await startDialed();
  router.agent.script.set('wan_02', { state: 'failed', reason: { subsystem: 'pppoe', code: 'AUTH_TOPEER_FAILED' } });
  router.agent.script.set('wan_03', { state: 'dialing', reason: { subsystem: 'pppoe', code: 'CONNECT_FAILED' } });
  router.agent.script.set('wan_04', { state: 'down', reason: { subsystem: 'interface', code: 'SOMETHING_NEW' } });
  router.agent.problems = [
    { code: 'default_outranks', severity: 'warning', details: { family: 'IPv4', interface: 'lte', device: 'wwan0', metric: 5, ours: 7 } },
    { code: 'option_invalid', severity: 'error', section: 'line.fibre', option: 'mtu', details: { expected: 'a whole number from 576 to 9000', got: '90' } },
  ];
  return router;
}

export async function toPreview(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Line wan' }).waitFor();
  await fillLine(page);
  await button(page, 'Preview changes').click();
  await page.getByText('4 virtual ports').waitFor();
}

export async function toApply(page: Page): Promise<void> {
  await toPreview(page);
  await button(page, 'Apply').click();
}

const startSlow = async (): Promise<Router> => {
  const router = await startEmpty();
  router.agent.deriveMs = 60_000;
  return router;
};

export const screens: Screen[] = [
  {
    name: 'login',
    start: startDialed,
    reach: async (page) => {
      await button(page, 'Log out').click();
      await page.getByLabel('Password').fill('wrong');
      await button(page, 'Log in').click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'empty', start: startEmpty, reach: (page) => page.getByRole('heading', { name: 'Dial one line several times' }).waitFor() },
  {
    name: 'overview',
    start: startDialed,
    reach: async (page) => {
      await page.locator('.md-plane').waitFor();
      await page.getByText('As a table').click();
      await page.getByRole('table').nth(1).getByText('Mbit/s').first().waitFor();
    },
  },
  { name: 'overview-failing', start: startFailing, reach: (page) => page.locator('.md-plane').waitFor() },
  {
    name: 'overview-gone',
    start: startDialed,
    reach: async (page, router) => {
      await page.locator('.md-plane').waitFor();
      router.isGone = true;
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'overview-watched',
    start: startWatched,
    reach: async (page) => {
      await page.locator('.md-plane').waitFor();
      await page.getByText('wan_02 waits: The provider refused the account.').waitFor();
      await page.getByText('Software flow offloading is on').waitFor();
    },
  },
  { name: 'overview-one', start: () => startDialed(wanLine({ sessions: '1' })), reach: (page) => page.locator('.md-plane').waitFor() },
  { name: 'overview-many', start: startMany, reach: (page) => page.locator('.md-plane').waitFor() },
  { name: 'overview-viewer', start: startFailing, mayWrite: false, reach: (page) => page.locator('.md-plane').waitFor() },
  { name: 'overview-luci', start: startWatched, host: 'luci', reach: (page) => page.locator('.md-plane').waitFor() },
  {
    name: 'link',
    start: startWatched,
    reach: async (page) => {
      await page.locator('.md-plane').waitFor();
      await button(page, 'wan_03').click();
      await page.getByRole('radio', { name: 'Latency and loss' }).check();
      await page.locator('.md-plane').nth(1).waitFor();
      await page.locator('.md-panel').getByText('As a table').click();
    },
  },
  {
    name: 'redial',
    start: startDialed,
    reach: async (page) => {
      await button(page, 'wan_01').click();
      await page.locator('.md-panel').getByText('As a table').click();
      await button(page, 'Redial…').click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'events', start: startEventful, hash: '#events', reach: (page) => page.getByText('wan_02 was resumed.').waitFor() },
  { name: 'events-none', start: startDialed, hash: '#events', reach: (page) => page.getByRole('heading', { name: 'Nothing has happened yet' }).waitFor() },
  {
    name: 'doctor',
    start: startUnwell,
    hash: '#doctor',
    reach: async (page) => {
      await page.getByText('3 errors, 2 warnings, 1 note.').waitFor();
      await page.getByText('1 check could not be done').click();
    },
  },
  { name: 'doctor-well', start: startDialed, hash: '#doctor', reach: (page) => page.getByText('Nothing is wrong').waitFor() },
  {
    name: 'doctor-asks',
    start: startUnwell,
    hash: '#doctor',
    reach: async (page) => {
      await button(page, 'Copy report as text').click();
      await page.getByRole('region', { name: 'What was copied' }).waitFor();
      await button(page, 'Apply again…').click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'routes',
    start: startDialed,
    hash: '#routes',
    reach: async (page) => {
      await page.getByRole('heading', { name: 'Nexthops' }).waitFor();
      await button(page, 'Copy all as text').click();
      await page.getByRole('region', { name: 'What was copied' }).waitFor();
    },
  },
  {
    name: 'why',
    start: startDialed,
    hash: '#why',
    reach: async (page) => {
      await page.getByRole('combobox', { name: 'Protocol' }).selectOption('tcp');
      await page.getByRole('textbox', { name: 'Source port' }).fill('0');
      await button(page, 'Ask').click();
      await page.getByText('A number from 1 to 65535.').waitFor();
      await page.getByRole('textbox', { name: 'Source port' }).fill('');
      await page.getByRole('textbox', { name: 'Source address' }).fill('192.168.1.7');
      await page.getByRole('textbox', { name: 'Destination address' }).fill('203.0.113.5');
      await button(page, 'Ask').click();
      await page.getByText('It takes link wan_02').waitFor();
    },
  },
  { name: 'setup-new', start: startEmpty, hash: '#setup', reach: (page) => page.getByRole('group', { name: 'Line wan' }).waitFor() },
  {
    name: 'setup-mistakes',
    start: startEmpty,
    hash: '#setup',
    reach: async (page) => {
      await page.getByRole('textbox', { name: 'Sessions' }).fill('400');
      await page.getByRole('textbox', { name: 'Password' }).fill('p');
      await button(page, 'Preview changes').click();
      await page.getByText('Required.').first().waitFor();
    },
  },
  {
    name: 'setup-stored',
    start: startDialed,
    hash: '#setup',
    reach: async (page) => {
      await page.getByText('Advanced').click();
      await button(page, 'Turn off…').waitFor();
    },
  },
  { name: 'setup-viewer', start: startDialed, mayWrite: false, hash: '#setup', reach: (page) => page.getByRole('group', { name: 'Line wan' }).waitFor() },
  {
    name: 'setup-luci',
    start: startDialed,
    host: 'luci',
    reach: async (page) => {
      await page.getByRole('link', { name: 'Setup' }).click();
      await page.getByText('Advanced').click();
    },
  },
  {
    name: 'turn-off',
    start: startDialed,
    hash: '#setup',
    reach: async (page) => {
      await button(page, 'Turn off…').click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'preview',
    start: startEmpty,
    hash: '#setup',
    reach: async (page) => {
      await toPreview(page);
      await page.locator('.md-details > summary').first().click();
      await page.locator('.md-details > summary').nth(1).click();
    },
  },
  {
    name: 'applying',
    start: startSlow,
    hash: '#setup',
    reach: async (page) => {
      await toApply(page);
      await page.getByText('waiting').first().waitFor();
    },
  },
  {
    name: 'applied',
    start: async () => {
      const router = await startEmpty();
      router.agent.script.set('wan_03', { state: 'failed', reason: { subsystem: 'pppoe', code: 'AUTH_TOPEER_FAILED' } });
      return router;
    },
    hash: '#setup',
    reach: async (page) => {
      await toApply(page);
      await page.getByText('3 of 4 links are up.').waitFor();
      await page.getByText('Applied and confirmed.').waitFor();
    },
  },
  {
    name: 'returned',
    start: startSlow,
    hash: '#setup',
    reach: async (page) => {
      await toApply(page);
      await button(page, 'Undo now').click();
      await button(page, 'Back to the form').waitFor();
    },
  },
  {
    name: 'expired',
    start: startDialed,
    hash: '#setup',
    reach: async (page, router) => {
      await page.getByRole('group', { name: 'Line wan' }).waitFor();
      router.expireSessions();
      await page.getByRole('dialog').waitFor();
    },
  },
  ...formScreens,
  ...wizardScreens,
  ...stateScreens,
];

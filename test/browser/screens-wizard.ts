// The screens of the wizard and the passport in telling states, and how to get there.
import type { Page } from 'playwright-core';
import { toNote } from '../../agent/src/contract/index.ts';
import type { Router } from './router.ts';
import { startDialed, startEmpty } from './scene.ts';
import type { Screen } from './screens.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** An empty router on which somebody dials, others route, and nft is missing. */
export async function startConflicting(): Promise<Router> {
  const router = await startEmpty();
  router.agent.pppoe = [{ name: 'dsl', device: 'eth0.2', username: 'user@isp', hasPassword: true }];
  router.watch.report = {
    findings: [
      { code: 'mwan3_first', severity: 'warning', details: { family: 'IPv4', rules: ['1001: from all iif wan lookup 1'] } },
      { code: 'nft_missing', severity: 'warning', details: { release: '22.03', install: 'opkg install' } },
      { code: 'default_outranks', severity: 'note', details: { family: 'IPv4', interface: 'dsl', device: 'pppoe-dsl', metric: 0, ours: 7 } },
      { code: 'clock_unset', severity: 'warning' },
    ],
    checked: ['ip'],
    skipped: [],
  };
  return router;
}

/** Answers what comes before that question. */
export async function toQuestion(page: Page, number: 2 | 3): Promise<void> {
  await page.getByRole('heading', { name: '1 of 3' }).waitFor();
  await button(page, 'Next').click();
  await page.getByRole('heading', { name: '2 of 3' }).waitFor();
  if (number === 2) return;
  await page.getByRole('textbox', { name: 'Account' }).fill('account@provider');
  await page.getByRole('textbox', { name: 'Password' }).fill('secret');
  await button(page, 'Next').click();
  await page.getByRole('heading', { name: '3 of 3' }).waitFor();
}

/** A router on which the test of a line has ended. */
export const startTested = async (): Promise<Router> => {
  const router = await startDialed();
  router.passport.finish();
  return router;
};

export const wizardScreens: Screen[] = [
  {
    name: 'wizard-port',
    start: startConflicting,
    hash: '#wizard',
    reach: async (page) => {
      await page.getByText('mwan3 is at work').waitFor();
      await page.getByRole('radio', { name: 'Choose a port' }).check();
      await page.getByRole('combobox', { name: 'Port' }).selectOption('lan4');
      await page.getByText('No cable is seen at lan4').waitFor();
    },
  },
  {
    name: 'wizard-account',
    start: startEmpty,
    hash: '#wizard',
    reach: async (page) => {
      await toQuestion(page, 2);
      await page.getByRole('textbox', { name: 'Password' }).fill('p');
      await button(page, 'Next').click();
      await page.getByText('Required.').waitFor();
    },
  },
  { name: 'wizard-sessions', start: startEmpty, hash: '#wizard', reach: (page) => toQuestion(page, 3) },
  {
    name: 'passport-question',
    start: startDialed,
    hash: '#passport',
    reach: async (page) => {
      await button(page, 'Test wan…').click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'passport-running',
    start: async () => {
      const router = await startTested();
      const { steps } = router.passport;
      router.passport.isStopped = true;
      router.passport.status = {
        state: 'running',
        line: 'wan',
        startedMs: router.agent.nowMs - 42_000,
        steps: [...steps.slice(0, 3), { ...toNote('alone_trying', { link: 'wan_02' }), state: 'running' }],
        problems: [],
      };
      return router;
    },
    hash: '#passport',
    reach: (page) => page.getByText('Dialing wan_02 alone').waitFor(),
  },
  { name: 'passport', start: startTested, hash: '#passport', reach: (page) => page.getByText('wan may have 2 sessions at once.').waitFor() },
];

// The forms of links, groups, pins and probes in telling states, and how to get there.
import type { Page } from 'playwright-core';
import type { Screen } from './screens.ts';
import { openKind, startSorted } from './sorted.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

export const formScreens: Screen[] = [
  {
    name: 'setup-links',
    start: startSorted,
    hash: '#setup',
    reach: async (page) => {
      await openKind(page, 'Links');
      await page.getByRole('textbox', { name: 'Weight of wan_02' }).fill('300');
      await page.locator('summary', { hasText: 'wan_02' }).click();
      await page.getByRole('textbox', { name: 'Password' }).fill('p');
    },
  },
  {
    name: 'setup-groups',
    start: startSorted,
    hash: '#setup',
    reach: async (page) => {
      await openKind(page, 'Groups');
      await page.locator('summary', { hasText: 'far' }).click();
      await page.getByText('Add a known name: Links').click();
      await page.getByRole('textbox', { name: 'Destinations' }).fill('10.0.0.0/40');
      await page.locator('.md-item').getByText('Advanced').click();
    },
  },
  {
    name: 'setup-pins',
    start: startSorted,
    hash: '#setup',
    reach: async (page) => {
      await openKind(page, 'Pins');
      await page.locator('summary', { hasText: 'guests' }).click();
      await button(page, 'Remove guests').click();
      await page.locator('summary', { hasText: 'work' }).click();
      await page.getByRole('textbox', { name: 'Protocol' }).fill('sctp');
      await button(page, 'Duplicate work').click();
    },
  },
  {
    name: 'setup-probes',
    start: startSorted,
    hash: '#setup',
    reach: async (page) => {
      await openKind(page, 'Probes');
      await page.locator('summary', { hasText: 'lines' }).click();
      await page.locator('.md-item').getByText('Advanced').click();
    },
  },
  {
    name: 'setup-general',
    start: startSorted,
    hash: '#setup',
    reach: async (page) => {
      await openKind(page, 'General');
      await page.getByText('Advanced').click();
    },
  },
];

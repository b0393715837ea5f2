// A router with groups, pins and a probe, the way to the forms of one kind, and from there to what is applied.
import type { Page } from 'playwright-core';
import type { Router } from './router.ts';
import { startDialed, wanLine } from './scene.ts';

/** Sections of the kinds stand mixed, as in a file that grew. */
export async function startSorted(): Promise<Router> {
  const router = await startDialed(
    wanLine(),
    { type: 'pin', name: 'work', options: { use: 'wan_01', src: ['192.168.1.7'] } },
    { type: 'group', name: 'far', options: { link: ['wan_01', 'wan_02'], dest: ['10.9.0.0/16'] } },
    { type: 'pin', name: 'console', options: { use: 'far', strict: '1', proto: ['udp'], dest_port: ['3074'] } },
    { type: 'pin', name: 'guests', options: { use: 'none', in: ['guest'] } },
    { type: 'probe', name: 'lines', options: { kind: 'dns', name: 'example.org' } },
  );
  return router;
}

/** From the forms to what was applied and confirmed. */
export async function applyChanges(page: Page, limitMs = 10_000): Promise<void> {
  await page.getByRole('button', { name: 'Preview changes', exact: true }).click();
  await page.getByRole('heading', { name: 'What will change' }).waitFor();
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByText('Applied and confirmed.').waitFor({ timeout: limitMs });
}

export async function openKind(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name, exact: true }).check();
  // The first of them is fetched.
  await page.locator('form .md-lead').waitFor();
}

// Whole flows on the page against the router of the lab, in a real browser: from a press to what the kernel, the provider and uci have of it.
// suite limit: 1500 s
// patient suite
import type { Page } from 'playwright-core';
import { equal, ok } from 'uvu/assert';
import { STORAGE_KEY } from '../browser/scene.ts';
import { ALL_UP, applyAndLook, button, headline, logIn, row, toForms, toScreen, Visit } from './browsing.ts';
import { LINKS } from './foreign.ts';
import { ALICE, type Lab } from './lab.ts';
import { holdFlows } from './measure.ts';
import type { Router } from './router.ts';
import { LOGIN } from './router-files.ts';
import { sharesOf } from './shares.ts';
import { labSuite, report } from './steps.ts';
import { INET, lanHosts } from './topology.ts';
import { login } from './ubus-http.ts';

const PINNED = INET.ipv4(50);

let visit: Visit;
let router: Router;
let page: Page;

/** The members of the balanced groups and their weights in the kernel, IPv4 and IPv6. */
const groupsOf = async (lab: Lab): Promise<string[]> =>
  [...(await lab.must('ip nexthop show proto 77')).matchAll(/^id 7710[46]\d+ group (\S+)/gm)].map(([, members = '']) => members);
const weighed = (family: 4 | 6, weights: readonly number[]): string =>
  weights.map((weight, index) => `7700${family}00${index + 1}${weight > 1 ? `,${weight}` : ''}`).join('/');

async function setWeight(lab: Lab, on: Page, link: string, weight: number, expected: readonly number[]): Promise<void> {
  await toForms(on, 'Links');
  await on.getByRole('textbox', { name: `Weight of ${link}` }).fill(String(weight));
  await applyAndLook(on);
  equal(await groupsOf(lab), [weighed(4, expected), weighed(6, expected)]);
  await row(on, link).getByText(`weight ${weight}`).waitFor();
  const percent = Math.round((100 * weight) / expected.reduce((sum, each) => sum + each));
  await on.locator('.md-route', { hasText: 'IPv4 default' }).getByRole('listitem').filter({ hasText: link }).getByText(`${percent} %`).waitFor();
}

/** Drains a link by its panel while connections live; it gets none until they are over, is dialed anew and carries traffic again. */
async function drain(lab: Lab, on: Page, link: string): Promise<void> {
  const addressOf = async () => (await router.status()).links.find(({ name }) => name === link)?.ipv4[0] ?? '';
  const before = await addressOf();
  const held = await holdFlows(lab, 'tcp', 60, { netns: 'lan' });
  await button(on, link).click();
  await button(on, 'Drain').click();
  await headline(on, `3 of 4 links carry traffic. ${link} drains.`);
  await row(on, link).getByText('no new connections').waitFor();
  const shares = await sharesOf(lab, router, 200);
  report(`while ${link} drains 200 new flows go ${JSON.stringify(shares)}`);
  equal(shares[link], undefined);
  equal(await addressOf(), before, 'it waits for the transfers');
  const { opened: count, lost } = await held.stop();
  equal([count, lost], [60, 0]);
  await lab.until('it was dialed anew', async () => !['', before].includes(await addressOf()), 120_000, 500);
  await headline(on, ALL_UP);
  await button(on, 'Close').click();
}

labSuite('page-flows', { after: async () => visit?.end() }, (step) => {
  step('shows four links to whoever logs in', async (lab) => {
    visit = await Visit.begin(lab);
    router = visit.router;
    page = await visit.open('/multidial/');
    await logIn(page);
    await headline(page, ALL_UP);
  });

  step('gives a link three times the weight of the others, in the kernel and on the wire', async (lab) => {
    await setWeight(lab, page, 'wan_02', 3, [1, 3, 1, 1]);
    const shares = await sharesOf(lab, router, 300);
    report(`300 new flows go ${JSON.stringify(shares)}`);
    ok((shares['wan_02'] ?? 0) > 110, JSON.stringify(shares));
  });

  step('pins a destination to a link, and tells by which pin a connection takes it', async (lab) => {
    await toForms(page, 'Pins');
    await button(page, 'Add a pin').click();
    const form = page.locator('.md-item', { hasText: 'new' });
    await form.getByRole('textbox', { name: 'Name', exact: true }).fill('office');
    await form.getByRole('combobox', { name: 'Use' }).selectOption('wan_03');
    await form.getByRole('textbox', { name: 'Destination', exact: true }).fill(`${PINNED}/32`);
    await applyAndLook(page);
    await toScreen(page, 'Why?');
    await page.getByRole('textbox', { name: 'Source address' }).fill(lanHosts.lan);
    await page.getByRole('textbox', { name: 'Destination address' }).fill(PINNED);
    await button(page, 'Ask').click();
    await page.getByText('It takes link wan_03, by pppoe-wan_03').waitFor();
    await page.getByText('Pin office decides.').waitFor();
    equal(await sharesOf(lab, router, 40, { host: 50 }), { wan_03: 40 });
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
    await toScreen(page, 'Overview');
  });

  step('drains a link: shown so, without a new connection, dialed anew and back', (lab) => drain(lab, page, 'wan_04'));

  step('tells a wrong password in words, and a right one brings the link back at once', async (lab) => {
    await toForms(page, 'Links');
    await button(page, 'Add a link').click();
    const form = page.locator('.md-item', { hasText: 'new' });
    await form.getByRole('combobox', { name: 'Name', exact: true }).fill('wan_03');
    await form.getByLabel('Account', { exact: true }).fill(ALICE.user);
    await form.getByLabel('Password', { exact: true }).fill('looking-glass');
    await applyAndLook(page);
    await headline(page, '3 of 4 links carry traffic. wan_03 waits: The provider refused the account.');
    await row(page, 'wan_03').getByText('Not dialed for another').waitFor();
    await row(page, 'wan_03').getByText('Check account and password.').waitFor();
    const left = JSON.parse(await lab.read('/var/run/multidial/held')) as { wan_03: { untilMs: number } };
    await toForms(page, 'Links');
    await page.locator('summary', { hasText: 'wan_03' }).click();
    await page.getByLabel('Password', { exact: true }).fill(ALICE.password);
    await applyAndLook(page);
    await headline(page, ALL_UP);
    ok((await router.status()).atMs < left.wan_03.untilMs, 'nobody waited for the end of the hold');
  });

  step('asks for a login where the session is gone, and keeps what was typed', async (lab) => {
    await toForms(page, 'Pins');
    await page.locator('summary', { hasText: 'office' }).click();
    const source = page.getByRole('textbox', { name: 'Source', exact: true });
    await source.fill('192.168.1.7');
    const session = await page.evaluate(`sessionStorage['${STORAGE_KEY}']`);
    await lab.must(['ubus', 'call', 'session', 'destroy', JSON.stringify({ ubus_rpc_session: session })]);
    const dialog = page.getByRole('dialog', { name: 'Your session has expired' });
    await dialog.waitFor();
    equal(await page.getByRole('alert').count(), 0, 'it asks, and complains of nothing');
    await logIn(page);
    await dialog.waitFor({ state: 'detached' });
    equal(await source.inputValue(), '192.168.1.7');
    await source.press('End');
    await page.keyboard.type('7');
    equal(await source.inputValue(), '192.168.1.77');
    await button(page, 'Discard changes').click();
    await toScreen(page, 'Overview');
    await headline(page, ALL_UP);
  });

  step('in LuCI: shows four links by LuCI’s session, sets a weight, drains', async (lab) => {
    const luci = await visit.open(`/luci/index.html?session=${await login(lab, LOGIN.username, LOGIN.password)}`);
    await headline(luci, ALL_UP);
    equal(await luci.locator('tbody .md-state-up').count(), LINKS.length);
    equal(await luci.getByRole('button', { name: 'Log out' }).count(), 0);
    await setWeight(lab, luci, 'wan_02', 2, [1, 2, 1, 1]);
    await drain(lab, luci, 'wan_01');
    equal(await luci.title(), 'bench - Multidial - LuCI');
    await luci.close();
  });

  step('throws no error on the way', async () => equal(visit.errors(), []));
});

// Our section on LuCI's Status → Overview, in a page that treats its includes as LuCI does, before 21.02 and since.
// suite limit: 120 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { readCatalog } from '../../tools/catalogs/catalogs.ts';
import { luciKey } from '../../tools/catalogs/lmo.ts';
import { CONTEXT, luciSentences, toLuciCatalog } from '../../tools/catalogs/luci.ts';
import { test } from '../limit.ts';
import { lookUp } from '../lmo.ts';
import { inPairs } from './ahead.ts';
import { overflowing, violations } from './checks.ts';
import { openPage, startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { startDialed, startEmpty } from './scene.ts';
import { startWatched } from './watched.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

const paired = inPairs(test);
const IMG = '<img src=x onerror="window.owned=1">';

/** `words`: LuCI's table of words, by context and sentence. */
type Visit = { form?: 'rejects' | 'skips'; mayWrite?: boolean; words?: Record<string, string> };

async function onOverview(
  start: () => Promise<Router>,
  { form = 'skips', mayWrite = true, words }: Visit,
  body: (page: Page, router: Router) => Promise<void>,
) {
  const router = await start();
  const { page, errors, close } = await openPage(browser);
  try {
    if (words) await page.addInitScript(`window.TR = ${JSON.stringify(words)}`);
    await page.goto(`${router.url}/luci/overview.html?form=${form}&session=${router.openSession(mayWrite)}`);
    await body(page, router);
    assert.equal(errors, []);
  } finally {
    await close();
    await router.stop();
  }
}

const section = (page: Page) => page.locator('.cbi-section');
const polled = (page: Page, times: number) => page.waitForFunction(`window.polls >= ${times}`);
const callsOf = (router: Router) => router.seen.flatMap(({ calls }) => calls.map(({ object, method }) => `${object} ${method}`));

paired('in Chinese it has the words of its package, and none is left in English', () => {
  const lmo = toLuciCatalog(readCatalog('zh_Hans'));
  const keys = luciSentences().ids.map((id) => luciKey(id, CONTEXT));
  return onOverview(startWatched, { words: Object.fromEntries(keys.map((key) => [key, lookUp(lmo, key) ?? ''])) }, async (page) => {
    await section(page).getByText('6 条链路中有 2 条在承载流量。').waitFor();
    for (const row of ['wan_01 在线 正在承载流量', 'wan_02 暂缓拨号 –', 'wan_03 没有应答 –', 'wan_04 已暂停 –', 'wan_05 排空中 –'])
      assert.is(await page.getByRole('row', { name: row }).count(), 1, row);
    assert.is(await page.getByRole('link', { name: '详情' }).count(), 1);
  });
});

for (const form of ['rejects', 'skips'] as const) {
  paired(`says how many links carry traffic, each link’s state and the rates (overview that ${form})`, () =>
    onOverview(startDialed, { form }, async (page, router) => {
      router.agent.script.set('wan_02', { state: 'failed', reason: { subsystem: 'pppoe', code: 'AUTH_TOPEER_FAILED' } });
      await page.getByRole('heading', { name: 'Multidial' }).waitFor();
      await section(page).getByText('3 of 4 links carry traffic.').waitFor();
      await section(page)
        .getByText(/↓ \d+\.\d Mbit\/s ↑ \d+\.\d Mbit\/s/)
        .waitFor();
      assert.is(await page.getByRole('row', { name: 'wan_02 failed –' }).count(), 1);
      assert.is(await page.getByRole('row', { name: 'wan_03 up carries traffic' }).count(), 1);
      assert.is(await page.getByRole('link', { name: 'Details' }).getAttribute('href'), '/cgi-bin/luci/admin/network/multidial');
      assert.equal([...new Set(callsOf(router))], ['multidial status']);
      assert.ok(router.seen.every(({ calls }) => calls.length === 1));
    }),
  );

  paired(`nothing is shown, and nothing fails, without rights; the refusal is not asked for again (overview that ${form})`, () =>
    onOverview(
      async () => {
        const router = await startDialed();
        router.intercept = ({ object }) => (object === 'multidial' ? { code: -32002, message: 'Access denied' } : undefined);
        return router;
      },
      { form },
      async (page, router) => {
        await polled(page, 4);
        assert.not.ok(await section(page).isVisible());
        assert.equal(callsOf(router), ['multidial status', 'session access']);
        assert.is(await page.locator('.modal').count(), 0);
      },
    ),
  );
}

paired('nothing is shown while no line is set up, and a line that is set up appears by itself', () =>
  onOverview(startEmpty, {}, async (page, router) => {
    await polled(page, 3);
    assert.not.ok(await section(page).isVisible());
    router.config.sections.push({ type: 'line', name: 'wan', options: { device: 'wan', sessions: '2', username: 'u', password: 'p' } });
    router.agent.derive();
    await section(page).getByText('2 of 2 links carry traffic.').waitFor();
    router.config.sections.pop();
    router.agent.derive();
    await section(page).getByText('No line is set up yet.').waitFor();
    assert.is(await page.getByRole('row').count(), 0);
  }),
);

paired('a router that is gone for some polls is asked again', () =>
  onOverview(startDialed, { form: 'rejects', mayWrite: false }, async (page, router) => {
    await section(page).getByText('4 of 4 links carry traffic.').waitFor();
    router.isGone = true;
    await page.waitForTimeout(700);
    router.agent.script.set('wan_01', { state: 'down' });
    router.isGone = false;
    await section(page).getByText('3 of 4 links carry traffic.').waitFor();
  }),
);

paired('each trouble has a word and a shape, names stay text, and it fits 360 px, light and dark', () =>
  onOverview(startWatched, {}, async (page, router) => {
    for (const [link, row] of [
      ['wan_02', 'wan_02 waits –'],
      ['wan_03', 'wan_03 no answer –'],
      ['wan_04', 'wan_04 paused –'],
      ['wan_05', 'wan_05 drains –'],
      ['wan_06', 'wan_06 no answer carries traffic'],
    ] as const) {
      await page.getByRole('row', { name: row }).waitFor();
      assert.match((await page.getByRole('row', { name: link }).textContent()) ?? '', /[▲■◒]/);
    }
    const { status } = router.agent;
    router.agent.status = () => {
      const real = status.call(router.agent);
      const named = [IMG, `\u202e"'&amp;`, 'x'.repeat(300)];
      return {
        ...real,
        links: real.links.map((link, place) => ({ ...link, name: named[place] ?? link.name, state: place === 1 ? (IMG as 'up') : link.state })),
      };
    };
    await section(page).getByText(IMG).first().waitFor();
    assert.equal(await page.evaluate(`[window.owned, document.images.length]`), [undefined, 0]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 360, height: 740 });
      assert.equal(await overflowing(page), []);
      assert.equal(await violations(page, '.cbi-section > div'), []);
    }
  }),
);

test.run();

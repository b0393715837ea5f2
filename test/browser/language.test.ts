// The page in Chinese, by itself and in LuCI: no English left on its screens, one catalog fetched, and English where there is none.
// suite limit: 180 s
// patient suite
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { overflowing, violations } from './checks.ts';
import { openPage, startChromium } from './chromium.ts';
import type { Router } from './router.ts';
import { startDialed, startEmpty, STORAGE_KEY } from './scene.ts';
import { startConflicting, startTested } from './screens-wizard.ts';
import { startSorted } from './sorted.ts';
import { startEventful, startUnwell, startWatched } from './watched.ts';

let browser: Browser;
test.before(async () => {
  browser = await startChromium();
});
test.after(() => browser.close());

type Options = { locale: string; path?: string; before?: (page: Page) => Promise<unknown> };

async function withReader(start: () => Promise<Router>, { locale, path = '/multidial/', before }: Options, body: (page: Page) => Promise<void>): Promise<void> {
  const router = await start();
  const { page, errors, close } = await openPage(browser, { locale });
  try {
    const session = router.openSession();
    await page.addInitScript(`sessionStorage['${STORAGE_KEY}'] ??= '${session}'`);
    await before?.(page);
    await page.goto(`${router.url}${path.replace('SESSION', session)}`);
    await body(page);
    assert.equal(errors, []);
  } finally {
    await close();
    await router.stop();
  }
}

const catalogsOf = (page: Page): Promise<string[]> =>
  page.evaluate(`performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((path) => path.includes('/lang/'))`);

/** Words of Latin letters that are no names, commands or codes: what is shown, and what is only read aloud. */
const english = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const names = /^(?:multidial|netifd|pppd|Ctrl\\+C|Host-Uniq|PPPoE|IPv[46]|NAT66?|TCP|UDP|ICMP|MTU|MAC|LAN|[kMG]?bit\\/s|root|wan|lan|dsl|work|console|guests|far|lines|globals)$/;
    const isWord = (word) => /^[A-Za-z’]{2,}[.,:;?!…]?$/.test(word) && !names.test(word.replace(/[.,:;?!…]$/, ''));
    const texts = [];
    const root = document.querySelector('.multidial');
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest('code, pre')) texts.push(walker.currentNode.data);
    for (const name of ['aria-label', 'title', 'placeholder']) for (const element of root.querySelectorAll('[' + name + ']')) texts.push(element.getAttribute(name));
    // One word alone may be a name of a link or an option in a sentence; two in a row, or one that is all there is, are English.
    return texts.map((text) => text.trim()).filter((text) => {
      const words = text.split(/\\s+/);
      return words.some((word, place) => isWord(word) && (words.length === 1 || (isWord(words[place + 1] ?? '') && !/\\p{Script=Han}/u.test(text))));
    });
  })()`);

const openAll = `for (const details of document.querySelectorAll('details')) details.open = true`;

type Scene = [name: string, start: () => Promise<Router>, hash: string, reach: (page: Page) => Promise<unknown>];
const scenes: Scene[] = [
  ['an empty overview', startEmpty, '', (page) => page.getByRole('button', { name: '设置一条线路' }).waitFor()],
  ['an overview with all troubles', startWatched, '', (page) => page.getByText('wan_02 暂缓拨号：运营商拒绝了账号。').waitFor()],
  [
    'a link',
    startDialed,
    '',
    async (page) => {
      await page.getByRole('button', { name: 'wan_01', exact: true }).click();
      await page.getByText('延迟和丢包').waitFor();
      await page.locator('.md-plane').nth(1).waitFor();
    },
  ],
  ['events', startEventful, '#events', (page) => page.getByText('wan_04 拨号失败：运营商拒绝了账号。').waitFor()],
  ['the doctor', startUnwell, '#doctor', (page) => page.getByText('3 个错误、2 个警告、1 个提示').waitFor()],
  [
    'why',
    startDialed,
    '#why',
    async (page) => {
      await page.getByRole('textbox', { name: '源地址' }).fill('192.168.1.7');
      await page.getByRole('textbox', { name: '目标地址' }).fill('203.0.113.5');
      await page.getByRole('button', { name: '查询' }).click();
      await page.getByText('它走链路 wan_02').waitFor();
    },
  ],
  [
    'mistakes in the setup',
    startDialed,
    '#setup',
    async (page) => {
      await page.getByRole('textbox', { name: '会话数' }).fill('400');
      await page.getByRole('button', { name: '预览更改' }).click();
      await page.getByText('必须是：1 到 64 之间的整数。').waitFor();
    },
  ],
  [
    'a preview',
    startDialed,
    '#setup',
    async (page) => {
      await page.getByRole('textbox', { name: '会话数' }).fill('6');
      await page.getByRole('button', { name: '预览更改' }).click();
      await page.getByText('应用后的变化：').waitFor();
    },
  ],
  [
    'chosen links',
    startDialed,
    '',
    async (page) => {
      await page.getByRole('checkbox', { name: '选择全部链路' }).check();
      await page.getByRole('button', { name: '重新拨号 (4)…' }).click();
      await page.getByText('4 条链路会逐条断开').waitFor();
    },
  ],
  [
    'the first question of the wizard',
    startConflicting,
    '#wizard',
    async (page) => {
      await page.getByText('mwan3 正在 IPv4 中工作').waitFor();
      await page.getByText('沿用已在 eth0.2 上拨号的 dsl').waitFor();
    },
  ],
  [
    'the last question of the wizard',
    startEmpty,
    '#wizard',
    async (page) => {
      await page.getByRole('button', { name: '下一步' }).click();
      await page.getByRole('textbox', { name: '账号' }).fill('account@provider');
      await page.getByRole('textbox', { name: '密码' }).fill('secret');
      await page.getByRole('button', { name: '下一步' }).click();
      await page.getByRole('heading', { name: '第 3/3 步 同时拨多少个会话？' }).waitFor();
    },
  ],
  ['a passport', startTested, '#passport', (page) => page.getByText('wan 可以同时拨 2 个会话。').waitFor()],
  ['the routes', startDialed, '#routes', (page) => page.getByRole('heading', { name: '下一跳对象' }).waitFor()],
  ...(['链路', '组', '固定规则', '探测', '全局'] as const).map(
    (kind): Scene => [
      `the setup's ${kind}`,
      startSorted,
      '#setup',
      async (page) => {
        await page.getByRole('radio', { name: kind, exact: true }).check();
        await page.locator('form .md-lead').waitFor();
        // What is closed has no form yet.
        for (const summary of await page.locator('.md-item summary').all()) if (kind !== '全局') await summary.click();
      },
    ],
  ),
];
for (const [name, start, hash, reach] of scenes) {
  test(`${name} is all Chinese, accessible, and fits 360 px`, () =>
    withReader(start, { locale: 'zh-CN', path: `/multidial/${hash}` }, async (page) => {
      await reach(page);
      await page.evaluate(openAll);
      assert.equal(await english(page), []);
      assert.is(await page.evaluate('document.documentElement.lang'), 'zh-CN');
      assert.equal(await catalogsOf(page), ['/luci-static/resources/multidial/lang/zh_Hans.js']);
      await page.setViewportSize({ width: 360, height: 740 });
      assert.equal(await overflowing(page), []);
      assert.equal(await violations(page), []);
    }));
}

test('nothing is shown before its words are known', () =>
  withReader(
    startDialed,
    { locale: 'zh-CN', before: (page) => page.route('**/lang/*', (route) => setTimeout(() => void route.continue(), 700)) },
    async (page) => {
      assert.is(await page.evaluate(`document.getElementById('multidial').childElementCount`), 0);
      await page.getByText('全部 4 条链路都在承载流量。').waitFor();
    },
  ));

test('where the language’s package is not installed the page speaks English', () =>
  withReader(startDialed, { locale: 'zh-CN', before: (page) => page.route('**/lang/*', (route) => route.fulfill({ status: 404 })) }, async (page) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    assert.is(await page.evaluate('document.documentElement.lang'), 'en');
  }));

for (const [locale, lang] of [
  ['en-GB', 'en-GB'],
  ['zh-TW', 'en'],
  ['fr', 'en'],
] as const) {
  test(`a reader of ${locale} gets English, and no catalog is fetched`, () =>
    withReader(startDialed, { locale }, async (page) => {
      await page.getByText('All 4 links carry traffic.').waitFor();
      assert.is(await page.evaluate('document.documentElement.lang'), lang);
      assert.equal(await catalogsOf(page), []);
    }));
}

const luci = (lang: string): string => `/luci/index.html?session=SESSION&lang=${lang}`;

test('in LuCI it speaks LuCI’s language, not the browser’s', () =>
  withReader(startWatched, { locale: 'en-US', path: luci('zh-cn') }, async (page) => {
    await page.getByText('wan_02 暂缓拨号：运营商拒绝了账号。').waitFor();
    await page.evaluate(openAll);
    assert.equal(await english(page), []);
    assert.equal(await page.evaluate(`[document.documentElement.lang, document.querySelector('.multidial').closest('[lang]').lang]`), ['zh-cn', 'zh-CN']);
    assert.equal(await violations(page, '.multidial'), []);
  }));

test('in a LuCI whose language there is none of it speaks English, and says so to screen readers', () =>
  withReader(startDialed, { locale: 'zh-CN', path: luci('de') }, async (page) => {
    await page.getByText('All 4 links carry traffic.').waitFor();
    assert.equal(await page.evaluate(`[document.documentElement.lang, document.querySelector('.multidial').closest('[lang]').lang]`), ['de', 'en']);
    assert.equal(await catalogsOf(page), []);
  }));

test.run();

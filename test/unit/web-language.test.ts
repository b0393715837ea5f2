// The page in another language: which one, how many forms, numbers, and what the agent says in words.
import * as assert from 'uvu/assert';
import { checkSection, fill, schema, whySentences, type ConfigSection, type SectionType } from '../../agent/src/contract/index.ts';
import { readCatalog, toModule } from '../../tools/catalogs/catalogs.ts';
import { describeReason } from '../../web/src/model/answer.ts';
import { describeExpected } from '../../web/src/model/expected.ts';
import { formatList, formatNumber, joinSentences, rateText } from '../../web/src/model/format.ts';
import { chooseLanguage } from '../../web/src/model/language.ts';
import { latencyText, percentText } from '../../web/src/model/link-words.ts';
import { t, tn, useCatalog, type Catalog } from '../../web/src/t.ts';
import { suite } from '../limit.ts';

const choice = suite('which language');
const rows: [wanted: string[], catalog: string | undefined, tag: string][] = [
  [['zh-CN', 'en'], 'zh_Hans', 'zh-CN'],
  [['zh-cn'], 'zh_Hans', 'zh-CN'],
  [['zh_Hans'], 'zh_Hans', 'zh-Hans'],
  [['zh'], 'zh_Hans', 'zh'],
  [['zh-SG'], 'zh_Hans', 'zh-SG'],
  [['zh-TW', 'zh', 'en-US', 'en'], undefined, 'en-US'],
  [['zh-Hant'], undefined, 'en'],
  [['zh-HK', 'zh-CN'], 'zh_Hans', 'zh-CN'],
  [['en-GB', 'zh-CN'], undefined, 'en-GB'],
  [['fr', 'pt-BR'], 'pt_BR', 'pt-BR'],
  [['', 'auto', 'not a tag'], undefined, 'en'],
  [[], undefined, 'en'],
];
for (const [wanted, catalog, tag] of rows) {
  choice(`${wanted.join(', ') || 'nothing'} → ${catalog ?? 'English'}`, () =>
    assert.equal(chooseLanguage(wanted, ['pt_BR', 'zh_Hans']), { ...(catalog ? { catalog } : {}), tag }),
  );
}
choice.run();

const words = suite('words');
words.after.each(() => useCatalog({}));

words('what is counted takes the form that the catalog says, here of Polish', () => {
  const plural = (n: number): number => (n === 1 ? 0 : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2);
  useCatalog({ '{count} link': ['{count} łącze', '{count} łącza', '{count} łączy'] }, { tag: 'pl', plural });
  assert.equal(
    [1, 2, 5, 12, 22].map((count) => tn(count, '{count} link', '{count} links')),
    ['1 łącze', '2 łącza', '5 łączy', '12 łączy', '22 łącza'],
  );
});
words('what a catalog lacks stays English, with its own two forms', () => {
  useCatalog({}, { tag: 'zh-CN' });
  assert.equal(
    [1, 2].map((count) => tn(count, '{count} link', '{count} links')),
    ['1 link', '2 links'],
  );
  assert.is(t('Loss'), 'Loss');
});
words('numbers are written as in the language', () => {
  useCatalog({}, { tag: 'de' });
  assert.equal([rateText(9_670_000), percentText(2.5), latencyText(3.06), formatNumber(12_345.6, 1)], ['9,67 Mbit/s', '2,5 %', '3,1 ms', '12345,6']);
  useCatalog({});
  assert.equal([rateText(9_670_000), percentText(0), latencyText(31.4)], ['9.67 Mbit/s', '0 %', '31 ms']);
});
words('lists and sentences are joined as in the language', () => {
  assert.is(formatList(['1 error', '2 warnings', '3 notes']), '1 error, 2 warnings, 3 notes');
  assert.is(joinSentences(['One.', false, undefined, '', 'Two.']), 'One. Two.');
  assert.is(joinSentences(['一。', '二。']), '一。二。');
});
words.run();

/** What a form may be told about: values that each option refuses, and names. */
function refusals(): string[] {
  const found = new Set<string>();
  for (const type of Object.keys(schema) as SectionType[]) {
    for (const option of Object.keys(schema[type])) {
      for (const value of ['\u0001', 'x'.repeat(300), '-', '999999', Array.from({ length: 200 }, () => '1')]) {
        const section: ConfigSection = { type, name: 'a-b', options: { [option]: value } };
        for (const { details } of checkSection(section)) for (const each of [details?.['expected'], details?.['got']]) found.add(String(each));
      }
    }
  }
  return [...found].filter((text) => /[a-z]{3} [a-z]/.test(text));
}

const chinese = suite('Chinese');
chinese.before(async () => {
  const module = (await import(`data:text/javascript,${encodeURIComponent(toModule(readCatalog('zh_Hans')))}`)) as { sentences: Catalog };
  useCatalog(module.sentences, { tag: 'zh-CN' });
});
chinese.after(() => useCatalog({}));
chinese('there is something to say', () => assert.ok(refusals().length > 20));
chinese('whatever a value must be is said in Chinese', () => {
  for (const text of refusals()) assert.match(describeExpected(text), /\p{Script=Han}/u);
});
chinese('figures stay in it, and choices and typed words stay what they are', () => {
  assert.is(describeExpected('a whole number from 576 to 9000'), '576 到 9000 之间的整数');
  assert.is(describeExpected('off, nat, native'), 'off, nat, native');
});
chinese('each step of "why" is said in Chinese, with what was filled in, and none is taken for another', () => {
  for (const [step, sentence] of Object.entries(whySentences)) {
    const fields = Object.fromEntries([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, `<${name}>`]));
    assert.is(describeReason(fill(sentence, fields)), t(sentence, fields), step);
    assert.match(describeReason(fill(sentence, fields)), /\p{Script=Han}/u);
  }
  assert.is(describeReason('A newer agent says something else.'), 'A newer agent says something else.');
});
chinese.run();

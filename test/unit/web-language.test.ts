// The page in another language: which one, how many forms, numbers, and what the agent says in words.
import * as assert from 'uvu/assert';
import {
  checkMessages,
  checkSection,
  explain,
  findings,
  messages,
  passportSentences,
  purposes,
  schema,
  skipReasons,
  toNote,
  toPurpose,
  toReason,
  toTold,
  whySentences,
  type ConfigSection,
  type SectionType,
} from '../../agent/src/contract/index.ts';
import { readCatalog, toModule } from '../../tools/catalogs/catalogs.ts';
import { describeReason } from '../../web/src/model/answer.ts';
import { describeFinding, describeSkipped } from '../../web/src/model/doctor-words.ts';
import { describeExpected } from '../../web/src/model/expected.ts';
import { formatList, formatNumber, joinSentences, rateText } from '../../web/src/model/format.ts';
import { chooseLanguage } from '../../web/src/model/language.ts';
import { latencyText, percentText } from '../../web/src/model/link-words.ts';
import { describePassport } from '../../web/src/model/passport-words.ts';
import { describeRow } from '../../web/src/model/routes-words.ts';
import { describeProblem } from '../../web/src/model/sentences.ts';
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
/** A detail of each name that a sentence has, by which it can be told that it was filled in. */
const detailsOf = (sentence: string): Record<string, string> =>
  Object.fromEntries([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, `<${name}>`]));
const each = <C extends string>(table: Record<C, string>, say: (code: C, details: Record<string, string>) => string): [string, string][] =>
  (Object.entries(table) as [C, string][]).map(([code, sentence]) => [sentence, say(code, detailsOf(sentence))]);

for (const [what, said] of [
  ['a complaint', () => each({ ...checkMessages, ...messages }, (code, details) => describeProblem(toTold({ code, severity: 'error', ...details, details })))],
  ['a step of "why"', () => each(whySentences, (code, details) => describeReason(toReason(code, details)))],
  ['a purpose', () => each(purposes, (code, details) => describeRow({ owner: 'ours', words: '', purpose: toPurpose(code, details) }))],
  ['a reason why a check was left out', () => each(skipReasons, (reason) => describeSkipped({ check: 'ip', reason, text: skipReasons[reason] }))],
  ...(['what', 'why'] as const).map((part): [string, () => [string, string][]] => [
    `the ${part} of a finding`,
    () =>
      Object.entries(findings).map(([code, parts]) => {
        const finding = { code: code as keyof typeof findings, severity: 'note' as const, details: detailsOf(parts[part]) };
        return [parts[part], describeFinding(explain(finding))[part]];
      }),
  ]),
] as [string, () => [string, string][]][]) {
  chinese(`${what} is said in Chinese, whichever it is, with what was filled in`, () => {
    for (const [sentence, text] of said()) {
      assert.match(text, /\p{Script=Han}/u, sentence);
      assert.equal([...new Set(text.match(/<\w+>/g))].toSorted(), Object.values(detailsOf(sentence)).toSorted(), sentence);
    }
  });
}
chinese('a note of the passport is said in Chinese, whichever it is', () => {
  for (const [sentence, text] of each(passportSentences, (code, details) => describePassport(toNote(code, details)))) {
    assert.match(text, /\p{Script=Han}/u, sentence);
    assert.not.match(text, /[{}]/);
  }
});
chinese('what a newer agent says stays English', () => {
  assert.is(describeReason({ code: 'newer' as 'known', details: {}, text: 'A newer agent says this.' }), 'A newer agent says this.');
  assert.is(describeProblem({ code: 'newer' as 'busy', severity: 'error', message: 'It says that, too.' }), 'It says that, too.');
});
chinese.run();

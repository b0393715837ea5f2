// The catalogs: up to date with the sources, whole, and true to their sentences; and nothing visible that is in none.
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { findings } from '../../agent/src/contract/index.ts';
import { languages, merge, readCatalog, templatePath, toModule } from '../../tools/catalogs/catalogs.ts';
import { extractFrom, makeTemplate, pageSources } from '../../tools/catalogs/extract.ts';
import { catalogFaults, missing } from '../../tools/catalogs/faults.ts';
import { parsePo, pluralForms, renderPo, type Entry } from '../../tools/catalogs/po.ts';
import { untranslated } from '../../tools/catalogs/visible.ts';
import { toParts } from '../../web/src/model/commands.ts';
import { suite } from '../limit.ts';

const catalogs = suite('catalogs');
const { template, entries, faults } = makeTemplate();

catalogs('every call of t() and tn() can be extracted', () => {
  assert.ok(entries.length > 500);
  assert.equal(faults, []);
});

catalogs('the template is what the sources say (else: make catalogs)', () => assert.ok(readFileSync(templatePath, 'utf8') === template));

for (const language of languages()) {
  const catalog = readCatalog(language);
  catalogs(`${language} is up to date (else: make catalogs)`, () =>
    assert.equal(
      catalog.entries.map(({ id }) => id),
      entries.map(({ id }) => id),
    ),
  );
  catalogs(`${language} has every sentence`, () =>
    assert.equal(
      missing(catalog).map(({ id }) => id),
      [],
    ),
  );
  catalogs(`${language} fills in the names that the sentence has`, () => assert.equal(catalogFaults(catalog), []));
  catalogs(`${language} has the same commands to copy`, () => {
    const commandsIn = (text: string): string[] => toParts(text).flatMap((part) => (part.isCommand ? [part.text] : []));
    const mends = new Set(Object.values(findings).map(({ mend }) => mend));
    const mending = catalog.entries.filter(({ id }) => mends.has(id));
    assert.ok(mending.length > 40);
    for (const { id, texts } of mending) for (const text of texts) assert.equal(commandsIn(text), commandsIn(id), text);
  });
}

catalogs('nothing that people see is outside of t()', () => {
  // Of a fault in the transport only the kind is put into words; what it holds is for whoever looks closer.
  const technical = ['web/src/ubus/', 'web/src/model/commands.ts'];
  const found = pageSources().flatMap(({ path, text }) => (technical.some((prefix) => path.startsWith(prefix)) ? [] : untranslated(path, text)));
  assert.equal(found, []);
});
catalogs.run();

const extraction = suite('extraction');
const T = `import { t, tn } from '../t.ts';\n`;
const idsOf = (code: string): string[] => extractFrom('a.tsx', T + code).sentences.map(({ id }) => id);

const forms: [name: string, code: string, ids: string[]][] = [
  ['a literal', `const f = () => t('One.');`, ['One.']],
  ['several lines put together', `const f = () => t('One ' +\n  "and " +\n  \`two\`);`, ['One and two']],
  ['a choice', `const f = (a) => t(a ? 'One' : 'Two', { a });`, ['One', 'Two']],
  ['a call in JSX', `const F = () => <p title={t('One')}>{t('Two')}</p>;`, ['One', 'Two']],
  ['a table', `const words = { a: 'One', b: 'Two' } as const;\nconst f = (x) => t(words[x]);`, ['One', 'Two']],
  ['a field of a table', `const rows = [{ id: 'no', label: 'One' }];\nconst f = () => rows.map((row) => t(row.label));`, ['One']],
  ['what is taken out of a row', `const rows = { a: { label: 'One', no: 'x' } };\nconst f = (x) => { const { label } = rows[x]; return t(label); };`, ['One']],
  ['a list that is gone through', `const f = () => { for (const each of ['One', 'Two']) t(each); };`, ['One', 'Two']],
  ['a marked table', `/** English is the key for t(). */\nconst all = ['One'];\nconst f = (x) => t(x);`, ['One']],
];
for (const [name, code, ids] of forms) {
  extraction(`finds ${name}`, () => {
    assert.equal(idsOf(code), ids);
    assert.equal(extractFrom('a.tsx', T + code).faults, []);
  });
}
extraction('finds a table of another file', () => {
  const { sentences, faults } = extractFrom(
    'web/src/screens/a.tsx',
    `${T}import { topics as all } from '../model/timeline.ts';\nconst f = (x) => t(all.answers[x]);`,
  );
  assert.equal([sentences.map(({ id }) => id), faults], [['alive', 'dead', 'held', 'released'], []]);
});
extraction('takes both forms of what is counted', () => {
  assert.equal(extractFrom('a.ts', `${T}const f = (n) => tn(n, '{count} link', '{count} links');`).sentences, [
    { id: '{count} link', plural: '{count} links', from: 'a.ts' },
  ]);
});
extraction('says where it can’t tell, and what runs too early', () => {
  assert.match(extractFrom('a.ts', `${T}const f = (x) => t(x);`).faults.join(), "a.ts:2: can't tell what t() is given");
  assert.match(extractFrom('a.ts', `${T}const early = t('One');`).faults.join(), 'a.ts:2: runs before the language is known');
});
extraction('somebody else’s t() is none of ours', () => assert.equal(extractFrom('a.ts', `const t = (x) => x;\nt('One');`).sentences, []));

const visible: [code: string, count: number][] = [
  ['const F = () => <p>Some text</p>;', 1],
  ['const F = () => <p>multidial · IPv4 · 5</p>;', 0],
  [`const F = () => <p aria-label="Some text" class="md-some md-text">{a ? 'Yes' : t('No')}</p>;`, 2],
  [`const F = () => <Field label={\`Name of \${x}\`} />;`, 1],
  [`const say = () => 'This is a sentence.';`, 1],
  [`const say = () => t('This is a sentence.');`, 0],
];
for (const [code, count] of visible) extraction(`${count} untranslated in ${code}`, () => assert.is(untranslated('a.tsx', T + code).length, count));
extraction.run();

const po = suite('po');
const text = `# about\nmsgid ""\nmsgstr ""\n"Language: xx\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n# why\n#: a.ts\nmsgid "say \\"{a}\\""\nmsgstr "{a} ü\\n"\n\n#: b.ts\nmsgid "{count} link"\nmsgid_plural "{count} links"\nmsgstr[0] "{count} L"\nmsgstr[1] "{count} Ls"\n`;
const entry = (id: string, more: Partial<Entry> = {}): Entry => ({ id, texts: [''], references: [], codes: [], comments: [], ...more });

po('what is read is written the same', () => assert.is(renderPo(parsePo(text)), text));
po('strings over several lines, fuzzy and obsolete entries are understood', () => {
  const read = parsePo(`${text}\n#, fuzzy\nmsgid ""\n"long "\n"one"\nmsgstr "x"\n\n#~ msgid "gone"\n#~ msgstr "y"\n`);
  assert.equal(read.entries.at(-1), entry('long one'));
});
po('a merge keeps translations and comments, adds what is new and drops what is gone', () => {
  const merged = merge(parsePo(text), [entry('new'), entry('say "{a}"', { references: ['c.ts'] })]);
  assert.equal(merged.entries, [entry('new'), entry('say "{a}"', { texts: ['{a} ü\n'], references: ['c.ts'], comments: ['# why'] })]);
  assert.equal(missing(merged).length, 1);
});
po('names in braces and numbers of forms that differ are told', () => {
  const catalog = parsePo(text);
  assert.equal(catalogFaults(catalog), []);
  assert.is(catalogFaults({ ...catalog, entries: [entry('{a} b', { texts: ['{b} a'] }), entry('x', { plural: 'xs', texts: ['y'] })] }).length, 2);
});
po('Plural-Forms become a function, and nothing else does', async () => {
  const module = (await import(`data:text/javascript,${encodeURIComponent(toModule(parsePo(text)))}`)) as { plural: (n: number) => number };
  assert.equal([0, 1, 2].map(module.plural), [1, 0, 1]);
  assert.throws(() => pluralForms(parsePo(text.replace('(n != 1)', 'alert(n)'))), /can't read Plural-Forms/);
});
po.run();

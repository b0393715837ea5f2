// LuCI's format of a catalog: its hash, its layout, and the section's sentences in it.
import * as assert from 'uvu/assert';
import { languages, readCatalog } from '../../tools/catalogs/catalogs.ts';
import { luciKey, renderLmo, superFastHash } from '../../tools/catalogs/lmo.ts';
import { CONTEXT, luciSentences, toLuciCatalog } from '../../tools/catalogs/luci.ts';
import { suite } from '../limit.ts';
import { lookUp } from '../lmo.ts';

const lmo = suite('lmo');

// What LuCI's own function gives (modules/luci-base/src/lib/lmo.c), for every number of bytes left over, with and without a sign.
const hashes: [text: string, hash: number][] = [
  ['a', 291_415_938],
  ['ab', 1_366_002_500],
  ['abc', 3_535_673_738],
  ['abcd', 3_671_636_187],
  ['No line is set up yet.', 2_563_651_931],
  ['é', 3_304_826_196],
  ['中', 2_960_337_290],
  ['Überé', 3_313_743_819],
  ['multidial\u0001up', 428_535_645],
];
for (const [text, hash] of hashes) lmo(`hashes ${JSON.stringify(text)} as LuCI does`, () => assert.is(superFastHash(text), hash));

lmo('a key has its context before it, and single spaces', () => {
  assert.is(luciKey(' two \n words ', 'here'), 'here\u0001two words');
  assert.is(luciKey('up'), 'up');
});

lmo('lays out texts, an index in order, and where that begins', () => {
  const bytes = renderLmo(new Map([['ab', 'x'], ['a', 'uvwxyz']])); // biome-ignore format: a table
  assert.is(bytes.toString('latin1', 0, 12), 'x\0\0\0uvwxyz\0\0');
  const numbers = Array.from({ length: 9 }, (_, place) => bytes.readUInt32BE(12 + place * 4));
  assert.equal(numbers, [291_415_938, 1, 4, 6, 1_366_002_500, 1, 0, 1, 12]);
});

lmo('finds many by halving, and nothing that is not there', () => {
  const sentences = new Map(Array.from({ length: 300 }, (_, index) => [`sentence ${index}`, `译文 ${index}`]));
  const bytes = renderLmo(sentences);
  for (const [key, text] of sentences) assert.is(lookUp(bytes, key), text);
  assert.is(lookUp(bytes, 'sentence'), undefined);
});

lmo('finds every sentence of the section by its call alone, and nothing of the page', () => {
  const { ids, faults } = luciSentences();
  assert.equal(faults, []);
  assert.ok(ids.length >= 13);
  for (const language of languages()) {
    const catalog = readCatalog(language);
    const bytes = toLuciCatalog(catalog);
    for (const id of ids) {
      assert.is(lookUp(bytes, luciKey(id, CONTEXT)), catalog.entries.find((entry) => entry.id === id)?.texts[0], id);
      assert.is(lookUp(bytes, luciKey(id)), undefined, `${id} of others`);
    }
    assert.ok(bytes.length < 1500, 'LuCI hands all of it to every page');
  }
});

lmo('says which calls it can’t read', () => {
  assert.equal(luciSentences(`_('One', 'multidial'); _('Two'); not_('x'); _(word, 'multidial')`).ids, ['One']);
  for (const call of [`_('Two')`, `_(word, 'multidial')`, `_("Two", 'multidial')`, `_('Two', 'other')`]) assert.is(luciSentences(call).faults.length, 1, call);
});

lmo.run();

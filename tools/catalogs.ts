// Brings the catalogs in web/po up to date with the sources, and says what is left to translate and where.
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { catalogPath, languages, merge, readCatalog, templatePath } from './catalogs/catalogs.ts';
import { makeTemplate } from './catalogs/extract.ts';
import { catalogFaults, missing } from './catalogs/faults.ts';
import { renderPo } from './catalogs/po.ts';

const { template, entries, faults } = makeTemplate();
writeFileSync(templatePath, template);
console.log(`${relative('.', templatePath)}: ${entries.length} sentences`);
for (const language of languages()) {
  const before = readCatalog(language);
  const merged = merge(before, entries);
  const path = catalogPath(language);
  writeFileSync(path, renderPo(merged));
  const lines = readFileSync(path, 'utf8').split('\n');
  const left = missing(merged);
  const gone = before.entries.filter(({ id }) => !entries.some((entry) => entry.id === id));
  console.log(`${relative('.', path)}: ${entries.length - left.length} translated, ${left.length} left, ${gone.length} gone`);
  for (const { id } of left) console.log(`  ${relative('.', path)}:${lines.indexOf(`msgid ${JSON.stringify(id)}`) + 1}: ${id}`);
  for (const { id, texts } of gone) console.log(`  gone: ${id} → ${texts.join(' | ')}`);
  faults.push(...catalogFaults(merged).map((fault) => `${relative('.', path)}: ${fault}`));
}
for (const fault of faults) console.log(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

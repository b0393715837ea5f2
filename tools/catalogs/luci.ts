// The section on LuCI's overview speaks by LuCI's own means: which sentences it has, and LuCI's catalog of them.
import type { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { luciKey, renderLmo } from './lmo.ts';
import type { Catalog } from './po.ts';

export const includePath = 'openwrt-feed/luci-app-multidial/htdocs/luci-static/resources/view/status/include/35_multidial.js';

/** LuCI has one table of words for all its pages: with this "up" is ours alone. Before 21.02 it is not heeded, and the section is English. */
export const CONTEXT = 'multidial';

/** Of the include's text; `faults`: calls of `_()` that can't be read. */
export function luciSentences(text = readFileSync(join(import.meta.dirname, '../..', includePath), 'utf8')): { ids: string[]; faults: string[] } {
  const all = text.match(/(?<!\w)_\(/g) ?? [];
  const ids = [...text.matchAll(/(?<!\w)_\('([^'\\]+)', '(\w+)'\)/g)].flatMap(([, id = '', context]) => (context === CONTEXT ? [id] : []));
  const faults = all.length === ids.length ? [] : [`${includePath}: _() takes a sentence in single quotes and '${CONTEXT}'`];
  return { ids: [...new Set(ids)], faults };
}

/** For /usr/lib/lua/luci/i18n on the router. */
export function toLuciCatalog({ entries }: Catalog): Buffer {
  const { ids } = luciSentences();
  const told = entries.filter(({ id, texts }) => ids.includes(id) && texts[0]);
  return renderLmo(new Map(told.map(({ id, texts }) => [luciKey(id, CONTEXT), texts[0] ?? ''])));
}

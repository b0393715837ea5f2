// Reads and writes gettext's catalogs (.po, .pot), as far as we and Weblate use them.

/**
 * `texts` are the translations by plural form, '' where there is none; `plural` is given where the sentence counts something. `references`
 * are the files in which English is the key, `codes` those under which the agent says it.
 */
export type Entry = { id: string; plural?: string; texts: string[]; references: string[]; codes: string[]; comments: string[] };

/** `head`: comment lines above everything; `headers` as in Plural-Forms. */
export type Catalog = { head: string[]; headers: Map<string, string>; entries: Entry[] };

const escapes: Record<string, string> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };
const unquote = (text: string): string => text.slice(1, -1).replace(/\\(.)/gs, (_, char: string) => escapes[char] ?? char);
const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;

type Block = { fields: Map<string, string>; comments: string[]; references: string[]; codes: string[]; isFuzzy: boolean };

/** A block's keywords with their strings, which may go on over several lines. Obsolete lines (`#~`) are left out. */
function parseBlock(lines: readonly string[]): Block {
  const block: Block = { fields: new Map(), comments: [], references: [], codes: [], isFuzzy: false };
  let keyword = '';
  for (const line of lines) {
    const [, name, text] = /^(msg[a-z_]+(?:\[\d+\])?)\s+(".*")$/.exec(line) ?? [];
    if (name !== undefined && text !== undefined) {
      keyword = name;
      block.fields.set(keyword, unquote(text));
    } else if (/^".*"$/.test(line)) block.fields.set(keyword, `${block.fields.get(keyword) ?? ''}${unquote(line)}`);
    else if (line.startsWith('#: ')) block.references.push(...line.slice(3).split(' '));
    else if (line.startsWith('#. ')) block.codes.push(line.slice(3));
    else if (line.startsWith('#,')) block.isFuzzy ||= line.includes('fuzzy');
    else if (/^#(?: |$)/.test(line)) block.comments.push(line);
    else if (!line.startsWith('#')) throw new Error(`not a line of a catalog: ${line}`);
  }
  return block;
}

function toEntry({ fields, comments, references, codes, isFuzzy }: Block): Entry {
  const plural = fields.get('msgid_plural');
  const texts = [...fields].flatMap(([name, text]) => (name.startsWith('msgstr') ? [isFuzzy ? '' : text] : []));
  return { id: fields.get('msgid') ?? '', ...(plural === undefined ? {} : { plural }), texts, references, codes, comments };
}

/** What somebody marked as fuzzy is no translation yet. */
export function parsePo(text: string): Catalog {
  const blocks = text
    .split(/\n\s*\n/)
    .map((block) => parseBlock(block.split('\n').filter((line) => line.trim() !== '')))
    .filter(({ fields }) => fields.has('msgid'));
  const [first, ...entries] = blocks;
  if (first?.fields.get('msgid') !== '') throw new Error('a catalog begins with its header, an empty msgid');
  const headers = (first.fields.get('msgstr') ?? '').split('\n').flatMap((line) => {
    const [, name, value] = /^([\w-]+): *(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return { head: first.comments, headers: new Map(headers), entries: entries.map(toEntry) };
}

function renderEntry({ id, plural, texts, references, codes, comments }: Entry): string {
  const strings = plural === undefined ? [`msgstr ${quote(texts[0] ?? '')}`] : texts.map((text, form) => `msgstr[${form}] ${quote(text)}`);
  const counted = plural === undefined ? [] : [`msgid_plural ${quote(plural)}`];
  return [...comments, ...codes.map((code) => `#. ${code}`), ...references.map((path) => `#: ${path}`), `msgid ${quote(id)}`, ...counted, ...strings].join(
    '\n',
  );
}

export function renderPo({ head, headers, entries }: Catalog): string {
  const header = [...head, 'msgid ""', 'msgstr ""', ...[...headers].map(([name, value]) => quote(`${name}: ${value}\n`))].join('\n');
  return `${[header, ...entries.map(renderEntry)].join('\n\n')}\n`;
}

export type PluralForms = { count: number; expression: string };

/** Of the header Plural-Forms. Its C is JavaScript too; anything but arithmetic with `n` is refused, for it becomes program text. */
export function pluralForms({ headers }: Catalog): PluralForms {
  const header = headers.get('Plural-Forms') ?? '';
  const [, count, expression = ''] = /^nplurals=(\d+);\s*plural=([^;]+);?$/.exec(header) ?? [];
  if (count === undefined || !/^[n\d\s%<>=!&|?:()+*-]+$/.test(expression)) throw new Error(`can't read Plural-Forms: ${header}`);
  return { count: Number(count), expression: expression.trim() };
}

// Statements of nft that set marks: which of them touch bits that are multidial's.
import { shown } from '../contract/index.ts';
import { MARK_MASK, NFT_TABLE } from '../owned.ts';

/** A statement of somebody else's, with its place. */
export type MarkStatement = { table: string; chain: string; statement: string };

const SET = /\b(meta|ct) mark set (.*)$/;
const SAME = /^\(?(meta mark|ct mark|mark)\)?/;
const STEP = /^ *(&|and|\||or|\^|xor) *\(?(0x[0-9a-f]+|\d+)\)?/;

/**
 * The bits that `WHAT mark set VALUE` may change. nft prints `meta mark & A | B` or `^ B`; what is no such change of the
 * mark itself, a number, another mark or a map, sets all of it.
 */
export function touchedBits(what: string, value: string): number {
  const [head, name] = SAME.exec(value) ?? [];
  if (head === undefined || (name !== 'mark' && name !== `${what} mark`)) return 0xffffffff;
  let rest = value.slice(head.length);
  if (/^ *(map|vmap)\b/.test(rest)) return 0xffffffff;
  let touched = 0;
  for (let step = STEP.exec(rest); step; step = STEP.exec(rest)) {
    const [whole, sign, digits] = step;
    const number = Number(digits);
    touched |= sign === '&' || sign === 'and' ? ~number : number;
    rest = rest.slice(whole.length);
  }
  return touched >>> 0;
}

/** Statements outside our own table that may change our bits, the first of each chain. */
export function findMarkStatements(ruleset: string): MarkStatement[] {
  const found = new Map<string, MarkStatement>();
  let table = '';
  let chain = '';
  for (const line of ruleset.split('\n')) {
    table = /^table (.+) \{$/.exec(line)?.[1] ?? table;
    chain = /^\tchain (.+) \{$/.exec(line)?.[1] ?? chain;
    if (table === `inet ${NFT_TABLE}`) continue;
    // A comment may say what it likes.
    const [statement, what, value] = SET.exec(line.replace(/"[^"]*"/g, '""')) ?? [];
    if (statement === undefined || what === undefined || value === undefined || (touchedBits(what, value) & MARK_MASK) === 0) continue;
    const key = `${table} ${chain}`;
    if (!found.has(key)) found.set(key, { table: shown(table), chain: shown(chain), statement: shown(statement) });
  }
  return [...found.values()];
}

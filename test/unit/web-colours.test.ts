// Colours come from LuCI's theme, or from the two palettes that stand apart: nothing else in the page's sheets is a fixed colour.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';

const folder = join(import.meta.dirname, '../../web/src/style');
const names =
  'black|white|silver|gr[ae]y|maroon|red|purple|fuchsia|magenta|green|lime|olive|yellow|navy|blue|teal|aqua|cyan|orange|pink|brown|gold|violet|indigo';
const fixed = new RegExp(`#[0-9a-f]{3,8}\\b|\\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\\([^)]*\\)|(?<![\\w-])(?:dark|light)?(?:${names})(?![\\w-])`, 'gi');

type Declaration = { property: string; value: string };

const declarationsOf = (css: string): Declaration[] =>
  [...css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/(?<=[{;]\s*)([\w-]+)\s*:\s*([^;{}]+)(?=[;}])/g)].map(([, property = '', value = '']) => ({
    property,
    value,
  }));

const sheets = readdirSync(folder).filter((name) => name.endsWith('.css'));
const read = (name: string): Declaration[] => declarationsOf(readFileSync(join(folder, name), 'utf8'));
/** A colour for a theme that lacks the variable stands behind it. */
const withoutFallback = (value: string): string => value.replace(/var\((--[\w-]+),[^()]*\)/g, 'var($1)');
const isFixed = ({ value }: Declaration): boolean => withoutFallback(value).match(fixed) !== null;
const toText = ({ property, value }: Declaration): string => `${property}: ${value.trim()}`;

/** Middle tones that can be told on any theme's ground; `style.css` says why. */
const tones = /^--md-(good|busy|bad|series-\d)$/;

test('fixed colours are found', () => {
  const css = '.a { color: #fff; background: rgb(1 2 3) } .b { --md-x: DarkRed; border: 1px solid var(--red-ish); transition: none }';
  assert.equal(declarationsOf(css).filter(isFixed).map(toText), ['color: #fff', 'background: rgb(1 2 3)', '--md-x: DarkRed']);
  assert.ok(sheets.length >= 3 && sheets.every((name) => read(name).length > 10));
});

for (const name of sheets.filter((sheet) => sheet !== 'standalone.css')) {
  test(`${name} has no colour of its own besides the middle tones`, () => {
    const own = read(name)
      .filter(isFixed)
      .filter(({ property, value }) => !tones.test(property) && value.trim() !== 'rgb(0 0 0 / 45%)');
    assert.equal(own.map(toText), [], 'use var(--md-…)');
  });
}

test('standalone.css has colours in its palette alone', () => {
  const all = read('standalone.css');
  const grounds = all.filter(({ property }) => property === '--md-bg').map(({ value }) => value);
  const own = all.filter(isFixed).filter(({ property, value }) => !property.startsWith('--md-') && !(property === 'background' && grounds.includes(value)));
  assert.equal(own.map(toText), []);
});

test('in LuCI ground, text and accent are the theme’s', () => {
  const values = new Map(read('style.css').map(({ property, value }) => [property, value]));
  for (const [property, theirs] of [
    ['--md-bg', '--background-color-high'],
    ['--md-fg', '--text-color-high'],
    ['--md-accent', '--primary-color-high'],
  ] as const) {
    assert.match(values.get(property) ?? '', `var(${theirs},`);
  }
});

test.run();

// From forms to uci calls: the least that turns the stored configuration into the wanted one, and what the forms refuse.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import type { ConfigSection } from '../../agent/src/contract/index.ts';
import { checkLine, freeName, isTyped, newLine, toCandidate, toDraft, toPristine, type LineDraft } from '../../web/src/model/draft.ts';
import { stage } from '../../web/src/model/staging.ts';

const globals: ConfigSection = { type: 'globals', name: 'globals', options: { enabled: '1' } };
const wan: ConfigSection = { type: 'line', name: 'wan', options: { device: 'wan', sessions: '4', username: 'me' }, secrets: ['password'] };
const group: ConfigSection = { type: 'group', name: 'g', options: { link: ['wan_01', 'wan_02'] } };
const stored = [globals, wan, group];
/** `stored` with the line changed. */
const withLine = (line: Partial<ConfigSection>): ConfigSection[] => [globals, { ...wan, ...line }, group];

const staging = suite('staging');
type Staged = [method: string, args: object];
const staged = (wanted: ConfigSection[], from: ConfigSection[] = stored): Staged[] => stage(from, wanted).map(({ method, args }) => [method, args]);

const rows: [what: string, wanted: ConfigSection[], calls: Staged[]][] = [
  ['nothing changed', stored, []],
  [
    'an option changed: only that one is set',
    withLine({ options: { ...wan.options, sessions: '2' } }),
    [['set', { config: 'multidial', section: 'wan', values: { sessions: '2' } }]],
  ],
  ['an option added', withLine({ options: { ...wan.options, mtu: '1480' } }), [['set', { config: 'multidial', section: 'wan', values: { mtu: '1480' } }]]],
  [
    'an option emptied: deleted, not set to ""',
    withLine({ options: { ...wan.options, username: '' } }),
    [['delete', { config: 'multidial', section: 'wan', options: ['username'] }]],
  ],
  ['an option left out', withLine({ options: { device: 'wan', sessions: '4' } }), [['delete', { config: 'multidial', section: 'wan', options: ['username'] }]]],
  [
    'set and delete in one section',
    withLine({ options: { device: 'eth0.2', sessions: '4' } }),
    [
      ['set', { config: 'multidial', section: 'wan', values: { device: 'eth0.2' } }],
      ['delete', { config: 'multidial', section: 'wan', options: ['username'] }],
    ],
  ],
  [
    'a new password is set',
    withLine({ options: { ...wan.options, password: 'new' } }),
    [['set', { config: 'multidial', section: 'wan', values: { password: 'new' } }]],
  ],
  ['an absent password keeps the stored one', withLine({ options: { ...wan.options } }), []],
  ['an empty password keeps the stored one', withLine({ options: { ...wan.options, password: '' } }), []],
  [
    'a list changed',
    [globals, wan, { ...group, options: { link: ['wan_02'] } }],
    [['set', { config: 'multidial', section: 'g', values: { link: ['wan_02'] } }]],
  ],
  [
    'an emptied list is deleted: rpcd refuses []',
    [globals, wan, { ...group, options: { link: [] } }],
    [['delete', { config: 'multidial', section: 'g', options: ['link'] }]],
  ],
  [
    'a new section is added with its values, without the empty ones',
    [...stored, { type: 'line', name: 'wan2', options: { device: 'lan4', mtu: '', password: 'p' } }],
    [['add', { config: 'multidial', type: 'line', name: 'wan2', values: { device: 'lan4', password: 'p' } }]],
  ],
  ['a removed section is deleted whole', [globals, group], [['delete', { config: 'multidial', section: 'wan' }]]],
  [
    'a section that comes back under another type is deleted first',
    [globals, { type: 'link', name: 'wan', options: { weight: '2' } }, group],
    [
      ['delete', { config: 'multidial', section: 'wan' }],
      ['add', { config: 'multidial', type: 'link', name: 'wan', values: { weight: '2' } }],
    ],
  ],
];
for (const [what, wanted, calls] of rows) staging(what, () => assert.equal(staged(wanted), calls));

staging('no call holds what rpcd refuses or mangles: "", [], null, numbers', () => {
  const odd = [...stored, { type: 'link', name: 'l', options: { a: '', b: [], c: 'x' } } as ConfigSection];
  const values = stage([], odd).flatMap(({ args }) => Object.values((args as { values?: object }).values ?? {}));
  assert.ok(values.every((value) => (typeof value === 'string' || Array.isArray(value)) && value.length > 0));
});
staging.run();

const drafts = suite('drafts');
const draft = (more: Partial<LineDraft> = {}): LineDraft => ({
  key: 'k',
  name: 'wan',
  isNew: true,
  hasPassword: false,
  options: { device: 'wan', sessions: '4', username: 'me', password: 'p' },
  ...more,
});

drafts('a stored line becomes a form and the same section again', () => {
  const [form] = toDraft(stored);
  assert.is(form?.hasPassword, true);
  assert.equal(staged(toCandidate(stored, toDraft(stored))), []);
});

drafts('sections that have no form go along untouched', () => {
  assert.equal(
    toCandidate(stored, []).map(({ name }) => name),
    ['globals', 'g'],
  );
});

drafts('applying turns on what was off, and adds no switch where there was none', () => {
  const off = [{ ...globals, options: { enabled: '0' } }, wan];
  assert.equal(staged(toCandidate(off, toDraft(off)), off), [['set', { config: 'multidial', section: 'globals', values: { enabled: '1' } }]]);
  const bare = [{ ...globals, options: {} }, wan];
  assert.equal(staged(toCandidate(bare, toDraft(bare)), bare), []);
});

drafts('a new line asks for four sessions and gets a free name', () => {
  assert.equal(newLine([]).options, { sessions: '4', ipv6: 'nat' });
  assert.is(newLine(toDraft(stored)).name, 'wan2');
  assert.is(freeName(['wan', 'wan2', 'wan3']), 'wan4');
});

drafts('two forms never share a key, whatever is removed or renamed between', () => {
  const first = newLine([]);
  const second = newLine([{ ...first, name: 'a' }]);
  const third = newLine([{ ...second, name: 'b' }]);
  assert.is(new Set([second.key, third.key]).size, 2);
});

drafts('an empty form is not typed yet, and one that was put back is not typed any more', () => {
  const pristine = toPristine([globals]);
  assert.not.ok(isTyped(toPristine([globals]), pristine));
  const typed = pristine.map((line) => ({ ...line, options: { ...line.options, username: 'x' } }));
  assert.ok(isTyped(typed, pristine));
  assert.not.ok(
    isTyped(
      pristine.map((line) => ({ ...line, options: { ...line.options, username: '' } })),
      pristine,
    ),
  );
  assert.ok(isTyped([], pristine), 'a removed line counts');
});

drafts('a password counts as typed', () => {
  const pristine = toPristine(stored);
  assert.ok(
    isTyped(
      pristine.map((line) => ({ ...line, options: { ...line.options, password: 'x' } })),
      pristine,
    ),
  );
});

const complaints: [what: string, line: LineDraft, by: Record<string, string>][] = [
  ['a complete line', draft(), {}],
  ['a stored password', draft({ hasPassword: true, options: { device: 'wan', username: 'me' } }), {}],
  ['an empty form', draft({ options: {} }), { device: 'option_missing', username: 'option_missing', password: 'option_missing' }],
  ['too many sessions', draft({ options: { ...draft().options, sessions: '65' } }), { sessions: 'option_invalid' }],
  ['no number at all', draft({ options: { ...draft().options, sessions: '4x', mtu: '1e3' } }), { sessions: 'option_invalid', mtu: 'option_invalid' }],
  ['a line break in the account', draft({ options: { ...draft().options, username: 'a\nb' } }), { username: 'option_invalid' }],
  ['an account of more than 255 bytes', draft({ options: { ...draft().options, username: 'ü'.repeat(128) } }), { username: 'option_invalid' }],
  ['a name that is too long', draft({ name: 'fibre01' }), { name: 'section_name_invalid' }],
  ['a name in use', draft({ name: 'other' }), { name: 'section_duplicate' }],
  ['an option edited by hand', draft({ options: { ...draft().options, disabled: 'maybe' } }), { disabled: 'option_invalid' }],
  ['an unknown option, which is no mistake', draft({ options: { ...draft().options, newer: '1' } }), {}],
];
for (const [what, line, by] of complaints) {
  drafts(`checks by the agent’s own schema: ${what}`, () => {
    const found = checkLine(line, [line, draft({ key: 'other', name: 'other' })]);
    assert.equal(Object.fromEntries(Object.entries(found).map(([option, { code }]) => [option, code])), by);
  });
}
drafts.run();

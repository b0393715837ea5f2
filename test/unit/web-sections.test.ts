// Forms of links, groups, pins and probes: from sections and back, their order, their names, and the calls that store them.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import type { ConfigSection, SectionType } from '../../agent/src/contract/index.ts';
import { schema } from '../../agent/src/contract/index.ts';
import { newLine, toCandidate, toDraft } from '../../web/src/model/draft.ts';
import { choicesOf, optionsOf, summaryOf } from '../../web/src/model/kind-words.ts';
import { linksOf, suggest, toKnown } from '../../web/src/model/known-names.ts';
import { rebase } from '../../web/src/model/rebase.ts';
import { areTyped, checkDraft, isKind, isChanged, move, NAME, newDraft, toSectionDrafts, type SectionDraft } from '../../web/src/model/section-draft.ts';
import { stage } from '../../web/src/model/staging.ts';

const section = (type: SectionType, name: string, options: ConfigSection['options'] = {}): ConfigSection => ({ type, name, options });
const globals = section('globals', 'globals', { enabled: '1' });
const wan = section('line', 'wan', { device: 'wan', sessions: '2', weight: '5', username: 'me' });
const a = section('pin', 'a', { use: 'wan_01', src: ['10.0.0.1'] });
const b = section('pin', 'b', { use: 'none' });
const far = section('group', 'far', { dest: ['10.9.0.0/16'] });
const alone: ConfigSection = { ...section('link', 'wan_02', { username: 'other' }), secrets: ['password'] };
const stored = [globals, wan, a, far, b, alone];

const forms = suite('forms');
type Staged = [method: string, args: object];
const staged = (drafts: readonly SectionDraft[], from = stored): Staged[] =>
  stage(from, toCandidate(from, toDraft(from), drafts)).map(({ method, args }) => [method, args]);
const drafts = toSectionDrafts(stored);
const of = (name: string): SectionDraft => drafts.find((draft) => draft.name === name) as SectionDraft;
const withOptions = (name: string, options: SectionDraft['options']): SectionDraft[] =>
  drafts.map((draft) => (draft.name === name ? { ...draft, options: { ...draft.options, ...options } } : draft));

forms('untouched they are the stored configuration, in its order', () => {
  assert.equal(staged(drafts), []);
  assert.equal(
    toCandidate(stored, toDraft(stored), drafts).map(({ name }) => name),
    ['globals', 'wan', 'a', 'far', 'b', 'wan_02'],
  );
  assert.not.ok(areTyped(drafts, toSectionDrafts(stored)));
});

const order = ['globals', 'wan', 'b', 'far', 'a', 'wan_02'];
const rows: [what: string, wanted: SectionDraft[], calls: Staged[]][] = [
  ['an option changed', withOptions('a', { strict: '1' }), [['set', { config: 'multidial', section: 'a', values: { strict: '1' } }]]],
  ['a list emptied', withOptions('a', { src: [] }), [['delete', { config: 'multidial', section: 'a', options: ['src'] }]]],
  ['a secret left alone stays', withOptions('wan_02', { weight: '3' }), [['set', { config: 'multidial', section: 'wan_02', values: { weight: '3' } }]]],
  ['one removed', drafts.filter(({ name }) => name !== 'a'), [['delete', { config: 'multidial', section: 'a' }]]],
  [
    'one added comes last, and needs no order',
    [...drafts, newDraft('pin', 'c', drafts, { use: 'far' })],
    [['add', { config: 'multidial', type: 'pin', name: 'c', values: { use: 'far' } }]],
  ],
  ['one moved: all sections in their places, other kinds where they were', move(drafts, 'pin b', -1), [['order', { config: 'multidial', sections: order }]]],
  [
    'one added before the others',
    move([...drafts, newDraft('pin', 'c', drafts, { use: 'far' })], 'pin new', -2),
    [
      ['add', { config: 'multidial', type: 'pin', name: 'c', values: { use: 'far' } }],
      ['order', { config: 'multidial', sections: ['globals', 'wan', 'c', 'far', 'a', 'wan_02', 'b'] }],
    ],
  ],
  ['moved there and back', move(move(drafts, 'pin b', -1), 'pin b', 1), []],
];
for (const [what, wanted, calls] of rows) forms(what, () => assert.equal(staged(wanted), calls));

forms('a move stops at the ends of its own kind', () => {
  assert.equal(move(drafts, 'pin a', -1), drafts);
  assert.equal(move(drafts, 'group far', 5), drafts);
});

forms('a section of a type that this page does not know goes along', () => {
  const newer = { type: 'service', name: 'web', options: {} } as unknown as ConfigSection;
  assert.equal(staged(toSectionDrafts([...stored, newer]), [...stored, newer]), []);
});

forms('what others stored meanwhile is followed, and never undone by what was typed here', () => {
  const typed = withOptions('a', { strict: '1' }).filter(({ name }) => name !== 'far');
  const theirs = [globals, wan, { ...a, options: { use: 'wan_02' } }, { ...b, options: { use: 'wan_02' } }, section('group', 'added'), far];
  const forms = rebase(typed, drafts, toSectionDrafts(theirs), isChanged);
  const { src } = a.options;
  const calls: Staged[] = [
    ['delete', { config: 'multidial', section: 'far' }],
    ['set', { config: 'multidial', section: 'a', values: { use: 'wan_01', src, strict: '1' } }],
  ];
  assert.equal(staged(forms, theirs), calls, 'b follows, added stays, wan_02 is gone');
  const again = rebase(forms, toSectionDrafts(theirs), toSectionDrafts(theirs), isChanged);
  assert.ok(again.every((draft, place) => draft === forms[place]));
});

forms('globals that are not there are added with their first option only', () => {
  const bare = [wan];
  const [form] = toSectionDrafts(bare);
  assert.equal(staged(toSectionDrafts(bare), bare), []);
  const typed = [{ ...(form as SectionDraft), options: { watch: '0' } }];
  assert.equal(staged(typed, bare), [['add', { config: 'multidial', type: 'globals', name: 'globals', values: { watch: '0' } }]]);
});

forms('a copy of a line has its options and a name and a key of its own', () => {
  const [line] = toDraft(stored);
  const copy = newLine(toDraft(stored), line?.options);
  assert.equal([copy.name, copy.isNew, copy.hasPassword, copy.options], ['wan2', true, false, wan.options]);
});

const complaints: [what: string, draft: SectionDraft, names: string[], by: Record<string, string>][] = [
  ['a pin to nowhere', newDraft('pin', 'p', []), [], { use: 'option_missing' }],
  ['a bad prefix', newDraft('group', 'g', [], { dest: ['10.0.0.0/40'] }), [], { dest: 'option_invalid' }],
  ['a name with a blank', newDraft('group', 'my group', []), [], { [NAME]: 'section_name_invalid' }],
  ['a name that another section has, of whatever kind', newDraft('group', 'wan', []), ['wan'], { [NAME]: 'section_duplicate' }],
  ['a domain name that is none, beside a good section name', newDraft('pin', 'p', [], { use: 'x', name: ['a b'] }), [], { name: 'option_invalid' }],
  ['a good probe', newDraft('probe', 'p', [], { kind: 'dns', misses: '3' }), [], {}],
];
for (const [what, draft, names, by] of complaints) {
  forms(`checks by the agent’s own schema: ${what}`, () => {
    const found = Object.entries(checkDraft(draft, names)).map(([option, { code }]) => [option, code]);
    assert.equal(Object.fromEntries(found), by);
  });
}
forms.run();

const words = suite('words and names');

words('every option of the schema has its field, once', () => {
  for (const kind of Object.keys(schema).filter(isKind)) {
    const { first, advanced } = optionsOf(kind);
    const missing = Object.keys(schema[kind]).filter((option) => ![...first, ...advanced].includes(option));
    assert.equal(missing, kind === 'globals' ? ['enabled'] : []);
    assert.is(new Set([...first, ...advanced]).size, first.length + advanced.length);
  }
});

words('the values of a choice are the schema’s', () => {
  assert.equal(
    choicesOf('group', 'mode', 'flow', [])?.map(({ value }) => value),
    [...schema.group.mode.choices],
  );
  assert.is(choicesOf('pin', 'src', '', []), undefined);
  for (const kind of Object.keys(schema).filter(isKind)) {
    for (const [option, spec] of Object.entries(schema[kind])) {
      if (spec.kind !== 'choice') continue;
      for (const { value, label } of choicesOf(kind, option, '', []) ?? []) assert.is.not(label, value, `${kind}.${option} ${value} has words`);
    }
  }
});

words('a pin may be meant for each link and group that is drafted, or for nobody', () => {
  const known = toKnown(toDraft(stored), [...drafts, newDraft('link', 'lte', drafts, { interface: 'wwan0' })], []);
  assert.equal(suggest('use', known), ['none', 'far', 'wan_01', 'wan_02', 'lte']);
  assert.equal(suggest('link', known), ['wan', 'wan_01', 'wan_02', 'lte']);
  assert.equal(toKnown([], [], []).groups, ['default']);
  assert.equal(suggest('src', known), []);
});

words('sessions that are no number yet offer no thousand names', () => {
  const lines = (sessions: string) => toDraft([{ ...wan, options: { ...wan.options, sessions } }]);
  assert.equal(
    ['0', '4x', '9999', ''].map((sessions) => linksOf(lines(sessions), []).length),
    [0, 0, 64, 1],
  );
  assert.equal(linksOf(lines('1'), []), [{ name: 'wan_01', weight: '5' }]);
});

words('a section is summed up by what is set of it, without secrets', () => {
  assert.is(summaryOf(of('a')), 'Use: wan_01 · Source: 10.0.0.1');
  assert.is(summaryOf(of('b')), 'Use: Never balance: the router’s own default');
  assert.is(summaryOf({ ...of('wan_02'), options: { password: 'p', disabled: '1' } }), 'Disabled');
});
words.run();

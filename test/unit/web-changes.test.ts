// What a plan's edits mean for links, in words: redials with their reasons, interfaces that are adopted and given back.
import * as assert from 'uvu/assert';
import type { Plan, UciChange } from '../../agent/src/contract/index.ts';
import { toSentences } from '../../web/src/model/summary.ts';
import { suite } from '../limit.ts';

const words = suite('changes in words');

const set = (section: string, option: string, value = 'x'): UciChange => ({ op: 'set', package: 'network', section, option, value });
const unset = (section: string, option?: string): UciChange => ({ op: 'unset', package: 'network', section, ...(option ? { option } : {}) });
const plan = (summary: Partial<Plan['summary']>, uci: UciChange[]): Plan => ({
  revision: 'r',
  blocked: false,
  summary: { linksAdded: [], linksRemoved: [], linksChanged: [], lines: [], ...summary },
  uci,
  system: [],
  problems: [],
});

const changedRows: [links: string[], uci: UciChange[], sentences: string[]][] = [
  [['wan_02'], [set('wan_02', 'username'), set('wan_02', 'password')], ['wan_02 is redialed because its account changes']],
  [['wan_01', 'wan_02'], [set('wan_01', 'mtu'), unset('wan_02', 'mtu')], ['wan_01, wan_02 are redialed because their MTU changes']],
  [['wan_01'], [set('md_wan_01', 'ifname'), set('md_wan_01', 'macaddr')], ['wan_01 is redialed because its port changes']],
  [['wan_01'], [set('md_wan_01', 'macaddr')], ['wan_01 is redialed because its MAC address changes']],
  [
    ['wan_01'],
    [set('wan_01', 'ac'), set('wan_01', 'keepalive')],
    ['wan_01 is redialed because it asks for the access concentrator in another way, its keepalive changes'],
  ],
  [['wan_01'], [set('wan_01', 'delegate'), set('wan_01', 'ipv6')], ['wan_01 is redialed because its IPv6 changes']],
  [['wan_01'], [set('wan_01', 'metric')], ['wan_01 gets another metric and is not cut']],
  [
    ['wan_01', 'wan_02'],
    [set('wan_01', 'username'), set('wan_02', 'mtu'), set('wan_010', 'ac')],
    ['wan_01 is redialed because its account changes', 'wan_02 is redialed because its MTU changes'],
  ],
];

for (const [linksChanged, uci, sentences] of changedRows) words(sentences.join('; '), () => assert.equal(toSentences(plan({ linksChanged }, uci)), sentences));

const line = { name: 'wan', device: 'eth0.2', sessions: 2, ipv6: 'off' as const };
const note = set('multidial_wan_01', 'interface', 'dsl');

words('an adopted interface is no virtual port: it becomes the first link, and the others are made', () => {
  const sentences = toSentences(plan({ lines: [line], linksAdded: ['wan_01', 'wan_02'] }, [set('dsl', 'metric', '7001'), note, set('wan_02', 'proto')]));
  assert.equal(sentences, [
    'dsl, which is there already, becomes wan_01: it keeps its account and its connection, and gets a metric',
    '1 virtual port on eth0.2',
    '1 PPPoE interface: wan_02',
    'no IPv6',
  ]);
});

words('an adopted interface whose IPv6 is set is redialed for it', () => {
  assert.match(toSentences(plan({ lines: [line], linksAdded: ['wan_01'] }, [set('dsl', 'ipv6', 'auto'), note])).join('\n'), 'and is redialed');
});

words('an interface that is given back is not called taken away', () => {
  const sentences = toSentences(plan({ linksRemoved: ['wan_01', 'wan_02'] }, [unset('dsl', 'metric'), unset('multidial_wan_01'), unset('wan_02')]));
  assert.equal(sentences, ['1 link is taken away: wan_02', 'the interface that was adopted as wan_01 stays, with its options as they were']);
});

words('what devices are told of IPv6 is said, and that it ends', () => {
  const told = { package: 'dhcp', section: 'lan', option: 'ra_default' } as const;
  assert.match(toSentences(plan({}, [{ ...told, op: 'set', value: '2' }])).join(), 'announces itself');
  assert.match(toSentences(plan({}, [{ ...told, op: 'unset' }])).join(), 'as before multidial');
});

words.run();

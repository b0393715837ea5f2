// Links in words: probes beside netifd, notes with advice, what can be done, and the one sentence above them all.
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import { toTold, type LinkProbe, type LinkStatus, type Status } from '../../agent/src/contract/index.ts';
import { headline } from '../../web/src/model/headline.ts';
import { actionsOf, describeOutcome, describeUnderWay, isCutting, obstacleTo, type Action } from '../../web/src/model/link-actions.ts';
import { describeProbe, describeQuality, notesOf, toProbeWord, type ProbeWord } from '../../web/src/model/link-words.ts';

const AT_MS = 1_000_000;
const link = (name: string, more: Partial<LinkStatus> = {}): LinkStatus => ({
  name,
  state: 'up',
  ipv4: [],
  ipv6: [],
  weight: 1,
  balanced: { ipv4: true, ipv6: false },
  ...more,
});
const none = { balanced: { ipv4: false, ipv6: false } } as const;
const dead = (name: string, more: Partial<LinkStatus> = {}): LinkStatus =>
  link(name, { ...none, probe: { ipv4: 'dead', sinceMs: AT_MS - 20_000, holdS: 10 }, ...more });
const held = (name: string): LinkStatus =>
  link(name, {
    ...none,
    state: 'down',
    held: { untilMs: AT_MS + 100_000, failures: 5, reason: 'AUTH_TOPEER_FAILED' },
    reason: { subsystem: 'interface', code: 'USER_REQUEST' },
  });
const paused = (name: string): LinkStatus => link(name, { ...none, rest: { kind: 'pause' } });
const drains = (name: string): LinkStatus => link(name, { ...none, rest: { kind: 'drain', sinceMs: AT_MS - 12_000, untilMs: AT_MS + 588_000 } });
const failed = (name: string): LinkStatus => link(name, { ...none, state: 'failed', reason: { subsystem: 'pppoe', code: 'NO_DEVICE' } });

const probes = suite('probes');
for (const [probe, word, text] of [
  [undefined, undefined, undefined],
  [{}, 'unheard', 'not heard yet'],
  [{ ipv4: 'unknown' }, 'unheard', 'not heard yet'],
  [{ ipv4: 'alive' }, 'alive', 'answers'],
  [{ ipv4: 'alive', ipv6: 'unknown' }, 'alive', 'answers'],
  [{ ipv4: 'dead' }, 'dead', 'no answer'],
  [{ ipv4: 'dead', ipv6: 'unknown' }, 'dead', 'no answer'],
  [{ ipv4: 'dead', ipv6: 'dead' }, 'dead', 'no answer'],
  [{ ipv4: 'dead', ipv6: 'alive' }, 'part', 'no answer in IPv4'],
  [{ ipv4: 'alive', ipv6: 'dead' }, 'part', 'no answer in IPv6'],
] as [LinkProbe | undefined, ProbeWord | undefined, string | undefined][]) {
  probes(`${JSON.stringify(probe)} is told as ${text ?? 'nothing'}`, () => {
    const given = link('a', probe ? { probe } : {});
    assert.equal([toProbeWord(given), describeProbe(given)], [word, text]);
    assert.is(toProbeWord({ ...given, state: 'down' }), undefined, 'what is down can’t answer');
  });
}
for (const [probe, text] of [
  [{ loss: 0, latencyMs: 12.34 }, '12 ms · 0 % loss'],
  [{ loss: 2.54, latencyMs: 1.26 }, '1.3 ms · 2.5 % loss'],
  [{ loss: 100 }, '100 % loss'],
  [{ latencyMs: 0 }, '0 ms'],
  [{}, ''],
] as [LinkProbe, string][]) {
  probes(`${JSON.stringify(probe)} is “${text}”`, () => {
    assert.is(describeQuality(link('a', { probe })), text);
    assert.is(describeQuality(link('a', { probe, state: 'dialing' })), '', 'of a session that is gone');
  });
}
probes.run();

const notes = suite('notes');
const textsOf = (given: LinkStatus) => notesOf(given, AT_MS).map(({ text }) => text);
for (const [what, given, texts] of [
  ['well', link('a', { probe: { ipv4: 'alive' } }), []],
  ['up with an old error', link('a', { reason: { subsystem: 'pppoe', code: 'HANGUP' } }), []],
  [
    'held: the reason is the dial’s, not netifd’s of being put down',
    held('a'),
    ['Not dialed for another 1 min 40 s: The provider refused the account, 5 times in a row.'],
  ],
  ['failed', failed('a'), ['The port does not exist.']],
  ['dialing again', link('a', { ...none, state: 'dialing', reason: { subsystem: 'pppoe', code: 'HANGUP' } }), ['Last time: The provider hung up.']],
  ['paused', paused('a'), ['Paused: no new connections; those it has go on.']],
  ['draining', drains('a'), ['Draining for 12 s: no new connections.']],
  ['dead', dead('a'), ['No target has answered through it for 20 s, although it is up.']],
  ['dead in IPv6', link('a', { probe: { ipv4: 'alive', ipv6: 'dead', sinceMs: AT_MS - 5000 } }), ['No target has answered in IPv6 for 5 s.']],
  [
    'paused and dead',
    { ...dead('a'), rest: { kind: 'pause' } },
    ['Paused: no new connections; those it has go on.', 'No target has answered through it for 20 s, although it is up.'],
  ],
  ['dead, and down since', dead('a', { state: 'down' }), []],
] as [string, LinkStatus, string[]][]) {
  notes(`of a link that is ${what}`, () => {
    assert.equal(textsOf(given), texts);
    for (const { advice } of notesOf(given, AT_MS)) assert.match(advice, /^[A-Z].*\.$/);
  });
}
notes('advise what helps: the account of one that is held, and that redial tries at once', () => {
  assert.match(notesOf(held('a'), AT_MS)[0]?.advice ?? '', /account and password.*Redial tries at once/);
  assert.match(notesOf(drains('a'), AT_MS)[0]?.advice ?? '', 'in 9 min 48 s at the latest');
  assert.match(notesOf(dead('a'), AT_MS)[0]?.advice ?? '', 'answered for 10 seconds');
});
notes('a reason that nobody knows is shown as it came', () => {
  const given = { ...held('a'), held: { untilMs: AT_MS, failures: 1, reason: '<b>constructor' } };
  assert.match(textsOf(given)[0] ?? '', '0 s: <b>constructor, 1 times');
});
notes.run();

const actions = suite('actions');
const all: Action[] = ['redial', 'drain', 'pause', 'resume'];
actions('pause, and its end where it rests', () => {
  assert.equal(actionsOf(link('a')), ['redial', 'drain', 'pause']);
  assert.equal(
    [actionsOf(paused('a')), actionsOf(drains('a'))],
    [
      ['redial', 'drain', 'resume'],
      ['redial', 'drain', 'resume'],
    ],
  );
});
actions('only what cuts connections that live is asked about', () => {
  assert.equal(
    all.filter((action) => isCutting(action, link('a'))),
    ['redial'],
  );
  assert.equal(
    all.filter((action) => isCutting(action, held('a'))),
    [],
  );
});
actions('a drain of one that drains, or is not up, is explained', () => {
  assert.match(obstacleTo('drain', drains('a')) ?? '', 'already');
  assert.match(obstacleTo('drain', held('a')) ?? '', 'not up');
  assert.equal([obstacleTo('drain', link('a')), obstacleTo('redial', held('a'))], [undefined, undefined]);
});
for (const action of all) {
  actions(`${action} is told while it goes on, when it worked and when it did not, by the link’s name`, () => {
    const fault = { kind: 'agent', problem: toTold({ code: 'busy', severity: 'error', details: { pid: 7 } }) } as const;
    const told = [
      describeUnderWay({ link: 'wan_02', action }),
      describeOutcome({ link: 'wan_02', action }),
      describeOutcome({ link: 'wan_02', action, fault }),
    ];
    assert.is(new Set(told).size, 3);
    for (const sentence of told) assert.match(sentence, /wan_02.*[.]$/);
    assert.match(told[2] ?? '', /failed\. Another run is going on/);
  });
}
actions('where the answer is lost, nobody says that it failed', () => {
  const told = describeOutcome({ link: 'wan_02', action: 'redial', fault: { kind: 'network', message: 'cut' } });
  assert.match(told, 'may have been done');
  assert.not.match(told, 'failed');
});
actions.run();

const heads = suite('headline');
for (const [links, sentence] of [
  [[link('a'), link('b'), link('c'), held('d')], '3 of 4 links carry traffic. d waits: The provider refused the account.'],
  [[link('a'), dead('b')], '1 of 2 links carry traffic. b gives no answer.'],
  [[link('a'), link('b', { probe: { ipv4: 'alive', ipv6: 'dead' } })], 'All 2 links carry traffic. b gives no answer in IPv6.'],
  [[link('a'), paused('b')], '1 of 2 links carry traffic. b is paused.'],
  [[link('a'), drains('b'), paused('c')], '1 of 3 links carry traffic. c is paused. 1 more takes no new connections.'],
  [[link('a'), dead('b'), held('c')], '1 of 3 links carry traffic. c waits: The provider refused the account. 1 more needs a look.'],
  [[link('a'), dead('b'), failed('c'), held('d')], '1 of 4 links carry traffic. d waits: The provider refused the account. 2 more need a look.'],
  [[link('a'), dead('b'), paused('c'), drains('d')], '1 of 4 links carry traffic. b gives no answer. 2 take no new connections.'],
  [[link('a'), held('b'), link('c', { ...none, state: 'dialing' })], '1 of 3 links carry traffic. b waits: The provider refused the account. 1 is dialing.'],
  [
    [dead('a', { balanced: { ipv4: true, ipv6: true } }), dead('b', { balanced: { ipv4: true, ipv6: true } })],
    'All 2 links carry traffic. No target answers through any of them, so all are used all the same.',
  ],
  [[dead('a'), dead('b')], '0 of 2 links carry traffic. a gives no answer. 1 more needs a look.'],
] as [LinkStatus[], string][]) {
  heads(sentence, () => assert.is(headline({ enabled: true, links } as Status), sentence));
}
heads('holds nothing that counts down: it is read aloud when it changes', () => {
  const before = headline({ enabled: true, links: [held('a'), dead('b'), drains('c')] } as Status);
  const later = [held('a'), dead('b'), drains('c')].map((each) => ({ ...each, ...(each.held ? { held: { ...each.held, untilMs: AT_MS } } : {}) }));
  assert.is(headline({ enabled: true, links: later } as Status), before);
});
heads.run();

// The passport of a line on a router in memory: right proposals for each provider, few refused dials, and the line put back.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import type { PassportReport, PassportStatus, Plan } from '../../agent/src/contract/index.ts';
import { stateOf } from '../fake/random.ts';
import type { Dial, Provider } from '../fake/provider.ts';
import { line } from '../fake/scene.ts';
import { changesOf, multidial, rpc } from '../fake/shell.ts';
import { test } from '../limit.ts';
import { atMost, AUTH, passport, scene } from './passport-scene.ts';

const ofUser = (user: string, others: readonly Dial[]): Dial[] => others.filter((other) => other.user === user);
const codesOf = ({ findings, proposals }: PassportReport): string[] => [...findings, ...proposals].map(({ code }) => code);

type Row = { name: string; config: string; answer: Provider['answer']; accepted: number; limit: string; sessions: number; says: string[]; dials: number };

const second = (user: string): string => `config link 'wan_02'\n\toption username '${user}'\n\toption password 'pw'\n`;

const rows: Row[] = [
  {
    name: 'one session an account',
    config: line(),
    answer: atMost(1),
    accepted: 1,
    limit: 'account',
    sessions: 1,
    says: ['sessions_limit', 'why_account', 'propose_same', 'pacing_watch'],
    dials: 4,
  },
  {
    name: 'two',
    config: line(),
    answer: atMost(2),
    accepted: 2,
    limit: 'account',
    sessions: 2,
    says: ['sessions_limit', 'propose_sessions', 'pacing_watch'],
    dials: 2,
  },
  {
    name: 'four, where four are tried',
    config: line(),
    answer: atMost(4),
    accepted: 4,
    limit: 'none',
    sessions: 4,
    says: ['sessions_open', 'pacing_none'],
    dials: 0,
  },
  {
    name: 'two, where four are configured',
    config: line('sessions 4'),
    answer: atMost(2),
    accepted: 2,
    limit: 'account',
    sessions: 2,
    says: ['propose_sessions'],
    dials: 3,
  },
  {
    name: 'three, where three are configured and up',
    config: line('sessions 3'),
    answer: atMost(3),
    accepted: 3,
    limit: 'account',
    sessions: 3,
    says: ['propose_same'],
    dials: 2,
  },
  { name: 'no answer to a third', config: line(), answer: atMost(2, 'silent'), accepted: 2, limit: 'port', sessions: 2, says: ['why_port'], dials: 0 },
  {
    name: 'one MAC',
    config: line(),
    answer: ({ name }) => (name === 'wan_01' ? 'yes' : 'silent'),
    accepted: 1,
    limit: 'mac',
    sessions: 1,
    says: ['sessions_limit', 'why_mac', 'propose_same'],
    dials: 0,
  },
  {
    name: 'a hang-up of a second MAC',
    config: line(),
    answer: ({ name }) => (name === 'wan_01' ? 'yes' : { refuses: 'HANGUP' }),
    accepted: 1,
    limit: 'mac',
    sessions: 1,
    says: ['why_mac'],
    dials: 6,
  },
  {
    name: 'one session an account, with two accounts',
    config: `${line()}${second('bob@isp')}`,
    answer: ({ user }, others) => (ofUser(user, others).length < 1 ? 'yes' : AUTH),
    accepted: 2,
    limit: 'account',
    sessions: 2,
    says: ['why_account', 'propose_sessions'],
    dials: 2,
  },
  {
    name: 'one session a port, with two accounts',
    config: `${line()}${second('bob@isp')}`,
    answer: atMost(1),
    accepted: 1,
    limit: 'port',
    sessions: 1,
    says: ['why_port'],
    dials: 4,
  },
  {
    name: 'a wrong account of its own',
    config: `${line()}${second('bob@isp')}`,
    answer: ({ user }) => (user === 'bob@isp' ? AUTH : 'yes'),
    accepted: 1,
    limit: 'login',
    sessions: 1,
    says: ['why_login'],
    dials: 6,
  },
  {
    name: 'the newest session counts',
    config: line(),
    answer: (_, others) => (others.length < 2 ? 'yes' : { instead: others[0]?.name ?? '' }),
    accepted: 2,
    limit: 'account',
    sessions: 2,
    says: ['why_displaced', 'why_account'],
    dials: 0,
  },
  { name: 'nobody', config: line(), answer: () => AUTH, accepted: 0, limit: 'none', sessions: 1, says: ['sessions_none'], dials: 4 },
];

for (const { name, config, answer, accepted, limit, sessions, says, dials } of rows) {
  test(`a provider that takes ${name}: ${limit}, ${accepted} accepted, ${sessions} proposed, the line as before`, () => {
    const it = scene(config, answer);
    const { state, report, problems } = passport(it);
    assert.equal([state, problems], ['done', []]);
    assert.equal([report?.accepted, report?.limit, report?.proposal.sessions], [accepted, limit, sessions]);
    for (const code of says) assert.ok(codesOf(report as PassportReport).includes(code), `${code} in ${codesOf(report as PassportReport).join()}`);
    assert.ok(it.provider.refused <= dials, `${it.provider.refused} dials were refused`);
    assert.ok(it.provider.most <= 4, `${it.provider.most} at once`);
    it.provider.pass(12);
    assert.equal(stateOf(it.router), it.before);
    assert.is(it.router.files.read('/var/run/multidial/trial'), undefined);
    for (const note of [...(report?.findings ?? []), ...(report?.proposals ?? [])]) assert.not.match(note.text, /[{}]|undefined/);
  });
}

test('a provider that forgets a session some seconds after its end is not taken for one that knows one MAC', () => {
  const ends = new Map<string, number>();
  const it = scene(line(), () => 'yes');
  it.provider.answer = ({ name }, others) => {
    const isHeld = [...ends].some(([other, endMs]) => other !== name && it.router.nowMs < endMs);
    return isHeld || others.length ? AUTH : 'yes';
  };
  const { onEffect } = it.router;
  it.router.onEffect = (effect) => {
    for (const [name, { up, options }] of it.router.netifd.interfaces) if (up && options.get('proto') === 'pppoe') ends.set(name, it.router.nowMs + 6000);
    onEffect(effect);
  };
  const { report, state } = passport(it);
  assert.equal([state, report?.accepted, report?.limit], ['done', 1, 'account']);
});

test('a number is the limit, above four as below', () => {
  const many = scene(line(), () => 'yes');
  assert.is(passport(many, '6').report?.accepted, 6);
  assert.is(many.provider.most, 6);
  const few = scene(line('sessions 4'), () => 'yes');
  assert.is(passport(few, '2').report?.accepted, 2);
  few.provider.pass(12);
  assert.equal(stateOf(few.router), few.before);
});

test('IPv6 and MTU are told of each session', () => {
  const { report } = passport(
    scene(line('sessions 2', 'ipv6 nat'), () => 'yes'),
    '2',
  );
  assert.equal(report?.links, [
    { link: 'wan_01', mtu: 1492, ipv6: 'address' },
    { link: 'wan_02', mtu: 1492, ipv6: 'address' },
  ]);
  assert.ok(report?.findings.some(({ code }) => code === 'ipv6_address'));
});

test('a person reads each step, what was found and what to configure', () => {
  const it = scene(line(), atMost(2));
  const { output, exit } = multidial(it.router, 'passport', 'wan');
  assert.is(exit, 0);
  for (const says of [
    /^3 at once: wan_03 is refused \(AUTH_TOPEER_FAILED\)\.$/m,
    /^What was found$/m,
    /uci set multidial\.wan\.sessions=2; uci commit/,
    /^wan is as configured/m,
  ])
    assert.match(output, says);
});

const wrongRows: [words: string[], exit: number, says: RegExp][] = [
  [['wan', '0'], 1, /sessions must be a number from 1 to 64/],
  [['wan', '2', '3'], 2, /usage/],
  [['wan', 'ftp://x'], 1, /url must be/],
  [['lan'], 1, /No line called lan is dialed\. Lines that are: wan/],
  [[], 2, /usage: multidial passport/],
];

for (const [words, exit, says] of wrongRows) {
  test(`\`passport ${words.join(' ')}\` leaves with ${exit} and starts nothing`, () => {
    const it = scene(line(), () => 'yes');
    const said = multidial(it.router, 'passport', ...words);
    assert.is(said.exit, exit);
    assert.match(said.output, says);
    assert.equal(changesOf(said.effects), []);
  });
}

test('the page starts it, hears how it goes on, and is refused a second one', () => {
  const it = scene(line(), atMost(2));
  assert.is((rpc(it.router, 'passport_status').reply as unknown as PassportStatus).state, 'none');
  const started = rpc(it.router, 'passport', { line: 'wan' }).reply as unknown as PassportStatus;
  assert.equal([started.state, started.line, started.steps], ['running', 'wan', []]);
  const again = rpc(it.router, 'passport', { line: 'wan' }).reply as { error?: { code: string } };
  assert.is(again.error?.code, 'passport_running');
  const seen: string[] = [];
  const { onEffect } = it.router;
  it.router.onEffect = (effect) => {
    onEffect(effect);
    if (effect.what === 'sleep 1000') seen.push((rpc(it.router, 'passport_status').reply as unknown as PassportStatus).steps.at(-1)?.code ?? '');
  };
  it.router.run((system) => system.sleepMs(1));
  assert.equal(
    [...new Set(seen)],
    ['dialing', 'confirming', 'restoring'].filter((code) => seen.includes(code)),
  );
  const { state, steps, report } = rpc(it.router, 'passport_status').reply as unknown as PassportStatus;
  assert.equal([state, steps.map(({ code }) => code), report?.accepted], ['done', ['accepted', 'accepted', 'refused', 'confirmed', 'restored'], 2]);
});

test('while it goes on, `plan` tells what an apply would do now: leave the tried number of sessions alone, and say so', () => {
  const it = scene(line(), atMost(2));
  rpc(it.router, 'passport', { line: 'wan' });
  const plans: Plan[] = [];
  const { onEffect } = it.router;
  it.router.onEffect = (effect) => {
    onEffect(effect);
    if (effect.what === 'sleep 1000') plans.push(rpc(it.router, 'plan').reply as unknown as Plan);
  };
  it.router.run((system) => system.sleepMs(1));
  assert.ok(plans.some(({ problems }) => problems.some(({ code, details }) => code === 'trial_running' && details?.['sessions'] === 3)));
  const telling = plans.filter(({ problems }) => problems.some(({ code }) => code === 'trial_running'));
  assert.equal(
    telling.flatMap(({ summary }) => summary.linksRemoved),
    [],
  );
  it.router.onEffect = onEffect;
  assert.equal((rpc(it.router, 'plan').reply as unknown as Plan).problems, []);
});

test.run();

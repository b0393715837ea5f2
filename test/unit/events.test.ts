// The event timeline: what is noted and read, how it is kept small, and what a clock that was wrong at boot does to it.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import { describeEvent, eventKinds, eventSentences } from '../../agent/src/contract/index.ts';
import type { EventKind, NewEvent, TimelineEvent } from '../../agent/src/contract/index.ts';
import { appendEvent, readEvents } from '../../agent/src/events.ts';
import type { EventQuery } from '../../agent/src/events.ts';
import type { System } from '../../agent/src/system.ts';
import { Router } from '../fake/router.ts';
import { multidial, rpc } from '../fake/shell.ts';
import { test } from '../limit.ts';

process.env['TZ'] = 'UTC';
const FILE = '/var/run/multidial/events';
const BOOT_S = 1_700_000_000;

/** Lets `work` have the system of a process. */
function within<T>(router: Router, work: (system: System) => T): T {
  let result: T | undefined;
  router.run((system) => {
    result = work(system);
  });
  return result as T;
}

const story: [afterS: number, event: NewEvent][] = [
  [10, { kind: 'started', details: { version: '0.1.0' } }],
  [20, { kind: 'up', link: 'wan_01', details: { device: 'pppoe-wan_01' } }],
  [30, { kind: 'dead', link: 'wan_01', details: { family: 'ipv4', reason: 'no target answered' } }],
  [40, { kind: 'up', link: 'wan_02' }],
  [50, { kind: 'alive', link: 'wan_01' }],
];

function aTold(): Router {
  const router = new Router();
  for (const [afterS, event] of story) {
    router.nowMs = afterS * 1000;
    assert.is(
      within(router, (system) => appendEvent(system, event)),
      undefined,
    );
  }
  router.nowMs = 60_000;
  return router;
}

const told = (router: Router, query?: EventQuery): TimelineEvent[] => within(router, (system) => readEvents(system, query));
const kindsOf = (events: readonly TimelineEvent[]): string => events.map(({ kind, link }) => (link ? `${kind} ${link}` : kind)).join(', ');

test('an event is one line of JSON in a file that only root may read', () => {
  const router = aTold();
  const [first, second] = (router.files.read(FILE) ?? '').split('\n');
  assert.is(first, `{"at":${BOOT_S + 10},"upMs":10000,"kind":"started","details":{"version":"0.1.0"}}`);
  assert.is(second, `{"at":${BOOT_S + 20},"upMs":20000,"kind":"up","link":"wan_01","details":{"device":"pppoe-wan_01"}}`);
  assert.is(router.files.modeOf(FILE), 0o600);
});

const queryRows: [query: EventQuery, expected: string][] = [
  [{}, 'started, up wan_01, dead wan_01, up wan_02, alive wan_01'],
  [{ link: 'wan_01' }, 'up wan_01, dead wan_01, alive wan_01'],
  [{ link: 'wan_03' }, ''],
  [{ kinds: ['up', 'started'] }, 'started, up wan_01, up wan_02'],
  [{ kinds: [] }, ''],
  [{ since: BOOT_S + 40 }, 'up wan_02, alive wan_01'],
  [{ since: BOOT_S + 41 }, 'alive wan_01'],
  [{ limit: 2 }, 'up wan_02, alive wan_01'],
  [{ limit: 0 }, ''],
  [{ limit: 9 }, 'started, up wan_01, dead wan_01, up wan_02, alive wan_01'],
  [{ link: 'wan_01', since: BOOT_S + 21, limit: 1 }, 'alive wan_01'],
];
for (const [query, expected] of queryRows) {
  test(`asked for ${JSON.stringify(query)} it tells ${expected || 'nothing'}`, () => assert.is(kindsOf(told(aTold(), query)), expected));
}

const GOOD = '{"at":1700000015,"upMs":15000,"kind":"config"}';
const lineRows: [title: string, line: string, isRead: boolean][] = [
  ['a good line', GOOD, true],
  ['a good one behind one that was cut off', `{"at":1700000014,"upMs":140${GOOD}`, true],
  ['one that was cut off', GOOD.slice(0, -1), false],
  ['no JSON', 'reboot', false],
  ['an empty line', '', false],
  ['a number', '5', false],
  ['null', 'null', false],
  ['an array', '[]', false],
  ['an unknown kind', GOOD.replace('config', 'exploded'), false],
  ['a kind of every object', GOOD.replace('config', 'constructor'), false],
  ['no time', GOOD.replace('"at":1700000015,', ''), false],
  ['a time that is a word', GOOD.replace('15000', '"x"'), false],
  ['a link that is no word', GOOD.replace('}', ',"link":5}'), false],
  ['details that are none', GOOD.replace('}', ',"details":"x"}'), false],
  ['details in details', GOOD.replace('}', ',"details":{"a":{}}}'), false],
];
for (const [title, line, isRead] of lineRows) {
  test(`${title} is ${isRead ? 'read' : 'skipped'}, and the others are read`, () => {
    const router = aTold();
    router.files.append(FILE, `${line}\n${GOOD.replace('config', 'stopped').replace('15000', '16000')}\n`, 0o600);
    assert.is(kindsOf(told(router)), `started, ${isRead ? 'config, ' : ''}stopped, up wan_01, dead wan_01, up wan_02, alive wan_01`);
  });
}

test('no events, and no file, is nothing', () => assert.equal(told(new Router()), []));

test('ten thousand events take less than 64 kB, and the newest are all there', () => {
  const router = new Router();
  within(router, (system) => {
    for (let number = 0; number < 10_000; number++) {
      router.nowMs += 1000;
      appendEvent(system, { kind: 'down', link: 'wan_01', details: { reason: `HANGUP ${number}` } });
      const sizes = [FILE, `${FILE}.1`].map((path) => router.files.stat(path)?.size ?? 0);
      assert.ok(
        sizes.every((size) => size <= 32 << 10),
        sizes.join(),
      );
    }
  });
  const numbers = told(router).map(({ details }) => Number(String(details?.['reason']).slice(7)));
  assert.ok(numbers.length >= 250, `${numbers.length} events`);
  assert.equal(
    numbers,
    numbers.map((_, index) => 10_000 - numbers.length + index),
  );
});

test('details that are too long are left out, the event is not', () => {
  const router = new Router();
  within(router, (system) => appendEvent(system, { kind: 'down', link: 'wan_01', details: { reason: 'é'.repeat(2000) } }));
  assert.equal(told(router), [{ at: BOOT_S + 60, upMs: 60_000, kind: 'down', link: 'wan_01' }]);
});

test('a full RAM disk is told as such', () => {
  const router = new Router();
  router.files.remove('/var/run/multidial');
  assert.equal(
    within(router, (system) => appendEvent(system, { kind: 'started' })),
    { path: FILE, reason: 'No such file or directory' },
  );
});

test('events from before the clock was set are told by the clock as it is now', () => {
  const router = aTold();
  router.bootWallMs += 86_400_000;
  assert.equal(
    told(router, { limit: 2 }).map(({ at }) => at),
    [BOOT_S + 86_440, BOOT_S + 86_450],
  );
  router.bootWallMs -= 86_400_000 - 3000; // NTP moves it a little, all the time
  assert.equal(
    told(router, { limit: 1 }).map(({ at }) => at),
    [BOOT_S + 50],
  );
});

const sentenceRows: [event: NewEvent, sentence: string][] = [
  [{ kind: 'up', link: 'wan_01', details: { device: 'pppoe-wan_01' } }, 'wan_01 is up (pppoe-wan_01).'],
  [{ kind: 'up', link: 'wan_01' }, 'wan_01 is up.'],
  [{ kind: 'dead', link: 'wan_01', details: { family: 'ipv4', reason: 'no target answered' } }, 'wan_01 is dead in ipv4: no target answered.'],
  [{ kind: 'dead', link: 'wan_01', details: { reason: 'no [target] {link}' } }, 'wan_01 is dead: no [target] {link}.'],
  [{ kind: 'dial_stopped', link: 'wan_01', details: { seconds: 0 } }, 'wan_01 is not dialed any more for 0 s.'],
  [{ kind: 'up', details: { link: 'x' } }, '{link} is up.'],
];
for (const [event, sentence] of sentenceRows) test(sentence, () => assert.is(describeEvent(event), sentence));

for (const kind of eventKinds) {
  test(`${kind} has a sentence that ends, and is whole without details`, () => {
    assert.match(describeEvent({ kind, link: 'wan_01' }), /^[A-Zw][^{}[\]]*\.$/);
    assert.is(describeEvent({ kind }, { ...eventSentences, [kind]: 'übersetzt' } as Record<EventKind, string>), 'übersetzt');
  });
}

test('a person gets a line an event, by the time zone of the router', () => {
  const { exit, output } = multidial(aTold(), 'events', 'wan_01');
  assert.equal(
    [exit, output],
    [
      0,
      '2023-11-14 22:13:40  wan_01 is up (pppoe-wan_01).\n2023-11-14 22:13:50  wan_01 is dead in ipv4: no target answered.\n2023-11-14 22:14:10  wan_01 is alive.\n',
    ],
  );
  assert.is(multidial(new Router(), 'events').output, 'Nothing has happened since boot, or nobody has watched.\n');
});

test('what a provider says reaches the terminal without its control characters', () => {
  const router = new Router();
  within(router, (system) => appendEvent(system, { kind: 'down', link: 'wan_01', details: { reason: 'x\u001b[31m\ny' } }));
  assert.match(multidial(router, 'events').output, /: x\?\[31m\ny\.\n$/);
  assert.is((router.files.read(FILE) ?? '').split('\n').length, 2);
});

const rpcRows: [args: object, expected: string][] = [
  [{}, 'started, up wan_01, dead wan_01, up wan_02, alive wan_01'],
  [{ link: null, since: null }, 'started, up wan_01, dead wan_01, up wan_02, alive wan_01'],
  [{ link: 'wan_02' }, 'up wan_02'],
  [{ link: 'wan_01', since: BOOT_S + 31 }, 'alive wan_01'],
];
for (const [args, expected] of rpcRows) {
  test(`rpc ${JSON.stringify(args)} tells ${expected}`, () => {
    const reply = rpc(aTold(), 'events', args).reply as { atMs: number; events: TimelineEvent[] };
    assert.equal([reply.atMs, kindsOf(reply.events)], [60_000, expected]);
  });
}

const badRows: [args: object, argument: string][] = [
  [{ link: 5 }, 'link'],
  [{ link: '' }, 'link'],
  [{ link: '../x' }, 'link'],
  [{ since: '5' }, 'since'],
  [{ since: {} }, 'since'],
];
for (const [args, argument] of badRows) {
  test(`rpc refuses ${JSON.stringify(args)}`, () => {
    const { error } = rpc(aTold(), 'events', args).reply as { error: { code: string; details: Record<string, string> } };
    assert.equal([error.code, error.details['argument']], ['argument_invalid', argument]);
  });
}

const wordRows: [words: string[], exit: number, says: RegExp][] = [
  [['wan_01', 'x'], 2, /^usage: multidial events/],
  [['..'], 1, /^error: Argument link must be/],
  [['--json', 'wan_02'], 0, /^\{"atMs":60000,"events":\[\{"at":1700000040,"upMs":40000,"kind":"up","link":"wan_02"\}\]\}\n$/],
];
for (const [words, exit, says] of wordRows) {
  test(`\`multidial events ${words.join(' ')}\` leaves with ${exit}`, () => {
    const said = multidial(aTold(), 'events', ...words);
    assert.is(said.exit, exit);
    assert.match(said.output, says);
  });
}

test.run();

// `history`: a link's numbers by rpc and as a table, and that no argument leads to another file.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import { renderCurve, renderHistory } from '../../../agent/src/commands/history.ts';
import type { RatesReply, Series } from '../../../agent/src/contract/index.ts';
import { Recorder } from '../../../agent/src/watch/history-files.ts';
import { Router } from '../../fake/router.ts';
import { multidial, rpc } from '../../fake/shell.ts';
import { test } from '../../limit.ts';

/** A minute without loss and one with 10 %; it is 180 s since boot. */
const aRecordedRouter = (): Router => {
  const router = new Router();
  router.run((system) => {
    const recorder = new Recorder(system, 'wan_01');
    for (let second = 0; second < 120; second++) {
      router.nowMs += 1000;
      recorder.record(router.nowMs, { rx: 125_000 * (second % 8), tx: 1000, loss: second < 60 ? 0 : 10, latencyMs: second === 119 ? null : 12.3 });
    }
  });
  return router;
};

test('rpc tells a span, whole or thinned', () => {
  const router = aRecordedRouter();
  const whole = rpc(router, 'history', { link: 'wan_01' }).reply as unknown as Series & { span: string; atMs: number };
  assert.equal([whole.span, whole.atMs, whole.endMs, whole.stepS, whole.rx.length], ['5m', 180_000, 181_000, 1, 300]);
  const thin = rpc(router, 'history', { link: 'wan_01', span: '2h', points: 60 }).reply as unknown as Series;
  assert.equal([thin.stepS, thin.loss.length, thin.loss.slice(-2)], [120, 60, [0, 9.83]]);
});

const badRows: [args: object, code: string, argument?: string][] = [
  [{}, 'argument_invalid', 'link'],
  [{ link: 5 }, 'argument_invalid', 'link'],
  [{ link: '' }, 'argument_invalid', 'link'],
  [{ link: '..' }, 'argument_invalid', 'link'],
  [{ link: '../last-run' }, 'argument_invalid', 'link'],
  [{ link: 'wan_01/../wan_01' }, 'argument_invalid', 'link'],
  [{ link: 'wan_01\n' }, 'argument_invalid', 'link'],
  [{ link: 'x'.repeat(33) }, 'argument_invalid', 'link'],
  [{ link: 'wan_01', span: '1h' }, 'argument_invalid', 'span'],
  [{ link: 'wan_01', span: 'constructor' }, 'argument_invalid', 'span'],
  [{ link: 'wan_01', points: 0 }, 'argument_invalid', 'points'],
  [{ link: 'wan_01', points: 2017 }, 'argument_invalid', 'points'],
  [{ link: 'wan_01', points: 1.5 }, 'argument_invalid', 'points'],
  [{ link: 'wan_01', points: '60' }, 'argument_invalid', 'points'],
  [{ link: 'wan_09' }, 'history_missing'],
];
for (const [args, code, argument] of badRows) {
  test(`rpc refuses ${JSON.stringify(args)}`, () => {
    const { error } = rpc(aRecordedRouter(), 'history', args).reply as { error: { code: string; details: Record<string, string> } };
    assert.equal([error.code, error.details['argument']], [code, argument]);
  });
}

test('rpc tells the rates of all links at once, in whole bytes and by one step', () => {
  const router = aRecordedRouter();
  router.run((system) => new Recorder(system, 'wan_02').record(router.nowMs - 1000, { rx: 1000.6, tx: 7, loss: null, latencyMs: null }));
  const reply = rpc(router, 'histories', { points: 100 }).reply as unknown as RatesReply;
  assert.equal([reply.span, reply.stepS, reply.atMs], ['5m', 3, 180_000]);
  assert.equal(
    reply.links.map(({ link, rx, tx }) => [link, rx.length, tx.findLast((value) => value !== null)]),
    [
      ['wan_01', 100, 1000],
      ['wan_02', 100, 7],
    ],
  );
  assert.ok(reply.links.flatMap(({ rx }) => rx).every((value) => value === null || Number.isInteger(value)));
  assert.equal(Object.keys(reply.links[0] ?? {}), ['link', 'endMs', 'rx', 'tx']);
});

test('many links get fewer values each, so that the reply stays far below what ubus carries', () => {
  const router = new Router();
  router.run((system) => {
    for (let index = 1; index <= 191; index++)
      new Recorder(system, `wan_${index}`).record(100_000, { rx: 123_456_789, tx: 123_456_789, loss: 0, latencyMs: 1 });
  });
  const reply = rpc(router, 'histories', { span: '7d' }).reply as unknown as RatesReply;
  assert.ok(reply.links.length === 191 && reply.links.every(({ rx }) => rx.length <= 62));
  assert.ok(JSON.stringify(reply).length < 400_000);
});

test('nothing was recorded: no link, and no failure', () => {
  const reply = rpc(new Router(), 'histories', { span: '2h' }).reply as unknown as RatesReply;
  assert.equal([reply.span, reply.stepS, reply.links], ['2h', 10, []]);
  const { error } = rpc(new Router(), 'histories', { span: '1h' }).reply as { error: { code: string } };
  assert.is(error.code, 'argument_invalid');
});

test('a person gets a table with curves', () => {
  const { exit, output } = multidial(aRecordedRouter(), 'history', 'wan_01');
  const [title, heads, ...rows] = output.trimEnd().split('\n');
  assert.equal([exit, title, heads], [0, 'wan_01, the last 5 minutes', '                now        mean        peak']);
  assert.equal(
    rows.map((row) => row.slice(0, 45)),
    [
      'receive 7.00 Mbit/s 3.50 Mbit/s 7.00 Mbit/s  ',
      'send    8.00 kbit/s 8.00 kbit/s 8.00 kbit/s  ',
      'loss         10.0 %       5.0 %      10.0 %  ',
      'latency           -     12.3 ms     12.3 ms  ',
    ],
  );
  assert.ok(rows.every((row) => row.length <= 79));
  assert.match(output, /^loss .* {2,}▁{7}▇█{6}$/m);
});

const wordRows: [words: string[], exit: number, says: RegExp][] = [
  [[], 2, /^usage: multidial history \[--json\] LINK/],
  [['wan_01', '5m', 'x'], 2, /^usage: multidial history/],
  [['wan_01', '1h'], 1, /^error: Argument span must be one of 5m, 2h, 7d\.\n$/],
  [['../last-run'], 1, /^error: Argument link must be the name of a link\.\n$/],
  [['wan_09'], 1, /^error: Nothing was recorded of wan_09\. Links with a history: wan_01\.\n$/],
  [['--json', 'wan_09'], 1, /^\{"error":\{"code":"history_missing",.*"message":"Nothing was recorded/],
  [['--json', 'wan_01', '7d'], 0, /^\{"link":"wan_01","span":"7d","atMs":180000,"stepS":300,/],
  [['wan_01', '7d'], 0, /\nNothing is being measured now/],
];
for (const [words, exit, says] of wordRows) {
  test(`\`multidial history ${words.join(' ')}\` leaves with ${exit}`, () => {
    const said = multidial(aRecordedRouter(), 'history', ...words);
    assert.is(said.exit, exit);
    assert.match(said.output, says);
  });
}

test('a curve reaches from nothing to its own peak, with blanks where nothing was measured', () => {
  assert.is(renderCurve([0, 1, 2, 3, 4, 5, 6, 7, 8, null], 10), '▁▂▃▄▅▆▇██ ');
  assert.is(renderCurve([0, 0, null, 0], 4), '▁▁ ▁');
  assert.is(renderCurve([1, 3, 4, 4], 2), '▅█');
  const empty = { stepS: 1, endMs: 0, rx: [null], tx: [null], loss: [null], latencyMs: [null] };
  assert.match(renderHistory({ link: 'a', span: '2h', atMs: 0, ...empty }), /^receive {11}- {11}- {11}-$/m);
});

test.run();

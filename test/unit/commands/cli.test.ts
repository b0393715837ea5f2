// The command line: exit codes, usage, what is printed, and that nothing printed can drive the terminal.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import { aDialedRouter, aRouter, line } from '../../fake/scene.ts';
import { changesOf, multidial, settle } from '../../fake/shell.ts';
import { test } from '../../limit.ts';

const usageRows: [words: string[], exit: number, says: RegExp][] = [
  [[], 0, /^multidial: several PPPoE sessions/],
  [['help'], 0, /Exit codes: 0 done, 1 something failed/],
  [['--help'], 0, /multidial plan/],
  [['-h'], 0, /multidial plan/],
  [['version'], 0, /^0\.0\.0-test\n$/],
  [['frobnicate'], 2, /unknown command frobnicate\n\nmultidial: several/],
  [['apply', 'now'], 2, /multidial apply: unknown argument now; see multidial help/],
  [['plan', '--json', 'x'], 2, /unknown argument x/],
  [['plan', '-v'], 2, /unknown argument -v/],
  [['\u001b[2J'], 2, /unknown command \?\[2J/],
  [['plan', '\u001b]0;x\u0007'], 2, /unknown argument \?\]0;x\?/],
];

for (const [words, exit, says] of usageRows) {
  test(`\`multidial ${JSON.stringify(words).slice(1, -1)}\` leaves with ${exit}`, () => {
    const said = multidial(aRouter(line()), ...words);
    assert.is(said.exit, exit);
    assert.match(said.output, says);
    assert.equal(changesOf(said.effects), []);
  });
}

test('plan, status and version change nothing', () => {
  const router = aRouter(line('sessions 4', 'ipv6 nat'));
  for (const words of [['plan'], ['plan', '--json'], ['status'], ['status', '--json'], ['version']])
    assert.equal(changesOf(multidial(router, ...words).effects), []);
});

test('apply does it, apply again does nothing, reset takes it back', () => {
  const router = aRouter(line('sessions 4'));
  const first = multidial(router, 'apply');
  assert.equal([first.exit, first.output], [0, 'Done: 64 edits of uci, 17 changes of the running system.\n']);
  settle(router);
  const second = multidial(router, 'apply');
  assert.equal([second.exit, second.output, changesOf(second.effects)], [0, 'Nothing to change.\n', []]);
  const reset = multidial(router, 'reset');
  assert.equal([reset.exit, reset.output.startsWith('Done: ')], [0, true]);
});

const failRows: [title: string, config: string, words: string[], says: RegExp][] = [
  ['a faulty line', line('sessions 65'), ['plan'], /^error: line\.wan: option sessions must be/m],
  [
    'an unreadable configuration',
    "config line 'wan\n",
    ['apply'],
    /^Nothing was changed\.\nerror: \/etc\/config\/multidial can’t be read: a quote is not closed \(line 1\)/,
  ],
  ['a missing port', line().replace("'wan'\n\toption device 'wan'", "'wan'\n\toption device 'eth9'"), ['apply'], /there is no device eth9/],
  ['an unreadable configuration, planned', "config line 'wan\n", ['plan'], /A run would stop here and change nothing/],
  ['an unreadable configuration, looked at', "config line 'wan\n", ['status'], /can’t be read/],
];

for (const [title, config, words, says] of failRows) {
  test(`${title}: \`${words.join(' ')}\` leaves with 1 and says why`, () => {
    const said = multidial(aRouter(config), ...words);
    assert.is(said.exit, 1);
    assert.match(said.output, says);
  });
}

test('warnings alone are no failure', () => {
  const said = multidial(aRouter(line('zone wan')), 'apply');
  assert.equal([said.exit, /warning: line\.wan: option zone is unknown/.test(said.output)], [0, true]);
});

test('a disabled multidial says so when it is asked to apply', () => {
  const said = multidial(aRouter(`config globals\n\toption enabled '0'\n\n${line()}`), 'apply');
  assert.equal([said.exit, said.output.split('\n')[0]], [0, 'Nothing to change.']);
  assert.match(said.output, /warning: multidial is disabled/);
});

test('--json prints one object with the same content', () => {
  const router = aRouter(line('sessions 2'));
  const plan = JSON.parse(multidial(router, 'plan', '--json').output);
  assert.equal([plan.blocked, plan.summary.linksAdded, plan.problems], [false, ['wan_01', 'wan_02'], []]);
  const run = JSON.parse(multidial(router, 'apply', '--json').output);
  assert.equal([run.ok, run.changed, run.revision], [true, true, plan.revision]);
});

test('a name from elsewhere reaches the terminal without its control characters', () => {
  const router = aDialedRouter(line());
  router.broken.set('ubus -t', { exit: 4, stderr: '\u001b[31mred\u0007 and \u009b2J' });
  const said = multidial(router, 'status');
  assert.equal([said.exit, /failed with exit code 4: \?\[31mred\? and \?2J/.test(said.output)], [1, true]);
});

test('the hook says nothing and succeeds', () => {
  const said = multidial(aDialedRouter(line()), 'hotplug');
  assert.equal([said.exit, said.output, changesOf(said.effects)], [0, '', []]);
});

test('apply gives up after some seconds when another run does not end', () => {
  const router = aRouter(line());
  const other = router.start();
  router.files.createLink(`${other.pid}.${other.pid * 10}`, '/var/run/multidial/lock.1');
  const said = multidial(router, 'apply');
  assert.equal([said.exit, said.output], [1, `Nothing was changed.\nerror: Another run is going on (process ${other.pid}). Try again in a moment.\n`]);
  assert.equal(changesOf(said.effects), []);
});

test.run();

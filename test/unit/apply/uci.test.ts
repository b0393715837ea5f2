// Edits of uci: nobody's pending changes go along, a full flash loses nothing, and passwords leave no trace.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import type { RunResult } from '../../../agent/src/contract/index.ts';
import type { Router } from '../../fake/router.ts';
import { aDialedRouter, aRouter, FIREWALL, line, NETWORK } from '../../fake/scene.ts';
import { changesOf, multidial, settle } from '../../fake/shell.ts';
import { test } from '../../limit.ts';

const apply = (router: Router) => JSON.parse(multidial(router, 'apply', '--json').output) as RunResult;
const codes = (run: RunResult) => run.problems.map((problem) => problem.code);
const text = (router: Router, name: string) => router.files.read(`/etc/config/${name}`);

for (const name of ['network', 'firewall']) {
  test(`stops before anything is changed while somebody’s changes of ${name} are pending`, () => {
    const router = aRouter(line());
    router.write(`/tmp/.uci/${name}`, `${name}.lan.key='topsecret'\n-${name}.lan.ipaddr\n|${name}.lan.dns='two\nlines of a secret'\n`);
    const run = apply(router);
    assert.equal([run.ok, run.changed, codes(run)], [false, false, ['pending_changes']]);
    assert.equal(run.problems[0]?.details, { packages: [name], changes: [`${name}.lan.key`, `-${name}.lan.ipaddr`, `|${name}.lan.dns`] });
    assert.equal([text(router, 'network'), text(router, 'firewall')], [NETWORK, FIREWALL]);
    assert.match(multidial(router, 'plan').output, /A run would stop here and change nothing/);
  });
}

test('an empty file of pending changes, which a commit leaves, is none', () => {
  const router = aRouter(line());
  router.write('/tmp/.uci/network', '');
  assert.is(apply(router).ok, true);
});

test('pending changes of a package that is not edited disturb nothing', () => {
  const router = aRouter(line());
  router.write('/tmp/.uci/dhcp', "dhcp.lan.start='7'\n");
  assert.is(apply(router).ok, true);
  assert.is(router.files.read('/tmp/.uci/dhcp'), "dhcp.lan.start='7'\n");
});

test('a flash without room is noticed before the commit', () => {
  const router = aRouter(line('sessions 4'));
  router.files.flashBytes = 4000;
  const run = apply(router);
  assert.equal([run.changed, codes(run)], [false, ['flash_full']]);
  assert.equal([text(router, 'network'), text(router, 'firewall')], [NETWORK, FIREWALL]);
  assert.equal(router.files.list('/etc/config'), ['dhcp', 'firewall', 'multidial', 'network'], 'nothing is left of the trial');
  router.files.flashBytes = Number.POSITIVE_INFINITY;
  assert.is(apply(router).ok, true);
});

test('the file that tries out the room is gone after the next run, also where that one edits nothing', () => {
  const router = aDialedRouter(line());
  router.write('/etc/config/.multidial-room', 'noise of a run that was killed');
  assert.equal([apply(router).changed, text(router, '.multidial-room')], [false, undefined]);
});

/** The flash is full while uci runs. */
const fillAtCommit = (router: Router) => {
  router.onEffect = ({ what }) => {
    router.files.flashBytes = what.startsWith('uci') ? 0 : Number.POSITIVE_INFINITY;
  };
};

test('the name that a killed run left to a file without one is gone after the next run, also where that one edits nothing', () => {
  const router = aDialedRouter(line('sessions 2'));
  const names = () => router.files.list('/var/run/multidial').filter((name) => name.startsWith('.'));
  router.write('/var/run/multidial/.io-2088-3', '');
  router.write('/var/run/multidial/.other', '');
  multidial(router, 'hotplug');
  assert.equal(names(), ['.other']);
});

test('a file that a commit emptied is put back with its own mode', () => {
  const router = aRouter(line());
  router.write('/etc/config/network', NETWORK, 0o640);
  fillAtCommit(router);
  const run = apply(router);
  assert.equal([...new Set(codes(run))], ['commit_lost']);
  assert.equal([text(router, 'network'), text(router, 'firewall')], [NETWORK, FIREWALL]);
  assert.is(router.files.modeOf('/etc/config/network'), 0o640);
  router.onEffect = () => undefined;
  assert.match(multidial(router, 'apply').output, /^Done: /);
});

test('a run whose commit was lost does not say that nothing was changed', () => {
  const router = aRouter(line());
  fillAtCommit(router);
  const { output } = multidial(router, 'apply');
  assert.match(output, /^Not everything was done\.\nerror: /);
});

test('what somebody else commits in between is told and not overwritten', () => {
  const router = aRouter(line());
  router.onEffect = ({ what }) => {
    if (what.startsWith('uci')) router.write('/etc/config/firewall', `${FIREWALL}\nconfig rule 'new'\n`);
  };
  assert.equal(codes(apply(router)), ['commit_lost']);
  assert.match(text(router, 'firewall') ?? '', /config rule 'new'/);
});

test('an option that is empty in the file is no lost change', () => {
  const router = aRouter(line());
  router.config('network', `${NETWORK}\toption gateway ''\n`);
  router.config('firewall', `${FIREWALL}\toption family ""\n`);
  assert.equal(codes(apply(router)), []);
});

test('half a batch that a killed run left is not committed', () => {
  const router = aRouter(line());
  router.files.makeDirectory('/var/run/multidial/uci', 0o700);
  router.write('/var/run/multidial/uci/network', "network.lan.ipaddr='6.6.6.6'\n");
  assert.is(apply(router).ok, true);
  assert.not.match(text(router, 'network') ?? '', /6\.6\.6\.6/);
});

test('neither copies nor deltas with passwords stay behind, and none is ever in an argument', () => {
  const router = aDialedRouter(line('sessions 3'));
  const holding = () =>
    [...router.files.all()]
      .filter(([, content]) => content.includes('s3cr3t-pw'))
      .map(([path]) => path)
      .toSorted();
  assert.equal(holding(), ['/etc/config/multidial', '/etc/config/network']);
  assert.is(router.files.modeOf('/var/run/multidial/config.good'), 0o600);
  multidial(router, 'reset');
  settle(router);
  assert.equal(holding(), ['/etc/config/multidial']);
  assert.not.ok(router.effects.some((effect) => effect.what.includes('s3cr3t-pw')));
});

test('one uci process a run, however many links', () => {
  const { effects } = multidial(aRouter(line('sessions 24', 'ipv6 nat')), 'apply');
  const commands = effects.filter((effect) => effect.kind === 'command').map((effect) => effect.what.split(' ')[0]);
  assert.equal(
    ['uci', 'ubus', 'ip', 'nft', 'logger'].map((program) => commands.filter((command) => command === program).length),
    [1, 4, 4, 1, 1],
  );
});

test('tells procd of each committed package once, also when the run before was killed before it could', () => {
  const router = aRouter(line());
  const told = () => router.effects.filter(({ what }) => what.includes('service event')).map(({ what }) => /"package":"(\w+)"/.exec(what)?.[1]);
  router.broken.set('ubus -t', { exit: 7 });
  multidial(router, 'apply');
  assert.equal(told(), [], 'netifd could not be asked: nothing was begun');
  router.broken.clear();
  router.onEffect = ({ what }) => {
    if (what.startsWith('uci')) router.broken.set('ubus -t', { exit: 7, stderr: 'no procd' });
  };
  assert.equal(codes(apply(router)), ['command_failed']);
  router.onEffect = () => undefined;
  router.broken.clear();
  router.effects = [];
  assert.is(apply(router).ok, true);
  assert.equal(told(), ['network', 'firewall']);
  assert.equal(changesOf(multidial(router, 'apply').effects), []);
});

test('reset stores that it is off, also where globals has no name, or is not there', () => {
  for (const globals of ["config globals 'globals'\n\toption enabled '1'\n\n", 'config globals\n\n', "config globals 'main'\n\n", '']) {
    const router = aDialedRouter(globals + line());
    assert.is(multidial(router, 'reset').exit, 0);
    assert.match(text(router, 'multidial') ?? '', /config globals.*\n(\t.*\n)*\toption enabled '0'\n/, globals);
    settle(router);
    assert.match(multidial(router, 'apply').output, /^Nothing to change\./, globals);
  }
});

test('reset works with a configuration that can’t be read', () => {
  const router = aDialedRouter(line('sessions 2'));
  router.config('multidial', "config line 'wan\n");
  multidial(router, 'reset');
  settle(router);
  assert.not.match(text(router, 'network') ?? '', /wan_0/);
  assert.equal([...router.kernel.nexthops.keys()], [], 'no event brings it back by the last good configuration');
  assert.is(text(router, 'multidial'), "config line 'wan\n");
});

test.run();

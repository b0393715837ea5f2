// What procd, its triggers and rc.common promise beyond the recording, in tenths of seconds where the recording takes seconds.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { test } from '../limit.ts';
import { startRouter } from './procd/router.ts';
import type { Router } from './procd/router.ts';

const SLEEP = ['/bin/sleep', '1000'];
const DEADLINE_MS = 10_000;
const FEED = join(import.meta.dirname, '../../openwrt-feed/multidial/files/etc/init.d/multidial');

let router: Router;

type Instances = Record<string, Record<string, unknown>>;
type Listed = { instances?: Instances; triggers?: unknown[] };

async function list(name: string): Promise<Listed | undefined> {
  const { data } = await router.bus.call('service', 'list', { name, verbose: true });
  return data?.[name] as Listed | undefined;
}

const set = (args: Record<string, unknown>) => router.bus.call('service', 'set', args);
const read = (path: string) => (existsSync(join(router.root, path)) ? readFileSync(join(router.root, path), 'utf8') : '');
const write = (path: string, text: string, mode = 0o755) => writeFileSync(join(router.root, path), text, { mode });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + DEADLINE_MS; !(await isTrue()); await pause(20)) assert.ok(Date.now() < endMs, `not within the deadline: ${what}`);
}

/** pids of a service's instances by name; one that does not run has none. */
async function pidsOf(name: string): Promise<Record<string, unknown>> {
  const instances = (await list(name))?.instances ?? {};
  return Object.fromEntries(Object.entries(instances).map(([instance, { pid }]) => [instance, pid]));
}

/** A service without instances that runs a script `delayMs` after the last event of its package. */
const watch = (name: string, delayMs: number) =>
  set({ name, instances: {}, triggers: [['config.change', ['if', ['eq', 'package', name], ['run_script', `/usr/bin/${name}`, 'now']], delayMs]] });
const tell = (name: string) => router.procd.event('config.change', { package: name });

test.before(async () => {
  router = await startRouter();
});
test.after(() => router.stop());

test('runs a triggered command once for many events, counted from the last one', async () => {
  write('usr/bin/once', '#!/bin/sh\necho "$*" >> tmp/once\n');
  await watch('once', 400);
  for (let event = 0; event < 4; event++) {
    tell('once');
    assert.is(read('tmp/once'), '', 'nothing runs while events come in');
    await pause(200);
  }
  await until('one run', () => read('tmp/once') !== '');
  await pause(600);
  assert.is(read('tmp/once'), 'now\n');
});

test('hears of no other package and of no other type', async () => {
  write('usr/bin/deaf', '#!/bin/sh\necho run >> tmp/deaf\n');
  await watch('deaf', 1);
  tell('other');
  router.procd.event('config.change', {});
  router.procd.event('interface.update', { package: 'deaf' });
  await pause(300);
  assert.is(read('tmp/deaf'), '');
});

test('an event during a run brings one more run, after it', async () => {
  write('usr/bin/slow', '#!/bin/sh\necho begin >> tmp/slow\nsleep 0.5\necho end >> tmp/slow\n');
  await watch('slow', 1);
  tell('slow');
  await until('the first run', () => read('tmp/slow') !== '');
  tell('slow');
  tell('slow');
  await until('the second run', () => read('tmp/slow').split('end').length > 2);
  await pause(700);
  assert.is(read('tmp/slow'), 'begin\nend\nbegin\nend\n');
});

test('commands of two services take their turns', async () => {
  for (const name of ['left', 'right']) {
    write(`usr/bin/${name}`, '#!/bin/sh\necho begin >> tmp/both\nsleep 0.4\necho end >> tmp/both\n');
    await watch(name, 1);
    tell(name);
  }
  await until('both ran', () => read('tmp/both').split('end').length > 2);
  assert.is(read('tmp/both'), 'begin\nend\nbegin\nend\n');
});

test('a changed instance is started anew, an unchanged one stays, a gone one ends', async () => {
  const instances = { same: { command: SLEEP }, changed: { command: SLEEP }, gone: { command: SLEEP } };
  await set({ name: 'mixed', instances });
  const before = await pidsOf('mixed');
  await set({ name: 'mixed', instances: { same: { command: SLEEP }, changed: { command: SLEEP, env: { NEW: '1' } } } });
  await until('two instances run', async () => {
    const after = await pidsOf('mixed');
    return Object.keys(after).join() === 'changed,same' && after['changed'] !== undefined && after['changed'] !== before['changed'];
  });
  assert.is((await pidsOf('mixed'))['same'], before['same']);
  await set({ name: 'mixed', instances: {} });
  await until('no instance is left', async () => (await list('mixed'))?.instances === undefined);
  assert.ok(await list('mixed'), 'a service without instances is one');
});

test('the content of a file of its own is a reason to start an instance anew, its data is not', async () => {
  const service = (data: string) => set({ name: 'filed', instances: { main: { command: SLEEP, file: ['/etc/config/filed'], data: { kind: data } } } });
  write('etc/config/filed', 'one\n');
  await service('a');
  const first = (await pidsOf('filed'))['main'];
  await service('b');
  assert.equal((await list('filed'))?.instances?.['main']?.['data'], { kind: 'b' });
  await pause(300);
  assert.is((await pidsOf('filed'))['main'], first);
  write('etc/config/filed', 'two\n');
  await service('b');
  await until('another process', async () => ![undefined, first].includes((await pidsOf('filed'))['main'] as undefined));
});

test('a process that ignores TERM is killed when its time is over', async () => {
  const command = ['/bin/sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'];
  await set({ name: 'deafened', instances: { main: { command, term_timeout: 1 } } });
  await pause(300);
  await router.bus.call('service', 'delete', { name: 'deafened' });
  assert.is((await list('deafened'))?.instances?.['main']?.['running'], true, 'it is listed until it is gone');
  await until('it is gone', async () => (await list('deafened')) === undefined);
  assert.match(
    router.log
      .lines(5)
      .map(({ text }) => text)
      .join('\n'),
    /Instance deafened::main pid \d+ not stopped on SIGTERM, sending SIGKILL instead/,
  );
});

test('a command that is not there counts as an end with code 127', async () => {
  await set({ name: 'absent', instances: { main: { command: ['/usr/bin/absent'] } } });
  await until('it ended', async () => (await list('absent'))?.instances?.['main']?.['running'] === false);
  assert.is((await list('absent'))?.instances?.['main']?.['exit_code'], 127);
});

test('boots the links of rc.d in their order, and keeps what they say in the log', async () => {
  for (const [place, name] of [
    ['S20', 'early'],
    ['S95', 'late'],
  ]) {
    write(`etc/init.d/${name}`, `#!/bin/sh /etc/rc.common\nSTART=${place?.slice(1)}\nboot() { sleep 0.1; echo "${name} boots"; }\n`);
    await router.shell(`sh /etc/rc.common /etc/init.d/${name} enable`);
    assert.ok(existsSync(join(router.root, `etc/rc.d/${place}${name}`)), `${name} is enabled`);
  }
  await router.procd.boot();
  const said = router.log
    .lines()
    .map(({ text }) => text)
    .filter((text) => text.endsWith('boots'));
  assert.equal(said, ['procd: /etc/rc.d/S20early: early boots', 'procd: /etc/rc.d/S95late: late boots']);
});

test("multidial's own service keeps a watcher where one is wanted, and hears of its config", async () => {
  const places = {
    '/usr/sbin/': '$IPKG_INSTROOT/usr/sbin/',
    '/var/run/multidial/': '$IPKG_INSTROOT/tmp/',
    '/usr/bin/qjs /usr/lib/multidial/watch.js': '/bin/sleep 1000',
  };
  const init = Object.entries(places).reduce((text, [path, place]) => text.replaceAll(path, place), readFileSync(FEED, 'utf8'));
  write('usr/sbin/multidial', '#!/bin/sh\necho "$*" >> "$IPKG_INSTROOT/tmp/applied"\n');
  write('etc/init.d/multidial', init.replace('uci -q get multidial.@globals[0].watch', 'cat $IPKG_INSTROOT/tmp/watch'));
  write('tmp/watch', '0');
  const run = (action: string) => router.shell(`sh /etc/rc.common /etc/init.d/multidial ${action}`);
  const triggers = [['config.change', ['if', ['eq', 'package', 'multidial'], ['run_script', '/etc/init.d/multidial', 'reload']], 1000]];
  assert.is((await run('start')).rc, 0);
  assert.equal(await list('multidial'), { triggers });
  assert.equal(await run('status'), { stdout: 'active with no instances\n', stderr: '', rc: 0 });
  const applied = (count: number) => until(`run ${count}`, () => read('tmp/applied') === 'apply\n'.repeat(count));
  tell('multidial');
  await applied(2);

  write('tmp/watch', '1');
  tell('multidial');
  await applied(4); // the reload's own, and the start's
  await until('procd has the instance', async () => 'instances' in ((await list('multidial')) as object));
  const { instances } = (await list('multidial')) as { instances: Record<string, { running: boolean; command: string[]; respawn: object }> };
  assert.equal([instances['watcher']?.running, instances['watcher']?.command], [true, ['/bin/sleep', '1000']]);
  assert.equal(instances['watcher']?.respawn, { threshold: 60, timeout: 5, retry: 0 });

  write('tmp/watcher', '1.2\n'); // as the watcher says that it is there
  tell('multidial');
  await applied(5);
  write('tmp/watch', '0');
  tell('multidial');
  await applied(7);
  await until('no instance is left', async () => !('instances' in ((await list('multidial')) as object)));
});

for (const shell of ['sh', '/bin/dash', '/bin/bash']) {
  test(`rc.common hands every value on as it is (${shell === 'sh' ? 'busybox' : shell})`, async () => {
    if (shell !== 'sh' && !existsSync(shell)) return;
    write(
      'etc/init.d/odd',
      `USE_PROCD=1
word='a "quoted" \\\\ b	c
d = ], { $x'
start_service() {
	procd_open_instance
	procd_set_param command /bin/sleep 1000
	procd_append_param command "$word"
	procd_set_param env "ODD=$word" EMPTY=
	procd_append_param env MORE=1
	procd_set_param data "kind=$word"
	procd_set_param reload_signal HUP
	procd_set_param respawn
	procd_close_instance
}
service_triggers() { procd_add_raw_trigger "odd.*" 5 /bin/true "$word"; }
`,
    );
    const { stderr, rc } = await router.shell(`${shell} /etc/rc.common /etc/init.d/odd start`);
    assert.equal([stderr, rc], ['', 0]);
    const word = 'a "quoted" \\\\ b\tc\nd = ], { $x';
    const { instances, triggers } = (await list('odd')) ?? {};
    assert.equal(triggers, [['odd.*', [['run_script', '/bin/true', word]], 5]]);
    const { command, env, data, reload_signal, respawn } = instances?.['instance1'] ?? {};
    assert.equal(command, [...SLEEP, word]);
    assert.equal(env, { EMPTY: '', MORE: '1', ODD: word });
    assert.equal([data, reload_signal, respawn], [{ kind: word }, 1, { threshold: 3600, timeout: 5, retry: 5 }]);
    await router.shell(`${shell} /etc/rc.common /etc/init.d/odd stop`);
    await until('it is gone', async () => (await list('odd')) === undefined);
  });
}

test('enabled says whether every link of a service is there', async () => {
  write('etc/init.d/linked', 'START=30\nSTOP=70\n');
  const run = async (action: string) => (await router.shell(`sh /etc/rc.common /etc/init.d/linked ${action}`)).rc;
  assert.is(await run('enabled'), 1);
  assert.is(await run('enable'), 0);
  assert.is(await run('enabled'), 0);
  await router.shell('rm /etc/rc.d/K70linked');
  assert.is(await run('enabled'), 1);
  await run('disable');
  assert.not.ok(existsSync(join(router.root, 'etc/rc.d/S30linked')));
});

test('two runs of one init script take their turns', async () => {
  write('etc/init.d/turns', 'USE_PROCD=1\nstart_service() { echo begin; sleep 1; echo end; }\n');
  const { stdout } = await router.shell('for i in 1 2; do sh /etc/rc.common /etc/init.d/turns start & done; wait');
  assert.is(stdout, 'begin\nend\nbegin\nend\n');
});

test.run();

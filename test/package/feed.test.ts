// What the packages bring to a router beside the program: access rights, menu, init script, hook, scripts of the packages.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { methods } from '../../agent/src/contract/index.ts';
import { packageNames } from '../../tools/package.ts';
import { readRecipe } from '../../tools/package/recipe.ts';
import { test } from '../limit.ts';

const feed = join(import.meta.dirname, '../../openwrt-feed');
const acl = 'luci-app-multidial';
const read = (path: string): string => readFileSync(join(feed, path), 'utf8');

type Rights = { ubus: Record<string, string[]>; uci?: string[] };
const rights = (JSON.parse(read(`${acl}/root/usr/share/rpcd/acl.d/${acl}.json`)) as Record<string, { read: Rights; write: Rights }>)[acl];

const methodsOf = (access: 'read' | 'write') =>
  Object.entries(methods)
    .filter(([, spec]) => spec.access === access)
    .map(([name]) => name)
    .toSorted();

for (const access of ['read', 'write'] as const) {
  test(`the ACL's ${access} part grants exactly the ${access} methods of the contract`, () => {
    assert.ok(methodsOf(access).length > 0);
    assert.equal(rights?.[access].ubus['multidial']?.toSorted(), methodsOf(access));
  });
}

test('nobody may read secrets: uci is granted for writing multidial only', () => {
  assert.is(rights?.read.uci, undefined);
  assert.is(rights?.read.ubus['uci'], undefined);
  assert.equal(rights?.write.uci, ['multidial']);
  const reading = ['get', 'state', 'configs'];
  assert.equal(
    rights?.write.ubus['uci']?.filter((method) => reading.includes(method)),
    [],
  );
});

test('the write part can stage, apply, confirm and roll back', () => {
  for (const method of ['set', 'add', 'delete', 'apply', 'confirm', 'rollback', 'changes', 'revert']) {
    assert.ok(rights?.write.ubus['uci']?.includes(method), method);
  }
});

test('menu, ACL and view name each other', () => {
  const menu = JSON.parse(read(`${acl}/root/usr/share/luci/menu.d/${acl}.json`)) as Record<string, { action: { path: string }; depends: { acl: string[] } }>;
  const entry = menu['admin/network/multidial'];
  assert.equal(entry?.depends.acl, [acl]);
  assert.match(read(`${acl}/htdocs/luci-static/resources/view/${entry?.action.path}.js`), /'require view'/);
});

test('the section of LuCI’s overview is small, asks for the status alone and hands LuCI no bare string', () => {
  const include = read(`${acl}/htdocs/luci-static/resources/view/status/include/35_multidial.js`);
  assert.ok(Buffer.byteLength(include) < 3600, `${Buffer.byteLength(include)} bytes`);
  assert.equal(
    [...include.matchAll(/method: '(\w+)'/g)].map(([, method]) => method),
    ['status'],
  );
  const elements = [...include.matchAll(/\bE\('\w+',\s*(?:\{[^}]*\},\s*)?(\S+)/g)].map(([, first]) => first);
  assert.ok(elements.length >= 6);
  assert.ok(
    elements.every((first) => first?.startsWith('[') || first?.startsWith('links.map')),
    'LuCI would take a string for HTML',
  );
});

/** Runs shell text and returns its trace of simple commands; `programs` are shell functions that stand for programs. */
function trace(script: string, programs: readonly string[], env: Record<string, string> = {}) {
  const stubs = programs.map((program) => `${program}() { echo "${program} $*"; }`).join('\n');
  return spawnSync('/bin/busybox', ['sh', '-c', `${stubs}\n${script}`], { encoding: 'utf8', env: { PATH: '/nowhere', ...env } });
}

const hookPath = 'multidial/files/etc/hotplug.d/iface/90-multidial';

/**
 * Sources the hook as hotplug-call does, with a program in place of qjs that notes how it was called, and whose end
 * is held back until the hook has returned: a hook that waits for it runs into the timeout.
 */
function runHook(action: string, watcher?: { command: string }): string {
  const directory = mkdtempSync(join(tmpdir(), 'multidial-'));
  try {
    const program = `#!/bin/sh\nwhile [ ! -e ${directory}/returned ]; do :; done\necho noise\necho noise >&2\necho "$*" >${directory}/called\n`;
    writeFileSync(join(directory, 'qjs'), program, { mode: 0o755 });
    const places = { '/usr/bin/qjs': 'qjs', '/var/run/multidial/': '', '/proc/': 'proc/' };
    const hook = Object.entries(places).reduce((text, [path, place]) => text.replaceAll(path, `${directory}/${place}`), read(hookPath));
    writeFileSync(join(directory, 'hook'), hook);
    if (watcher) {
      mkdirSync(join(directory, 'proc/77'), { recursive: true });
      writeFileSync(join(directory, 'watcher'), '77.1234\n');
      writeFileSync(join(directory, 'proc/77/cmdline'), watcher.command);
    }
    const signal = `kill() { echo "kill $*" >>${directory}/called; }`;
    const caller = `${signal}; . ${directory}/hook; echo went on; : >${directory}/returned; wait`;
    const env = { ACTION: action, INTERFACE: 'wan_01', DEVICE: 'pppoe-wan_01' };
    const result = spawnSync('/bin/busybox', ['sh', '-c', caller], { encoding: 'utf8', timeout: 5_000, env });
    assert.is(`${result.stdout}${result.stderr}`, 'went on\n');
    return ['heard', 'called'].flatMap((name) => (existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'utf8').trim() : [])).join('\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

for (const action of ['ifup', 'ifdown', 'ifupdate']) {
  test(`the hook tells the agent of ${action}, in the background, without output, and lets the next script run`, () => {
    assert.is(runHook(action), `/usr/lib/multidial/multidial.js hotplug ${action} pppoe-wan_01`);
  });
}
test('without a watcher the hook does nothing on ifup-failed', () => {
  assert.is(runHook('ifup-failed'), '');
});

const WATCHER = '/usr/bin/qjs\0/usr/lib/multidial/watch.js\0';
for (const action of ['ifup', 'ifdown', 'ifupdate', 'ifup-failed']) {
  test(`the hook leaves ${action} to a watcher, by a line and a signal`, () => {
    assert.is(runHook(action, { command: WATCHER }), `${action} wan_01 pppoe-wan_01\nkill -USR1 77`);
  });
}
test('the hook signals nobody who has the number of a watcher that is gone', () => {
  for (const command of ['/usr/sbin/dnsmasq\0', '']) assert.match(runHook('ifup', { command }), /multidial\.js hotplug ifup pppoe-wan_01$/);
});
test('the hook does nothing for other actions', () => {
  assert.is(runHook('reload', { command: WATCHER }), '');
});

test('the hook runs no program but qjs', () => {
  const builtIn = /^(#|$|;;|case |esac$|\*?[\w/ |.-]*\*?\)$|watcher=|\[ |echo |kill )/;
  const commands = read(hookPath)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !builtIn.test(line));
  assert.equal(commands, ['/usr/bin/qjs /usr/lib/multidial/multidial.js hotplug "$ACTION" "$DEVICE" </dev/null >/dev/null 2>&1 &']);
});

const init = read('multidial/files/etc/init.d/multidial');
const initProgram = init.replaceAll('/usr/sbin/multidial', 'multidial');

/** What the init script does, with its programs replaced; `watch` is the option of globals, `runs` whether a watcher does. */
function traceInit(functions: string, { watch = '', runs = false } = {}): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'multidial-'));
  try {
    if (runs) writeFileSync(join(directory, 'watcher'), '77.1\n');
    const program = initProgram.replaceAll('/var/run/multidial/', `${directory}/`);
    const programs = ['multidial', 'procd_open_instance', 'procd_set_param', 'procd_close_instance', 'procd_add_reload_trigger', 'start'];
    const { stdout, stderr } = trace(`uci() { echo '${watch}'; }\n${program}\n${functions}`, programs);
    assert.is(stderr, '');
    return stdout
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('the init script applies, keeps a watcher, and reacts to its configuration', () => {
  const instance = [
    'procd_open_instance watcher',
    'procd_set_param command /usr/bin/qjs /usr/lib/multidial/watch.js',
    'procd_set_param respawn 60 5 0',
    'procd_close_instance',
  ];
  assert.equal(traceInit('start_service; service_triggers'), ['multidial apply', ...instance, 'procd_add_reload_trigger multidial']);
  assert.equal(traceInit('start_service', { watch: '0' }), ['multidial apply']);
  assert.match(init, /^#!\/bin\/sh \/etc\/rc\.common\n/);
  assert.match(init, /^START=95$/m);
  assert.match(init, /^STOP=10$/m);
  assert.match(init, /^USE_PROCD=1$/m);
});

test('a reload applies, and tells procd only where the watcher is not as wanted', () => {
  assert.equal(traceInit('reload_service', { runs: true }), ['multidial apply']);
  assert.equal(traceInit('reload_service', { watch: '1', runs: true }), ['multidial apply']);
  assert.equal(traceInit('reload_service', { watch: '0' }), ['multidial apply']);
  assert.equal(traceInit('reload_service', { watch: '0', runs: true }), ['multidial apply', 'start']);
  assert.equal(traceInit('reload_service'), ['multidial apply', 'start']);
});

test('the init script takes nothing back on stop', () => {
  assert.not.match(init, /stop_service|reset/);
});

const scripts = packageNames.flatMap((name) =>
  [...readRecipe(join(feed, name, 'Makefile')).scripts].map(([script, text]) => ({ name: `${name}'s ${script}`, text })),
);

test('all shell text is understood by busybox sh and by dash', () => {
  const texts = [...scripts, { name: 'init', text: init }, { name: 'hook', text: read(hookPath) }];
  assert.ok(texts.length >= 7);
  for (const { name, text } of texts) {
    for (const shell of [['busybox', 'sh'], ['dash']]) {
      const [command = '', ...args] = shell;
      const result = spawnSync(command, [...args, '-n'], { input: text, encoding: 'utf8' });
      assert.is(`${result.status} ${result.stderr}`, '0 ', `${name} under ${shell.join(' ')}`);
    }
  }
});

/** A package's script with the programs of a router replaced by functions that print how they were called. */
function runScript(name: string, env: Record<string, string> = {}, argument = ''): string[] {
  const text = scripts.find((script) => script.name === name)?.text ?? assert.unreachable(`no ${name}`);
  const programs = { '/etc/init.d/': 'init_', '/usr/sbin/multidial': 'multidial' };
  const script = Object.entries(programs).reduce((body, [path, stub]) => body.replaceAll(path, stub), text ?? '');
  const result = trace(`set -- ${argument}\n${script}`, ['init_multidial', 'init_rpcd', 'multidial', 'rm'], env);
  assert.is(`${result.status} ${result.stderr}`, '0 ');
  return result.stdout.split('\n').filter(Boolean);
}

test('installing enables and starts the service and shows rpcd the new object', () => {
  assert.equal(runScript("multidial's postinst"), ['init_rpcd reload', 'init_multidial enable', 'init_multidial start']);
});

test('an upgrade keeps the choice whether the service is enabled', () => {
  assert.equal(runScript("multidial's postinst", { PKG_UPGRADE: '1' }), ['init_rpcd reload', 'init_multidial restart']);
});

test('removing the package gives the router back before anything else', () => {
  assert.equal(runScript("multidial's prerm"), ['multidial reset', 'init_multidial stop', 'init_multidial disable']);
});

test('an upgrade takes nothing back', () => {
  assert.equal(runScript("multidial's prerm", { PKG_UPGRADE: '1' }), []);
  assert.equal(runScript("multidial's prerm", {}, 'upgrade 0.2.0'), []);
});

test('no script does anything inside an image', () => {
  for (const { name } of scripts) assert.equal(runScript(name, { IPKG_INSTROOT: '/image' }), [], name);
});

test('the configuration that is shipped turns the agent on and dials nothing', () => {
  const lines = read('multidial/files/etc/config/multidial')
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('#'));
  assert.equal(lines, ["config globals 'globals'", "\toption enabled '1'"]);
});

test.run();

// What the packages bring to a router beside the program: access rights, menu, init script, hook, scripts of the packages.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
function runHook(action: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'multidial-'));
  try {
    const program = `#!/bin/sh\nwhile [ ! -e ${directory}/returned ]; do :; done\necho noise\necho noise >&2\necho "$*" >${directory}/called\n`;
    writeFileSync(join(directory, 'qjs'), program, { mode: 0o755 });
    writeFileSync(join(directory, 'hook'), read(hookPath).replace('/usr/bin/qjs', `${directory}/qjs`));
    const caller = `. ${directory}/hook; echo went on; : >${directory}/returned; wait`;
    const env = { ACTION: action, INTERFACE: 'wan_01', DEVICE: 'pppoe-wan_01' };
    const result = spawnSync('/bin/busybox', ['sh', '-c', caller], { encoding: 'utf8', timeout: 5_000, env });
    assert.is(`${result.stdout}${result.stderr}`, 'went on\n');
    return existsSync(join(directory, 'called')) ? readFileSync(join(directory, 'called'), 'utf8').trim() : '';
  } finally {
    rmSync(directory, { recursive: true });
  }
}

for (const action of ['ifup', 'ifdown', 'ifupdate']) {
  test(`the hook tells the agent of ${action}, in the background, without output, and lets the next script run`, () => {
    assert.is(runHook(action), `/usr/lib/multidial/multidial.js hotplug ${action} pppoe-wan_01`);
  });
}
test('the hook does nothing on ifup-failed', () => {
  assert.is(runHook('ifup-failed'), '');
});

test('the hook runs no program but qjs', () => {
  const commands = read(hookPath)
    .split('\n')
    .filter((line) => !/^\s*(#|$|;;|case .* in$|esac$|ifup \| ifdown \| ifupdate\)$)/.test(line));
  assert.equal(
    commands.map((line) => line.trim()),
    ['/usr/bin/qjs /usr/lib/multidial/multidial.js hotplug "$ACTION" "$DEVICE" </dev/null >/dev/null 2>&1 &'],
  );
});

const init = read('multidial/files/etc/init.d/multidial');
const initProgram = init.replaceAll('/usr/sbin/multidial', 'multidial');

test('the init script applies on start and on reload, and reacts to its configuration', () => {
  const { stdout, stderr } = trace(`${initProgram}\nstart_service; reload_service; service_triggers`, ['multidial', 'procd_add_reload_trigger']);
  assert.is(stderr, '');
  assert.equal(stdout.split('\n'), ['multidial apply', 'multidial apply', 'procd_add_reload_trigger multidial', '']);
  assert.match(init, /^#!\/bin\/sh \/etc\/rc\.common\n/);
  assert.match(init, /^START=95$/m);
  assert.match(init, /^USE_PROCD=1$/m);
});

test('the init script starts no instance and takes nothing back on stop', () => {
  assert.not.match(init, /procd_open_instance|stop_service|reset/);
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
  assert.equal(runScript("multidial's postinst"), ['init_multidial enable', 'init_rpcd reload', 'init_multidial start']);
});

test('an upgrade keeps the choice whether the service is enabled', () => {
  assert.equal(runScript("multidial's postinst", { PKG_UPGRADE: '1' }), ['init_rpcd reload', 'init_multidial start']);
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

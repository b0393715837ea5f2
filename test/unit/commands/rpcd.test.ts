// The rpcd plugin: one JSON object whatever comes in, every field's type checked, and the session never told.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import { runPlugin } from '../../../agent/src/commands/rpcd.ts';
import { aRouter, line } from '../../fake/scene.ts';
import { changesOf, multidial, rpc } from '../../fake/shell.ts';
import { test } from '../../limit.ts';

const SESSION = '0123456789abcdef0123456789abcdef';
const section = { type: 'line', name: 'wan', options: { device: 'wan', username: 'u', password: 'p' } };
const withField = (field: string, value: unknown) => ({ config: { sections: [{ ...section, [field]: value }] } });

const ALL = '(all)';
const badRows: [input: unknown, argument: string][] = [
  ['', 'none'],
  ['not json', ALL],
  ['{"config":', ALL],
  ['[]', ALL],
  ['null', ALL],
  ['"text"', ALL],
  ['5', ALL],
  [{ config: 5 }, 'config'],
  [{ config: 'text' }, 'config'],
  [{ config: true }, 'config'],
  [{ config: [] }, 'config'],
  [{ config: {} }, 'config'],
  [{ config: { sections: {} } }, 'config'],
  [{ config: { sections: 'x' } }, 'config'],
  [{ config: { sections: null } }, 'config'],
  [{ config: { sections: [null] } }, 'config'],
  [{ config: { sections: [5] } }, 'config'],
  [{ config: { sections: [[]] } }, 'config'],
  [{ config: { sections: [section, {}] } }, 'config'],
  ...['type', 'name', 'options'].flatMap((field): [unknown, string][] => [undefined, null, 5, true, []].map((value) => [withField(field, value), 'config'])),
  [withField('type', {}), 'config'],
  [withField('name', {}), 'config'],
  [withField('options', 'text'), 'config'],
  ...[null, 5, true, {}, [5], [null], [['a']]].map((value): [unknown, string] => [withField('options', { sessions: value }), 'config']),
];

for (const [input, argument] of badRows) {
  const shown = (typeof input === 'string' ? input : JSON.stringify(input)).slice(0, 90);
  test(`plan ${argument === 'none' ? 'takes' : 'refuses'} ${shown || 'nothing at all'}`, () => {
    const { reply, exit } = rpc(aRouter(line()), 'plan', input);
    const error = reply['error'] as { code: string; details: Record<string, string>; message: string } | undefined;
    assert.equal([exit, error?.code, error?.details['argument']], argument === 'none' ? [0, undefined, undefined] : [0, 'argument_invalid', argument]);
    if (error) assert.match(error.message, /^Argument .* must be /);
  });
}

for (const method of ['', 'Status', 'constructor', '__proto__', 'hasOwnProperty', 'x'.repeat(500)]) {
  test(`there is no method ${method.slice(0, 20) || '(none)'}`, () => {
    const { reply } = rpc(aRouter(line()), method);
    const { code, message } = reply['error'] as { code: string; message: string };
    assert.equal(code, 'method_unknown');
    assert.ok(message.length < 100);
  });
}

const OTHERS = `
config interface 'dsl'
	option device 'wan'
	option proto 'pppoe'
	option username 'user@isp'
	option password 'their-own'

config interface 'old'
	option ifname 'eth0.7'
	option proto 'pppoe'

config interface 'lte'
	option proto 'dhcp'
	option device 'usb0'

config interface
	option proto 'pppoe'
`;

test('config names the PPPoE interfaces that can be adopted, none of ours, and whether they have a password', () => {
  const router = aRouter(line('sessions 2'));
  router.config('network', `${router.files.read('/etc/config/network')}${OTHERS}`);
  multidial(router, 'apply');
  const { reply } = rpc(router, 'config');
  assert.equal(reply['pppoe'], [
    { name: 'dsl', device: 'wan', username: 'user@isp', hasPassword: true },
    { name: 'old', device: 'eth0.7', username: '', hasPassword: false },
  ]);
  assert.not.match(JSON.stringify(reply), 'their-own');
});

test('the session that rpcd adds is never looked at, told, stored or logged', () => {
  const router = aRouter(line('sessions 2'));
  for (const method of ['status', 'config', 'plan', 'version', 'apply', 'reset', 'none']) {
    const { text, reply } = rpc(router, method, { ubus_rpc_session: SESSION });
    assert.not.match(text, new RegExp(SESSION));
    if (method !== 'none') assert.not.ok('error' in reply, method);
  }
  const stored = [...router.files.all().values(), ...router.log, ...router.effects.map((effect) => effect.what + effect.text)];
  assert.not.ok(stored.some((text) => text.includes(SESSION)));
  assert.not.match(rpc(router, 'plan', { ubus_rpc_session: SESSION, config: SESSION }).text, new RegExp(SESSION));
});

test('no reply holds the password, stored or given', () => {
  const router = aRouter(line('sessions 2'));
  const candidate = { config: { sections: [{ ...section, options: { ...section.options, password: 'g1ven', passwd: 'g1ven', sessions: '3' } }] } };
  const faulty = { config: { sections: [{ ...section, options: { ...section.options, password: 'g1ven\u0007' } }] } };
  assert.match(rpc(router, 'plan', faulty).text, 'option password must be');
  for (const [method, input] of [['config'], ['plan'], ['plan', candidate], ['plan', faulty], ['apply'], ['status'], ['config'], ['reset']] as [
    string,
    unknown?,
  ][]) {
    assert.not.match(rpc(router, method, input).text, /s3cr3t-pw|g1ven/, method);
  }
});

test('a candidate is planned with the stored password where it brings none, and nothing is changed', () => {
  const router = aRouter(line('sessions 2'));
  const { device, username } = section.options;
  const sections = [{ ...section, options: { device, username, sessions: '3' }, secrets: ['password'] }];
  const before = router.effects.length;
  const { reply } = rpc(router, 'plan', { config: { sections } });
  assert.equal((reply['summary'] as { linksAdded: string[] }).linksAdded, ['wan_01', 'wan_02', 'wan_03']);
  assert.equal(reply['problems'], []);
  assert.equal(changesOf(router.effects.slice(before)), []);
});

test('a candidate’s problems are told like the stored one’s', () => {
  const sections = [{ ...section, options: { ...section.options, sessions: '65' } }];
  const { reply } = rpc(aRouter(line()), 'plan', { config: { sections } });
  const [problem] = reply['problems'] as { code: string; section: string; option: string }[];
  assert.equal([problem?.code, problem?.section, problem?.option], ['option_invalid', 'line.wan', 'sessions']);
});

test('config shows what is stored, without secrets, and the ports that could be dialed', () => {
  const { reply } = rpc(aRouter(line('sessions 2', 'passwort s3cr3t-pw')), 'config');
  assert.equal(reply['sections'], [{ type: 'line', name: 'wan', options: { device: 'wan', username: 'user@isp', sessions: '2' }, secrets: ['password'] }]);
  assert.equal(reply['ports'], [
    { device: 'br-lan', mac: '94:83:c4:a0:11:5d', carrier: true, usedBy: ['lan'] },
    { device: 'wan', mac: '94:83:c4:a0:11:5e', carrier: true, usedBy: [] },
  ]);
});

test('called otherwise it says how, and prints nothing that rpcd would take for an object', () => {
  const router = aRouter(line());
  for (const words of [[], ['status'], ['--help']]) {
    router.output = '';
    assert.is(
      router.run((system) => runPlugin(system, words)),
      2,
    );
    assert.match(router.output, /^multidial: rpcd calls this/);
  }
});

test.run();

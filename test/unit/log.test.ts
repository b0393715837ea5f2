// What a run tells the system log: once, in words, and never a value of an option.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import { aDialedRouter, aRouter, line } from '../fake/scene.ts';
import { multidial, settle } from '../fake/shell.ts';
import { test } from '../limit.ts';

test('an apply is told with its counts, the routes that follow with what was done', () => {
  const router = aRouter(line('sessions 2'));
  multidial(router, 'apply');
  assert.equal(router.log, ['32 edits of uci: 2 links added, 0 removed, 0 changed\n']);
  settle(router);
  assert.match(router.log[1] ?? '', /^nexthop replace id 77004001 dev pppoe-wan_01 proto 77\n/);
});

test('a run without changes is silent', () => {
  const router = aDialedRouter(line('sessions 2'));
  for (const command of ['apply', 'hotplug', 'plan', 'status']) multidial(router, command);
  assert.equal(router.log, []);
});

test('errors are told, warnings are not', () => {
  const router = aDialedRouter(line('zone x', 'sessions 0'));
  multidial(router, 'apply');
  assert.match(router.log.join(''), /^line\.wan: option sessions must be/);
  assert.not.match(router.log.join(''), /unknown/);
});

test('no value of an option reaches the log, nor what somebody left in /tmp/.uci', () => {
  const router = aRouter(line('sessions 2', 'passwrd s3cr3t-pw', 'ac s3cr3t-ac'));
  router.write('/tmp/.uci/network', "network.vpn.private_key='s3cr3t-key'\n");
  multidial(router, 'apply');
  router.files.remove('/tmp/.uci/network');
  multidial(router, 'apply');
  settle(router);
  router.config('multidial', line("password s3cr3t\u0001'"));
  multidial(router, 'apply');
  multidial(router, 'reset');
  assert.ok(router.log.length >= 4);
  assert.not.match(router.log.join(''), /s3cr3t/);
});

test.run();

// What a reply says by a code it says in English too, filled in: complaints of every kind, and what the doctor has found and left out.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import { explain, skipReasons, type DoctorReport, type LastRun, type Problem } from '../../../agent/src/contract/index.ts';
import { aDialedRouter, aRouter, line } from '../../fake/scene.ts';
import { multidial, rpc } from '../../fake/shell.ts';
import { test } from '../../limit.ts';

const UNKNOWN = 'line.wan: option colour is unknown and has no effect.';
const messagesIn = (problems: unknown): unknown[] => (problems as Problem[]).map(({ message }) => message);

test('complaints have their sentences in each reply, over ubus and as JSON at a shell, and in no file', () => {
  const router = aRouter(line('sessions 2', 'colour blue'));
  for (const method of ['plan', 'apply', 'config', 'status'])
    for (const text of [rpc(router, method).text, method === 'config' ? undefined : multidial(router, method, '--json').output])
      if (text !== undefined) assert.equal(messagesIn(JSON.parse(text).problems), [UNKNOWN], method);
  assert.equal(messagesIn((rpc(router, 'status').reply['last'] as LastRun).problems), [UNKNOWN]);
  assert.not.ok([...router.files.all()].some(([path, text]) => path.startsWith('/var/run/multidial') && text.includes(UNKNOWN)));
});

test('a call that can’t be answered says why', () => {
  const router = aRouter(line('sessions 2'));
  const { error } = rpc(router, 'redial', { link: '' }).reply as { error: Problem };
  assert.match(error.message ?? '', /^Argument link must be /);
  const { output } = multidial(router, 'history', '--json', 'wan_09');
  assert.match((JSON.parse(output) as { error: Problem }).error.message ?? '', /^Nothing was recorded of wan_09\./);
});

test('the doctor’s findings say what, why and how to mend it, and what was left out says why', () => {
  const router = aDialedRouter(line('sessions 2'));
  router.files.remove('/usr/sbin/nft');
  router.config('dhcp', "config dnsmasq\n\toption odd 'x\n");
  const { findings, skipped } = rpc(router, 'doctor').reply as unknown as DoctorReport;
  assert.ok(findings.length > 1 && skipped.length > 0);
  for (const { what, why, mend, remedy: _, ...finding } of findings) {
    assert.equal(
      explain(finding),
      findings.find(({ code }) => code === finding.code),
    );
    assert.not.match(`${what} ${why} ${mend}`, /[{}]|undefined/);
  }
  for (const { reason, text } of skipped) assert.is(text, skipReasons[reason]);
});

test.run();

// A macvlan that a former netifd left behind keeps its link down until somebody deletes it.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import type { Plan } from '../../../agent/src/contract/index.ts';
import type { Router } from '../../fake/router.ts';
import { aDialedRouter, line } from '../../fake/scene.ts';
import { multidial } from '../../fake/shell.ts';
import { test } from '../../limit.ts';

const DEVICE = 'md-wan_02';

/** wan_02 is down with this error of netifd's; a device of its macvlan's name stands there. */
function stuck(error: string): Router {
  const router = aDialedRouter(line('sessions 2'));
  router.netifd.down('wan_02', error);
  router.kernel.addDevice(DEVICE, { type: '1' });
  return router;
}

const commands = (router: Router): string[] =>
  router.effects.filter(({ kind, what }) => kind === 'command' && /link del|network\.interface\.\w+ up/.test(what)).map(({ what }) => what);

test('deletes it and tells netifd to try again', () => {
  const router = stuck('DEVICE_CLAIM_FAILED');
  multidial(router, 'hotplug');
  assert.equal(commands(router), [`ip link del dev ${DEVICE}`, 'ubus -t 10 call network.interface.wan_02 up']);
  assert.ok(router.netifd.interfaces.get('wan_02')?.up);
  router.effects = [];
  multidial(router, 'hotplug');
  assert.equal(commands(router), []);
});

test('`plan` tells of it and does nothing', () => {
  const router = stuck('DEVICE_CLAIM_FAILED');
  multidial(router, 'plan', '--json');
  const { system } = JSON.parse(router.output) as Plan;
  assert.equal(
    system.filter(({ text }) => text.startsWith('link ')),
    [{ tool: 'ip', text: `link del dev ${DEVICE}` }],
  );
  assert.equal(commands(router), []);
});

test('leaves the device of a link alone that is down for another reason', () => {
  const router = stuck('HANGUP');
  multidial(router, 'hotplug');
  assert.equal(commands(router), []);
  assert.ok(router.kernel.devices.has(DEVICE));
});

test('does nothing where no such device is left', () => {
  const router = stuck('DEVICE_CLAIM_FAILED');
  router.kernel.removeDevice(DEVICE);
  multidial(router, 'hotplug');
  assert.equal(commands(router), []);
});

test('tells what could not be deleted, and does not ask netifd then', () => {
  const router = stuck('DEVICE_CLAIM_FAILED');
  router.broken.set('ip link', { exit: 2, stderr: 'RTNETLINK answers: Operation not permitted\n' });
  multidial(router, 'apply');
  assert.equal(commands(router), [`ip link del dev ${DEVICE}`]);
  assert.match(router.output, 'Operation not permitted');
});

test.run();

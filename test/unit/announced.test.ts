// A fresh link joins once its ifup has been through hotplug, for only then the firewall knows its device.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import type { Router } from '../fake/router.ts';
import { aRouter, line } from '../fake/scene.ts';
import { multidial } from '../fake/shell.ts';
import { test } from '../limit.ts';

/** Two sessions that netifd has called up a second ago, and whose ifup nobody has heard yet. */
function freshRouter(): Router {
  const router = aRouter(line('sessions 2', 'ipv6 nat'));
  router.netifd.uptimeS = 1;
  multidial(router, 'apply');
  router.settle();
  return router;
}

const sharing = (router: Router): string[] =>
  router.kernel.routes
    .filter((route) => route.protocol === 77 && route.table === 254)
    .map(
      (route) =>
        `${route.family} ${router.kernel
          .legsOf(route)
          .map((leg) => leg.device.slice('pppoe-'.length))
          .join(' ')}`,
    );

test('a link that is up does not join before its ifup, in either family', () => {
  const router = freshRouter();
  for (const words of [['apply'], ['hotplug'], ['hotplug', 'ifdown', ''], ['hotplug', 'ifupdate', 'pppoe-wan_01']]) {
    multidial(router, ...words);
    assert.equal(sharing(router), [], words.join(' '));
  }
});

test('each joins with its own ifup, and no later run leaves it out', () => {
  const router = freshRouter();
  multidial(router, 'hotplug', 'ifup', 'pppoe-wan_01');
  assert.equal(sharing(router), ['ipv4 wan_01', 'ipv6 wan_01']);
  multidial(router, 'hotplug', 'ifup', 'pppoe-wan_02');
  for (const words of [['apply'], ['hotplug', 'ifup', 'br-lan']]) {
    multidial(router, ...words);
    assert.equal(sharing(router), ['ipv4 wan_01 wan_02', 'ipv6 wan_01 wan_02']);
  }
});

test('after a redial the same name is another device, which waits for an ifup of its own', () => {
  const router = freshRouter();
  for (const device of ['pppoe-wan_01', 'pppoe-wan_02']) multidial(router, 'hotplug', 'ifup', device);
  router.netifd.down('wan_02', 'HANGUP');
  router.netifd.up('wan_02');
  multidial(router, 'hotplug', 'ifdown', '');
  assert.equal(sharing(router), ['ipv4 wan_01', 'ipv6 wan_01']);
  multidial(router, 'hotplug', 'ifup', 'pppoe-wan_02');
  assert.equal(sharing(router), ['ipv4 wan_01 wan_02', 'ipv6 wan_01 wan_02']);
});

test('a link that has been up for a while joins also where our hook was not there to hear of it', () => {
  const router = freshRouter();
  router.netifd.uptimeS = 20;
  multidial(router, 'apply');
  assert.equal(sharing(router), ['ipv4 wan_01 wan_02', 'ipv6 wan_01 wan_02']);
});

test('what is no device is no event, and leaves nothing behind', () => {
  const router = freshRouter();
  for (const device of ['', 'pppoe-wan_09', '../lock.1', '.', 'a b', 'x'.repeat(99)]) assert.is(multidial(router, 'hotplug', 'ifup', device).exit, 0);
  assert.equal(router.files.list('/var/run/multidial/announced'), []);
});

test.run();

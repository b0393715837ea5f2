// The status of links: what netifd says of each, and which of its errors still mean something.
import '../fake/version.ts';
import * as assert from 'uvu/assert';
import type { Status } from '../../agent/src/contract/index.ts';
import { aDialedRouter, line } from '../fake/scene.ts';
import { multidial } from '../fake/shell.ts';
import { test } from '../limit.ts';

/** `stopped`: by ifdown, so that netifd does not dial it by itself. */
const rows: [what: string, code: string, stopped: boolean, state: string, reason: string | undefined][] = [
  ['dialed again after the provider hung up', 'HANGUP', false, 'dialing', 'HANGUP'],
  ['dialed again after netifd itself hung up, as it does when a port comes up', 'USER_REQUEST', false, 'dialing', undefined],
  ['stopped by somebody', 'USER_REQUEST', true, 'down', 'USER_REQUEST'],
  ['refused', 'AUTH_TOPEER_FAILED', false, 'failed', 'AUTH_TOPEER_FAILED'],
];

for (const [what, code, stopped, state, reason] of rows) {
  test(`of a link that is ${what} it tells ${reason ?? 'no reason'}`, () => {
    const router = aDialedRouter(line('sessions 2'));
    router.netifd.down('wan_02', code);
    if (stopped) router.netifd.stopped.add('wan_02');
    const { links } = JSON.parse(multidial(router, 'status', '--json').output) as Status;
    const link = links.find(({ name }) => name === 'wan_02');
    assert.equal([link?.state, link?.reason?.code], [state, reason]);
    assert.is(links.find(({ name }) => name === 'wan_01')?.reason, undefined);
  });
}

test.run();

// MAC addresses of sessions: always the same, never the same twice, and of the kind that anybody may give himself.
import * as assert from 'uvu/assert';
import { deriveMac } from '../../../agent/src/plan/mac.ts';
import { test } from '../../limit.ts';

const PORT = '94:83:c4:a0:11:5e';
const none = new Set<string>();
const sessionsOf = (port: string, line: string): string[] => {
  const used = new Set<string>();
  for (let session = 1; session <= 64; session++) used.add(deriveMac(port, line, session, used));
  return [...used];
};

test('every address is locally administered and unicast', () => {
  for (const mac of [...sessionsOf(PORT, 'wan'), deriveMac('', 'x', 1, none)]) {
    assert.match(mac, /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
    assert.is(Number.parseInt(mac.slice(0, 2), 16) & 3, 2, mac);
  }
});

test('64 sessions of each of three lines over one port differ', () => {
  const all = ['wan', 'dsl', 'wan2'].flatMap((line) => sessionsOf(PORT, line));
  assert.is(new Set(all).size, 192);
});

test('an address is the same after an update: this one stands on routers', () => {
  assert.is(deriveMac(PORT, 'wan', 1, none), '02:5e:1d:b6:7e:79');
  assert.is(deriveMac(PORT, 'wan', 1, none), deriveMac(PORT.toUpperCase(), 'wan', 1, none));
});

test('it carries the last byte of its port, so that two ports are told apart by eye', () => {
  for (const mac of sessionsOf(PORT, 'wan')) assert.is(mac.slice(3, 5), '5e');
});

test('an address that is taken is never given again', () => {
  const used = new Set<string>();
  for (let round = 0; round < 50; round++) {
    const mac = deriveMac(PORT, 'wan', 1, used);
    assert.not.ok(used.has(mac));
    used.add(mac);
  }
});

test.run();

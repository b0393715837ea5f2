// Prefixes in the one spelling that the kernel uses.
import * as assert from 'uvu/assert';
import { toPrefix } from '../../../agent/src/contract/index.ts';
import { test } from '../../limit.ts';

const rows: [given: string, prefix: string | undefined][] = [
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['10.255.255.255/9', '10.128.0.0/9'],
  ['192.0.2.1/32', '192.0.2.1/32'],
  ['192.0.2.1/31', '192.0.2.0/31'],
  ['010.0.0.0/8', '10.0.0.0/8'],
  ['::/0', '::/0'],
  ['0:0:0:0:0:0:0:0/0', '::/0'],
  ['2001:DB8::/32', '2001:db8::/32'],
  ['2001:db8:0:0:0:0:0:1/128', '2001:db8::1/128'],
  ['2001:db8:ffff::1/33', '2001:db8:8000::/33'],
  ['fe80::1/10', 'fe80::/10'],
  ['2001:0:0:1:0:0:0:1/128', '2001:0:0:1::1/128'],
  ['2001:db8:0:1:1:1:1:1/128', '2001:db8:0:1:1:1:1:1/128'],
  ['1::/16', '1::/16'],
  ['fc00::/7', 'fc00::/7'],
  ['ffff::/3', 'e000::/3'],
  ['', undefined],
  ['/0', undefined],
  ['10.0.0.0', undefined],
  ['10.0.0/8', undefined],
  ['10.0.0.256/32', undefined],
  ['10.0.0.0/33', undefined],
  ['10.0.0.0/-1', undefined],
  ['10.0.0.0/ 8', undefined],
  [':/0', undefined],
  [':::/0', undefined],
  ['1::2::3/64', undefined],
  ['1:2:3:4:5:6:7/64', undefined],
  ['1:2:3:4:5:6:7:8:9/64', undefined],
  ['1:2:3:4:5:6:7::8/64', undefined],
  ['12345::/64', undefined],
  ['g::/64', undefined],
  ['::/129', undefined],
  ['default', undefined],
];

for (const [given, prefix] of rows) {
  test(`${JSON.stringify(given)} is ${prefix ?? 'no prefix'}`, () => {
    assert.is(toPrefix(given), prefix);
  });
}

test('a prefix once spelled stays as it is', () => {
  for (const [, prefix] of rows) if (prefix !== undefined) assert.is(toPrefix(prefix), prefix);
});

test.run();

// Counters of devices: what /proc/net/dev may look like, and rates over redials and counters that begin again at 0.
import * as assert from 'uvu/assert';
import { parseCounters, toRates } from '../../agent/src/watch/counters.ts';
import type { Counters } from '../../agent/src/watch/counters.ts';
import { test } from '../limit.ts';

const HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
const row = (rxBytes: number, rxPackets: number, txBytes: number, txPackets: number): string =>
  `${rxBytes} ${rxPackets} 1 2 3 4 5 6 ${txBytes} ${txPackets} 7 8 9 10 11 12`;
const counters = (rxBytes: number, rxPackets: number, txBytes = 0, txPackets = 0): Counters => ({ rxBytes, rxPackets, txBytes, txPackets });

const textRows: [title: string, text: string, expected: Record<string, Counters>][] = [
  [
    'several devices',
    `${HEAD}    lo: ${row(100, 1, 100, 1)}\npppoe-wan_01: ${row(5000, 50, 700, 7)}\neth0.2: ${row(18446744073709, 2, 3, 4)}\n`,
    { lo: counters(100, 1, 100, 1), 'pppoe-wan_01': counters(5000, 50, 700, 7), 'eth0.2': counters(18446744073709, 2, 3, 4) },
  ],
  ['numbers right behind the colon, as an old kernel writes them', `${HEAD}  eth0:${row(4294967295, 2, 3, 4)}\n`, { eth0: counters(4294967295, 2, 3, 4) }],
  [
    'columns padded with blanks',
    `${HEAD}  eth0:     100       2    0    0    0     0          0         0       30       4    0    0    0     0       0          0\n`,
    { eth0: counters(100, 2, 30, 4) },
  ],
  ['titles alone', HEAD, {}],
  ['nothing', '', {}],
  ['a line that was cut off', `${HEAD}  eth0: 100 2 0 0 0 0 0 0 3\n`, {}],
  ['words for numbers', `${HEAD}  eth0: ${row(1, 2, 3, 4).replace('3', 'x')}\n`, { eth0: counters(1, 2, 3, 4) }],
  ['a word for the bytes sent', `${HEAD}  eth0: a 2 0 0 0 0 0 0 3 4\n`, {}],
];
for (const [title, text, expected] of textRows) {
  test(`reads ${title}`, () => assert.equal(Object.fromEntries(parseCounters(text)), expected));
}

const before = counters(10_000, 100, 4000, 40);
const rateRows: [title: string, before: Counters | undefined, now: Counters | undefined, elapsedMs: number, expected: [rx: number, tx: number] | undefined][] =
  [
    ['a second of traffic', before, counters(11_000, 101, 4500, 41), 1000, [1000, 500]],
    ['half a second more', before, counters(11_500, 101, 4000, 40), 1500, [1000, 0]],
    ['silence', before, before, 1000, [0, 0]],
    ['no reading before', undefined, before, 1000, undefined],
    ['no device now', before, undefined, 1000, undefined],
    ['no time between', before, counters(11_000, 101), 0, undefined],
    ['a clock that went back', before, counters(11_000, 101), -5, undefined],
    ['a clock that is none', before, counters(11_000, 101), NaN, undefined],
    ['a redial: all counters fell', before, counters(300, 3, 200, 2), 1000, [300, 200]],
    ['a redial whose new session has sent more than the old one', before, counters(300, 3, 9000, 60), 1000, [300, 9000]],
    ['a redial with more packets but fewer bytes', counters(15_000, 10, 10, 1), counters(900, 12, 20, 1), 1000, [900, 20]],
    ['a redial with fewer packets but more bytes', counters(500, 10, 10, 1), counters(9000, 6, 20, 1), 1000, [9000, 20]],
    ['a redial near the end of 32 bits', counters(4_294_900_000, 3_000_000, 4000, 40), counters(2000, 12, 300, 3), 1000, [2000, 300]],
    ['32 bits that wrap around', counters(4_294_967_000, 3_000_000, 4000, 40), counters(704, 3_000_001, 4000, 40), 1000, [1000, 0]],
    ['a wrap around in the other direction', counters(5, 5, 4_294_967_295, 9000), counters(10, 6, 999_999, 9900), 1000, [5, 1_000_000]],
    ['counters of 64 bits that fell', counters(9e12, 9e9, 4000, 40), counters(8e12, 9e9 + 10, 4000, 40), 1000, [8e12, 4000]],
  ];
for (const [title, one, other, elapsedMs, expected] of rateRows) {
  test(`${title}: ${expected ? `${expected.join(' and ')} bytes a second` : 'no rate'}`, () =>
    assert.equal(toRates(one, other, elapsedMs), expected && { rx: expected[0], tx: expected[1] }));
}

test('no two readings give a rate that is negative or none at all', () => {
  const values = [0, 1, 1500, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40];
  for (const one of values) {
    for (const other of values) {
      for (const packets of [0, 1, 2 ** 31]) {
        const rates = toRates(counters(one, 5, other, packets), counters(other, packets, one, 5), 1000);
        assert.ok(rates && rates.rx >= 0 && rates.tx >= 0 && Number.isFinite(rates.rx + rates.tx));
        assert.ok(rates.rx <= 2 ** 40 && rates.tx <= 2 ** 40);
      }
    }
  }
});

test.run();

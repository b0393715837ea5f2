// Our jhash against nft's: the bucket that a packet falls into. Needs root and nft; without them only a note is printed.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { toAddress } from '../../agent/src/contract/index.ts';
import type { Family } from '../../agent/src/contract/index.ts';
import { bucketOf } from '../../agent/src/plan/jhash.ts';
import { renderRuleset, stickyMark } from '../../agent/src/plan/ruleset.ts';
import type { Spread } from '../../agent/src/plan/ruleset.ts';
import { numbers } from '../fake/random.ts';
import { aGroup, aLeg, aLink } from '../fake/values.ts';
import { suite } from '../limit.ts';
import type { Task } from './jhash-netns.ts';

const test = suite('');
const seed = Number(process.env['SEED'] ?? 1);
const { below } = numbers(seed);
type Pair = { src: string; dst: string };

const hex = (): string => below(65_536).toString(16);
/** All of 127.0.0.0/8 is a host's own; of IPv6 whatever is given to its loopback. */
const addresses: Record<Family, string[]> = {
  ipv4: Array.from({ length: 30 }, () => `127.${below(256)}.${below(256)}.${1 + below(254)}`),
  ipv6: ['fd00::1', 'fd00::2', ...Array.from({ length: 22 }, () => toAddress(`fd${hex().slice(-2).padStart(2, '0')}:${hex()}::${hex()}:0:${hex()}`) ?? '')],
};
const pairsOf = (family: Family): Pair[] =>
  addresses[family].flatMap((src, at, all) => [1, 5].map((step) => ({ src, dst: all[(at + step) % all.length] ?? src })));

function send(task: Task): Record<string, number> {
  const argv = ['--net', process.execPath, '--import', 'tsx', join(import.meta.dirname, 'jhash-netns.ts')];
  const { status, stdout, stderr } = spawnSync('unshare', argv, { input: JSON.stringify(task), encoding: 'utf8' });
  assert.equal([status, stderr], [0, '']);
  return JSON.parse(stdout) as Record<string, number>;
}

/** A chain for each bucket gives its number as the mark. */
function bucketRuleset(family: Family, isSite: boolean, mark: string, total: number): string {
  const ip = family === 'ipv4' ? 'ip' : 'ip6';
  const buckets = Array.from({ length: total }, (_, bucket) => bucket);
  const chains = buckets.map((bucket) => `\tchain b${bucket} { meta mark set ${bucket}; }\n`).join('');
  const key = `${ip} saddr${isSite ? ` . ${ip} daddr` : ''}`;
  const map = buckets.map((bucket) => `${bucket} : goto b${bucket}`).join(', ');
  return `table inet t {\n${chains}\tchain prerouting {\n\t\ttype filter hook prerouting priority 0;\n\t\tmeta nfproto ${family} jhash ${key} mod ${total} seed ${mark} vmap { ${map} }\n\t}\n}\n`;
}

/** Five links of different weight, also a slot whose mark has the highest bit. */
function spreadOf(sticky: 'client' | 'site'): { text: string; spread: Spread } {
  const slots = [1, 2, 3, 128, 191];
  const links = slots.map((slot) => aLink(`l${slot}`, slot));
  const legs = slots.map((slot, at) => aLeg(slot, { link: `l${slot}`, weight: at + 1 }));
  const group = aGroup('g', { sticky });
  const spread = { group, index: 1, mark: 200, isPacket: false, legs: { ipv4: legs, ipv6: legs }, prefixes: group.dest };
  const targets = { groups: [{ group, index: 1, mark: 200 }], pins: [], problems: [] };
  return { text: renderRuleset({ links, targets, spreads: [spread], devicesOf: () => undefined }), spread };
}

const isThere = spawnSync('unshare', ['-n', 'nft', 'list', 'tables']).status === 0;
if (!isThere) process.stderr.write('note: no nft in a network namespace here: its jhash is not compared\n');
else if (new Uint8Array(new Uint32Array([1]).buffer)[0] !== 1) process.stderr.write('note: no little-endian machine: jhash is not compared\n');
else {
  for (const family of ['ipv4', 'ipv6'] as const) {
    for (const [isSite, mark, total] of [
      [false, '0xc0000000', 256],
      [true, '0xc1000000', 256],
      [true, '0x00000001', 7],
    ] as const) {
      test(`${family} by client${isSite ? ' and site' : ''}, seed ${mark}, ${total} buckets (SEED=${seed})`, () => {
        const pairs = pairsOf(family);
        const seen = send({ ruleset: bucketRuleset(family, isSite, mark, total), pairs });
        assert.equal(
          pairs.map(({ src, dst }) => [src, dst, seen[`${src} ${dst}`]]),
          pairs.map(({ src, dst }) => [src, dst, bucketOf(isSite ? [src, dst] : [src], Number(mark), total)]),
        );
        assert.ok(new Set(Object.values(seen)).size > Math.min(total, addresses[family].length) / 2);
      });
    }
  }

  for (const sticky of ['client', 'site'] as const) {
    test(`our own ruleset gives each ${sticky} the link that is reckoned (SEED=${seed})`, () => {
      const { text, spread } = spreadOf(sticky);
      const pairs = [...pairsOf('ipv4'), ...pairsOf('ipv6')];
      const seen = send({ ruleset: text, pairs });
      assert.equal(
        pairs.map(({ src, dst }) => [src, dst, (seen[`${src} ${dst}`] ?? 0) / 2 ** 24]),
        pairs.map(({ src, dst }) => [src, dst, stickyMark(spread, src, dst)]),
      );
      assert.is(new Set(Object.values(seen)).size, 5);
    });
  }
}

test.run();

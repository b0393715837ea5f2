// The ruleset that masquerades local IPv6 addresses: one table, made anew as a whole.
import * as assert from 'uvu/assert';
import { renderNat66 } from '../../../agent/src/plan/nat66.ts';
import { Nft } from '../../fake/nft.ts';
import { aLink } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const six = { balances6: true };

test('names the ppp devices of the links that balance IPv6, up or not, and no others', () => {
  const text = renderNat66([
    aLink('wan_01', 1, six),
    aLink('wan_02', 2),
    aLink('wan_03', 3, six),
    aLink('lte', 191, { line: undefined, device: undefined, ...six }),
  ]);
  assert.match(text, /oifname \{ "pppoe-wan_01", "pppoe-wan_03" \} ip6 saddr fc00::\/7 masquerade/);
  assert.not.match(text, /wan_02|\blte\b/);
});

test('without such links there is no ruleset', () => {
  assert.is(renderNat66([]), '');
  assert.is(renderNat66([aLink('wan_01', 1)]), '');
});

test('loaded twice it stands once, beside the tables of others', () => {
  const nft = new Nft();
  nft.load('add table inet fw4\n');
  for (let round = 0; round < 2; round++) assert.is(nft.load(renderNat66([aLink('wan_01', 1, six)])).exit, 0);
  assert.equal([...nft.tables.keys()].toSorted(), ['fw4', 'multidial']);
  assert.is(nft.list('multidial').stdout.match(/masquerade/g)?.length, 1);
});

test.run();

// Our interfaces in the firewall's zone wan: added and taken back, whatever way the zone is written.
import * as assert from 'uvu/assert';
import { planZone } from '../../../agent/src/plan/zone.ts';
import { withChanges } from '../../../agent/src/uci/edit.ts';
import { renderBatchLine } from '../../../agent/src/uci/render.ts';
import { toPackage } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const zone = (networks: string, name = '') => toPackage(`config zone\n\toption name lan\n\nconfig zone ${name}\n\toption name wan\n${networks}\n`);
const batch = (...given: Parameters<typeof planZone>) => planZone(...given).changes.map(renderBatchLine);

const rows: [title: string, networks: string, wanted: string[], former: string[], lines: string[]][] = [
  [
    'adds items to a list',
    'list network wan\nlist network wan6',
    ['a', 'b'],
    [],
    ["add_list firewall.@zone[1].network='a'", "add_list firewall.@zone[1].network='b'"],
  ],
  ['adds words to a string and keeps it one', "option network 'wan wan6'", ['a'], [], ["set firewall.@zone[1].network='wan wan6 a'"]],
  ['begins a list where there is none', '', ['a'], [], ["add_list firewall.@zone[1].network='a'"]],
  ['adds nothing that is there', 'list network a', ['a'], ['a'], []],
  ['finds words within an item', "list network 'wan a'", ['a'], [], []],
  ['takes back what was ours', 'list network wan\nlist network a', [], ['a'], ["del_list firewall.@zone[1].network='a'"]],
  ['takes words out of a string', "option network 'a wan b'", [], ['a', 'b'], ["set firewall.@zone[1].network='wan'"]],
  ['takes an emptied string away', "option network 'a'", [], ['a'], ['delete firewall.@zone[1].network']],
  ['leaves what was never ours', 'list network a\nlist network b', [], ['c'], []],
  ['swaps in one go', 'list network a', ['b'], ['a'], ["del_list firewall.@zone[1].network='a'", "add_list firewall.@zone[1].network='b'"]],
];

for (const [title, networks, wanted, former, lines] of rows) {
  test(title, () => {
    const firewall = zone(networks);
    assert.equal(batch(firewall, wanted, former), lines);
    const next = withChanges(firewall, planZone(firewall, wanted, former).changes);
    assert.equal(planZone(next, wanted, wanted).changes, [], 'a second time there is nothing to do');
  });
}

test('what was added and taken back reads as before', () => {
  for (const networks of ['', 'list network wan\nlist network wan6', "option network 'wan wan6'"]) {
    const before = zone(networks);
    const during = withChanges(before, planZone(before, ['a', 'b'], []).changes);
    assert.equal(withChanges(during, planZone(during, [], ['a', 'b']).changes), before);
  }
});

test('a named zone is addressed by its name', () => {
  assert.equal(batch(zone('list network wan', 'w'), ['a'], []), ["add_list firewall.w.network='a'"]);
});

test('without a zone wan it warns, but only where something is to be masqueraded', () => {
  const none = toPackage('config zone\n\toption name lan\n');
  assert.equal(planZone(none, ['a'], []), { changes: [], problems: [{ code: 'zone_missing', severity: 'warning' }] });
  assert.equal(planZone(none, [], ['a']), { changes: [], problems: [] });
});

test.run();

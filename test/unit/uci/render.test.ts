// Packages and edits as text, and back: what is written is what is read, and edits on the parsed form are uci's own.
import * as assert from 'uvu/assert';
import type { UciChange } from '../../../agent/src/contract/index.ts';
import { withChanges } from '../../../agent/src/uci/edit.ts';
import { renderBatchLine, renderPackage } from '../../../agent/src/uci/render.ts';
import { Files } from '../../fake/files.ts';
import { Uci } from '../../fake/uci.ts';
import { toPackage } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const nasty = ["it's", "'", "''", 'a"b', 'a\\b', '\\', 'a#b', ' ', ' a ', 'one\ntwo', '$(reboot)', '`x`', ';', 'ä€😀', 'a;b\nlist c d', "'; option x 'y"];

const at = { package: 'network', section: 'a' } as const;
const start = "config t 'a'\n\toption o 'old'\n\tlist l 'x'\n\tlist l 'y'\n\tlist l 'x'\n\nconfig t\n\toption p '1'\n";

const rows: [title: string, change: UciChange, line: string][] = [
  ['a new section', { ...at, op: 'section', section: 'b', type: 'device' }, 'set network.b=device'],
  ['a value', { ...at, op: 'set', option: 'o', value: "it's" }, "set network.a.o='it'\\''s'"],
  ['a new option', { ...at, op: 'set', option: 'new', value: 'v' }, "set network.a.new='v'"],
  ['a scalar over a list', { ...at, op: 'set', option: 'l', value: 'v' }, "set network.a.l='v'"],
  ['an option taken away', { ...at, op: 'unset', option: 'o' }, 'delete network.a.o'],
  ['a list taken away', { ...at, op: 'unset', option: 'l' }, 'delete network.a.l'],
  ['a section taken away', { ...at, op: 'unset' }, 'delete network.a'],
  ['an item added', { ...at, op: 'list-add', option: 'l', value: 'z w' }, "add_list network.a.l='z w'"],
  ['an item added to a scalar', { ...at, op: 'list-add', option: 'o', value: 'z' }, "add_list network.a.o='z'"],
  ['an item added to nothing', { ...at, op: 'list-add', option: 'n', value: 'z' }, "add_list network.a.n='z'"],
  ['all equal items taken away', { ...at, op: 'list-del', option: 'l', value: 'x' }, "del_list network.a.l='x'"],
  ['an absent item', { ...at, op: 'list-del', option: 'l', value: 'q' }, "del_list network.a.l='q'"],
  ['an anonymous section', { ...at, op: 'set', section: '@t[1]', option: 'p', value: '2' }, "set network.@t[1].p='2'"],
];

/** The package after uci itself has made the change. */
function byUci(change: UciChange): string {
  const files = new Files();
  for (const directory of ['/etc/config', '/tmp/own']) files.makeDirectory(directory, 0o755);
  files.write('/etc/config/network', start, 0o644);
  const { stderr } = new Uci(files).batch('/tmp/own', `${renderBatchLine(change)}\ncommit network\n`);
  assert.is(stderr, '');
  return renderPackage(toPackage(files.read('/etc/config/network') ?? ''));
}

for (const [title, change, line] of rows) {
  test(`${title}: one line of uci batch, and the same edit on the parsed form`, () => {
    assert.is(renderBatchLine(change), line);
    assert.is(renderPackage(withChanges(toPackage(start), [change])), byUci(change));
  });
}

for (const value of nasty) {
  test(`${JSON.stringify(value)} survives file, parser and uci batch`, () => {
    const pack = withChanges(toPackage(start), [
      { ...at, op: 'set', option: 'o', value },
      { ...at, op: 'list-add', option: 'l', value },
    ]);
    assert.equal(toPackage(renderPackage(pack)), pack);
    assert.is(byUci({ ...at, op: 'set', option: 'o', value }), renderPackage(withChanges(toPackage(start), [{ ...at, op: 'set', option: 'o', value }])));
  });
}

test('edits leave the package they are given as it was', () => {
  const pack = toPackage(start);
  withChanges(
    pack,
    rows.map(([, change]) => change),
  );
  assert.equal(pack, toPackage(start));
});

test('an edit of a section that is not there does nothing', () => {
  assert.equal(withChanges(toPackage(start), [{ ...at, op: 'set', section: 'gone', option: 'o', value: '1' }]), toPackage(start));
  assert.equal(withChanges(toPackage(start), [{ ...at, op: 'unset', section: '@t[9]' }]), toPackage(start));
});

test('the last item taken away takes the option along', () => {
  const pack = withChanges(toPackage("config t 'a'\n\tlist l 'x'\n"), [{ ...at, op: 'list-del', option: 'l', value: 'x' }]);
  assert.is(pack[0]?.options.has('l'), false);
});

test.run();

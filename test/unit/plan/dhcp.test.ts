// ra_default while IPv6 is shared by NAT, and the way back to the value of before.
import * as assert from 'uvu/assert';
import { planDhcp } from '../../../agent/src/plan/dhcp.ts';
import { withChanges } from '../../../agent/src/uci/edit.ts';
import { renderBatchLine } from '../../../agent/src/uci/render.ts';
import { toPackage } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const dhcp = (options: string, name = "'lan'") => toPackage(`config dnsmasq\n\nconfig dhcp ${name}\n${options}\n`);
const NOTE = ['set dhcp.multidial_lan=multidial', "set dhcp.multidial_lan.section='lan'"];
const SET = "set dhcp.lan.ra_default='1'";

const rows: [title: string, options: string, lines: string[]][] = [
  ['a server of RA', 'option ra server', [...NOTE, SET]],
  ['a hybrid server', 'option ra hybrid', [...NOTE, SET]],
  ['a value of before is noted', 'option ra server\noption ra_default 0', [...NOTE, "set dhcp.multidial_lan.former_ra_default='0'", SET]],
  ['a value that announces already', 'option ra server\noption ra_default 1', []],
  ['a value that announces always', 'option ra server\noption ra_default 2', []],
  ['a relay', 'option ra relay', []],
  ['no RA at all', 'option start 100', []],
];

for (const [title, options, lines] of rows) {
  test(`${title}: ${lines.length ? 'a default router is announced' : 'nothing to do'}`, () => {
    const before = dhcp(options);
    assert.equal(planDhcp(before, true).map(renderBatchLine), lines);
    const during = withChanges(before, planDhcp(before, true));
    assert.equal(planDhcp(during, true), [], 'a second time there is nothing to do');
    assert.equal(withChanges(during, planDhcp(during, false)), before, 'taken back it reads as before');
    assert.equal(planDhcp(before, false), [], 'who never asked takes nothing back');
  });
}

test('an anonymous section can’t be noted and is left alone', () => {
  assert.equal(planDhcp(dhcp('option ra server', ''), true), []);
});

test('a value that somebody changed meanwhile stays, only the note goes', () => {
  const before = dhcp('option ra server');
  const during = withChanges(before, [...planDhcp(before, true), { op: 'set', package: 'dhcp', section: 'lan', option: 'ra_default', value: '2' }]);
  assert.equal(planDhcp(during, false).map(renderBatchLine), ['delete dhcp.multidial_lan']);
});

test('the note of a section that is gone goes too', () => {
  const before = dhcp('option ra server');
  const during = withChanges(before, [...planDhcp(before, true), { op: 'unset', package: 'dhcp', section: 'lan' }]);
  assert.equal(planDhcp(during, false).map(renderBatchLine), ['delete dhcp.multidial_lan']);
});

test.run();

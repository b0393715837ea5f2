// Pins by domain name with the real dnsmasq and nft: an answer puts its address into the set, and a change of the rules leaves it
// there. Needs root, nft and dnsmasq; without them only a note is printed.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { planNames } from '../../agent/src/plan/names.ts';
import { renderRuleset } from '../../agent/src/plan/ruleset.ts';
import { aLink, aPin } from '../fake/values.ts';
import { suite } from '../limit.ts';
import type { Found, Task } from './names-netns.ts';

const test = suite('');
const pin = aPin('p', 'l1', { names: ['example.org'] });

const rulesetFor = (slot: number, ...more: ReturnType<typeof aPin>[]): string => {
  const links = [aLink('l1', 1), aLink('l2', 2)];
  const target = { kind: 'link' as const, mark: slot, link: aLink(`l${slot}`, slot) };
  return renderRuleset({
    links,
    targets: { groups: [], pins: [pin, ...more].map((one) => ({ pin: one, target, isAvoided: false })), problems: [] },
    spreads: [],
    devicesOf: () => undefined,
  });
};

/** dnsmasq's own line for the section, as OpenWrt's init script makes it: the family stands at the end of a set's name. */
function nftsetLine(): string {
  const items = (option: string) => planNames([], [pin]).flatMap((change) => (change.op === 'list-add' && change.option === option ? [change.value] : []));
  const value = (option: string) => planNames([], [pin]).find((change) => change.op === 'set' && change.option === option);
  const [table, family] = ['table', 'table_family'].map((option) => (value(option) as { value: string }).value);
  const sets = items('name').map((name) => `${name.slice(-1)}#${family}#${table}#${name}`);
  return `nftset=/${items('domain').join('/')}/${sets.join(',')}`;
}

const isThere = spawnSync('unshare', ['-n', 'sh', '-c', 'nft list tables && dnsmasq --version | grep -q " nftset"']).status === 0;
if (!isThere) process.stderr.write('note: no nft in a network namespace, or no dnsmasq with nftset here: pins by name are not tried\n');
else {
  test('dnsmasq fills the sets, which a change of the rules and a second load leave as they are', () => {
    const task: Task = { nftset: nftsetLine(), first: rulesetFor(1), second: rulesetFor(2) };
    const argv = ['--net', process.execPath, '--import', 'tsx', join(import.meta.dirname, 'names-netns.ts')];
    const { status, stdout, stderr } = spawnSync('unshare', argv, { input: JSON.stringify(task), encoding: 'utf8' });
    assert.equal([status, stderr], [0, '']);
    const { before, asked, changed } = JSON.parse(stdout) as Found;
    assert.equal(before, { four: [], six: [] });
    assert.equal(asked, { four: ['198.51.100.7'], six: ['2001:db8:7::7'] }, 'names below the one that is asked for, and no other');
    assert.equal(changed, asked);
  });
}
test('there is one more set a family for each pin by name', () => {
  assert.match(nftsetLine(), /^nftset=\/example\.org\/4#inet#multidial#of_p_4,6#inet#multidial#of_p_6$/);
});

test.run();

// Kernel settings: written where they differ, noted before they are changed, and put back as they were.
import * as assert from 'uvu/assert';
import { chooseHash, planSettings } from '../../../agent/src/plan/settings.ts';
import { aConfig, aGroup } from '../../fake/values.ts';
import { test } from '../../limit.ts';

const HASH4 = 'net.ipv4.fib_multipath_hash_policy';
const HASH6 = 'net.ipv6.fib_multipath_hash_policy';
const NEIGH = 'net.ipv4.fib_multipath_use_neigh';

/** A kernel with these settings; `apply` writes what is planned and returns the file. */
function kernel(values: Record<string, string>) {
  const settings = new Map(Object.entries(values));
  let file: string | undefined;
  const read = (key: string) => settings.get(key);
  return {
    settings,
    plan: (hash: 'l3' | 'l4' | undefined) => planSettings(hash, read, file),
    apply(hash: 'l3' | 'l4' | undefined) {
      const plan = planSettings(hash, read, file);
      for (const { key, value } of plan.writes) settings.set(key, value);
      if (plan.file !== undefined) file = plan.file ?? undefined;
      return file;
    },
  };
}

const idle = { writes: [], file: undefined };

test('sharing by connection writes policy 1 and notes the values of before', () => {
  const router = kernel({ [HASH4]: '0', [HASH6]: '2', [NEIGH]: '0' });
  assert.equal(router.apply('l4')?.split('\n').slice(1, 7), [
    `# before: ${HASH4}=0`,
    `# before: ${HASH6}=2`,
    `# before: ${NEIGH}=0`,
    `${HASH4}=1`,
    `${HASH6}=1`,
    `${NEIGH}=1`,
  ]);
  assert.equal([...router.settings.values()], ['1', '1', '1']);
  assert.equal(router.plan('l4'), idle);
});

test('another hash changes the policy and keeps the notes', () => {
  const router = kernel({ [HASH4]: '3', [HASH6]: '3', [NEIGH]: '0' });
  router.apply('l4');
  assert.match(router.apply('l3') ?? '', new RegExp(`before: ${HASH4}=3[^]*^${HASH4}=0$`, 'm'));
  router.apply(undefined);
  assert.equal([...router.settings.values()], ['3', '3', '0']);
});

test('sharing by host pair leaves IPv6’s flow label out where the kernel can, and gives the fields back', () => {
  const FIELDS6 = 'net.ipv6.fib_multipath_hash_fields';
  const router = kernel({ [HASH4]: '0', [HASH6]: '0', [NEIGH]: '0', [FIELDS6]: '7' });
  router.apply('l3');
  assert.equal([router.settings.get(HASH4), router.settings.get(HASH6), router.settings.get(FIELDS6)], ['0', '3', '3']);
  assert.equal(router.plan('l3'), idle);
  const file = router.apply('l4') ?? '';
  assert.equal([router.settings.get(HASH6), router.settings.get(FIELDS6)], ['1', '7']);
  assert.not.match(file, /hash_fields/);
  router.apply('l3');
  router.apply(undefined);
  assert.equal([...router.settings.values()], ['0', '0', '0', '7']);
});

test('a value that somebody set since is not taken back by another hash', () => {
  const FIELDS6 = 'net.ipv6.fib_multipath_hash_fields';
  const router = kernel({ [HASH4]: '0', [HASH6]: '0', [NEIGH]: '0', [FIELDS6]: '7' });
  router.apply('l3');
  router.settings.set(FIELDS6, '15');
  router.apply('l4');
  assert.is(router.settings.get(FIELDS6), '15');
});

test('the way back restores the values and removes the file', () => {
  const router = kernel({ [HASH4]: '0', [HASH6]: '1', [NEIGH]: '0' });
  router.apply('l4');
  assert.equal(router.plan(undefined), {
    writes: [
      { key: HASH4, value: '0' },
      { key: NEIGH, value: '0' },
    ],
    file: null,
  });
  assert.is(router.apply(undefined), undefined);
  assert.equal(router.plan(undefined), idle);
});

test('a value that somebody set since stays on the way back', () => {
  const router = kernel({ [HASH4]: '0', [HASH6]: '0', [NEIGH]: '0' });
  router.apply('l4');
  router.settings.set(HASH4, '3');
  router.apply(undefined);
  assert.equal([...router.settings.values()], ['3', '0', '0']);
});

test('a kernel without a setting is not asked for it', () => {
  const router = kernel({ [HASH4]: '0' });
  assert.not.match(router.apply('l4') ?? '', /ipv6|use_neigh/);
  assert.equal(router.plan('l4'), idle);
});

test('one policy holds for all groups: the first says it, the others are told', () => {
  const group = (name: string, hash: 'l3' | 'l4') => aGroup(name, { dest: ['::/0'], hash });
  assert.equal(chooseHash(aConfig()), { hash: 'l4', problems: [] });
  const { hash, problems } = chooseHash(aConfig({ groups: [group('a', 'l3'), group('b', 'l4'), group('c', 'l3')] }));
  assert.equal(
    [hash, problems.map(({ code, section, details }) => [code, section, details])],
    ['l3', [['hash_conflict', 'group.b', { wanted: 'l4', got: 'l3' }]]],
  );
});

test.run();

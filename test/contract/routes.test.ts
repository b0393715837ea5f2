// netifd's routes and rules, as the real one was recorded to set them for a row of changes of the package network.
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import { readRecording } from './recording.ts';
import type { CommandEntry } from './recording.ts';

const test = suite('');
const PLAYED = ['ip4table', 'back-101', 'defaultroute-0', 'defaultroute-1', 'rules', 'ifdown-effect', 'routes', 'ip6'];

/** Not played: a rule that netifd forgets to take away with its table, and prefixes that are shared out. */
const NOT_PLAYED = /lookup 111$|2001:db8:1100:/;

/** Behind the rules some commands show other things too. */
const isRule = (line: string): boolean => /^\d+:\t/.test(line);

/** By part: routes and rules of both families. Rules with the number of a device in their preference have any. */
const toParts = (text: string): string[][] =>
  text.split('---\n').map((part, index) =>
    part
      .split('\n')
      .filter((line) => index < 2 || isRule(line))
      .map((line) => line.replace(/^900\d\d:/, '900NN:').trim())
      .filter((line) => line !== '' && !NOT_PLAYED.test(line))
      .sort(),
  );

const APART = ['--net', '--mount'];
const canUnshare = spawnSync('unshare', [...APART, 'true']).status === 0;

if (canUnshare) {
  const output = execFileSync('unshare', [...APART, process.execPath, '--import', 'tsx', join(import.meta.dirname, 'routes-netns.ts')], { encoding: 'utf8' });
  const seen = JSON.parse(output) as Record<string, string>;
  const entries = readRecording('07-routes') as CommandEntry[];
  for (const id of PLAYED) {
    test(`sets the routes and rules of ${id}`, () => {
      const recorded = entries.find((entry) => entry.id === id)?.stdout ?? '';
      assert.equal(toParts(seen[id] ?? ''), toParts(recorded));
    });
  }
} else {
  process.stderr.write('note: no network namespace can be made here: routes and rules are not replayed\n');
}

test.run();

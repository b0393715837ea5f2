// Entries that need the real machine. They are not counted; some are run all the same, for what they leave behind.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { RecordingName } from './recording.ts';
import { hasMemory } from './router.ts';

export type Apart = { why: string; isRun?: boolean };

const kill: Apart = { why: 'kills a real process at a chosen moment of its work' };
const mount: Apart = { why: 'mounts a file system, which only root may' };
const symlink: Apart = { why: 'needs a second file system for /tmp' };

function mayMount(): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'multidial-mount-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', 'none', dir]).status === 0;
  if (isMounted) spawnSync('umount', [dir]);
  rmdirSync(dir);
  return isMounted;
}

const isRoot = userInfo().uid === 0;
const mounts = { 'ro-dir': mount, 'full-fs': mount, 'full-fs-2': mount, 'full-fs-check': mount };
const symlinks = { inode: symlink, 'symlink-commit': symlink };

/** Entries that are replayed at the same time because each waits for rpcd's limit. */
export const together: readonly string[] = ['http-slow-29', 'http-slow-33', 'http-slow-70', 'cli-slow-33', 'cli-slow-33-t60'];

export const apart: Partial<Record<RecordingName, Record<string, Apart>>> = {
  '01c-http-ubus-more': {
    disconnect: { why: 'looks for busybox processes with ps' },
  },
  '03-uci-cli': {
    concurrent: { why: 'ten processes race: the number that survives is chance', isRun: true },
  },
  '04-exec-plugin': {
    'stderr-where': { why: 'reads the log of the kernel' },
    'cli-slow-33-t60': { why: 'looks for busybox processes with ps', isRun: true },
  },
  '12-uci-private-deltas': {
    ...(mayMount() ? {} : mounts),
    ...(isRoot ? {} : { mode: { why: 'writes to a file of mode 0444, which only root may', isRun: true } }),
    ...(hasMemory ? {} : symlinks),
    'kill-commit': kill,
    'kill-commit-2': kill,
    'kill-commit-sweep': kill,
    lock: { why: 'holds a lock with flock on a file that the stand-in never opens for long: there are no processes to wait', isRun: true },
  },
};

// Edits of uci packages in one `uci batch`: nobody else's pending changes taken along, nothing lost on a full flash.
import type { Problem, UciChange } from '../contract/index.ts';
import { packageFile } from '../observe/files.ts';
import { RUN_DIRECTORY, SCRATCH } from '../owned.ts';
import type { CommandResult, System } from '../system.ts';
import { withChanges } from '../uci/edit.ts';
import { isFault, parsePackage } from '../uci/package.ts';
import type { UciPackage } from '../uci/package.ts';
import { renderBatchLine, renderPackage } from '../uci/render.ts';

/** An edit of any package: the derived ones, and our own when `reset` disables it. */
export type Edit = Omit<UciChange, 'package'> & { package: string };

const DELTAS = `${RUN_DIRECTORY}/uci`;
const BACKUPS = `${RUN_DIRECTORY}/backup`;
const SHARED_DELTAS = '/tmp/.uci';
const ROOM_PROBE = '/etc/config/.multidial-room';
const RELOAD_DUE = `${RUN_DIRECTORY}/reload-due`;

/**
 * `uci commit` takes along what anybody left in /tmp/.uci for the package, even with a save directory of one's own.
 * Only the names of the options are shown: values may be secrets.
 */
function findPending(system: System, packages: readonly string[]): Problem | undefined {
  const pending = packages.filter((name) => (system.stat(`${SHARED_DELTAS}/${name}`)?.size ?? 0) > 0);
  if (pending.length === 0) return undefined;
  // A value may go over several lines: only those that begin with the package's name are changes.
  const changesOf = (name: string): string[] =>
    (system.readFile(`${SHARED_DELTAS}/${name}`) ?? '').split('\n').filter((line) => line.replace(/^[-+|~@^]/, '').startsWith(`${name}.`));
  const changes = pending
    .flatMap(changesOf)
    .map((line) => line.split('=')[0] ?? '')
    .slice(0, 20);
  return { code: 'pending_changes', severity: 'error', details: { packages: pending, changes } };
}

/** Text that a compressing flash file system can't shrink much. */
function noise(bytes: number): string {
  const words: string[] = [];
  for (let seed = 0x2545f491, size = 0; size < bytes; size += 6) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    words.push(seed.toString(36).padStart(6, '0').slice(-6));
  }
  return words.join('');
}

/** A commit on a full flash exits 0 and leaves an empty file, so the room is tried out first. */
function findNoRoom(system: System, packages: readonly string[], batch: string): Problem | undefined {
  const need = Math.max(...packages.map((name) => system.stat(packageFile(name))?.size ?? 0)) + batch.length + 4096;
  const failed = system.writeFile(ROOM_PROBE, noise(need), 0o600);
  const fits = !failed && (system.stat(ROOM_PROBE)?.size ?? 0) >= need;
  system.removeFile(ROOM_PROBE);
  return fits ? undefined : { code: 'flash_full', severity: 'error', details: { path: '/etc/config', need } };
}

/** Half a batch of a killed run would be committed with ours. */
function clearDeltas(system: System): void {
  system.makeDirectory(DELTAS, 0o700);
  for (const name of system.listDirectory(DELTAS)) system.removeFile(`${DELTAS}/${name}`);
}

/** Of a run that was killed: noise on the flash, half a batch, copies that hold passwords, names of files that were to have none. */
function clearLeftovers(system: System): void {
  // Who has one open needs no name.
  for (const name of system.listDirectory(RUN_DIRECTORY)) if (name.startsWith(SCRATCH)) system.removeFile(`${RUN_DIRECTORY}/${name}`);
  if (system.stat(ROOM_PROBE)) system.removeFile(ROOM_PROBE);
  for (const directory of [DELTAS, BACKUPS]) for (const name of system.listDirectory(directory)) system.removeFile(`${directory}/${name}`);
}

const readPackage = (system: System, name: string): UciPackage | undefined => {
  const parsed = parsePackage(system.readFile(packageFile(name)) ?? '');
  return isFault(parsed) ? undefined : parsed;
};

/** Looks at the file after the commit. An emptied one is put back; one that merely lacks our change is reported. */
function verify(system: System, name: string, expected: UciPackage, mode: number, hadContent: boolean): Problem | undefined {
  const found = readPackage(system, name);
  if (found && renderPackage(found) === renderPackage(expected)) return undefined;
  if (hadContent && (!found || found.length === 0)) system.copyFile(`${BACKUPS}/${name}`, packageFile(name), mode);
  return { code: 'commit_lost', severity: 'error', details: { package: name } };
}

/** Packages whose services were not told of a commit yet, also by a run that was killed before it could. */
export const reloadsDue = (system: System): string[] => (system.readFile(RELOAD_DUE) ?? '').split('\n').filter(Boolean);

function noteReloads(system: System, packages: readonly string[]): Problem | undefined {
  const failed = system.writeFile(RELOAD_DUE, `${[...new Set([...reloadsDue(system), ...packages])].join('\n')}\n`, 0o600);
  return failed && { code: 'write_failed', severity: 'error', details: failed };
}

const packagesOf = (edits: readonly Edit[]): string[] => [...new Set(edits.map((edit) => edit.package))];
const isRemoval = (edit: Edit): boolean => edit.op === 'unset' && !('option' in edit);

/**
 * Sections come before and go after everything else, each in a commit of its own: those in network say which names in
 * the firewall's zone are ours, also to the run after one that was killed in between.
 */
function renderBatch(edits: readonly Edit[]): string {
  const stages = [edits.filter((edit) => !isRemoval(edit)), edits.filter(isRemoval)];
  const lines = stages.flatMap((stage) => [...stage.map((edit) => renderBatchLine(edit as UciChange)), ...packagesOf(stage).map((name) => `commit ${name}`)]);
  return `${lines.join('\n')}\n`;
}

/**
 * uci before 22.03 has no -t: there the changes go where everybody's do, which was found empty just before. What a
 * failed commit leaves would be called somebody's by the next run.
 */
function runBatch(system: System, packages: readonly string[], batch: string): CommandResult {
  clearDeltas(system);
  const done = system.run(['uci', '-t', DELTAS, 'batch'], batch);
  clearDeltas(system);
  if (!/option\W+t\b/.test(done.stderr)) return done;
  const shared = system.run(['uci', 'batch'], batch);
  if (shared.stderr) for (const name of packages) system.removeFile(`${SHARED_DELTAS}/${name}`);
  return shared;
}

/**
 * Makes and commits the edits. On an error nothing is committed, or what a full flash lost is put back.
 * `reload` false is for packages whose service is this program.
 */
export function applyUci(system: System, edits: readonly Edit[], { reload }: { reload: boolean }): Problem[] {
  clearLeftovers(system);
  if (edits.length === 0) return [];
  const packages = packagesOf(edits);
  const batch = renderBatch(edits);
  const stop = findPending(system, packages) ?? findNoRoom(system, packages, batch) ?? (reload ? noteReloads(system, packages) : undefined);
  if (stop) return [stop];
  system.makeDirectory(BACKUPS, 0o700);
  const before = packages.map((name) => ({ name, pack: readPackage(system, name) ?? [], mode: system.stat(packageFile(name))?.mode ?? 0o600 }));
  for (const { name } of before) system.copyFile(packageFile(name), `${BACKUPS}/${name}`, 0o600);
  const done = runBatch(system, packages, batch);
  const lost = before.flatMap(({ name, pack, mode }) => {
    const expected = withChanges(pack, edits.filter((edit) => edit.package === name) as UciChange[]);
    return verify(system, name, expected, mode, pack.length > 0) ?? [];
  });
  for (const { name } of before) system.removeFile(`${BACKUPS}/${name}`); // it holds passwords
  if (lost.length && (done.exit !== 0 || done.stderr)) {
    return [
      ...lost,
      { code: 'command_failed', severity: 'error', details: { command: done.argv.join(' '), exit: done.exit, stderr: done.stderr.trim().slice(0, 400) } },
    ];
  }
  return lost;
}

/** Tells procd what was committed, as rpcd does after its commits; its triggers reload the services concerned. */
export function applyReloads(system: System): Problem[] {
  const due = reloadsDue(system);
  for (const name of due) {
    const argv = ['ubus', '-t', '10', 'call', 'service', 'event', JSON.stringify({ type: 'config.change', data: { package: name } })];
    const done = system.run(argv);
    if (done.exit !== 0)
      return [{ code: 'command_failed', severity: 'error', details: { command: argv.join(' '), exit: done.exit, stderr: done.stderr.trim().slice(0, 400) } }];
  }
  if (due.length) system.removeFile(RELOAD_DUE);
  return [];
}

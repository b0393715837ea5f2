// A router in a directory of this host: files, and the stand-in's rpcd, web server and command line over them.
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Bus } from '../stand-in/bus.ts';
import { loggerCommand, logreadCommand } from '../stand-in/cli/log.ts';
import { installScripts } from '../stand-in/cli/scripts.ts';
import { CliServer } from '../stand-in/cli/server.ts';
import type { Command } from '../stand-in/cli/server.ts';
import { ubusCommand } from '../stand-in/cli/ubus.ts';
import { Log } from '../stand-in/log.ts';
import { Rpcd } from '../stand-in/rpcd/index.ts';
import { runUci } from '../stand-in/uci/cli.ts';
import { Uhttpd } from '../stand-in/uhttpd/index.ts';
import { BenchUcode, bootLog, isOfRpcd, sceneryObjects } from './scenery.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
/** rpcd's 30 s: more than `sleep 29` takes here, and less than `sleep 33`. */
const PLUGIN_LIMIT_MS = 12_000;
/** The router has its /tmp in memory: another file system than /etc. */
const MEMORY = '/dev/shm';
export const hasMemory = existsSync(MEMORY);

export type Router = { root: string; port: number; bus: Bus; rpcd: Rpcd; changed: string[]; log: Log; stop(): Promise<void> };

export type RouterOptions = {
  /** Changes the text of each fixture, as the recordings are changed. */
  mutate?: (text: string) => string;
  /** rpcd's limit for plugins. */
  limitMs?: number;
};

export async function startRouter({ mutate = (text) => text, limitMs = PLUGIN_LIMIT_MS }: RouterOptions = {}): Promise<Router> {
  const root = mkdtempSync(join(tmpdir(), 'multidial-contract-'));
  const memory = mkdtempSync(join(hasMemory ? MEMORY : tmpdir(), 'multidial-contract-'));
  chmodSync(memory, 0o1777);
  symlinkSync(memory, join(root, 'tmp'));
  makeFiles(root, mutate);
  const bus = new Bus();
  const log = new Log();
  bootLog(log);
  const changed: string[] = [];
  bus.add(log);
  const scenery = sceneryObjects();
  for (const object of scenery) if (!isOfRpcd(object)) bus.add(object);
  const extra = [...scenery.filter(isOfRpcd), new BenchUcode()];
  const rpcd = new Rpcd(bus, { root, onChange: (config) => changed.push(config), reloadConfig: () => {}, extra, pluginTimeoutMs: limitMs });
  const cli = new CliServer(commands(root, bus, rpcd, log));
  installScripts({ root, port: await cli.start(0), files: join(import.meta.dirname, '../stand-in/files') });
  await rpcd.start();
  const uhttpd = new Uhttpd(bus, { root, host: '127.0.0.1', port: 0 });
  const port = await uhttpd.start();
  const stop = async () => {
    rpcd.stop();
    await Promise.all([uhttpd.stop(), cli.stop()]);
    endProcesses(root);
    for (const dir of [root, memory]) rmSync(dir, { recursive: true, force: true });
  };
  return { root, port, bus, rpcd, changed, log, stop };
}

/** The commands see paths of the router; where a command line names files for the shell, it names those of this host. */
function commands(root: string, bus: Bus, rpcd: Rpcd, log: Log): Record<string, Command> {
  const inside =
    (command: Command): Command =>
    (args, cli) =>
      command(
        args.map((arg) => arg.replaceAll(root, '')),
        cli,
      );
  return {
    uci: inside((args, io) => runUci(args, io, { root })),
    ubus: inside(ubusCommand(bus)),
    logger: loggerCommand(log),
    logread: logreadCommand(log),
    'stand-in': async ([, name, action]) => {
      if (name !== 'rpcd') return 0;
      await (action === 'restart' ? rpcd.restart() : rpcd.reload());
      return 0;
    },
  };
}

function makeFiles(root: string, mutate: (text: string) => string): void {
  for (const dir of ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'etc/config', 'tmp/run', 'tmp/.uci', 'usr/libexec/rpcd', 'www']) {
    mkdirSync(join(root, dir), { recursive: true });
  }
  symlinkSync('tmp', join(root, 'var'));
  for (const part of ['etc', 'usr']) cpSync(join(FIXTURES, part), join(root, part), { recursive: true });
  for (const path of filesBelow(join(root, 'etc/config'), join(root, 'usr/share'), join(root, 'usr/libexec'))) {
    const text = mutate(readFileSync(path, 'utf8')).replaceAll('/tmp/', `${root}/tmp/`);
    const isPlugin = path.includes('/libexec/');
    writeFileSync(path, isPlugin ? lightened(text) : mutate(readFileSync(path, 'utf8')));
    renameSync(path, join(dirname(path), mutate(basename(path))));
  }
  for (const name of ['firewall', 'luci']) writeFileSync(join(root, 'etc/config', name), '');
  const { uid, gid } = userInfo();
  writeFileSync(join(root, 'etc/passwd'), `root:x:${uid}:${gid}:root:/root:/bin/ash\n`);
  writeFileSync(join(root, 'etc/group'), `root:x:${gid}:\n`);
  writeFileSync(join(root, 'etc/shadow'), 'root:$1$router99$Ucstsc2b1.lgcER/MP4FS.:0:0:99999:7:::\n');
  makePrograms(root);
}

/**
 * The plugins are written for the router's ash, which bash is nearer to than dash. What `bench` notes of its environment
 * and descriptors is read for `list` alone; for a call it would cost more than all the rest of the replay.
 */
function lightened(plugin: string): string {
  return plugin
    .replace('#!/bin/sh', '#!/bin/bash')
    .replace("$(cut -d' ' -f1 /proc/uptime)", '$(read -r up _ </proc/uptime; echo "$up")')
    .replace(/\benv \| sort|\bls -l \/proc/g, '[ "$$1" = call ] || $&');
}

/** Programs that behave as busybox's where the host's do not. */
function makePrograms(root: string): void {
  for (const name of readdirSync(join(FIXTURES, 'bin'))) {
    const path = join(root, 'bin', name);
    writeFileSync(
      path,
      readFileSync(join(FIXTURES, 'bin', name), 'utf8')
        .replaceAll('@ROOT@', root)
        .replaceAll('@PID@', String(process.pid)),
    );
    chmodSync(path, 0o755);
  }
  symlinkSync('/bin/bash', join(root, 'bin/sh'));
  symlinkSync('/bin/echo', join(root, 'bin/echo'));
}

function filesBelow(...dirs: string[]): string[] {
  return dirs.flatMap((dir) =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .map((name) => join(dir, name))
      .filter((path) => lstatSync(path).isFile()),
  );
}

/** What plugins and commands of this router left running: it has its directory for a working directory. */
function endProcesses(root: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readlinkSync(`/proc/${pid}/cwd`) === root) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Gone meanwhile, or another user's.
    }
  }
}

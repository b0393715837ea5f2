// A router in a directory of this host for procd: the stand-in's daemons over it, and a shell and a socket that ask them.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus } from '../../stand-in/bus.ts';
import { loggerCommand, logreadCommand } from '../../stand-in/cli/log.ts';
import { installScripts } from '../../stand-in/cli/scripts.ts';
import { CliServer } from '../../stand-in/cli/server.ts';
import type { Command } from '../../stand-in/cli/server.ts';
import { ubusCommand } from '../../stand-in/cli/ubus.ts';
import { Log } from '../../stand-in/log.ts';
import { Procd } from '../../stand-in/procd/index.ts';
import { environment } from '../../stand-in/process.ts';
import { Rpcd } from '../../stand-in/rpcd/index.ts';
import { runUci } from '../../stand-in/uci/cli.ts';
import { Uhttpd } from '../../stand-in/uhttpd/index.ts';

export type Result = { stdout: string; stderr: string; rc: number };

export type Router = {
  root: string;
  bus: Bus;
  log: Log;
  procd: Procd;
  /** Runs a command line as the router's shell would, with its paths. */
  shell(line: string, stdin?: string): Promise<Result>;
  /** Sends a request as it is and returns the reply's head and body. */
  http(request: string): Promise<{ head: string; body: string }>;
  stop(): Promise<void>;
};

/** The router's shell is busybox's: its words for a missing process, its `time` and its `-x`. */
const busybox = execFileSync('/bin/sh', ['-c', 'command -v busybox || { echo "busybox is needed: install the package busybox" >&2; exit 1; }'], {
  encoding: 'utf8',
}).trim();

/** A login of the recording may read and write every config. */
const ACL = {
  unauthenticated: { description: 'log in', read: { ubus: { session: ['access', 'login'] } } },
  everything: { description: 'all', read: { uci: ['*'], ubus: { uci: ['*'] } }, write: { uci: ['*'], ubus: { uci: ['*'] } } },
};

export async function startRouter(): Promise<Router> {
  const root = mkdtempSync(join(tmpdir(), 'multidial-procd-'));
  const bus = new Bus();
  const log = new Log();
  const procd = new Procd({ root, log });
  for (const object of [procd, log]) bus.add(object);
  const cli = new CliServer({
    uci: (args, io) => runUci(args, io, { root }),
    ubus: ubusCommand(bus),
    logger: loggerCommand(log),
    logread: logreadCommand(log),
    jsonfilter,
    'stand-in': async () => 0,
  });
  makeFiles(root, await cli.start(0));
  const rpcd = new Rpcd(bus, { root, onChange: (config) => procd.event('config.change', { package: config }), reloadConfig: () => {} });
  await rpcd.start();
  const uhttpd = new Uhttpd(bus, { root, host: '127.0.0.1', port: 0 });
  const port = await uhttpd.start();
  const stop = async () => {
    await procd.stop();
    rpcd.stop();
    await Promise.all([uhttpd.stop(), cli.stop()]);
    rmSync(root, { recursive: true, force: true });
  };
  return { root, bus, log, procd, shell: (line, stdin = '') => runShell(root, line, stdin), http: (request) => sendHttp(port, request), stop };
}

function makeFiles(root: string, port: number): void {
  for (const dir of ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/share/rpcd/acl.d', 'usr/libexec/rpcd', 'etc/config', 'etc/rc.d', 'var/run', 'tmp/.uci']) {
    mkdirSync(join(root, dir), { recursive: true });
  }
  writeFileSync(join(root, 'etc/config/rpcd'), "config login\n\toption username 'root'\n\toption password '$p$root'\n\tlist read '*'\n\tlist write '*'\n");
  // An account without a password takes any.
  writeFileSync(join(root, 'etc/shadow'), 'root::0:0:99999:7:::\n');
  writeFileSync(join(root, 'usr/share/rpcd/acl.d/everything.json'), JSON.stringify(ACL));
  installScripts({ root, port, files: join(import.meta.dirname, '../../stand-in/files') });
  const client = readFileSync(join(root, 'bin/ubus'), 'utf8');
  writeFileSync(join(root, 'usr/bin/jsonfilter'), client, { mode: 0o755 });
  const reloadConfig = join(root, 'sbin/reload_config');
  writeFileSync(reloadConfig, toHostPaths(root, readFileSync(reloadConfig, 'utf8')));
  symlinkSync(busybox, join(root, 'bin/sh'));
}

const INIT_LINE = '#!/bin/sh /etc/rc.common';

/** Paths of the router in a text, made those of this host; the interpreter of a script stays one that the kernel finds. */
function toHostPaths(root: string, text: string): string {
  // An init script names files as procd knows them.
  if (text.startsWith(INIT_LINE)) return text.replace(INIT_LINE, `#!/bin/sh ${root}/etc/rc.common`);
  return text.replace(/^#!\/bin\/sh$/m, `#!${busybox} sh`).replace(/(?<![\w./-])\/(?=(?:etc|tmp|var|sbin)\/|usr\/bin\/demod)/g, `${root}/`);
}

/** The other way round; the root by itself is `/`. */
function toRouterPaths(root: string, text: string): string {
  return text.replaceAll(`${root}/`, '/').replaceAll(root, '/');
}

function runShell(root: string, line: string, stdin: string): Promise<Result> {
  const env = { ...environment(root), IPKG_INSTROOT: root };
  // busybox takes a program of its own before one of that name in the search path.
  const script = toHostPaths(root, line).replaceAll(/\blogread\b/g, `${root}/sbin/logread`);
  const child = spawn(busybox, ['-c', script], { argv0: 'sh', cwd: root, env, stdio: 'pipe' });
  child.stdin.on('error', () => {});
  child.stdin.end(toHostPaths(root, stdin));
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => err.push(part));
  const toText = (parts: Buffer[]) => toRouterPaths(root, Buffer.concat(parts).toString());
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout: toText(out), stderr: toText(err), rc: code ?? -1 }));
  });
}

function sendHttp(port: number, request: string): Promise<{ head: string; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', ...rest] = text.split('\r\n\r\n');
      resolve({ head, body: rest.join('\r\n\r\n').replace(/^[0-9a-f]+\r\n|\r\n[0-9a-f]+(\r\n)*$/g, '') });
    });
  });
}

/** `jsonfilter -e @.A.B`: what is at that place, in one line as json-c writes it. */
const jsonfilter: Command = async (args, cli) => {
  let text = '';
  for (let line = await cli.readLine(); line !== undefined; line = await cli.readLine()) text += line;
  const names = args[1]?.split('.').slice(1) ?? [];
  const found = names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], JSON.parse(text));
  if (found === undefined) return 1;
  cli.out(`${renderSpaced(found)}\n`);
  return 0;
};

function renderSpaced(value: unknown): string {
  if (Array.isArray(value)) return `[ ${value.map(renderSpaced).join(', ')} ]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value).replaceAll('/', '\\/');
  const entries = Object.entries(value).map(([key, item]) => `"${key}": ${renderSpaced(item)}`);
  return `{ ${entries.join(', ')} }`;
}

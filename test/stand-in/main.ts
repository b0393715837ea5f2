// The stand-in OpenWrt as one resident process: `node main.mjs ROOT FILES` plays ubusd, procd, logd, rpcd, uhttpd, netifd and fw4.
//
// A newcomer reads it as a map of what runs on a router: bus.ts is what everybody talks over; procd/ starts services and fires
// their triggers; rpcd/ holds sessions, rights, config changes and plugins; uhttpd/ is the web server; netifd/ makes devices and
// interfaces; hotplug.ts runs scripts for their events; firewall.ts the zones. uci/ is how all of them read /etc/config.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Bus } from './bus.ts';
import { loggerCommand, logreadCommand } from './cli/log.ts';
import { installScripts, RESIDENT_SERVICES } from './cli/scripts.ts';
import { CliServer } from './cli/server.ts';
import type { Command } from './cli/server.ts';
import { ubusCommand } from './cli/ubus.ts';
import { Firewall } from './firewall.ts';
import { createKernel } from './kernel.ts';
import { Log } from './log.ts';
import { Netifd } from './netifd/index.ts';
import { Procd } from './procd/index.ts';
import { environment } from './process.ts';
import { Rpcd } from './rpcd/index.ts';
import { runUci } from './uci/cli.ts';
import { Uhttpd } from './uhttpd/index.ts';

const CLI_PORT = 7001;
const WEB_PORT = 80;

const [root = '/', files = join(import.meta.dirname, 'files')] = process.argv.slice(2);
const bus = new Bus();
const log = new Log();
const kernel = createKernel();
/** `NAME: text`, as netifd, hotplug and fw4 say it. */
const say = (line: string): void => {
  const [, name = 'stand-in', text = line] = /^([^:]+): (.*)$/s.exec(line) ?? [];
  log.add(name, text, 'notice');
};

const netifd = new Netifd({ root, kernel, bus, log: say, pppd: { argv: ['pppd'], plugin: 'pppoe.so' } });
const firewall = new Firewall({ root, kernel, log: say, snapshots: () => netifd.snapshots() });
const procd = new Procd({ root, log });

function reloadConfig(): void {
  spawn(join(root, 'sbin/reload_config'), { env: environment(root), stdio: 'ignore' }).on('error', () => {});
}

const RELOAD_DELAY_MS = 1000;
const waiting = new Map<string, () => void>();

/** The services that live in this process have the triggers of their init scripts. */
function resident(config: string): void {
  const reload = { network: () => netifd.reload(), firewall: () => void firewall.reload(), dhcp: () => netifd.look() }[config];
  if (!reload) return;
  waiting.get(config)?.();
  waiting.set(config, kernel.after(RELOAD_DELAY_MS, reload));
}

const rpcd = new Rpcd(bus, { root, reloadConfig, onChange: (config) => procd.event('config.change', { package: config }) });
const uhttpd = new Uhttpd(bus, { root, host: '0.0.0.0', port: WEB_PORT });

/** `stand-in service NAME ACTION`: what the init scripts of resident services call. */
const serviceActions: Record<string, Record<string, () => unknown>> = {
  network: { start: () => netifd.reload(), reload: () => netifd.reload(), restart: () => netifd.restart(), stop: () => netifd.stop() },
  firewall: { start: () => firewall.reload(), reload: () => firewall.reload(), restart: () => firewall.reload(), stop: () => firewall.stop() },
  rpcd: { reload: () => rpcd.reload(), restart: () => rpcd.restart(), start: () => rpcd.reload(), stop: () => rpcd.stop() },
  odhcpd: { reload: () => netifd.look(), restart: () => netifd.look() },
};

const standInCommand: Command = async (args, cli) => {
  const [verb, name = '', action = ''] = args;
  if (verb !== 'service' || !RESIDENT_SERVICES.includes(name)) {
    cli.err('usage: stand-in service NAME start|stop|reload|restart\n');
    return 1;
  }
  await serviceActions[name]?.[action]?.();
  return 0;
};

const cli = new CliServer({
  uci: (args, io) => runUci(args, io, { root }),
  ubus: ubusCommand(bus),
  logger: loggerCommand(log),
  logread: logreadCommand(log),
  'stand-in': standInCommand,
});

async function start(): Promise<void> {
  installScripts({ root, port: await cli.start(CLI_PORT), files });
  for (const object of [procd, log]) bus.add(object);
  procd.onEvent = (type, data) => {
    if (type === 'config.change' && typeof data['package'] === 'string') resident(data['package']);
  };
  await rpcd.start();
  await netifd.start();
  await firewall.reload();
  await uhttpd.start();
  await procd.boot();
  console.log('STAND-IN-READY');
}

async function stop(): Promise<void> {
  await procd.stop();
  await netifd.stop();
  rpcd.stop();
  await Promise.all([uhttpd.stop(), cli.stop()]);
  process.exit(0);
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
await start();

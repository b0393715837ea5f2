// The stand-in OpenWrt as one resident process: `node main.mjs ROOT FILES` plays ubusd, procd, logd, rpcd, uhttpd, netifd and fw4.
//
// A newcomer reads it as a map of what runs on a router: bus.ts is what everybody talks over; procd/ starts services and fires
// their triggers; rpcd/ holds sessions, rights, config changes and plugins; uhttpd/ is the web server; netifd/ makes devices and
// interfaces; hotplug.ts runs scripts for their events; firewall.ts the zones. uci/ is how all of them read /etc/config.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Bus } from './bus.ts';
import { loggerCommand, logreadCommand } from './cli/log.ts';
import { enableServices, installScripts, RESIDENT_SERVICES } from './cli/scripts.ts';
import { CliServer } from './cli/server.ts';
import type { Command } from './cli/server.ts';
import { ubusCommand } from './cli/ubus.ts';
import { Firewall } from './firewall.ts';
import { createKernel } from './kernel.ts';
import { Log } from './log.ts';
import { Netifd } from './netifd/index.ts';
import { NetworkService } from './netifd/service.ts';
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

const makeNetifd = (): Netifd => new Netifd({ root, kernel, bus, log: say, pppd: { argv: ['pppd'], plugin: 'pppoe.so' }, onRestart: () => network.restart() });
const network = new NetworkService(kernel, makeNetifd);
const firewall = new Firewall({ root, kernel, log: say, snapshots: () => network.snapshots() });
const procd = new Procd({ root, log });

function reloadConfig(): void {
  spawn(join(root, 'sbin/reload_config'), { env: environment(root), stdio: 'ignore' }).on('error', () => {});
}

const RELOAD_DELAY_MS = 1000;
const waiting = new Map<string, () => void>();

/** The services that live in this process have the triggers of their init scripts. */
function resident(config: string): void {
  const reload = { network: () => network.reload(), firewall: () => void firewall.reload(), dhcp: () => network.look() }[config];
  if (!reload) return;
  waiting.get(config)?.();
  waiting.set(config, kernel.after(RELOAD_DELAY_MS, reload));
}

const rpcd = new Rpcd(bus, { root, reloadConfig, onChange: (config) => procd.event('config.change', { package: config }) });
const uhttpd = new Uhttpd(bus, { root, host: '0.0.0.0', port: WEB_PORT });

type Actions = Record<string, () => unknown>;

/** `stand-in service NAME ACTION`: what the init scripts of resident services call. An action that is missing does nothing. */
const serviceActions: Record<string, Actions> = {
  network: { start: () => network.start(), stop: () => network.stop() },
  firewall: {
    boot: () => firewall.reload(),
    start: () => firewall.reload(),
    reload: () => firewall.reload(),
    restart: () => firewall.restart(),
    stop: () => firewall.flush(),
  },
  rpcd: { boot: () => rpcd.start(), reload: () => rpcd.reload(), restart: () => rpcd.restart(), start: () => rpcd.reload(), stop: () => rpcd.stop() },
  odhcpd: { reload: () => network.look(), restart: () => network.look() },
  uhttpd: { boot: () => uhttpd.start() },
};

const fw4Actions: Actions = {
  start: () => firewall.reload(),
  reload: () => firewall.reload(),
  restart: () => firewall.restart(),
  stop: () => firewall.stop(),
  flush: () => firewall.flush(),
};

const standInCommand: Command = async (args, cli) => {
  const [verb, ...words] = args;
  if (verb === 'reboot') {
    setImmediate(() => void stop());
    return 0;
  }
  const [action, actions] = verb === 'fw4' ? [words[0], fw4Actions] : [words[1], serviceActions[words[0] ?? '']];
  if (!action || !(verb === 'fw4' || (verb === 'service' && RESIDENT_SERVICES.includes(words[0] ?? '')))) {
    cli.err('usage: stand-in service NAME boot|start|stop|reload|restart|shutdown, stand-in fw4 ACTION, or stand-in reboot\n');
    return 1;
  }
  await actions?.[action]?.();
  return 0;
};

const cli = new CliServer({
  uci: (args, io) => runUci(args, io, { root }),
  ubus: ubusCommand(bus),
  logger: loggerCommand(log),
  logread: logreadCommand(log),
  'stand-in': standInCommand,
});

/** A boot: ubusd, procd and the log are there before rc.d, which starts everything else. */
async function start(): Promise<void> {
  installScripts({ root, port: await cli.start(CLI_PORT), files });
  enableServices(root);
  for (const object of [procd, log]) bus.add(object);
  procd.onEvent = (type, data) => {
    if (type === 'config.change' && typeof data['package'] === 'string') resident(data['package']);
  };
  await procd.boot();
  console.log('STAND-IN-READY');
}

/** A reboot or halt that was asked for. */
async function stop(): Promise<void> {
  await procd.shutdown();
  await network.stop();
  await procd.stop();
  rpcd.stop();
  await Promise.all([uhttpd.stop(), cli.stop()]);
  process.exit(0);
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
await start();

// Routers that `multidial why` is asked on: sessions beside a modem that is no link, or two tunnels; and the question itself.
import '../../fake/version.ts';
import * as assert from 'uvu/assert';
import type { Why } from '../../../agent/src/contract/index.ts';
import type { Router } from '../../fake/router.ts';
import { aRouter, line } from '../../fake/scene.ts';
import { changesOf, multidial, settle } from '../../fake/shell.ts';

export const CLIENT = '192.168.1.7';
export const MAC = '02:00:00:00:00:07';
export const SITE = '203.0.113.5';
export const TCP = [CLIENT, SITE, 'tcp', '40000', '443'];

const section = (type: string, name: string, options: readonly string[]): string =>
  `\nconfig ${type} '${name}'\n${options.map((option) => `\t${option.replace(/ (\S+) (.*)$/, " $1 '$2'")}\n`).join('')}`;
export const pin = (name: string, ...options: string[]): string => section('pin', name, options);
export const group = (name: string, ...options: string[]): string => section('group', name, options);

/** Three sessions and a modem that is no link, with its own default; clients in the LAN, one known by its MAC. */
export function dialed(config: string, text = line('sessions 3', 'ipv6 nat')): Router {
  const router = aRouter(`${text}${config}`);
  router.addPort('usb0', '02:00:00:00:01:00');
  const modem = "\nconfig interface 'lte'\n\toption device 'usb0'\n\toption proto 'static'\n\toption gateway '192.0.2.1'\n\toption metric '50'\n";
  router.config('network', `${router.files.read('/etc/config/network')}${modem}`);
  router.netifd.reload();
  for (const name of ['lan', 'lte']) router.netifd.up(name);
  router.kernel.connected = [
    { prefix: '192.168.1.0/24', address: '192.168.1.1', device: 'br-lan' },
    { prefix: 'fd00::/64', address: 'fd00::1', device: 'br-lan' },
    { prefix: '2001:db8:aa::/64', address: '2001:db8:aa::1', device: 'br-lan' },
  ];
  router.kernel.neighbours.set(`${CLIENT} br-lan`, MAC);
  multidial(router, 'apply');
  settle(router);
  return router;
}

export const ask = (router: Router, ...words: string[]): Why & { exit: number | undefined } => {
  const { output, exit, effects } = multidial(router, 'why', '--json', ...words);
  assert.equal(
    changesOf(effects).filter(({ what }) => !/^ip (-N )?-j (route get|neigh show) /.test(what)),
    [],
    'nothing is changed',
  );
  return { ...(JSON.parse(output) as Why), exit };
};

export const sentencesOf = ({ reasons }: Why): string[] => reasons.map(({ text }) => text);

/** Two tunnels over nothing, which hide no address. */
export function tunnels(config: string): Router {
  const names = ['wg0', 'wg1'];
  const text = names.map((name, at) => `config link '${name}'\n\toption interface '${name}'\n\toption weight '${at + 1}'\n\n`).join('');
  const router = aRouter(`${text}${config}`);
  const wg = names.map((name) => `\nconfig interface '${name}'\n\toption proto 'wireguard'\n`).join('');
  router.config('network', `${router.files.read('/etc/config/network')}${wg}`);
  router.netifd.reload();
  for (const name of names) router.netifd.up(name);
  router.kernel.connected = [{ prefix: '192.168.1.0/24', address: '192.168.1.1', device: 'br-lan' }];
  multidial(router, 'apply');
  settle(router);
  return router;
}

// Routers that tests begin with: an ordinary one, its usual packages, and one that dials already.
import { Router } from './router.ts';
import { multidial, settle } from './shell.ts';

export const NETWORK = `config interface 'loopback'
	option device 'lo'
	option proto 'static'
	option ipaddr '127.0.0.1'
	option netmask '255.0.0.0'

config interface 'lan'
	option device 'br-lan'
	option proto 'static'
	option ipaddr '192.168.1.1'
	option netmask '255.255.255.0'
`;

export const FIREWALL = `config zone
	option name 'lan'
	list network 'lan'

config zone
	option name 'wan'
	list network 'wan'
	list network 'wan6'
	option masq '1'
`;

export const DHCP = `config dhcp 'lan'
	option interface 'lan'
	option ra 'server'
`;

/** A line `wan` over the port `wan`; further options as in `sessions 4`. */
export const line = (...options: string[]): string =>
  [
    "config line 'wan'",
    "\toption device 'wan'",
    "\toption username 'user@isp'",
    "\toption password 's3cr3t-pw'",
    ...options.map((option) => `\toption ${option.replace(/ (.*)$/, " '$1'")}`),
    '',
  ].join('\n');

/** A router with a port `wan`, the usual packages, and this configuration. */
export function aRouter(config: string): Router {
  const router = new Router();
  router.addPort('br-lan', '94:83:c4:a0:11:5d');
  router.addPort('wan', '94:83:c4:a0:11:5e');
  router.config('network', NETWORK);
  router.config('firewall', FIREWALL);
  router.config('dhcp', DHCP);
  router.config('multidial', config);
  router.netifd.reload();
  return router;
}

/** The same after `apply`, with its sessions up and shared. */
export function aDialedRouter(config: string): Router {
  const router = aRouter(config);
  multidial(router, 'apply');
  settle(router);
  router.effects = [];
  router.log = [];
  return router;
}

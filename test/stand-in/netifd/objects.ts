// netifd's ubus objects: network, network.device, network.interface and one for each interface.
import { INVALID_ARGUMENT, METHOD_NOT_FOUND, NOT_FOUND, OK } from '../bus.ts';
import type { Args, Methods, Reply, UbusObject } from '../bus.ts';
import type { Kernel } from '../kernel.ts';
import { renderDevice } from './device-status.ts';
import { PROTO_HANDLERS } from './handlers.ts';
import type { Netifd } from './index.ts';
import type { Interface } from './interface.ts';
import { renderDump, renderStatus } from './status.ts';

const textArg = (args: Args, name: string): string | undefined => (typeof args[name] === 'string' ? args[name] : undefined);

/** `reload` answers before anything of it is done. */
export function networkObject(netifd: Netifd): UbusObject {
  const methods: Methods = { restart: {}, reload: {}, get_proto_handlers: {} };
  return {
    name: 'network',
    methods,
    async call(method): Promise<Reply> {
      if (method === 'get_proto_handlers') return { code: OK, data: { ...PROTO_HANDLERS } };
      if (method === 'restart') netifd.askRestart();
      else netifd.reload();
      return { code: OK };
    },
  };
}

const BY_NAME = { interface: 'string' } as const;

/** The same calls for any interface by an argument, and the dump of all. */
export function interfacesObject(netifd: Netifd): UbusObject {
  return {
    name: 'network.interface',
    methods: { up: BY_NAME, down: BY_NAME, renew: BY_NAME, restart: BY_NAME, status: BY_NAME, dump: BY_NAME },
    async call(method, args): Promise<Reply> {
      if (method === 'dump') return { code: OK, data: renderDump(netifd.snapshots(), netifd.now()) };
      const name = textArg(args, 'interface');
      if (name === undefined) return { code: INVALID_ARGUMENT };
      const iface = netifd.interface(name);
      return iface ? callInterface(netifd, iface, method) : { code: NOT_FOUND };
    },
  };
}

export function interfaceObject(netifd: Netifd, iface: Interface): UbusObject {
  return {
    name: `network.interface.${iface.name}`,
    methods: { up: {}, down: {}, renew: {}, restart: {}, status: {}, dump: {} },
    call: async (method) => callInterface(netifd, iface, method),
  };
}

async function callInterface(netifd: Netifd, iface: Interface, method: string): Promise<Reply> {
  switch (method) {
    case 'status':
    case 'dump':
      return { code: OK, data: renderStatus(iface.snapshot(), netifd.now()) };
    case 'up':
      void iface.up();
      return { code: OK };
    case 'down':
      netifd.setDown(iface);
      return { code: OK };
    case 'restart':
      void iface.restart(iface.config);
      return { code: OK };
    // Only protocols with a renew handler do anything, and none of those played here has a lease.
    case 'renew':
      return { code: OK };
    default:
      return { code: METHOD_NOT_FOUND };
  }
}

export function deviceObject(netifd: Netifd, kernel: Kernel): UbusObject {
  return {
    name: 'network.device',
    methods: { status: { name: 'string' } },
    async call(_method, args): Promise<Reply> {
      const name = textArg(args, 'name');
      const render = (device: string) => renderDevice(kernel, netifd.devices, device, netifd.isExternal(device));
      if (name !== undefined) {
        const data = render(name);
        return data ? { code: OK, data } : { code: NOT_FOUND };
      }
      const all = [...new Set([...netifd.devices.names(), ...netifd.externalDevices()])].sort();
      return { code: OK, data: Object.fromEntries(all.map((device) => [device, render(device)])) };
    },
  };
}

// What stood around rpcd in the recordings: objects of other daemons, a ucode plugin, the log of the boot.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INVALID_ARGUMENT, OK } from '../stand-in/bus.ts';
import type { Args, Methods, Reply, UbusObject } from '../stand-in/bus.ts';
import type { Log } from '../stand-in/log.ts';

/** Objects that are there and have their signature; nobody calls them. */
export function sceneryObjects(): UbusObject[] {
  const signatures = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/objects.json'), 'utf8')) as Record<string, Methods>;
  return Object.entries(signatures).map(([name, methods]) => ({ name, methods, call: async () => ({ code: OK }) }));
}

/** Objects that rpcd brings besides its own: they come and go with it. */
const OF_RPCD = ['luci', 'luci-rpc', 'rc', 'rpc-sys'];
export const isOfRpcd = ({ name }: UbusObject): boolean => OF_RPCD.includes(name);

/** The ucode plugin made for the recordings. ucode checks the types that it announces; what is absent is null. */
export class BenchUcode implements UbusObject {
  readonly name = 'benchuc';
  readonly methods: Methods = { hello: { name: 'string', n: 'int32', flag: 'bool' }, boom: {}, nothing: {}, arr: {} };

  async call(method: string, args: Args): Promise<Reply> {
    const { name, n, flag } = args;
    const isTyped = (value: unknown, type: string) => value === undefined || typeof value === type;
    if (!isTyped(name, 'string') || !isTyped(n, 'number') || !isTyped(flag, 'boolean')) return { code: INVALID_ARGUMENT };
    if (method === 'boom') return { code: 9 };
    if (method !== 'hello') return { code: 5 };
    const acl = { user: 'root', group: 'root', object: this.name };
    return {
      code: OK,
      data: { hello: name ?? null, n: n ?? null, types: n === undefined ? null : 'int', info: { acl, object: { id: 1, name: this.name }, method } },
    };
  }
}

export function bootLog(log: Log): void {
  log.add('netifd', "Interface 'loopback' is setting up now", 'notice');
  log.add('netifd', "Network device 'lo' link is up", 'notice');
  log.add('netifd', "Interface 'loopback' has link connectivity", 'notice');
  log.add('procd', '- init complete -', 'info');
}

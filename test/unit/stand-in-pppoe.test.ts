// The stand-in's pppd that ends in its first second: told a second later, and not at all where another was started meanwhile.
import * as assert from 'uvu/assert';
import type { Exit, Kernel } from '../stand-in/kernel.ts';
import { Options, type InterfaceConfig } from '../stand-in/netifd/config.ts';
import type { Interface } from '../stand-in/netifd/interface.ts';
import { Pppoe } from '../stand-in/netifd/pppoe.ts';
import { test } from '../limit.ts';

type Told = { error: string | undefined; isOver: () => boolean };

/** Ends the pppds that were started, and lets what waits go on. */
function scene() {
  const exits: ((exit: Exit) => void)[] = [];
  const waiting: (() => void)[] = [];
  const told: Told[] = [];
  const kernel: Partial<Kernel> = {
    spawn: (_, { onExit }) => ({ pid: exits.push(onExit), kill: () => {} }),
    write: () => true,
    listen: () => () => {},
    after: (_, callback) => {
      waiting.push(callback);
      return () => {};
    },
    now: () => 0,
  };
  const config: InterfaceConfig = { name: 'wan_01', proto: 'pppoe', device: 'md-wan_01', autostart: true, options: new Options(undefined), routes: [] };
  const iface = { config, protoEnded: async (error: string | undefined, _: boolean, isOver: () => boolean) => void told.push({ error, isOver }) };
  const pppoe = new Pppoe(kernel as Kernel, { root: '/', pppd: { argv: ['pppd'], plugin: 'pppoe.so' }, downSeconds: 0, log: () => {}, addDynamic: () => {} });
  return { pppoe, iface: iface as unknown as Interface, exits, waiting, told };
}

test('a pppd that ends at once is told of, and is over', async () => {
  const { pppoe, iface, exits, waiting, told } = scene();
  await pppoe.setup(iface);
  exits[0]?.({ code: 16 });
  await Promise.resolve();
  assert.equal([told.length, waiting.length], [0, 1]);
  waiting[0]?.();
  assert.equal(
    told.map(({ error, isOver }) => [error, isOver()]),
    [['HANGUP', true]],
  );
});

test('an ifup that was quicker has another one running, which goes on', async () => {
  const { pppoe, iface, exits, waiting, told } = scene();
  await pppoe.setup(iface);
  exits[0]?.({ code: 16 });
  await Promise.resolve();
  await pppoe.setup(iface);
  waiting[0]?.();
  assert.equal(
    told.map(({ isOver }) => isOver()),
    [false],
  );
});

test.run();

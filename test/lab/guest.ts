// One QEMU with the lab's kernel: starts it, waits for its control agent, ends it. Knows nothing of networks beyond the control NIC.
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Control } from './control.ts';
import { CONTROL_PORT, GUEST_ADDRESS } from './guest/protocol.ts';
import { LAB_BUILD, PROJECT } from './paths.ts';

const BOOT_LIMIT_MS = 90_000;
const BOOTS = 3;
/** Two emulated processors each, on two real ones, keep two labs waiting for each other's locks: then one each is quicker. */
const CPUS = process.env['LAB_CPUS'] ?? '2';

export type Guest = {
  control: Control;
  /** 127.0.0.1:webPort on the host is the router's port 80. */
  webPort: number;
  /** What the kernel and the guest's first programs printed. */
  console(): string;
  /** Ends QEMU and waits until it is gone. */
  stop(): Promise<void>;
};

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A kernel that fell over, or that hangs, ends QEMU instead of letting a suite wait for its time limit. */
const whatEndsIt = ['panic=-1', 'oops=panic', 'softlockup_panic=1', 'hung_task_panic=1', 'sysctl.kernel.hung_task_timeout_secs=60'];

function qemuArguments(controlPort: number, webPort: number): string[] {
  const forward = (host: number, guest: number) => `hostfwd=tcp:127.0.0.1:${host}-${GUEST_ADDRESS}:${guest}`;
  const words = ['console=ttyS0', 'quiet', ...whatEndsIt, 'mitigations=off', `lab.project=${PROJECT}`, `lab.node=${process.execPath}`];
  return [
    ...['-accel', 'tcg,thread=multi', '-machine', 'q35', '-cpu', 'max', '-smp', CPUS, '-m', '1024'],
    ...['-kernel', `${LAB_BUILD}/vmlinux`, '-initrd', `${LAB_BUILD}/initrd`, '-append', words.join(' ')],
    ...['-nodefaults', '-display', 'none', '-serial', 'stdio', '-no-reboot'],
    ...['-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap'],
    // restrict: the guest reaches nothing outside, only the forwarded ports reach in.
    ...['-netdev', `user,id=control,restrict=on,ipv6=off,${forward(controlPort, CONTROL_PORT)},${forward(webPort, 80)}`],
    ...['-device', 'virtio-net-pci,netdev=control,romfile='],
  ];
}

/** QEMU's emulation of two processors lets the kernel fall over now and then, seconds into the boot and before any of our programs runs. */
class BootPanic extends Error {}

/** Boots; takes about ten seconds. Rejects with the end of the console where the guest does not come up. */
export async function startGuest(progress: (line: string) => void): Promise<Guest> {
  for (let boot = 1; ; boot++) {
    try {
      return await bootOnce();
    } catch (thrown) {
      if (!(thrown instanceof BootPanic) || boot === BOOTS) throw thrown;
      progress(`the kernel fell over while booting, once more (${boot + 1} of ${BOOTS})`);
    }
  }
}

async function bootOnce(): Promise<Guest> {
  const [controlPort = 0, webPort = 0] = await freePorts(2);
  const qemu = spawn('qemu-system-x86_64', qemuArguments(controlPort, webPort), { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [qemu.stdout, qemu.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ended = new Promise<void>((resolve) => {
    qemu.once('error', (error) => {
      text += error.message;
      resolve();
    });
    qemu.once('exit', () => resolve());
  });
  const kill = () => qemu.kill('SIGKILL');
  process.once('exit', kill);
  const control = await connectOrFail(qemu, controlPort, () => text);
  return {
    control,
    webPort,
    console: () => text,
    stop: async () => {
      control.close();
      qemu.kill('SIGTERM');
      await ended;
      process.off('exit', kill);
    },
  };
}

async function connectOrFail(qemu: ChildProcess, port: number, console: () => string): Promise<Control> {
  const deadline = Date.now() + BOOT_LIMIT_MS;
  for (;;) {
    if (qemu.exitCode !== null || qemu.pid === undefined) {
      const Failure = console().includes('Kernel panic') && !console().includes('LAB-') ? BootPanic : Error;
      throw new Failure(`lab: QEMU ended while booting:\n${console().slice(-2000)}`);
    }
    if (console().includes('LAB-READY')) {
      try {
        return await Control.open(port);
      } catch {
        // The announcement may be a moment ahead of the port.
      }
    }
    if (Date.now() > deadline) {
      qemu.kill('SIGKILL');
      throw new Error(`lab: no answer from the guest in ${BOOT_LIMIT_MS / 1000} s:\n${console().slice(-2000)}`);
    }
    await sleep(50);
  }
}

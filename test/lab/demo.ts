// `make demo`: the lab with the product on it, to look at in a browser; the traffic has a switch of its own, beside the page.
import { Lab, ALICE } from './lab.ts';
import { LOGIN } from './router-files.ts';
import { Router } from './router.ts';
import { openSwitch } from './demo-switch.ts';
import { DemoTraffic, RATE_MBITS } from './demo-traffic.ts';
import { PORT } from './topology.ts';

const started = Date.now();
const say = (line: string): void => console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}`);

/** Ctrl-C works at any moment: before the guest runs there is nothing to clean up but ourselves. */
let cleanUp = async (): Promise<void> => {};
let isEnding = false;
async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await cleanUp();
  console.log('\nThe lab is gone.');
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));

const help = `
  The page      http://127.0.0.1:{web}/multidial/      user ${LOGIN.username}, password ${LOGIN.password}
  The line      port ${PORT}, account ${ALICE.user}, password ${ALICE.password}; the provider limits each session to ${RATE_MBITS} Mbit/s
  The switch    http://127.0.0.1:{switch}/      the same as a page: traffic from the LAN, a hang-up of the provider

  Give port, account and 4 sessions, press Apply and watch. Keys here: t traffic on or off, h hang up one session, q or Ctrl-C end it all.
`;

async function run(): Promise<void> {
  const lab = await Lab.boot({ progress: say });
  cleanUp = () => lab.stop();
  await Router.install(lab, say);
  await lab.isp.limit(RATE_MBITS);
  const traffic = new DemoTraffic(lab, say);
  const control = await openSwitch(traffic);
  cleanUp = async () => {
    control.close();
    await lab.stop();
  };
  say('ready');
  console.log(help.replace('{web}', String(lab.webPort)).replace('{switch}', String(control.port)));
  listenForKeys({ t: () => traffic.toggle(), h: () => traffic.hangUp(), q: () => end(0), '\u0003': () => end(0) });
}

/** Without a terminal there are no keys; the switch's page is there all the same. */
function listenForKeys(keys: Record<string, () => Promise<void>>): void {
  if (!process.stdin.isTTY) return;
  process.stdin.setRawMode(true).setEncoding('utf8');
  process.stdin.on('data', (key) => {
    keys[String(key)]?.().catch((error: unknown) => say(String(error)));
  });
}

run().catch(async (error: unknown) => {
  if (isEnding) return;
  console.error(error instanceof Error ? error.message : error);
  await end(1);
});

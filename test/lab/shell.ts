// The lab to try things in: boots it with the router, then runs each line of stdin there. `make lab`
//
//   ip route                 on the router; `@isp nft list ruleset` in another namespace (isp, inet, lan, lan2)
import { createInterface } from 'node:readline';
import { ALICE, Lab } from './lab.ts';
import { Router } from './router.ts';
import { PORT } from './topology.ts';

const lab = await Lab.boot({ progress: console.log });
await Router.install(lab, console.log);
console.log(`ready: the line is ${PORT}, account ${ALICE.user}, password ${ALICE.password}; the page is http://127.0.0.1:${lab.webPort}/multidial/`);

const lines = createInterface({ input: process.stdin });
lines.setPrompt('lab# ');
lines.prompt();
for await (const line of lines) {
  const [, netns, command = ''] = /^(?:@(\S+)\s+)?(.*)$/.exec(line.trim()) ?? [];
  if (command === 'exit') break;
  if (command) {
    const { stdout, stderr, code } = await lab.run(command, netns ? { netns } : {});
    process.stdout.write(`${stdout}${stderr}${code === 0 ? '' : `(exit ${code})\n`}`);
  }
  lines.prompt();
}
await lab.stop();

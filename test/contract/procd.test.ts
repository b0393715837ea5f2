// Replays what a real procd, rc.common and reload_config were seen to do, entry by entry, against the stand-in.
// suite limit: 300 s
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../limit.ts';
import { countLog, cutLog, mask } from './procd/mask.ts';
import { startRouter } from './procd/router.ts';
import type { Router } from './procd/router.ts';

type Common = { id: string; note: string };
type CommandEntry = Common & { cmd: string; stdin: string | null; stdout: string; stderr: string; rc: number };
type HttpEntry = Common & { request: string; response_head: string; response_body: string };
type Entry = CommandEntry | HttpEntry;

const FILE = '13-procd-triggers.json';
const LEAST_SHARE = 0.9;
const entries = JSON.parse(readFileSync(join(import.meta.dirname, 'transcripts', FILE), 'utf8')) as Entry[];
const demo = readFileSync(join(import.meta.dirname, 'procd/demo'), 'utf8');

/** Parts of an entry that are not compared, and why. */
const cuts: Record<string, { reason: string; cut: (text: string) => string }> = {
  env: {
    reason: "descriptors, limits and two variables are the recorded container's; below a root the search path has the router's directories and then the host's",
    cut: (text) => {
      if (text === '') return text;
      const [env = '', log = ''] = text.split(/--- fd\n[\s\S]*--- log\n/);
      const own = env.replace(/^(container|LD_PRELOAD)=.*\n/gm, '').replace(/^PATH=(\S+):\1$/m, 'PATH=$1');
      return `${own.split('\n').toSorted().join('\n')}\n${log}`;
    },
  },
  'events-heard': {
    reason: 'ubus ends by itself on TERM; the shell says of our client that it was killed',
    cut: (text) => text.replace(/^Terminated\n/m, ''),
  },
  retry0: {
    reason: 'how many runs fit into nine seconds, and when the next is due, depends on the machine',
    cut: (text) => text.replace(/^([6-9]|1\d)\n[\s\S]*/, 'several\n'),
  },
  reload_config: {
    reason: 'it prints reload_config itself, which does the same in other words',
    cut: (text) => text.replace(/#!.*sh\n[\s\S]*rm -rf \S*\n(?=\/var)/, 'SCRIPT\n'),
  },
};

const http = (method: string, args: object): string => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'call', params: [RECORDED_SID, 'uci', method, args] });
  return `POST /ubus HTTP/1.1\r\nHost: router\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
};
const RECORDED_SID = '0452aa5e7fa5b4c4c097ef61c7093859';

/** The recording has gaps: times and pids tell that something happened before these entries, and what they show tells what. */
const gaps: Record<string, (() => Promise<unknown>)[]> = {
  // The file was another one by then, in a way that `uci show` does not see: else the instance would have stayed.
  'reload_config-demo2': [() => router.shell('echo "# edited" >> /etc/config/demo')],
  'apply-norollback': [() => ask(http('set', { config: 'demo', section: 'main', values: { v: '20' } }))],
  'rollback-by-hand': [() => ask(http('apply', { rollback: true, timeout: 20 })), () => router.shell('sleep 2; : > /tmp/demo.log')],
  'apply-rollback-20b': [() => ask(http('set', { config: 'demo', section: 'main', values: { v: '23' } }))],
  'after-confirm': [() => ask(http('confirm', {}))],
  'change-params': [() => router.shell('/etc/init.d/demo start; sleep 1')],
  crash: [() => router.shell('/etc/init.d/demo stop; sleep 1')],
};

let router: Router;
let sid = RECORDED_SID;
let same = 0;

const ask = (request: string) => router.http(request.replaceAll(RECORDED_SID, sid));

async function replayCommand(entry: CommandEntry): Promise<void> {
  const result = await router.shell(entry.cmd, entry.id === 'install' ? demo : (entry.stdin ?? ''));
  const cut = cuts[entry.id]?.cut ?? ((text: string) => text);
  assert.is(mask(cut(cutLog(result.stdout, countLog(entry.stdout)))), mask(cut(entry.stdout)), `${entry.id}: stdout`);
  assert.is(mask(cut(result.stderr)), mask(entry.stderr), `${entry.id}: stderr`);
  assert.is(result.rc, entry.rc, `${entry.id}: exit code`);
}

async function replayHttp(entry: HttpEntry): Promise<void> {
  const { head, body } = await ask(entry.request);
  if (entry.id === 'login') sid = /"ubus_rpc_session":"([0-9a-f]{32})"/.exec(body)?.[1] ?? sid;
  // Which rights a login has is a matter of the files in acl.d, and they are not of this recording.
  const hide = (text: string) => text.replaceAll(sid, RECORDED_SID).replace(/"expires":(300|29\d),"acls":\{.*\},"data"/, '"expires":300,"acls":{},"data"');
  assert.is(head, entry.response_head, `${entry.id}: head`);
  assert.is(hide(body), hide(entry.response_body), `${entry.id}: body`);
}

const replay = suite('procd as recorded', {}, { limitMs: 30_000 });

replay.before(async () => {
  router = await startRouter();
});

for (const entry of entries) {
  const reason = cuts[entry.id]?.reason;
  replay(`${entry.id}${entry.note ? `: ${entry.note}` : ''}${reason ? ` (in part: ${reason})` : ''}`, async () => {
    for (const step of gaps[entry.id] ?? []) await step();
    if ('cmd' in entry) await replayCommand(entry);
    else await replayHttp(entry);
    same++;
  });
}

replay('what is replayed is nearly everything', () => {
  process.stderr.write(`note: ${same} of ${entries.length} replayed as recorded (${FILE})\n`);
  assert.ok(same >= LEAST_SHARE * entries.length, `only ${same} of ${entries.length}`);
});

replay.after(() => router.stop());

replay.run();

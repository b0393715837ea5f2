// Makes what a boot needs and is missing: kernel and initramfs (prepare.sh), and the bundles of the programs that run in the guest.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { splitLines } from './guest/protocol.ts';
import { LAB_BUILD, PROJECT } from './paths.ts';

/** Programs of the lab that run in the guest, under the host's own node. */
const guestPrograms = ['control-agent', 'traffic', 'long-flows', 'echo', 'watch-route'].map((name) => `test/lab/guest/${name}.ts`);

/** The resident process of the stand-in, under its own name. */
const standIn = 'test/stand-in/main.ts';

/** Calls `progress` with one sentence a step. Rejects with what is missing, or with the tail of what failed. */
export async function prepare(progress: (line: string) => void): Promise<void> {
  await runPrepareScript(progress);
  const { outputFiles } = await build({
    write: false,
    entryPoints: Object.fromEntries([...guestPrograms, standIn].map((file) => [basename(file, '.ts').replace('main', 'stand-in'), `${PROJECT}/${file}`])),
    outdir: LAB_BUILD,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
}

/** Another lab may be reading it just now. */
function replaceFile(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  writeFileSync(`${path}.${process.pid}`, contents);
  renameSync(`${path}.${process.pid}`, path);
}

function runPrepareScript(progress: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', [`${PROJECT}/test/lab/prepare.sh`], { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', splitLines(progress));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`test/lab/prepare.sh failed (${code}):\n${errors}`))));
  });
}

// The agent's bundle under real QuickJS: on this machine and as on a mipsel router.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { methods } from '../../agent/src/contract/index.ts';
import { test } from '../limit.ts';

const root = join(import.meta.dirname, '../..');
const bundle = join(root, 'build/agent/multidial.js');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const runtimes: [name: string, argv: string[]][] = [
  ['natively', [join(root, 'build/tools/qjs')]],
  ['as mipsel', ['qemu-mipsel-static', '-cpu', '24Kf', join(root, 'build/tools/qjs-mipsel')]],
];

/** Runs `use` with the path that rpcd calls the bundle by. */
async function asPlugin(use: (path: string) => void | Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'multidial-'));
  try {
    mkdirSync(join(directory, 'rpcd'));
    symlinkSync(bundle, join(directory, 'rpcd/multidial'));
    await use(join(directory, 'rpcd/multidial'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

for (const [name, [program = '', ...args]] of runtimes) {
  test(`tells its version ${name}`, () => {
    const { stdout, stderr, status } = spawnSync(program, [...args, bundle, 'version'], { encoding: 'utf8' });
    assert.equal({ stdout, stderr, status }, { stdout: `${version}\n`, stderr: '', status: 0 });
  });

  test(`lists the contract's methods for rpcd ${name}`, () =>
    asPlugin((path) => {
      const { stdout } = spawnSync(program, [...args, path, 'list'], { encoding: 'utf8' });
      assert.equal(Object.keys(JSON.parse(stdout) as object).toSorted(), Object.keys(methods).toSorted());
    }));
}

test('takes less than 8 MB of memory once it is loaded', () =>
  asPlugin(async (path) => {
    // A call waits for its arguments on stdin: by then everything is loaded and nothing has been freed.
    const child = spawn(join(root, 'build/tools/qjs'), [path, 'call', 'version'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const isReadingStdin = (): boolean => /^0 0x0 /.test(readFileSync(`/proc/${child.pid}/syscall`, 'utf8'));
    for (const deadline = Date.now() + 5_000; !isReadingStdin(); ) {
      assert.ok(Date.now() < deadline, 'waits for its arguments');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const rssKb = Number(readFileSync(`/proc/${child.pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m)?.[1]);
    child.stdin.end('{}');
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
    assert.match(Buffer.concat(chunks).toString(), /"version"/);
    process.stderr.write(`note: resident memory of the loaded agent: ${rssKb} kB\n`);
    assert.ok(rssKb > 0 && rssKb < 8_192, `${rssKb} kB`);
  }));

test.run();

// What the watcher records, under the real QuickJS: bytes written in place, events appended, and how little it takes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import * as assert from 'uvu/assert';
import { HISTORY_BYTES } from '../../agent/src/watch/cells.ts';
import { readSeries } from '../../agent/src/watch/history.ts';
import { suite } from '../limit.ts';

const root = join(import.meta.dirname, '../..');
const qjs = join(root, 'build/tools/qjs');
const test = suite('recording');

/** Eight links over twenty minutes, by a process that ends in between without a word. */
const PROGRAM = `
import { appendEvent, readEvents } from './agent/src/events.ts';
import { createSystem } from './agent/src/quickjs.ts';
import { Recorder } from './agent/src/watch/history-files.ts';
const system = createSystem();
const links = Array.from({ length: 8 }, (_, index) => 'wan_0' + (index + 1));
const failed = [];
let tookMs = 0;
for (const [from, to] of [[1, 700], [701, 1200]]) {
  const recorders = links.map((link) => new Recorder(system, link));
  const startMs = system.nowMs();
  for (let second = from; second <= to; second++)
    for (const [index, recorder] of recorders.entries()) {
      const error = recorder.record(second * 1000, { rx: second * 1000 + index, tx: 5, loss: second % 2, latencyMs: null });
      if (error) failed.push(error);
    }
  tookMs += system.nowMs() - startMs;
}
for (const link of links) appendEvent(system, { kind: 'up', link, details: { device: 'é' } });
const rssKb = Number(/VmRSS:\\s+(\\d+)/.exec(system.readFile('/proc/self/status') ?? '')?.[1]);
const missing = [system.writeAt('DIR/nothing', 0, new Uint8Array(4)), system.readBytes('DIR/nothing'), system.appendFile('DIR/none/x', 'x', 0o600)?.reason];
const wall = Math.abs(system.wallMs() - Date.now()) < 1000;
system.print(JSON.stringify({ failed, usPerSample: (tookMs * 1000) / 1200 / 8, rssKb, events: readEvents(system), missing, wall }));
`;

test('eight links are recorded, across a restart, in little memory and time', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'multidial-'));
  try {
    const bundle = join(directory, 'program.js');
    await build({
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2023',
      external: ['std', 'os'],
      outfile: bundle,
      stdin: { contents: PROGRAM.replaceAll('DIR', directory), resolveDir: root, loader: 'ts' },
      banner: { js: 'import "std";' },
      define: { VERSION: '"test"' },
    });
    writeFileSync(bundle, readFileSync(bundle, 'utf8').replaceAll('/var/run/multidial', directory));
    const { stdout, stderr, status } = spawnSync(qjs, [bundle], { encoding: 'utf8' });
    assert.equal([stderr, status], ['', 0]);
    const said = JSON.parse(stdout) as { failed: unknown[]; usPerSample: number; rssKb: number; events: object[]; missing: unknown[]; wall: boolean };
    assert.equal([said.failed, said.wall], [[], true]);
    assert.equal(said.missing, [{ path: `${directory}/nothing`, reason: 'No such file or directory' }, null, 'No such file or directory']);
    for (let index = 0; index < 8; index++) {
      const path = join(directory, 'history', `wan_0${index + 1}`);
      const bytes = new Uint8Array(readFileSync(path));
      assert.equal([bytes.length, statSync(path).mode & 0o777], [HISTORY_BYTES, 0o600]);
      const fine = readSeries(bytes, '5m', 1_200_000);
      assert.equal(
        fine.rx,
        Array.from({ length: 300 }, (_, at) => (901 + at) * 1000 + index),
      );
      assert.equal(
        readSeries(bytes, '2h', 1_200_000).rx.slice(-120, -1),
        Array.from({ length: 119 }, (_, at) => (at === 0 ? 5000 : at * 10_000 + 4500) + index),
      );
      assert.equal(readSeries(bytes, '7d', 1_200_000).loss.slice(-4), [0.5, 0.5, 0.5, 0.5]);
    }
    assert.equal([said.events.length, statSync(join(directory, 'events')).mode & 0o777], [8, 0o600]);
    assert.match(
      readFileSync(join(directory, 'events'), 'utf8').split('\n')[7] ?? '',
      /^\{"at":\d{10},"upMs":\d+,"kind":"up","link":"wan_08","details":\{"device":"é"\}\}$/,
    );
    process.stderr.write(`note: a recorded sample takes ${said.usPerSample.toFixed(0)} µs; resident memory ${said.rssKb} kB\n`);
    assert.ok(said.rssKb < 4096, `${said.rssKb} kB`);
    assert.ok(said.usPerSample < 1000, `${said.usPerSample} µs`);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test.run();

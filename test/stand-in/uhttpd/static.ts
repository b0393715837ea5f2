// Files under /www: types by suffix, ETag and Last-Modified, index pages. No max-age: a browser asks again each time.
import { createReadStream, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { normalise } from '../rpcd/file-object.ts';

/** `.mjs` is not known to uhttpd, so a module must be called `.js`. */
const TYPES: Record<string, string> = {
  html: 'text/html',
  htm: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  ico: 'image/x-icon',
  txt: 'text/plain',
  xml: 'application/xml',
  wasm: 'application/wasm',
};

export function sendFile(request: IncomingMessage, response: ServerResponse, home: string, path: string): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendPage(response, 400, 'Bad Request', 'Invalid Request');
    return;
  }
  const name = decoded(path);
  const found = name === undefined ? undefined : find(home, normalise(name));
  if (!found) {
    sendPage(response, 404, 'Not Found', `The requested URL ${escaped(path)} was not found on this server.`);
    return;
  }
  if (found.isDirectory && !path.endsWith('/')) {
    response.writeHead(302, 'Found', { Location: `${path}/`, 'Content-Length': '0' });
    response.end();
    return;
  }
  send(request, response, found.file, found.stat);
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

type Found = { file: string; stat: Stats; isDirectory: boolean };

function find(home: string, path: string): Found | undefined {
  const file = join(home, path);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile()) return { file, stat, isDirectory: false };
  if (!stat?.isDirectory()) return undefined;
  for (const index of ['index.html', 'index.htm']) {
    const page = statSync(join(file, index), { throwIfNoEntry: false });
    if (page?.isFile()) return { file: join(file, index), stat: page, isDirectory: true };
  }
  return undefined;
}

function send(request: IncomingMessage, response: ServerResponse, file: string, stat: Stats): void {
  const hex = (value: number) => Math.floor(value).toString(16);
  const etag = `"${hex(stat.ino)}-${hex(stat.size)}-${hex(stat.mtimeMs / 1000)}"`;
  const headers = { ETag: etag, 'Last-Modified': stat.mtime.toUTCString(), Date: new Date().toUTCString() };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, 'Not Modified', headers);
    response.end();
    return;
  }
  const type = TYPES[file.slice(file.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
  response.writeHead(200, 'OK', { ...headers, 'Content-Type': type, 'Content-Length': String(stat.size) });
  if (request.method === 'HEAD') response.end();
  else createReadStream(file).pipe(response);
}

function sendPage(response: ServerResponse, code: number, reason: string, text: string): void {
  response.writeHead(code, reason, { 'Content-Type': 'text/html' });
  response.end(`<h1>${reason}</h1>${text}`);
}

// uhttpd: the web server. It knows files under /www and the bus under /ubus.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Bus } from '../bus.ts';
import { JsonError, parseJson, renderJson } from '../json.ts';
import type { Json } from '../json.ts';
import { NOBODY } from '../rpcd/session.ts';
import { sendFile } from './static.ts';
import { answer, answerBare, isAllowed, signature, signatures } from './ubus-call.ts';

/** One byte more and the answer is a parse error, and the connection is closed on the rest. */
const MAX_BODY_BYTES = 65_536;

const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<h1>Bad Request</h1>Invalid Request';

export type UhttpdOptions = { root: string; host: string; port: number };

export class Uhttpd {
  #bus: Bus;
  #options: UhttpdOptions;
  #server: Server;
  /** The newest response of each connection. */
  readonly #busy = new WeakMap<object, ServerResponse>();

  constructor(bus: Bus, options: UhttpdOptions) {
    this.#bus = bus;
    this.#options = options;
    this.#server = createServer({ keepAliveTimeout: 20_000, requireHostHeader: false, insecureHTTPParser: true }, (request, response) => {
      const { socket } = request;
      const before = this.#busy.get(socket);
      this.#busy.set(socket, response);
      // Requests of one connection run one after the other, also where the next one is there already.
      if (before && !before.closed) before.once('close', () => void this.#serve(request, response));
      else void this.#serve(request, response);
    });
    // What follows a request without a length is no request: the one before it is answered all the same.
    this.#server.on('clientError', (_, socket) => {
      if (this.#busy.get(socket)?.writableFinished !== false && socket.writable) socket.end(BAD_REQUEST);
    });
    // Expect: 100-continue is answered before the body, and an upgrade is not offered.
    this.#server.on('checkContinue', (request, response) => {
      response.writeContinue();
      this.#server.emit('request', request, response);
    });
  }

  start(): Promise<number> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#handle(request, response);
    } catch (error) {
      process.stderr.write(`uhttpd: ${error instanceof Error ? error.stack : String(error)}\n`);
      response.destroy();
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.sendDate = false;
    const path = (request.url ?? '/').replace(/\?.*$/s, '');
    if (path === '/ubus' || path.startsWith('/ubus/')) return this.#ubus(request, response, path.slice('/ubus'.length));
    sendFile(request, response, join(this.#options.root, '/www'), path);
  }

  async #ubus(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    switch (request.method) {
      case 'GET':
        return this.#get(request, response, path);
      case 'POST':
        return this.#post(request, response, path);
      case 'OPTIONS':
        // No CORS headers: they come only with ubus_cors, which OpenWrt leaves off.
        writeHead(request, response, 200, 'OK', [...connection(request), 'Content-Type', 'application/json', 'Content-Length', '0']);
        response.end();
        return;
      default:
        clientError(request, response, 400, 'Bad Request', 'Invalid Request');
    }
  }

  async #get(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const [, verb, object] = /^\/(list|subscribe)(?:\/(.*))?$/.exec(path) ?? [];
    if (verb === 'list') {
      if (object === undefined) return sendJson(request, response, renderJson(Object.fromEntries(signatures(this.#bus, '*'))));
      const found = this.#bus.get(object);
      if (!found) return sendJson(request, response, renderJson({ code: 4, message: 'Not found' }), 500, 'Ubus Protocol Error');
      return sendJson(request, response, renderJson(signature(found)));
    }
    if (verb === 'subscribe' && object !== undefined) return this.#subscribe(request, response, object);
    notFound(request, response);
  }

  /** Server-sent events of one object, for a session with the right `:subscribe` on it. */
  async #subscribe(request: IncomingMessage, response: ServerResponse, object: string): Promise<void> {
    if (!(await isAllowed(this.#bus, bearer(request), object, ':subscribe')))
      return sendJson(request, response, renderJson({ code: -13, message: 'Permission denied' }));
    if (!this.#bus.get(object)) return sendJson(request, response, renderJson({ code: 4, message: 'Not found' }));
    response.writeHead(200, 'OK', ['Content-Type', 'text/event-stream']);
    response.flushHeaders();
    const off = this.#bus.on(object, (event, data) => response.write(`event: ${event}\ndata: ${renderJson(data)}\n\n`));
    response.on('close', off);
  }

  async #post(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await readBody(request);
    if (body === undefined) {
      response.shouldKeepAlive = false;
      sendJson(request, response, renderJson(await answer(this.#bus, undefined)));
      request.destroySoon?.();
      return;
    }
    if (path === '' || path === '/') return this.#legacy(request, response, parseBody(body));
    const object = /^\/call\/(.*)$/.exec(path)?.[1];
    if (object === undefined) return notFound(request, response);
    writeJsonHead(request, response);
    response.flushHeaders();
    response.end(renderJson(await answerBare(this.#bus, bearer(request), object, parseBody(body))));
  }

  /** An array is a batch: its entries run one after the other, and each answer is sent when it is there. */
  async #legacy(request: IncomingMessage, response: ServerResponse, body: Json | undefined): Promise<void> {
    // The head goes out before the call: who waits for a call that never ends has got it.
    writeJsonHead(request, response);
    response.flushHeaders();
    if (!Array.isArray(body)) {
      response.end(renderJson(await answer(this.#bus, body)));
      return;
    }
    response.write('[');
    let separator = '';
    for (const entry of body) {
      response.write(separator + renderJson(await answer(this.#bus, entry)));
      separator = ',';
    }
    response.end(']');
  }
}

declare module 'node:http' {
  interface IncomingMessage {
    destroySoon?: () => void;
  }
}

function bearer(request: IncomingMessage): string {
  return /^bearer (.*)$/i.exec(request.headers.authorization ?? '')?.[1] ?? NOBODY;
}

/** The body, undefined when it is too long. Without a length there is none, whatever follows. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY_BYTES - 1) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseBody(body: string): Json | undefined {
  try {
    return parseJson(body);
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

/** `Connection`, what comes right behind it, and how long the connection is kept: in uhttpd's order. */
function connection(request: IncomingMessage, behind: string[] = []): string[] {
  const asked = request.headers.connection?.toLowerCase();
  const isClosing = asked === 'close' || (request.httpVersion === '1.0' && asked !== 'keep-alive');
  return isClosing ? ['Connection', 'close', ...behind] : ['Connection', 'Keep-Alive', ...behind, 'Keep-Alive', 'timeout=20'];
}

const chunked = (request: IncomingMessage): string[] => (request.httpVersion === '1.0' ? [] : ['Transfer-Encoding', 'chunked']);

function writeJsonHead(request: IncomingMessage, response: ServerResponse, code = 200, reason = 'OK', type = 'application/json'): void {
  writeHead(request, response, code, reason, [...connection(request, chunked(request)), 'Content-Type', type]);
}

/** A client of HTTP/1.0 is answered in its own version, which Node does not do: `_header` is the head as it will be sent. */
function writeHead(request: IncomingMessage, response: ServerResponse & { _header?: string }, code: number, reason: string, headers: string[]): void {
  response.writeHead(code, reason, headers);
  if (request.httpVersion === '1.0') response._header = response._header?.replace('HTTP/1.1', 'HTTP/1.0') ?? '';
}

function sendJson(request: IncomingMessage, response: ServerResponse, body: string, code = 200, reason = 'OK'): void {
  writeJsonHead(request, response, code, reason);
  response.end(body);
}

function clientError(request: IncomingMessage, response: ServerResponse, code: number, reason: string, text: string): void {
  writeJsonHead(request, response, code, reason, 'text/html');
  response.end(`<h1>${reason}</h1>${text}`);
}

function notFound(request: IncomingMessage, response: ServerResponse): void {
  writeHead(request, response, 404, 'Not Found', connection(request, chunked(request)));
  response.end();
}

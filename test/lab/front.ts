// One address for the router's web server: it stays while the router reboots and gets another port, and has a LuCI around the view.
import { createServer, request as ask, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isBelow, luciHost, sendFile } from '../browser/static-files.ts';

/** Of one connection, so none of the other one. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding'];
const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));

export class Front {
  readonly #portOf: () => number;
  readonly #server = createServer((request, response) => this.#serve(request, response));
  url = '';

  private constructor(portOf: () => number) {
    this.#portOf = portOf;
  }

  /** `portOf`: where the router's web server is at the moment. */
  static async start(portOf: () => number): Promise<Front> {
    const front = new Front(portOf);
    await new Promise<void>((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
    front.url = `http://127.0.0.1:${(front.#server.address() as AddressInfo).port}`;
    return front;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', this.url);
    if (isBelow(luciHost, pathname)) void sendFile(response, luciHost, pathname);
    else this.#pass(request, response);
  }

  /** A router that is gone is a connection that breaks, as without us. */
  #pass(request: IncomingMessage, response: ServerResponse): void {
    const cut = (): void => void request.socket.destroy();
    const { method, url: path, headers } = request;
    const upstream = ask({ host: '127.0.0.1', port: this.#portOf(), method, path, headers: endToEnd(headers), agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
      answer.on('error', cut).pipe(response);
    });
    upstream.on('error', cut);
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }
}

// The demo's switch: a small page of its own on the loopback, so that the product's page stays what it is on a router.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DemoTraffic } from './demo-traffic.ts';

const page = (isOn: boolean): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Demo switch</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}button{font:inherit;padding:.4rem 1rem;margin-right:.5rem}</style>
<h1>Demo switch</h1>
<p>The provider's side and the LAN's side of the demo. None of this exists on a router.</p>
<form method="post"><p>Traffic from the LAN is <strong>${isOn ? 'on' : 'off'}</strong>.</p>
<button name="do" value="traffic">${isOn ? 'Stop' : 'Start'} the traffic</button><button name="do" value="hangup">Hang up one session</button></form>
</html>`;

/** Listens on a free port of the loopback. A GET shows the state, a POST of `do=traffic` or `do=hangup` changes it. */
export async function openSwitch(traffic: DemoTraffic): Promise<{ port: number; close(): void }> {
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      let body = '';
      for await (const part of request) body += String(part);
      if (body === 'do=traffic') await traffic.toggle();
      if (body === 'do=hangup') await traffic.hangUp();
      response.writeHead(303, { Location: '/' }).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page(traffic.isOn));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

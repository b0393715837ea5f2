// The outside's echo servers: UDP and TCP, both families. A TCP client that says `source N` gets N bytes and a hang-up, a UDP
// client that says `who` is told its address.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const PORT = 7;
const block = Buffer.alloc(65536);

const tcp = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (first) => {
    const wish = /^source (\d+)\n/.exec(first.toString('latin1'));
    if (!wish) {
      socket.write(first);
      socket.pipe(socket);
      return;
    }
    let left = Number(wish[1]);
    const pour = () => {
      while (left > 0) {
        const size = Math.min(left, block.length);
        left -= size;
        if (!socket.write(block.subarray(0, size))) return;
      }
      socket.end();
    };
    socket.on('drain', pour);
    pour();
  });
});

// Several addresses on one card: an answer must leave from the address that was asked. TCP does so by itself; a UDP socket bound
// to `::` does not, so each address gets its own.
const addresses = process.argv.slice(2);
let waiting = addresses.length + 1;
const ready = () => {
  waiting--;
  if (waiting === 0) console.log('listening');
};
for (const address of addresses) {
  const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1 << 20 });
  socket.on('message', (message, from) => socket.send(message.toString() === 'who' ? `${from.address} ${from.port}` : message, from.port, from.address));
  socket.on('error', () => {});
  socket.bind(PORT, address, ready);
}
tcp.listen({ port: PORT, host: '::' }, ready);

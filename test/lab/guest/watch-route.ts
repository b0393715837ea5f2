// Looks every few milliseconds whether the balanced IPv4 default stands; prints one JSON object (RouteWatch) at its end.
//
// `ip monitor` alone can't tell: the kernel takes a multipath route away with its device without a word to anybody.
import { readFileSync } from 'node:fs';

export type RouteWatch = { samples: number; without: number };

const [metric = '7', gapText = '10'] = process.argv.slice(2);
const watch: RouteWatch = { samples: 0, without: 0 };

/** Columns of /proc/net/route: device, destination, gateway, flags, references, uses, metric, mask … */
function stands(): boolean {
  return readFileSync('/proc/net/route', 'utf8')
    .split('\n')
    .some((line) => {
      const [, destination, , , , , routeMetric, mask] = line.split('\t');
      return destination === '00000000' && mask === '00000000' && routeMetric === metric;
    });
}

setInterval(() => {
  watch.samples++;
  if (!stands()) watch.without++;
}, Number(gapText));
process.on('SIGTERM', () => process.stdout.write(`${JSON.stringify(watch)}\n`, () => process.exit(0)));
console.log('watching');

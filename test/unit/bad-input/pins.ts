// Rows of sections of type pin: what may not stand there, and what is only told.
import { DSL, WAN, type Row } from './scene.ts';
import { quote, REST, show } from './values.ts';

const pin = (...words: string[]): string => `${WAN}${DSL}\nconfig pin 'p'\n${words.map((word) => `\t${word}\n`).join('')}`;
const BAD_PIN: [option: string, values: string[]][] = [
  ['use', ['a b', 'wan_01;', '$(reboot)', "it's", '../x', 'x'.repeat(33)]],
  ['strict', ['2', 'maybe']],
  [
    'src',
    ['lan', '300.0.0.1', '10.0.0.0/33', '::/129', '10.0.0.1; reboot', '10.0.0.1-10.0.0.9', '{ 10.0.0.1 }', '@set', 'fe80::1%lan', '$(reboot)', '10.0.0.1 }\n'],
  ],
  ['dest', ['example.org', '10.0.0.1, 10.0.0.2', '0.0.0.0/-1', "10.0.0.1'"]],
  ['name', ['example..org', '.example.org', 'exa mple', 'example.org/4#x', '-x.org', 'x'.repeat(64), '$(reboot)', 'a\nb']],
  ['proto', ['TCP', '0', '256', 'tcp, udp', 'sctp', '{ tcp }', '$(reboot)']],
  ['src_port', ['0', '65536', '90-80', 'http', '80; accept', '$(id)']],
  ['dest_port', ['80-', '1-2-3', '{ 80 }', '443 }\nreboot', '-1']],
  ['in', ['br-lan', 'lan"; reboot', '$(reboot)', 'a\nb']],
  ['mac', ['02:00:00:00:00', '02:00:00:00:00:0g', '02:00:00:00:00:01; accept', '"']],
];
export const pinRows: Row[] = [
  ...BAD_PIN.flatMap(([option, values]) =>
    values.map(
      (value): Row => ({
        name: `a pin of ${option} ${show(value)}`,
        text: pin(...(option === 'use' ? [] : ["option use 'wan_01'"]), `${['use', 'strict'].includes(option) ? 'option' : 'list'} ${option} ${quote(value)}`),
        says: [`option_invalid pin.p ${option}`],
        ...(value.length > 9 ? { marker: value } : {}),
        links: REST,
      }),
    ),
  ),
  { name: 'a pin that says no target', text: pin("option dest '10.0.0.1'"), says: ['option_missing pin.p use'], links: REST },
  { name: 'a pin of two targets', text: pin("list use 'wan_01'", "list use 'wan_02'"), says: ['option_repeated pin.p use'], links: REST },
  { name: 'a pin of 65 sources', text: pin("option use 'none'", ...Array(65).fill("list src '10.0.0.1'")), says: ['option_invalid pin.p src'], links: REST },
  { name: 'a pin to a link that is missing', text: pin("option use 'ghost'"), says: ['pin_target_unknown pin.p use'], links: REST },
  { name: 'a strict pin to a link that is missing', text: pin("option use 'ghost'", "option strict '1'"), says: ['pin_target_unknown pin.p use'], links: REST },
  { name: 'a pin to __proto__', text: pin("option use '__proto__'"), says: ['pin_target_unknown pin.p use'], links: REST },
  {
    name: 'a pin of two families',
    text: pin("option use 'none'", "option src '10.0.0.1'", "option dest '::1'"),
    says: ['pin_never_matches pin.p'],
    links: REST,
  },
  { name: 'a pin from an interface that is missing', text: pin("option use 'none'", "list in 'ghost'"), says: ['pin_interface_unknown pin.p in'], links: REST },
  { name: 'a pin of an unknown option', text: pin("option use 'none'", "option port '80'"), says: ['option_unknown pin.p port'], links: REST },
  { name: 'a pin that is off, to nowhere', text: pin("option use 'ghost'", "option disabled '1'"), says: [], links: REST },
  {
    name: 'a pin of everything',
    text: pin(
      "option use 'wan_02'",
      "option strict '1'",
      "option src '10.0.0.1/8 fd00::1'",
      "option dest '198.51.100.1 2001:DB8::/32'",
      "option proto 'tcp udp icmp 47'",
      "option src_port '1-65535'",
      "option dest_port '443 8000-8099'",
      "option in 'lan'",
      "option mac '0A:00:00:00:00:01'",
    ),
    says: [],
    links: REST,
  },
];

// The packages as a router gets them: structure, owners, modes, links, control fields, and the same bytes every time.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import * as assert from 'uvu/assert';
import { findings, messages, passportSentences, purposes, skipReasons, whySentences } from '../../agent/src/contract/index.ts';
import { buildPackage, packageNames, type PackageName } from '../../tools/package.ts';
import { suite } from '../limit.ts';

type Item = Header & { content: Buffer };
type Package = { outer: Item[]; control: Map<string, Item>; data: Map<string, Item> };

const root = join(import.meta.dirname, '../..');
const test = suite('packages', { directory: '', packages: new Map<PackageName, Package>() });

async function unpack(tarball: Buffer): Promise<Item[]> {
  const items: Item[] = [];
  const archive = extract();
  archive.end(gunzipSync(tarball));
  for await (const entry of archive) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    items.push({ ...entry.header, content: Buffer.concat(chunks) });
  }
  return items;
}

async function readPackage(path: string): Promise<Package> {
  const outer = await unpack(readFileSync(path));
  const inner = async (name: string) => {
    const item = outer.find((candidate) => candidate.name === name);
    assert.ok(item, `${path} has ${name}`);
    return new Map((await unpack(item.content)).map((entry) => [entry.name.replace(/^\.|\/$/g, '') || '/', entry]));
  };
  return { outer, control: await inner('./control.tar.gz'), data: await inner('./data.tar.gz') };
}

const modeOf = (item: Item | undefined): string => (item?.mode ?? 0).toString(8);

function controlOf({ control }: Package): Map<string, string> {
  const text = control.get('/control')?.content.toString() ?? '';
  return new Map([...text.matchAll(/^([A-Za-z-]+): (.*)$/gm)].map(([, key = '', value = '']) => [key, value]));
}

const get = (packages: Map<PackageName, Package>, name: PackageName): Package => {
  const found = packages.get(name);
  if (!found) throw new Error(`${name} was not built`);
  return found;
};

test.before(async (context) => {
  context.directory = await mkdtemp(join(tmpdir(), 'multidial-'));
  for (const name of packageNames) context.packages.set(name, await readPackage(await buildPackage(name, context.directory)));
});
test.after(async ({ directory }) => rm(directory, { recursive: true }));

test('a package is a gzipped tar of debian-binary, control and data', ({ packages }) => {
  for (const { outer } of packages.values()) {
    assert.equal(
      outer.map(({ name }) => name),
      ['./debian-binary', './control.tar.gz', './data.tar.gz'],
    );
    assert.is(outer[0]?.content.toString(), '2.0\n');
  }
});

test('everything is owned by root, has one date, and is in order', ({ packages }) => {
  for (const { outer, control, data } of packages.values()) {
    const items = [...outer, ...control.values(), ...data.values()];
    assert.equal([...new Set(items.map(({ uid, gid, uname, gname }) => `${uid}:${gid} ${uname}:${gname}`))], ['0:0 root:root']);
    assert.is(new Set(items.map(({ mtime }) => mtime?.getTime())).size, 1);
    assert.equal([...data.keys()], [...data.keys()].sort());
  }
});

test('two builds are the same byte for byte', async ({ directory }) => {
  for (const name of packageNames) {
    const first = readFileSync(await buildPackage(name, directory));
    const second = readFileSync(await buildPackage(name, join(directory, 'again')));
    assert.ok(first.equals(second), name);
  }
});

test('the date of the files is SOURCE_DATE_EPOCH when it is given', async ({ directory }) => {
  process.env['SOURCE_DATE_EPOCH'] = '1700000000';
  try {
    const { data } = await readPackage(await buildPackage('multidial', join(directory, 'dated')));
    assert.is(data.get('/etc/config/multidial')?.mtime?.getTime(), 1_700_000_000_000);
  } finally {
    delete process.env['SOURCE_DATE_EPOCH'];
  }
});

test('the agent depends on all that it uses', ({ packages }) => {
  const control = controlOf(get(packages, 'multidial'));
  assert.is(control.get('Depends'), 'ip-full, kmod-macvlan, ppp-mod-pppoe, rpcd, uhttpd-mod-ubus, quickjs');
  assert.is(control.get('Architecture'), 'all');
  assert.is(controlOf(get(packages, 'luci-app-multidial')).get('Depends'), 'multidial, luci-base');
  assert.is(controlOf(get(packages, 'luci-i18n-multidial-zh-cn')).get('Depends'), 'luci-app-multidial');
});

test('all packages have the version of package.json, and their installed size', ({ packages }) => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  for (const [name, unpacked] of packages) {
    const control = controlOf(unpacked);
    assert.is(control.get('Package'), name);
    assert.is(control.get('Version'), `${version}-r1`);
    const bytes = [...unpacked.data.values()].reduce((sum, { content }) => sum + content.length, 0);
    assert.is(control.get('Installed-Size'), String(bytes));
  }
});

test('the page holds no sentence that replies of the agent carry', ({ packages }) => {
  const scripts = [...get(packages, 'luci-app-multidial').data].filter(([path]) => path.endsWith('.js')).map(([, { content }]) => content.toString());
  const parts = Object.values(findings).flatMap(({ what, why, mend }) => [what, why, mend]);
  const sent = [messages, skipReasons, whySentences, purposes, passportSentences].flatMap((table) => Object.values<string>(table)).concat(parts);
  // What is shorter, as a command alone, may stand in it for a reason of its own.
  const long = sent.filter((sentence) => sentence.length > 30);
  assert.ok(long.length > 200 && scripts.length > 10);
  assert.equal(
    long.filter((sentence) => scripts.some((script) => script.includes(sentence))),
    [],
  );
});

const modes: [PackageName, path: string, mode: string][] = [
  ['multidial', '/etc/config/multidial', '600'],
  ['multidial', '/etc/init.d/multidial', '755'],
  ['multidial', '/etc/hotplug.d/iface/90-multidial', '644'],
  ['multidial', '/usr/share/nftables.d/ruleset-post/77-multidial.nft', '644'],
  ['multidial', '/usr/lib/multidial/multidial.js', '755'],
  ['multidial', '/usr/lib/multidial/watch.js', '755'],
  ['multidial', '/usr/lib/multidial', '755'],
  ['luci-app-multidial', '/usr/share/rpcd/acl.d/luci-app-multidial.json', '644'],
  ['luci-app-multidial', '/usr/share/luci/menu.d/luci-app-multidial.json', '644'],
  ['luci-app-multidial', '/www/luci-static/resources/view/multidial/main.js', '644'],
  ['luci-app-multidial', '/www/luci-static/resources/view/status/include/35_multidial.js', '644'],
  ['luci-app-multidial', '/www/luci-static/resources/multidial/multidial.js', '644'],
  ['luci-app-multidial', '/www/multidial/index.html', '644'],
  ['luci-i18n-multidial-zh-cn', '/www/luci-static/resources/multidial/lang/zh_Hans.js', '644'],
  ['luci-i18n-multidial-zh-cn', '/usr/lib/lua/luci/i18n/multidial.zh-cn.lmo', '644'],
];
for (const [name, path, mode] of modes) {
  test(`${name} has ${path} with mode ${mode}`, ({ packages }) => {
    const item = get(packages, name).data.get(path);
    assert.ok(item, 'is in the package');
    assert.is(modeOf(item), mode);
  });
}

test('the command and the rpcd plugin are links to the one bundle', ({ packages }) => {
  const { data } = get(packages, 'multidial');
  for (const path of ['/usr/sbin/multidial', '/usr/libexec/rpcd/multidial']) {
    const item = data.get(path);
    assert.is(item?.type, 'symlink');
    const target = join(path, '..', item?.linkname ?? '');
    assert.is(target, '/usr/lib/multidial/multidial.js');
    assert.ok(data.has(target));
  }
});

test('the bundle is run by QuickJS and carries no source map', ({ packages }) => {
  const { data } = get(packages, 'multidial');
  const text = data.get('/usr/lib/multidial/multidial.js')?.content.toString() ?? '';
  assert.ok(text.startsWith('#!/usr/bin/qjs\n'));
  assert.not.match(text, /sourceMappingURL/);
  assert.not.ok([...data.keys()].some((path) => path.endsWith('.map')));
});

test('the configuration survives an upgrade', ({ packages }) => {
  assert.is(get(packages, 'multidial').control.get('/conffiles')?.content.toString(), '/etc/config/multidial\n');
});

test('scripts can be executed, and do nothing while an image is built', ({ packages }) => {
  for (const { control } of packages.values()) {
    const scripts = [...control].filter(([path]) => /^\/(pre|post)/.test(path));
    if (control === get(packages, 'luci-i18n-multidial-zh-cn').control) assert.is(scripts.length, 0, 'it only brings files');
    else assert.ok(scripts.length >= 2);
    for (const [path, item] of scripts) {
      assert.is(modeOf(item), '755', path);
      assert.match(item.content.toString(), /^#!\/bin\/sh\n(#.*\n)*\[ -z "\$\{IPKG_INSTROOT\}" \] \|\| exit 0\n/, path);
    }
  }
});

test('every file that the standalone page names is in the package', ({ packages }) => {
  const { data } = get(packages, 'luci-app-multidial');
  const html = data.get('/www/multidial/index.html')?.content.toString() ?? '';
  const urls = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, url]) => url ?? '');
  assert.ok(urls.length >= 2);
  for (const url of urls) assert.ok(data.has(`/www${url}`), url);
});

test.run();

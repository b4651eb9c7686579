/** SSRF: every spelling of an address that is not public, redirects, rebinding. A canary on this machine counts who gets through: nobody. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Canary, startCanary } from '../../tests/helpers/canary.ts';
import { type NameServer, startNameServer } from '../../tests/helpers/dns-server.ts';
import { isAlfredError } from '../kernel/errors.ts';
import { addressKind } from './address.ts';
import { createGuardedFetch, type GuardedFetch } from './guarded-fetch.ts';

/** Hosts as they may stand in a URL. */
const spellings = [
  // Loopback in every way that URL parsers and inet_aton read
  ...[
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '127.0.1',
    '127.1.',
    '127.255.255.254',
    '127.0.0.2',
    '127.127.127.127',
  ],
  ...[
    '2130706433',
    '2130706433.',
    '017700000001',
    '0x7f000001',
    '0x7F000001',
    '0x7f.1',
    '0x7f.0.0.1',
    '0177.1',
  ],
  ...[
    '0177.0.0.1',
    '0177.0.0.01',
    '00177.0.0.1',
    '0x7f.0x0.0x0.0x1',
    '127.0x1',
    '0x7f.00.00.01',
    '127.00.00.01',
  ],
  ...[
    '127.0.0.0x1',
    '127.0.0.01',
    '0x0000007f.1',
    '0000000000177.0.0.1',
    '0x7f000001.',
    '0X7F.1',
    '127.0.257',
  ],
  ...[
    '127.65537',
    '0177.65537',
    '%31%32%37.0.0.1',
    '127%2e0%2e0%2e1',
    '%6c%6f%63alhost',
    '127。0。0。1',
    '127．0．0．1',
  ],
  ...[
    '１２７.０.０.１',
    '①②⑦.⓪.⓪.①',
    '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
    '⑫⑦.0.0.1',
    '０x7f.1',
    '127｡0｡0｡1',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'ｌｏｃａｌｈｏｓｔ',
  ],
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'LocalHost.',
    'local\u00ADhost',
    'loc\u200Balhost',
    'localhoſt',
  ],
  // Names that a name server answers with private addresses
  ...[
    'loopback.test',
    'loopback.test.',
    'private.test',
    'metadata.test',
    'mixed.test',
    'mixed6.test',
    'zero.test',
  ],
  ...[
    'mapped.test',
    'nat64.test',
    'sixtofour.test',
    'linklocal.test',
    'unique.test',
    'compat.test',
    'wire.test',
  ],
  ...[
    'bücher.test',
    'xn--bcher-kva.test',
    '127.0.0.1.nip.test',
    'a.b.c.d.e.f.loopback.test',
    '1.test',
    'cgn.test',
  ],
  // This host and this network
  ...[
    '0.0.0.0',
    '0',
    '0x0',
    '00',
    '0.',
    '0.0',
    '0.0.0',
    '000.000.000.000',
    '0x00000000',
    '0.0.0.1',
    '0.255.255.255',
  ],
  // Private, shared, link-local, metadata
  ...[
    '10.0.0.1',
    '10.1',
    '012.0.0.1',
    '0xa.0.0.1',
    '167772161',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
  ],
  ...[
    '192.168.1.1',
    '0xc0a80101',
    '3232235777',
    '192.168.257',
    '0300.0250.1.1',
    '100.64.0.1',
    '100.127.255.254',
  ],
  ...[
    '100.100.100.200',
    '169.254.169.254',
    '169.254.170.2',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
  ],
  ...[
    '0xa9.0xfe.0xa9.0xfe',
    '169.16689662',
    '169.254.43518',
    '①⑥⑨.②⑤④.①⑥⑨.②⑤④',
    '168.63.129.16',
    '2822734096',
  ],
  // Reserved, documentation, benchmarking, multicast, broadcast
  ...['192.0.0.1', '192.0.0.192', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.19.255.255', '198.51.100.7'],
  ...[
    '203.0.113.9',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '4294967295',
    '0xffffffff',
  ],
  // IPv6: loopback, unspecified, and IPv4 in every wrapping
  ...[
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[0000:0000:0000:0000:0000:0000:0000:0001]',
    '[::0001]',
    '[::]',
    '[0:0::0]',
  ],
  ...[
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[::ffff:0:127.0.0.1]',
    '[::127.0.0.1]',
  ],
  ...[
    '[::7f00:1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[::ffff:8.8.8.8]',
  ],
  ...[
    '[::169.254.169.254]',
    '[::8.8.8.8]',
    '[::808:808]',
    '[::2]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::7f00:1]',
  ],
  ...['[64:ff9b::169.254.169.254]', '[64:ff9b::8.8.8.8]', '[64:ff9b:1::1]', '[64:ff9b:1:ffff::10.0.0.1]'],
  ...[
    '[2002:7f00:1::]',
    '[2002:a9fe:a9fe::1]',
    '[2002:0a00:0001::]',
    '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
  ],
  ...['[2001::1]', '[2001:db8::1]', '[2001:2::1]', '[2001:10::1]', '[2001:20::1]', '[3fff::1]', '[5f00::1]'],
  ...['[fe80::1]', '[fe80::1%25eth0]', '[fe80::1%25lo]', '[febf::1]', '[fec0::1]', '[fc00::1]', '[fd00::1]'],
  ...['[fd00:ec2::254]', '[fdff:ffff::1]', '[ff02::1]', '[ff05::2]', '[100::1]', '[4000::1]', '[8000::1]'],
  ...[
    '[e000::1]',
    '[::1%25lo]',
    '[::1%lo]',
    '[::ffff:0x7f.1]',
    '[0:0:0:0:0:ffff:7f00:0001]',
    '[::FFFF:7F00:1]',
  ],
  // User names in front of it, and things that are no host
  ...[
    'example.com@127.0.0.1',
    '127.0.0.1@example.com',
    'user:pass@127.0.0.1',
    '127.0.0.1:80@localhost',
    '%00127.0.0.1',
  ],
  ...['127.0.0.1%00.example.com', '127.0.0.1%2f', 'localhost%23', '[::1', '::1', '127.0.0.1\\@example.com'],
  ...[
    '\t127.0.0.1',
    '127.0.0.1\t',
    '127.\n0.0.1',
    ' 127.0.0.1',
    '//127.0.0.1',
    '\\\\127.0.0.1',
    '/127.0.0.1',
  ],
];

const records: Record<string, string[]> = {
  'loopback.test': ['127.0.0.1'],
  'a.b.c.d.e.f.loopback.test': ['127.0.0.1'],
  '127.0.0.1.nip.test': ['127.0.0.1'],
  '1.test': ['127.0.0.1'],
  'xn--bcher-kva.test': ['127.0.0.1'],
  'private.test': ['10.0.0.7', '192.168.7.7'],
  'metadata.test': ['169.254.169.254'],
  // One good address beside a bad one refuses the name: which one is dialled would be chance.
  'mixed.test': ['93.184.215.14', '127.0.0.1'],
  'mixed6.test': ['93.184.215.14', '::1'],
  'zero.test': ['0.0.0.0'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'nat64.test': ['64:ff9b::7f00:1'],
  'sixtofour.test': ['2002:7f00:1::'],
  'linklocal.test': ['fe80::1'],
  'unique.test': ['fd12:3456::1'],
  'compat.test': ['::7f00:1'],
  'wire.test': ['168.63.129.16'],
  'cgn.test': ['100.64.1.1'],
};

let canary: Canary;
let names: NameServer;
let guarded: GuardedFetch;
const opened: { close: () => Promise<void> }[] = [];

beforeAll(async () => {
  canary = await startCanary(undefined, '::');
  names = await startNameServer((name) => records[name.replace(/\.$/, '').toLowerCase()] ?? []);
  // The system's own file answers for localhost, as it would outside a test.
  const resolve = async (hostname: string) =>
    /^localhost\.?$/i.test(hostname)
      ? [{ address: '127.0.0.1', family: 4 }]
      : names.resolve(hostname.replace(/\.$/, ''));
  guarded = createGuardedFetch({ allowPrivateNetwork: false, resolve });
  opened.push(canary, names, guarded);
});

afterAll(async () => {
  for (const one of opened) await one.close();
});

describe('addresses', () => {
  it('lets public ones through and no others', () => {
    for (const address of [
      '8.8.8.8',
      '93.184.215.14',
      '1.1.1.1',
      '2606:4700:4700::1111',
      '2a00:1450:4001::200e',
    ]) {
      expect([address, addressKind(address)]).toEqual([address, 'public']);
    }
    for (const address of ['127.0.0.1', '10.0.0.1', '192.168.0.1', '100.64.0.1', '::1', 'fd00::1']) {
      expect([address, addressKind(address)]).toEqual([address, 'private']);
    }
    for (const address of [
      '',
      'example.com',
      '127.1',
      '0x7f.1',
      '1.2.3.4.5',
      'fe80::1%eth0',
      '::ffff:8.8.8.8',
    ]) {
      expect([address, addressKind(address)]).toEqual([address, 'never']);
    }
  });
});

describe('spellings', () => {
  it(`has at least 150 of them`, () => {
    expect(new Set(spellings).size).toBe(spellings.length);
    expect(spellings.length).toBeGreaterThanOrEqual(150);
  });

  it('refuses every one, over http and https, and nobody reaches the canary', async () => {
    for (const host of spellings) {
      for (const scheme of ['http', 'https']) {
        const outcome = await guarded.fetch(`${scheme}://${host}:${canary.port}/`).then(
          () => 'answered',
          (error: unknown) => (isAlfredError(error) ? error.code : error),
        );
        // E_VALIDATION: no URL at all, or one with a user name. E_CONNECTION_FAILED: a name that nobody knows.
        expect([host, outcome]).toEqual([
          host,
          expect.stringMatching(/^(E_ADDRESS_REFUSED|E_VALIDATION|E_CONNECTION_FAILED)$/),
        ]);
      }
    }
    expect(canary.connections()).toBe(0);
  });

  it('refuses what is not http', async () => {
    for (const url of [
      'file:///etc/passwd',
      'ftp://127.0.0.1/',
      'gopher://127.0.0.1:70/',
      'data:text/plain,x',
      'ws://127.0.0.1/',
      'blob:http://127.0.0.1/1',
      'javascript:1',
    ]) {
      await expect(guarded.fetch(url)).rejects.toMatchObject({ code: 'E_VALIDATION' });
    }
  });

  it('would have noticed: with allowPrivateNetwork the canary is reached', async () => {
    const own = await startCanary();
    const open = createGuardedFetch({ allowPrivateNetwork: true });
    opened.push(own, open);
    const response = await open.fetch(own.url);
    expect(await response.text()).toBe('reached');
    expect(own.connections()).toBe(1);
  });

  it('keeps metadata and reserved addresses shut even with allowPrivateNetwork', async () => {
    const open = createGuardedFetch({ allowPrivateNetwork: true, resolve: (name) => names.resolve(name) });
    opened.push(open);
    for (const host of [
      '169.254.169.254',
      '100.100.100.200',
      '168.63.129.16',
      '[fd00:ec2::254]',
      '0.0.0.0',
      'zero.test',
      'metadata.test',
      '[::ffff:127.0.0.1]',
      '[fe80::1]',
    ]) {
      await expect(open.fetch(`http://${host}:${canary.port}/`)).rejects.toMatchObject({
        code: 'E_ADDRESS_REFUSED',
      });
    }
    expect(canary.connections()).toBe(0);
  });
});

describe('redirects', () => {
  it('checks every hop', async () => {
    const forbidden = [
      'http://169.254.169.254/latest/',
      'http://0.0.0.0/',
      'http://[::ffff:127.0.0.1]/',
      'http://0x0/',
      'http://zero.test/',
      'file:///etc/passwd',
      '//168.63.129.16/',
      'http://u:p@127.0.0.1/',
    ];
    const redirecting = await startCanary((request, response) => {
      const at = Number(new URL(request.url ?? '', 'http://x').searchParams.get('to'));
      response
        .writeHead(302, {
          location: forbidden[at]?.replace(/^(http:\/\/[^/@]*)\/$/, `$1:${canary.port}/`) ?? '',
        })
        .end();
    });
    const open = createGuardedFetch({ allowPrivateNetwork: true, resolve: (name) => names.resolve(name) });
    opened.push(redirecting, open);
    for (const at of forbidden.keys()) {
      await expect(open.fetch(`${redirecting.url}/?to=${at}`)).rejects.toMatchObject({
        code: expect.stringMatching(/^(E_ADDRESS_REFUSED|E_VALIDATION)$/),
      });
    }
    expect(redirecting.requests).toHaveLength(forbidden.length);
    expect(canary.connections()).toBe(0);
  });
});

describe('rebinding', () => {
  it('resolves a name once and dials that address, whatever it is answered later', async () => {
    const first = await startCanary((_request, response) => response.end('first'), '127.0.0.1');
    const rebinding = await startNameServer((_name, nth) => [nth === 0 ? '127.0.0.1' : '127.0.0.2']);
    const open = createGuardedFetch({ allowPrivateNetwork: true, resolve: rebinding.resolve });
    opened.push(first, rebinding, open);
    const response = await open.fetch(`http://rebind.test:${first.port}/`);
    expect(await response.text()).toBe('first');
    expect(rebinding.queries).toEqual(['rebind.test']);
  });

  it('refuses the next connection of a name that has moved to a forbidden address', async () => {
    const own = await startCanary((_request, response) => {
      response.writeHead(200, { connection: 'close' }).end('ok');
    }, '::');
    const rebinding = await startNameServer((_name, nth) =>
      nth === 0 ? ['127.0.0.1'] : ['0.0.0.0', '127.0.0.1'],
    );
    const open = createGuardedFetch({ allowPrivateNetwork: true, resolve: rebinding.resolve });
    opened.push(own, rebinding, open);
    const url = `http://rebind.test:${own.port}/`;
    expect(await (await open.fetch(url)).text()).toBe('ok');
    for (let attempt = 0; attempt < 5; attempt++) {
      await expect(open.fetch(url)).rejects.toMatchObject({ code: 'E_ADDRESS_REFUSED' });
    }
    expect(own.connections()).toBe(1);
  });
});

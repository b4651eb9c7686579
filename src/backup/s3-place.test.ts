/**
 * A store that speaks S3 as a place for backups. Against the store of tests/helpers; and against a real server, with
 * ALFRED_TEST_S3=http://127.0.0.1:9000/bucket and AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION of it.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore, testStoreKey } from '../../tests/helpers/s3-store.ts';
import type { BackupPlace, BackupSource } from './backup-place.ts';
import { pruneBackups, scheduledName } from './prune-backups.ts';
import type { StoreSettings } from './s3-client.ts';
import { s3Place } from './s3-place.ts';

let store: TestStore;
let settings: StoreSettings;
beforeAll(async () => {
  store = await startTestStore('kept');
  settings = {
    endpoint: store.endpoint,
    ...testStoreKey,
    pathStyle: true,
    allowPrivateNetwork: false,
    backoff: { baseMs: 10, capMs: 50 },
  };
});
afterAll(() => store.close());

async function* inPieces(bytes: Buffer, size = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function whole(source: BackupSource, from?: number, to?: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source.read(from, to)) pieces.push(piece);
  return Buffer.concat(pieces);
}
const none = { databaseBytes: 0 };

describe.each([
  ['the store of the tests', () => ({ bucket: 'kept', settings })],
  ...(process.env.ALFRED_TEST_S3 === undefined ? [] : [['a real server', ofEnvironment] as const]),
] as const)('%s', (_name, of) => {
  const at = (prefix: string): BackupPlace => s3Place({ bucket: of().bucket, prefix }, of().settings);

  it('takes what is larger than a piece, and hands it out again, also from its middle', async () => {
    const place = at('a/deep place');
    const bytes = randomBytes(9_000_000);
    expect(await place.write('one.age', inPieces(bytes), none)).toBe(bytes.length);
    const source = await place.open('one.age');
    expect(source).toMatchObject({
      name: expect.stringMatching(/^s3:.*\/a\/deep place\/one\.age$/),
      bytes: bytes.length,
    });
    expect((await whole(source)).equals(bytes)).toBe(true);
    expect((await whole(source, 8_000_000, 8_500_000)).equals(bytes.subarray(8_000_000, 8_500_001))).toBe(
      true,
    );
    expect(await place.list()).toMatchObject([{ name: 'one.age', bytes: bytes.length }]);
    await expect(place.write('one.age', inPieces(bytes), none)).rejects.toMatchObject({ code: 'E_CONFLICT' });
    await place.remove('one.age');
    expect(await place.list()).toEqual([]);
    await expect(place.open('one.age')).rejects.toMatchObject({ code: 'E_BACKUP' });
  });

  it('lists no other folder’s, and keeps the newest of one VM', async () => {
    const place = at('shared');
    const [own, other] = ['0123456789', 'abcdef0123'];
    const day = (number: number) => new Date(Date.UTC(2026, 0, number));
    const names = [1, 2, 3, 4].map((number) => scheduledName(own, day(number)));
    const others = [scheduledName(other, day(1)), 'alfred-mine.age'];
    for (const name of [...names, ...others]) await place.write(name, inPieces(Buffer.from('x')), none);
    await at('shared/below').write('deeper.age', inPieces(Buffer.from('x')), none);
    const left = async () => (await place.list()).map(({ name }) => name).sort();
    const prune = (count: number, days: number | undefined, now: number) =>
      pruneBackups(place, { vaultId: own, keep: { count, days }, now: day(now) });
    await prune(3, undefined, 4);
    expect(await left()).toEqual([...names.slice(1), ...others].sort());
    await prune(3, 2, 6);
    expect(await left()).toEqual([...names.slice(3), ...others].sort());
    await prune(3, 2, 300);
    expect(await left()).toEqual([...names.slice(3), ...others].sort());
    for (const name of await left()) await place.remove(name);
    await at('shared/below').remove('deeper.age');
  });

  it('leaves nothing of what fails in the middle', async () => {
    const place = at('failing');
    async function* failing() {
      yield randomBytes(9_000_000);
      throw new Error('the database went away');
    }
    await expect(place.write('half.age', failing(), none)).rejects.toThrow('the database went away');
    expect(await place.list()).toEqual([]);
    // Nothing is left to be ended; a real server says so in its own words.
    await place.removeUnfinished('half', new Date(Date.now() + 60_000));
    if (of().settings === settings) expect(store.unfinished()).toEqual([]);
  });

  it('says what is wrong in plain words', async () => {
    const { bucket, settings: right } = of();
    const wrong = (given: Partial<StoreSettings>, inBucket = bucket) =>
      s3Place({ bucket: inBucket, prefix: '' }, { ...right, ...given }).list();
    await expect(wrong({}, 'nobody-has-this-one')).rejects.toMatchObject({ code: 'E_BACKUP' });
    await expect(wrong({ endpoint: 'http://127.0.0.1:9' })).rejects.toMatchObject({
      code: 'E_BACKUP',
      message: expect.stringContaining('cannot be reached'),
    });
  });
});

describe('the way there', () => {
  const place = (given: Partial<StoreSettings> = {}) =>
    s3Place({ bucket: 'kept', prefix: '' }, { ...settings, ...given });

  it('refuses a wrong key, and says which settings to look at', async () => {
    await expect(place({ secretKey: 'another one' }).list()).rejects.toMatchObject({
      code: 'E_BACKUP',
      message: 'The store of s3://kept refuses: 403 SignatureDoesNotMatch.',
      remedy: expect.stringContaining('backup_s3_secret_key'),
    });
  });

  it('asks again after a passing failure, and never leaves a hole', async () => {
    const bytes = randomBytes(9_000_000);
    store.failOnce(({ method, url }) => method === 'PUT' && url.searchParams.get('partNumber') === '2', 503);
    store.failOnce(({ method }) => method === 'GET', 502);
    await place().write('again.age', inPieces(bytes), none);
    expect(store.objects.get('again.age')?.equals(bytes)).toBe(true);
    expect((await whole(await place().open('again.age'))).equals(bytes)).toBe(true);
    await place().remove('again.age');
  });

  it('ends an upload that is given up', async () => {
    const stop = new AbortController();
    async function* stopped() {
      yield randomBytes(9_000_000);
      stop.abort(new Error('given up'));
      yield randomBytes(9_000_000);
    }
    const written = place().write('given-up.age', stopped(), { ...none, signal: stop.signal });
    await expect(written).rejects.toThrow('given up');
    expect(store.unfinished()).toEqual([]);
  });

  it('removes uploads that were begun long ago, of its own alone', async () => {
    const begin = (key: string) => leaveUpload(place(), key);
    await begin('alfred-01234567-a.age');
    await begin('other.age');
    await place().removeUnfinished('alfred-01234567-', new Date(0));
    expect(store.unfinished()).toHaveLength(2);
    await place().removeUnfinished('alfred-01234567-', new Date(Date.now() + 60_000));
    expect(store.unfinished()).toEqual(['other.age']);
  });

  it('does not lead a public name into a private network, unless its owner says so', async () => {
    // A name of the public DNS that its owner points at this very machine.
    const endpoint = `http://localtest.example.org:${new URL(store.endpoint).port}`;
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const named = (allowPrivateNetwork: boolean) => place({ endpoint, allowPrivateNetwork, resolve }).list();
    await expect(named(false)).rejects.toMatchObject({
      code: 'E_ADDRESS_REFUSED',
      remedy: expect.stringContaining('backup_s3_private_network'),
    });
    expect(await named(true)).toEqual([]);
  });
});

/** An upload whose program was killed in the middle of it: not even its end arrives. */
async function leaveUpload(place: BackupPlace, key: string): Promise<void> {
  store.failOnce(({ method }) => method === 'DELETE', 500);
  async function* killed() {
    yield randomBytes(9_000_000);
    throw new Error('killed');
  }
  await expect(place.write(key, killed(), none)).rejects.toThrow('killed');
}

function ofEnvironment(): { bucket: string; settings: StoreSettings } {
  const { ALFRED_TEST_S3: url = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
  const { origin, pathname } = new URL(url);
  return {
    bucket: pathname.slice(1),
    settings: {
      endpoint: origin,
      region: process.env.AWS_REGION ?? 'us-east-1',
      keyId: AWS_ACCESS_KEY_ID,
      secretKey: AWS_SECRET_ACCESS_KEY,
      pathStyle: true,
      allowPrivateNetwork: false,
    },
  };
}

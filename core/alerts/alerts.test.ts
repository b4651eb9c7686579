/** Alerts: a real database, a receiver that checks signatures with the specification's own library, a real mail server. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/kernel/log.ts';
import { createTestCore, type TestCore } from '../../tests/helpers/core.ts';
import { HalfTaken, openMailer } from '../mail/mailer.ts';
import type { AlertsTold } from './alert-words.ts';
import { openChannels } from './alerts.ts';
import type { Channel } from './channels.ts';
import { deliverAlerts } from './deliver-alerts.ts';
import { lookForAlerts } from './look-for-alerts.ts';

const channels: Channel[] = [];
let core: TestCore;
let receiver: Server;
let mail: SMTPServer;
let answer = 204;
const told: { id: string; body: AlertsTold }[] = [];
const mails: string[] = [];
const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });

beforeAll(async () => {
  core = await createTestCore({ channels });
  receiver = createServer(async (request, response) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of request) pieces.push(piece as Uint8Array);
    if (answer < 300) {
      const headers = request.headers as Record<string, string>;
      told.push({
        id: headers['webhook-id'] ?? '',
        body: new Webhook(secret).verify(Buffer.concat(pieces), headers) as AlertsTold,
      });
    }
    response.writeHead(answer).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  mail = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        // Without the breaks of quoted-printable.
        mails.push(Buffer.concat(pieces).toString('utf8').replaceAll('=\r\n', ''));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', () => resolve()));
  const mailer = await openMailer({
    url: `smtp://127.0.0.1:${(mail.server.address() as AddressInfo).port}`,
    passwordFile: undefined,
    from: 'core@provider.example',
  });
  const webhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks/s3cret`;
  const alerts = { webhook, mailTo: ['ops@provider.example'] };
  channels.push(...(await openChannels({ home: core.home, alerts }, mailer)));
  secret = (await readFile(path.join(core.home, 'keys', 'alert-secret'), 'utf8')).trim();
});
let secret = '';
afterAll(async () => {
  await new Promise<void>((resolve) => mail.close(() => resolve()));
  receiver.close();
  await core.close();
});
beforeEach(() => {
  told.length = 0;
  mails.length = 0;
  answer = 204;
});

const look = () => lookForAlerts(core.db, ['webhook', 'mail']);
const deliver = () => deliverAlerts({ db: core.db, channels, url: core.url, log });
const sql = (text: string, values: unknown[] = []) => core.db.pool.query(text, values);
/** Core has been looking for long enough to call somebody silent. */
const lookedForLong = () => sql(`UPDATE alert_watch SET since = now() - interval '8 hours'`);
const read = async () =>
  (await core.send('GET', '/v1/alerts')).body as {
    items: { kind: string; label: string }[];
    channels: { channel: string; waiting: number; lastError: string | null }[];
  };
const report = { executions: 1, durationMs: 1, tokens: 1 };
const period = () => ({ periodStart: new Date().toISOString(), periodEnd: new Date().toISOString() });

describe('an alert', () => {
  it('is told once when it begins and once when it is over, by every way', async () => {
    const enrollmentToken = await core.enrolmentToken(undefined, 'Bern');
    const { vmId, bearer } = await core.vm({ enrollmentToken });
    await sql(`UPDATE vms SET last_report_at = now() - interval '3 days' WHERE id = $1`, [vmId]);
    await look();
    // Core itself was away until now.
    expect(await read()).toMatchObject({ items: [] });
    await lookedForLong();
    for (let times = 0; times < 3; times++) {
      await look();
      await deliver();
    }
    expect(told.map(({ body }) => body.data)).toEqual([
      expect.objectContaining({
        beganCount: 1,
        began: [expect.objectContaining({ vmId, label: 'Bern', kind: 'silent' })],
        ended: [],
      }),
    ]);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/^Subject: Alfred Core: 1 VM needs somebody$/m);
    expect(mails[0]).toContain('has not reported for two days');
    expect(await read()).toMatchObject({ items: [{ kind: 'silent', label: 'Bern' }] });

    await core.send(
      'POST',
      `/v1/vms/${vmId}/metrics`,
      { reportId: randomUUID(), ...period(), ...report },
      bearer,
    );
    await look();
    await deliver();
    expect(told.at(-1)?.body.data).toMatchObject({ beganCount: 0, ended: [{ vmId, kind: 'silent' }] });
    expect(mails.at(-1)).toContain('Subject: Alfred Core: 1 over');
    expect([told.length, mails.length]).toEqual([2, 2]);
    expect(await read()).toMatchObject({ items: [] });
  });

  it('begins for a VM that never began, one whose reports are refused, and one that reports twice', async () => {
    await lookedForLong();
    const [never, refused, twice] = [await core.vm(), await core.vm(), await core.vm()];
    await sql(`UPDATE vms SET created_at = now() - interval '3 days' WHERE id = $1`, [never.vmId]);
    const send = (vm: typeof refused, body: object) =>
      core.send('POST', `/v1/vms/${vm.vmId}/metrics`, body, vm.bearer);
    expect((await send(refused, { content: 'story' })).status).toBe(422);
    // A stranger has nobody's reports refused.
    await core.send('POST', `/v1/vms/${twice.vmId}/metrics`, { content: 'story' }, refused.bearer);
    await sql('UPDATE vms SET copied_at = now(), last_report_at = now() WHERE id = $1', [twice.vmId]);
    await look();
    await deliver();
    const began = told[0]?.body.data.began.map(({ vmId, kind }) => `${vmId} ${kind}`);
    expect(began?.sort()).toEqual(
      [`${never.vmId} never`, `${refused.vmId} refused`, `${twice.vmId} copied`].sort(),
    );
    const fleet = await core.send('GET', `/v1/fleet?q=${refused.vmId}`);
    expect(fleet.body).toMatchObject({ items: [{ refusedAt: expect.any(String) }] });
    await send(refused, { reportId: randomUUID(), ...period(), ...report });
    await core.send('PATCH', `/v1/vms/${twice.vmId}`, { settled: true });
    await core.send('PATCH', `/v1/vms/${never.vmId}`, { suspended: true });
    await look();
    await deliver();
    expect(told[1]?.body.data).toMatchObject({ beganCount: 0, endedCount: 3 });
  });

  it('is told again after whoever told it died in the middle, under the same id, and in order', async () => {
    const { vmId } = await core.vm();
    const set = (copied: string) => sql(`UPDATE vms SET copied_at = ${copied} WHERE id = $1`, [vmId]);
    await set('now()');
    await look();
    // Two processes look at once, and one sends: it is gone before it has noted that it was taken.
    const ids: string[] = [];
    const dying = channels.map((channel) => ({
      ...channel,
      send: (id: string) => {
        ids.push(id);
        return new Promise<void>(() => {});
      },
    }));
    void deliverAlerts({ db: core.db, channels: dying, url: core.url, log });
    await expect.poll(() => ids.length).toBe(1);
    await Promise.all([deliver(), deliver()]);
    await set('NULL');
    await look();
    await deliver();
    const before = told.length + mails.length;
    await sql(`UPDATE alert_messages SET next_at = now() WHERE delivered_at IS NULL`);
    await deliver();
    expect(before).toBe(2);
    // By either way the news of the end came behind that of the beginning.
    expect(told.map(({ body }) => [body.data.beganCount, body.data.endedCount])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(mails).toHaveLength(2);
    const all = [
      ...told.map(({ id }) => id),
      ...mails.map((text) => /^Message-ID: <([\w-]+)@/im.exec(text)?.[1]),
    ];
    expect(all).toContain(ids[0]);
    expect(new Set(all).size).toBe(4);
  });

  it('is not told again to those who have it, where the mail server refused another of them', async () => {
    const { vmId } = await core.vm();
    await sql('UPDATE vms SET copied_at = now() WHERE id = $1', [vmId]);
    await look();
    const refused = new HalfTaken('E_CONNECTION_FAILED', 'for the others, and not for ben@provider.example');
    const half = channels.map((channel) =>
      channel.name === 'mail' ? { ...channel, send: () => Promise.reject(refused) } : channel,
    );
    await deliverAlerts({ db: core.db, channels: half, url: core.url, log });
    await sql('UPDATE alert_messages SET next_at = now() WHERE delivered_at IS NULL');
    await deliver();
    expect([told.length, mails.length]).toEqual([1, 0]);
    const { rows } = await sql(`SELECT last_error FROM alert_messages WHERE last_error <> ''`);
    expect(rows).toEqual([{ last_error: refused.message }]);
    await sql('UPDATE vms SET copied_at = NULL WHERE id = $1', [vmId]);
    await look();
    await deliver();
  });

  it('waits while the receiver is away, and says so; a test says at once how it stands', async () => {
    answer = 503;
    const { vmId } = await core.vm();
    await sql('UPDATE vms SET copied_at = now() WHERE id = $1', [vmId]);
    await look();
    await deliver();
    const webhook = async () => (await read()).channels.find(({ channel }) => channel === 'webhook');
    expect(await webhook()).toMatchObject({
      waiting: 1,
      lastError: expect.stringMatching(/^http.* answers 503$/),
    });
    expect(JSON.stringify(await read())).not.toContain('s3cret');
    const failed = await core.send('POST', '/v1/alerts/test');
    expect(failed.body).toMatchObject({
      items: [
        { channel: 'webhook', ok: false },
        { channel: 'mail', ok: true },
      ],
    });
    answer = 204;
    await sql('UPDATE alert_messages SET next_at = now() WHERE delivered_at IS NULL');
    await deliver();
    expect(await webhook()).toMatchObject({ waiting: 0, lastError: null });
    expect((await core.send('POST', '/v1/alerts/test')).body).toMatchObject({
      items: [{ ok: true }, { ok: true }],
    });
    expect(told.at(-1)?.body.type).toBe('fleet.test');
    const { body } = await core.send('POST', '/v1/tokens', { name: 'books', role: 'billing' });
    const billing = `Bearer ${(body as { token: string }).token}`;
    expect((await core.send('POST', '/v1/alerts/test', undefined, billing)).status).toBe(403);
    expect((await core.send('GET', '/v1/alerts', undefined, billing)).status).toBe(200);
    expect((await core.send('GET', '/v1/alerts', undefined, (await core.user('olga')).bearer)).status).toBe(
      403,
    );
  });
});

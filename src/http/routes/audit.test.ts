import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { type AuditEvent, auditProgressSchema, auditVerificationSchema } from '../../contract/audit.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const list = async (query = '') => {
  const { status, body } = await server.send('GET', `/api/v1/audit${query}`);
  expect(status).toBe(200);
  return body as { items: AuditEvent[]; nextCursor: string | null };
};

describe('what is done over HTTP', () => {
  it('is on record with who did it, and read back at once', async () => {
    const made = await server.send('POST', '/api/v1/tokens', { name: 'mine', scopes: ['read'] });
    const { id, token } = made.body as { id: string; token: string };
    await server.send('PUT', '/api/v1/config/weather_api_key', { value: 'canary-5531-weather' });
    await server.send('DELETE', '/api/v1/config/weather_api_key');
    await server.send('DELETE', `/api/v1/tokens/${id}`);
    await server.send('POST', '/api/v1/session', { code: 'once_wrong' }, { token: null });
    const { items } = await list();
    const acts = items.map(({ action, actor, subject }) => ({ action, actor, subject }));
    const actor = expect.stringMatching(/^token:/);
    expect(acts).toEqual(
      expect.arrayContaining([
        { action: 'token.created', actor, subject: id },
        { action: 'secret.written', actor, subject: 'weather_api_key' },
        { action: 'secret.removed', actor, subject: 'weather_api_key' },
        { action: 'token.revoked', actor, subject: id },
        { action: 'sign_in.failed', actor: 'unknown', subject: null },
      ]),
    );
    const text = JSON.stringify(items);
    expect(text).not.toContain('canary-5531');
    expect(text).not.toContain(token);
  });

  it('is filtered and paged', async () => {
    const { items } = await list('?action=secret');
    expect(items.map(({ action }) => action)).toEqual(['secret.removed', 'secret.written']);
    expect((await list('?subject=weather_api_key')).items).toHaveLength(2);
    const first = await list('?limit=2');
    const second = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect(second.items[0]?.seq).toBe((first.items[1]?.seq ?? 0) - 1);
    expect((await server.send('GET', '/api/v1/audit?cursor=x')).status).toBe(422);
  });

  it('is for the owner alone', async () => {
    const token = await server.token('read', 'run', 'write', 'connections:approve');
    for (const path of ['/api/v1/audit', '/api/v1/audit/verify'])
      expect((await server.send('GET', path, undefined, { token })).status).toBe(403);
  });
});

describe('verifying', () => {
  it('answers with one document, or with progress in lines', async () => {
    const whole = auditVerificationSchema.parse((await server.send('GET', '/api/v1/audit/verify')).body);
    expect(whole).toMatchObject({ ok: true, firstBad: null, pending: 0 });
    const { text } = await server.send('GET', '/api/v1/audit/verify', undefined, {
      headers: { accept: 'application/x-ndjson' },
    });
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(auditVerificationSchema.parse(lines.at(-1)?.result).ok).toBe(true);
    for (const line of lines.slice(0, -1)) auditProgressSchema.parse(line.progress);
  });

  it('names the place that was changed', async () => {
    await server.db.pool.query('ALTER TABLE audit_events DISABLE TRIGGER USER');
    await server.db.pool.query("UPDATE audit_events SET actor = 'nobody' WHERE seq = 2");
    const { body } = await server.send('GET', '/api/v1/audit/verify');
    expect(body).toMatchObject({
      ok: false,
      firstBad: { seq: 2, kind: 'event', message: expect.stringMatching(/^Event 2 \(.*changed/) },
    });
  });

  it('says so where the chain takes nothing more, and looks all the same', async () => {
    await list();
    // The next act would take the place of one that is there.
    await server.db.pool.query('ALTER TABLE audit_head DISABLE TRIGGER USER');
    await server.db.pool.query('UPDATE audit_head SET seq = seq - 1');
    await server.send('PUT', '/api/v1/config/a_note_of_mine', { value: 'x' });
    expect((await list()).items.length).toBeGreaterThan(0);
    const { status, body } = await server.send('GET', '/api/v1/audit/verify');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ok: false,
      warnings: expect.arrayContaining([expect.stringMatching(/^Acts wait that cannot be taken/)]),
    });
  });
});

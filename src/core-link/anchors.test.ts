/** The audit chain's head at Core: told when the owner wants it, and then held against the chain. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestCore, type TestCore } from '../../tests/helpers/core.ts';
import { createTestServer, type TestServer } from '../../tests/helpers/http.ts';
import { type RecordingProxy, startRecordingProxy } from '../../tests/helpers/recording-proxy.ts';
import type { AuditVerification } from '../contract/audit.ts';

let core: TestCore;
let proxy: RecordingProxy;
let vm: TestServer;
beforeAll(async () => {
  core = await createTestCore();
  proxy = await startRecordingProxy(core.url);
  vm = await createTestServer();
  const link = { url: proxy.url, enrollmentToken: await core.enrolmentToken() };
  expect((await vm.send('POST', '/api/v1/core/link', link)).status).toBe(201);
});
afterAll(async () => {
  await vm.close();
  await proxy.close();
  await core.close();
});

const report = async () => expect((await vm.send('POST', '/api/v1/core/report')).status).toBe(200);
const verify = async () => (await vm.send('GET', '/api/v1/audit/verify')).body as AuditVerification;
const kept = async () =>
  (
    await core.db.pool.query<{ epoch: number; seq: string; head: Buffer }>(
      'SELECT epoch, seq, head FROM audit_anchors ORDER BY seq',
    )
  ).rows;

it('goes nowhere until the owner switches it on', async () => {
  expect((await vm.send('GET', '/api/v1/core')).body).toMatchObject({ anchors: false });
  await report();
  expect(await verify()).toMatchObject({ ok: true, warnings: [] });
  expect(proxy.sent()).not.toContain('/anchors');
  expect(await kept()).toEqual([]);
});

it('is a request of its own: how far the chain has come, and a hash', async () => {
  expect((await vm.send('PUT', '/api/v1/config/core_anchor', { value: 'yes' })).status).toBe(422);
  expect((await vm.send('PUT', '/api/v1/config/core_anchor', { value: 'on' })).status).toBe(200);
  const { head } = await verify();
  await report();
  expect(await kept()).toEqual([{ epoch: 0, seq: String(head.seq), head: Buffer.from(head.chain, 'hex') }]);
  const body = JSON.stringify({ epoch: 0, seq: head.seq, head: head.chain });
  const [, request = ''] = proxy.sent().split(/POST \/v1\/vms\/[\w-]+\/anchors HTTP\/1\.1\r\n/);
  const [headers = '', rest = ''] = request.split('\r\n\r\n');
  expect(rest.startsWith(body)).toBe(true);
  expect(headers.split('\r\n').map((line) => line.split(':')[0]?.toLowerCase())).toEqual(
    expect.arrayContaining(['host', 'authorization', 'content-type', 'content-length']),
  );
  // Nothing new: Core has it.
  await report();
  expect(await kept()).toHaveLength(1);
  expect((await verify()).ok).toBe(true);
});

it('does not change at Core, which says when another one comes', async () => {
  await expect(core.db.pool.query("UPDATE audit_anchors SET head = sha256('x')")).rejects.toThrow(
    /does not change/,
  );
  await expect(core.db.pool.query('DELETE FROM audit_anchors')).rejects.toThrow(/does not change/);
});

it('is a warning, not an alarm, when Core cannot be asked', async () => {
  proxy.cut(true);
  const { ok, warnings } = await verify();
  expect({ ok, warnings }).toEqual({
    ok: true,
    warnings: [expect.stringContaining('could not be looked at')],
  });
  proxy.cut(false);
});

it('finds a chain that was cut off or rewritten, whatever stands on this machine', async () => {
  const [anchor] = await kept();
  const seq = Number(anchor?.seq);
  const tamper = async (sql: string) => {
    await vm.db.pool.query('ALTER TABLE audit_events DISABLE TRIGGER USER');
    await vm.db.pool.query(sql);
    await vm.db.pool.query('ALTER TABLE audit_events ENABLE TRIGGER USER');
  };
  const findings = async () => (await verify()).findings.map(({ message }) => message);
  await tamper(`UPDATE audit_events SET chain = sha256('other') WHERE seq = ${seq}`);
  expect(await findings()).toContain(
    `Core was told of another event ${seq}: the chain was rewritten at it or before.`,
  );
  await tamper(`DELETE FROM audit_events WHERE seq >= ${seq}`);
  expect(await findings()).toContain(
    `Core was told of event ${seq}, which is not there: the chain was cut off.`,
  );
});

/** Bills that hold: who may what, which VM reports, what a month says once it is closed. A real Core, programs around it. */
import { createHash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportIdOf } from '../src/contract/core.ts';
import type { CoreAct } from '../src/contract/core-people.ts';
import { type Billing, changeInParts, type Fleet, type VmHistory } from '../src/contract/fleet.ts';
import { createTestCore, type EnrolledVm, type TestCore } from '../tests/helpers/core.ts';
import { ensureAdminToken } from './access/admin-token.ts';

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
});
afterAll(() => core.close());

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

/** A VM's `counter`-th report; another `of` is another report of the same number. */
const numbered = (counter: number, of = 'one', more: object = {}) => ({
  reportId: reportIdOf(counter, createHash('sha256').update(`${of} ${counter}`).digest('hex')),
  periodStart: daysAgo(0.01).toISOString(),
  periodEnd: daysAgo(0).toISOString(),
  executions: 1,
  durationMs: 10,
  tokens: 100,
  ...more,
});
const send = (vm: EnrolledVm, report: object) =>
  core.send('POST', `/v1/vms/${vm.vmId}/metrics`, report, vm.bearer);

const fleetEntry = async (vm: EnrolledVm, bearer?: string) =>
  ((await core.send('GET', `/v1/fleet?q=${vm.vmId}`, undefined, bearer)).body as Fleet).items[0];
const bills = async (query = '', bearer?: string) =>
  (await core.send('GET', `/v1/billing?${query}`, undefined, bearer)).body as Billing;
const acts = async () => ((await core.send('GET', '/v1/audit')).body as { items: CoreAct[] }).items;

const tokenOf = async (name: string, role: string, more: object = {}, authorization?: string) => {
  const { body } = await core.send('POST', '/v1/tokens', { name, role, ...more }, authorization);
  const { id, token, expiresAt } = body as { id: string; token: string; expiresAt: string };
  return { id, bearer: `Bearer ${token}`, expiresAt };
};

describe('a report', () => {
  it('is known by what it counts: the same number twice is another copy, which is refused and said', async () => {
    const vm = await core.vm();
    expect((await fleetEntry(vm))?.state).toBe('never');
    const first = numbered(1);
    expect((await send(vm, first)).status).toBe(201);
    expect((await send(vm, first)).status).toBe(200);
    expect((await send(vm, numbered(2))).status).toBe(201);
    expect(await send(vm, numbered(2, 'a copy'))).toMatchObject({ status: 409, body: { code: 'E_COPIED' } });
    // Of a time before it counted.
    expect((await send(vm, { ...numbered(3), reportId: randomUUID() })).status).toBe(409);
    expect(await fleetEntry(vm)).toMatchObject({ state: 'copied', tokens: 200, missingReports: 0 });
    const asked = await core.send('GET', `/v1/vms/${vm.vmId}/metrics`, undefined, vm.bearer);
    expect(asked.body).toMatchObject({ counter: 2, missing: 0 });
    expect((await acts()).filter(({ subject }) => subject === vm.vmId)).toMatchObject([
      { action: 'vm.copied', actor: `vm:${vm.vmId}` },
      { action: 'vm.enrolled' },
    ]);
    // The one that goes on is taken, and what a person settles is settled.
    expect((await send(vm, numbered(3))).status).toBe(201);
    expect((await core.send('PATCH', `/v1/vms/${vm.vmId}`, { settled: true })).status).toBe(204);
    expect((await fleetEntry(vm))?.state).toBe('reporting');
  });

  it('is taken once by any number at once, and one of two copies alone', async () => {
    const vm = await core.vm();
    const copies = [numbered(1, 'one'), numbered(1, 'two')];
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, each) => send(vm, copies[each % 2] ?? {})),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(201), count(200), count(409)]).toEqual([1, 5, 6]);
    expect(await fleetEntry(vm)).toMatchObject({ executions: 1, tokens: 100 });
  });

  it('is taken together with those of others: one that is refused harms none, and two of one VM are two', async () => {
    const vms = await Promise.all(Array.from({ length: 6 }, () => core.vm()));
    const [full, twice] = vms as [EnrolledVm, EnrolledVm, ...EnrolledVm[]];
    expect((await send(full, numbered(1, 'full', { tokens: 10_000_000_000 }))).status).toBe(201);
    const atOnce = [...vms.map((vm) => send(vm, numbered(vm === full ? 2 : 1))), send(twice, numbered(2))];
    const answers = await Promise.all(atOnce);
    expect(answers.map(({ status }) => status)).toEqual([422, 201, 201, 201, 201, 201, 201]);
    expect(answers[0]?.body).toMatchObject({ errors: [{ field: '/tokens' }] });
    expect(await fleetEntry(full)).toMatchObject({ tokens: 10_000_000_000 });
    expect(await fleetEntry(twice)).toMatchObject({ tokens: 200, missingReports: 0 });
    expect((await send(full, numbered(2, 'one', { tokens: 0 }))).status).toBe(201);
  });

  it('may come late: Core says how many are missing until they are here', async () => {
    const vm = await core.vm();
    for (const counter of [1, 4, 3]) expect((await send(vm, numbered(counter))).status).toBe(201);
    expect(await fleetEntry(vm)).toMatchObject({ missingReports: 1, tokens: 300, state: 'reporting' });
    expect((await send(vm, numbered(2))).status).toBe(201);
    expect(await fleetEntry(vm)).toMatchObject({ missingReports: 0, tokens: 400 });
  });

  it('of nothing says that the VM is there', async () => {
    const vm = await core.vm();
    expect((await send(vm, numbered(1, 'idle', { executions: 0, durationMs: 0, tokens: 0 }))).status).toBe(
      201,
    );
    expect(await fleetEntry(vm)).toMatchObject({ state: 'reporting', executions: 0 });
    expect((await bills()).items.filter(({ vmId }) => vmId === vm.vmId)).toEqual([]);
  });

  it('of a time to come is counted today, and the clock is said to be off; of before the enrolment it stands apart', async () => {
    const vm = await core.vm();
    const ahead = { periodStart: daysAgo(-40).toISOString(), periodEnd: daysAgo(-40).toISOString() };
    expect((await send(vm, numbered(1, 'ahead', ahead))).status).toBe(201);
    expect((await fleetEntry(vm))?.clockOffAt).not.toBeNull();
    for (const [each, day] of [daysAgo(40), new Date(0)].entries()) {
      const report = { periodStart: day.toISOString(), periodEnd: day.toISOString(), tokens: 7 };
      expect((await send(vm, numbered(2 + each, 'behind', report))).status).toBe(201);
    }
    const { items, apart } = await bills('from=2000-01');
    const of = (lines: Billing['items']) => lines.filter(({ vmId }) => vmId === vm.vmId);
    expect(of(items)).toMatchObject([{ kind: 'usage', tokens: 100 }]);
    expect(of(apart)).toMatchObject([
      { kind: 'early', tokens: 7, month: daysAgo(40).toISOString().slice(0, 7) },
    ]);
  });
});

type Six<One> = [One, One, One, One, One, One];

describe('what somebody looks into', () => {
  it('is a clock that was set back, from its first report on until it is right again', async () => {
    const vm = await core.vm();
    const isOff = async () => (await fleetEntry(vm))?.clockOffAt !== null;
    await send(vm, numbered(1));
    const back = { periodStart: daysAgo(40).toISOString(), periodEnd: daysAgo(40).toISOString() };
    expect((await send(vm, numbered(2, 'one', back))).status).toBe(201);
    expect(await isOff()).toBe(true);
    expect((await send(vm, numbered(3))).status).toBe(201);
    expect(await isOff()).toBe(false);
    // One that is late is of a day before as well, and no clock's fault.
    expect((await send(vm, numbered(5))).status).toBe(201);
    expect((await send(vm, numbered(4, 'one', back))).status).toBe(201);
    expect(await isOff()).toBe(false);
  });

  it('is a clock that was behind from the beginning, which is told from a VM that ran alone until it enrolled', async () => {
    const [behind, alone] = [await core.vm(), await core.vm()];
    const back = (counter: number) =>
      numbered(counter, 'one', {
        periodStart: daysAgo(40).toISOString(),
        periodEnd: daysAgo(40).toISOString(),
      });
    for (const vm of [behind, alone]) {
      expect((await send(vm, back(1))).status).toBe(201);
      expect((await fleetEntry(vm))?.clockOffAt).not.toBeNull();
    }
    await send(behind, back(2));
    expect((await fleetEntry(behind))?.clockOffAt).not.toBeNull();
    await send(alone, numbered(2));
    expect((await fleetEntry(alone))?.clockOffAt).toBeNull();
  });

  it('stands before all that is as it should be, and is counted', async () => {
    const label = async (vm: EnrolledVm, name: string) =>
      await core.send('PATCH', `/v1/vms/${vm.vmId}`, { label: `Look ${name}` });
    const vms = await Promise.all(Array.from({ length: 6 }, () => core.vm()));
    const [good, , ahead, missing, refused, out] = vms as Six<EnrolledVm>;
    for (const [at, vm] of vms.entries()) await label(vm, 'abcdef'[at] ?? '');
    await send(good, numbered(1));
    const toCome = { periodStart: daysAgo(-40).toISOString(), periodEnd: daysAgo(-40).toISOString() };
    await send(ahead, numbered(1, 'ahead', toCome));
    await send(missing, numbered(2));
    await send(refused, numbered(1, 'hostile', { tokens: -1 }));
    await send(out, numbered(2));
    await core.send('PATCH', `/v1/vms/${out.vmId}`, { suspended: true });
    const seen = async (query = '') => {
      const { body } = await core.send('GET', `/v1/fleet?q=look&${query}`);
      const { items, total, attention } = body as Fleet;
      return { labels: items.map((vm) => vm.label.slice(-1)).join(''), total, attention };
    };
    expect(await seen()).toEqual({ labels: 'cdefba', total: 6, attention: 4 });
    expect(await seen('state=attention')).toEqual({ labels: 'cdef', total: 4, attention: 4 });
    expect(await seen('state=reporting')).toEqual({ labels: 'cda', total: 3, attention: 4 });
  });

  it('is why a report was refused, in words of Core’s own', async () => {
    const vm = await core.vm();
    const story = { ...numbered(1), executions: -1, diary: 'story' };
    expect((await send(vm, story)).status).toBe(422);
    expect(await fleetEntry(vm)).toMatchObject({ refusedBecause: 'E_VALIDATION executions another' });
    await send(vm, numbered(1));
    expect(await fleetEntry(vm)).toMatchObject({ refusedAt: null, refusedBecause: null });
    const large = await core.vm();
    expect((await send(large, { ...numbered(1), story: 'x'.repeat(400) })).status).toBe(413);
    expect((await fleetEntry(large))?.refusedBecause).toBe('E_TOO_LARGE');
  });

  it('is what a VM did by day and by month, each person their own time with it', async () => {
    const hana = await core.user('hana');
    const vm = await core.vm();
    await send(vm, numbered(1));
    await core.send('PATCH', `/v1/vms/${vm.vmId}`, { ownerId: hana.id });
    await send(vm, numbered(2));
    const history = async (query: string, bearer?: string) => {
      const answer = await core.send('GET', `/v1/vms/${vm.vmId}/history?${query}`, undefined, bearer);
      return (answer.body as VmHistory).items;
    };
    const days = await history('last=3');
    expect(days.map(({ tokens }) => tokens)).toEqual([0, 0, 200]);
    expect(days.at(-1)?.start).toBe(new Date().toISOString().slice(0, 10));
    const months = await history('unit=month&last=14', hana.bearer);
    expect(months.map(({ executions }) => executions)).toEqual([...Array(13).fill(0), 1]);
    expect(months[0]?.start).toMatch(/^20\d\d-\d\d-01$/);
    const ivan = await core.user('ivan');
    const route = `/v1/vms/${vm.vmId}/history`;
    expect((await core.send('GET', route, undefined, ivan.bearer)).status).toBe(404);
    expect((await core.send('GET', `${route}?last=1101`)).status).toBe(422);
  });

  it('is dealt with in parts for more VMs than a request takes, as page and command do', async () => {
    const { rows } = await core.db.pool.query<{ id: string }>(
      `INSERT INTO vms (id, label, auth_secret_hash)
       SELECT gen_random_uuid(), 'Glarus ' || n, '$2b$10$' || repeat('a', 53) FROM generate_series(1, 2100) AS n RETURNING id`,
    );
    const parts: number[] = [];
    const retire = async (vmIds: string[]) => {
      parts.push(vmIds.length);
      const { status, body } = await core.send('POST', '/v1/vms/changes', { vmIds, retired: true });
      expect(status).toBe(200);
      return body as Awaited<ReturnType<typeof changeInParts>>;
    };
    const ids = rows.map(({ id }) => id);
    const stranger = randomUUID();
    const { changed, missing } = await changeInParts([...ids, stranger], retire);
    expect(parts).toEqual([1000, 1000, 101]);
    expect([changed.toSorted(), missing]).toEqual([ids.toSorted(), [stranger]]);
    const counted = await core.db.pool.query(
      `SELECT (SELECT count(*)::int FROM vms WHERE label LIKE 'Glarus%' AND retired_at IS NOT NULL) AS vms,
         (SELECT count(DISTINCT subject)::int FROM acts WHERE action = 'vm.retired' AND subject = ANY($1)) AS acts`,
      [ids],
    );
    expect(counted.rows).toEqual([{ vms: 2100, acts: 2100 }]);
    expect((await core.send('GET', '/v1/audit/verify')).body).toMatchObject({ ok: true });
  });

  it('is dealt with for many VMs at once, and each is an act on record', async () => {
    const [mine, other] = [await core.user('judy'), await core.user('karl')];
    const vms = [await core.vm(), await core.vm(), await core.vm({ bearer: mine.bearer })];
    const ids = vms.map(({ vmId }) => vmId);
    const change = (body: object, bearer?: string) => core.send('POST', '/v1/vms/changes', body, bearer);
    const stranger = randomUUID();
    expect(await change({ vmIds: [...ids, stranger], suspended: true, ownerId: other.id })).toMatchObject({
      status: 200,
      body: { changed: [...ids].sort(), missing: [stranger] },
    });
    for (const vm of vms) expect(await fleetEntry(vm)).toMatchObject({ suspended: true, owner: 'karl' });
    const last = (await acts()).slice(0, 3);
    expect(last.map(({ action, subject }) => `${action} ${subject}`).sort()).toEqual(
      ids.map((id) => `vm.changed ${id}`).sort(),
    );
    expect(last[0]?.data).toEqual({ suspended: true, ownerId: other.id });
    const { names } = (await core.send('GET', '/v1/audit?limit=3')).body as { names: object };
    expect(names).toEqual({ [other.id]: 'karl' });
    expect((await change({ vmIds: ids, suspended: false }, other.bearer)).status).toBe(403);
    expect((await change({ vmIds: ids })).status).toBe(422);
    const many = Array.from({ length: 1000 }, () => randomUUID());
    expect((await change({ vmIds: many, suspended: true })).body).toEqual({ changed: [], missing: many });
    expect((await change({ vmIds: [...many, stranger], suspended: true })).status).toBe(422);
    expect((await change({ vmIds: [], retired: true })).status).toBe(422);
    expect((await change({ vmIds: ids, retired: true })).body).toMatchObject({ changed: [...ids].sort() });
    expect((await change({ vmIds: ids, retired: true })).body).toMatchObject({ changed: [], missing: ids });
    expect((await core.send('GET', '/v1/audit/verify')).body).toMatchObject({ ok: true });
  });
});

describe('a month', () => {
  it('holds once it is closed: what comes later is an entry of its own, billed with this one', async () => {
    const [ada, bob] = [await core.user('ada'), await core.user('bob')];
    await core.send('PATCH', `/v1/users/${ada.id}`, { customerNumber: 'K-1001/a' });
    const vm = await core.vm({ bearer: ada.bearer });
    await core.db.pool.query("UPDATE vms SET created_at = now() - interval '90 days' WHERE id = $1", [
      vm.vmId,
    ]);
    const day = daysAgo(45);
    const month = day.toISOString().slice(0, 7);
    const now = new Date().toISOString().slice(0, 7);
    const then = { periodStart: day.toISOString(), periodEnd: new Date(day.getTime() + 1).toISOString() };
    await send(vm, numbered(1, 'one', then));
    // Handed over: what was reported stays with whoever had it.
    expect((await core.send('PATCH', `/v1/vms/${vm.vmId}`, { ownerId: bob.id }, ada.bearer)).status).toBe(
      403,
    );
    expect((await core.send('PATCH', `/v1/vms/${vm.vmId}`, { ownerId: randomUUID() })).status).toBe(404);
    expect((await core.send('PATCH', `/v1/vms/${vm.vmId}`, { ownerId: bob.id })).status).toBe(204);
    await send(vm, numbered(2, 'one', then));

    expect((await core.send('POST', `/v1/months/${now}/close`)).status).toBe(409);
    expect((await core.send('POST', `/v1/months/${month}/close`, undefined, ada.bearer)).status).toBe(403);
    expect((await core.send('POST', `/v1/months/${month}/close`)).status).toBe(201);
    expect((await core.send('POST', `/v1/months/${month}/close`)).status).toBe(409);
    const closed = await bills(`to=${month}`);
    expect((await send(vm, numbered(3, 'one', then))).status).toBe(201);
    const correction = { vmId: vm.vmId, day: day.toISOString().slice(0, 10), tokens: -40, note: 'an outage' };
    expect(await core.send('POST', '/v1/corrections', correction)).toMatchObject({
      status: 201,
      body: { billedIn: now },
    });
    expect(await bills(`to=${month}`)).toEqual(closed);
    expect(closed).toMatchObject({ closed: [month] });
    expect(closed.items.map(({ ownerId, kind, tokens }) => [ownerId, kind, tokens]).sort()).toEqual(
      [
        [ada.id, 'usage', 100],
        [bob.id, 'usage', 100],
      ].sort(),
    );
    const { items } = await bills(`from=${now}`);
    const kinds = items.filter(({ vmId }) => vmId === vm.vmId).map(({ kind, tokens }) => `${kind} ${tokens}`);
    expect(kinds.sort()).toEqual(['correction -40', 'late 100']);

    for (const sql of [
      'UPDATE daily_totals SET tokens = 0 WHERE vm_id = $1',
      'DELETE FROM daily_totals WHERE vm_id = $1',
      'UPDATE entries SET tokens = 0 WHERE vm_id = $1',
      'DELETE FROM entries WHERE vm_id = $1',
    ]) {
      await expect(core.db.pool.query(sql, [vm.vmId])).rejects.toThrow(/does not change/);
    }
    await expect(core.db.pool.query('DELETE FROM closed_months')).rejects.toThrow(/does not change/);

    // As files, each person's own.
    const file = async (format: string, bearer = `Bearer ${core.adminToken}`) => {
      const route = new URL(`/v1/billing/${month}/export?format=${format}`, core.url);
      return await (await fetch(route, { headers: { authorization: bearer } })).text();
    };
    const [names, ...lines] = (await file('csv')).trimEnd().split('\r\n');
    expect(names).toBe(
      'month,day_utc,customer_number,login,vm_id,vm_label,kind,executions,duration_ms,tokens',
    );
    const date = day.toISOString().slice(0, 10);
    expect(lines.filter((line) => line.includes(vm.vmId))).toEqual([
      `"${month}","${date}","K-1001/a","ada","${vm.vmId}","","usage",1,10,100`,
      `"${month}","${date}","","bob","${vm.vmId}","","usage",1,10,100`,
    ]);
    expect(
      (await file('ndjson', bob.bearer))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).login),
    ).toEqual(['bob']);
  });

  it.each([
    ['of nothing', { tokens: 0 }],
    ['of a day to come', { day: '2100-01-01' }],
    ['of the year one', { day: '0001-01-01' }],
    ['beyond what a VM can do', { tokens: 10_000_000_001 }],
    ['of a day that there is not', { day: '2026-02-30' }],
    ['with a story', { note: 'x'.repeat(61) }],
  ])('takes no correction %s', async (_what, more) => {
    const correction = { vmId: randomUUID(), day: '2026-02-28', tokens: 1, ...more };
    expect((await core.send('POST', '/v1/corrections', correction)).status).toBe(422);
  });

  it('goes from the first to this one, and not backwards', async () => {
    expect((await core.send('GET', '/v1/billing?from=2026-02&to=2026-01')).status).toBe(422);
    expect((await core.send('GET', '/v1/billing?from=2026-13')).status).toBe(422);
    expect((await core.send('GET', '/v1/billing?since=2026-01')).status).toBe(422);
  });
});

describe('VMs and people', () => {
  it('are replaced, retired and removed, and their bills stay', async () => {
    const cleo = await core.user('cleo');
    const broken = await core.vm({ bearer: cleo.bearer });
    await core.send('PATCH', `/v1/vms/${broken.vmId}`, { label: 'Bern' });
    await send(broken, numbered(1));
    const { body } = await core.send('POST', '/v1/enrollments', { replaces: broken.vmId });
    const { id, token } = body as { id: string; token: string };
    const open = async () =>
      ((await core.send('GET', '/v1/enrollments')).body as { items: { id: string }[] }).items;
    expect(await open()).toContainEqual(
      expect.objectContaining({ id, label: 'Bern', replaces: broken.vmId }),
    );
    expect(JSON.stringify(await open())).not.toContain(token);
    const fresh = await core.vm({ enrollmentToken: token });
    expect(await fleetEntry(fresh)).toMatchObject({ label: 'Bern', ownerId: cleo.id, state: 'never' });
    expect(await fleetEntry(broken)).toBeUndefined();
    expect(await send(broken, numbered(2))).toMatchObject({ status: 403, body: { code: 'E_SUSPENDED' } });

    expect((await core.send('DELETE', `/v1/users/${cleo.id}`)).status).toBe(409);
    const waiting = await core.send('POST', '/v1/enrollments', { userId: cleo.id });
    expect((await core.send('POST', `/v1/vms/${fresh.vmId}/retire`, undefined, cleo.bearer)).status).toBe(
      403,
    );
    expect((await core.send('POST', `/v1/vms/${fresh.vmId}/retire`)).status).toBe(204);
    expect((await core.send('POST', `/v1/vms/${fresh.vmId}/retire`)).status).toBe(404);
    expect((await core.send('DELETE', `/v1/users/${cleo.id}`)).status).toBe(204);
    expect((await core.send('GET', '/v1/fleet', undefined, cleo.bearer)).status).toBe(401);
    const late = {
      enrollmentToken: (waiting.body as { token: string }).token,
      authSecretHash: fresh.request.authSecretHash,
    };
    expect((await core.send('POST', '/v1/vms', late, null)).status).toBe(403);
    expect((await core.send('POST', '/v1/enrollments', { userId: cleo.id })).status).toBe(404);
    const kept = (await bills(`from=${daysAgo(1).toISOString().slice(0, 7)}`)).items;
    expect(kept).toContainEqual(
      expect.objectContaining({ vmId: broken.vmId, ownerId: cleo.id, tokens: 100 }),
    );
  });

  it('have enrolment tokens that can be withdrawn, each their own', async () => {
    const dan = await core.user('dan');
    const { body } = await core.send('POST', '/v1/enrollments', {}, dan.bearer);
    const { id, token } = body as { id: string; token: string };
    const eve = await core.user('eve');
    expect((await core.send('DELETE', `/v1/enrollments/${id}`, undefined, eve.bearer)).status).toBe(404);
    expect((await core.send('DELETE', `/v1/enrollments/${id}`, undefined, dan.bearer)).status).toBe(204);
    const request = { enrollmentToken: token, authSecretHash: `$2b$10$${'a'.repeat(53)}` };
    expect((await core.send('POST', '/v1/vms', request, null)).status).toBe(403);
  });

  it('are found, put in order and paged', async () => {
    const made = await Promise.all(
      ['Zug 1', 'Zug 2', 'Zug 3'].map(async (label) => ({ label, vm: await core.vm() })),
    );
    for (const { label, vm } of made) await core.send('PATCH', `/v1/vms/${vm.vmId}`, { label });
    const [first, second] = made;
    await core.db.pool.query("UPDATE vms SET last_report_at = now() - interval '3 days' WHERE id = $1", [
      second?.vm.vmId,
    ]);
    await core.send('PATCH', `/v1/vms/${first?.vm.vmId}`, { suspended: true });
    const labels = async (query: string) => {
      const { body } = await core.send('GET', `/v1/fleet?q=zug&${query}`);
      const { items, total, counts } = body as Fleet;
      return { labels: items.map(({ label }) => label).join(), total, ...counts };
    };
    expect(await labels('')).toMatchObject({
      labels: 'Zug 2,Zug 1,Zug 3',
      total: 3,
      silent: 1,
      suspended: 1,
      never: 1,
    });
    expect(await labels('state=attention')).toMatchObject({ labels: 'Zug 2,Zug 1', total: 2 });
    expect(await labels('sort=label&order=desc&limit=2')).toMatchObject({ labels: 'Zug 3,Zug 2', total: 3 });
    expect(await labels('sort=label&limit=2&offset=2')).toMatchObject({ labels: 'Zug 3', total: 3 });
    expect(((await core.send('GET', '/v1/fleet?q=%25')).body as Fleet).total).toBe(0);
    expect((await core.send('GET', '/v1/fleet?sort=secret')).status).toBe(422);
  });
});

describe("the provider's tokens", () => {
  const may = async (authorization: string) => {
    const asked = [
      ['GET', '/v1/fleet'],
      ['GET', '/v1/users'],
      ['POST', '/v1/enrollments', {}],
      ['POST', '/v1/corrections', {}],
      ['POST', '/v1/users', { login: 'A' }],
      ['GET', '/v1/tokens'],
      ['GET', '/v1/audit'],
      ['POST', `/v1/vms/${randomUUID()}/retire`],
      ['PATCH', `/v1/vms/${randomUUID()}`, { suspended: true }],
    ] as const;
    const answers: string[] = [];
    for (const [method, route, body] of asked) {
      answers.push(String((await core.send(method, route, body, authorization)).status));
    }
    return answers.join(' ');
  };

  it('do what their roles say, and no more', async () => {
    const [operator, billing, support] = await Promise.all(
      ['operator', 'billing', 'support'].map((role) => tokenOf(`of ${role}`, role)),
    );
    expect(await may(operator?.bearer ?? '')).toBe('200 200 201 422 422 200 200 404 404');
    expect(await may(billing?.bearer ?? '')).toBe('200 200 403 422 422 403 403 403 403');
    expect(await may(support?.bearer ?? '')).toBe('200 200 201 422 422 403 403 403 404');
    const user = { login: 'fred', password: 'long enough, yes' };
    expect((await core.send('POST', '/v1/users', user, support?.bearer)).status).toBe(403);
    expect((await core.send('POST', '/v1/months/2020-01/close', undefined, support?.bearer)).status).toBe(
      403,
    );
    const correction = { vmId: randomUUID(), day: '2026-01-01', tokens: 1 };
    expect((await core.send('POST', '/v1/corrections', correction, support?.bearer)).status).toBe(403);
    expect((await core.send('POST', '/v1/corrections', correction, billing?.bearer)).status).toBe(404);
    expect(await core.send('GET', '/v1/session', undefined, support?.bearer)).toMatchObject({
      body: { role: 'support', isOperator: false },
    });
    // To replace a VM retires it, which is the operator's alone.
    const { vmId } = await core.vm();
    const replaced = (bearer?: string) => core.send('POST', '/v1/enrollments', { replaces: vmId }, bearer);
    expect((await replaced(support?.bearer)).status).toBe(403);
    expect((await replaced(operator?.bearer)).status).toBe(201);
  });

  it('end, with all that was opened or made with them', async () => {
    const made = await tokenOf('an automation', 'operator', { days: 1 });
    const below = await tokenOf('made by it', 'support', { days: 300 }, made.bearer);
    expect(Date.parse(below.expiresAt)).toBeLessThanOrEqual(Date.parse(made.expiresAt));
    expect((await core.send('DELETE', `/v1/tokens/${made.id}`)).status).toBe(204);
    for (const { bearer } of [made, below]) {
      expect((await core.send('GET', '/v1/fleet', undefined, bearer)).status).toBe(401);
    }
    const listed = (await core.send('GET', '/v1/tokens')).body as { items: { id: string; name: string }[] };
    expect(listed.items.map(({ id }) => id)).not.toContain(made.id);
    expect(listed.items.map(({ name }) => name)).toContain('admin-token');
    expect(JSON.stringify(listed)).not.toContain('core_');
    const other = await tokenOf('for a day', 'billing', { days: 1 });
    await core.db.pool.query("UPDATE access_tokens SET expires_at = now() - interval '1 s' WHERE id = $1", [
      other.id,
    ]);
    expect((await core.send('GET', '/v1/fleet', undefined, other.bearer)).status).toBe(401);
  });

  it('are ended by the file of the operator’s own: a new one is the only one', async () => {
    const named = await tokenOf('made with the old one', 'operator');
    await rm(`${core.home}/admin-token`);
    await ensureAdminToken(core.home, core.db);
    const old = `Bearer ${core.adminToken}`;
    expect((await core.send('GET', '/v1/fleet', undefined, old)).status).toBe(401);
    expect((await core.send('GET', '/v1/fleet', undefined, named.bearer)).status).toBe(401);
    const { rows } = await core.db.pool.query(
      'SELECT count(*)::int AS good FROM access_tokens WHERE role IS NOT NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())',
    );
    expect(rows).toEqual([{ good: 1 }]);
  });
});

describe('the record of acts', () => {
  it('is a chain, and says where it was altered', async () => {
    const { verifyActs } = await import('./audit/read-acts.ts');
    const { recordAct } = await import('./audit/record-act.ts');
    const before = await verifyActs(core.db);
    expect(before).toMatchObject({ ok: true, firstBad: null, headSeen: null });
    // A head that was kept elsewhere is found again as long as the chain goes on from it.
    await core.db.prisma.$transaction((tx) => recordAct(tx, { actor: 'file', action: 'token.replaced' }));
    expect(await verifyActs(core.db, before.head)).toMatchObject({ ok: true, headSeen: true });
    expect(await verifyActs(core.db, '0'.repeat(64))).toMatchObject({ ok: true, headSeen: false });
    expect(before.acts).toBeGreaterThan(20);
    await expect(core.db.pool.query('DELETE FROM acts WHERE seq = 5')).rejects.toThrow(/does not change/);
    const tamper = async (sql: string) => {
      await core.db.pool.query('ALTER TABLE acts DISABLE TRIGGER USER');
      await core.db.pool.query(sql);
      await core.db.pool.query('ALTER TABLE acts ENABLE TRIGGER USER');
    };
    await tamper("UPDATE acts SET actor = 'file' WHERE seq = 7");
    await tamper("UPDATE acts SET data = '{}' WHERE seq = 9");
    expect(await verifyActs(core.db)).toMatchObject({ ok: false, firstBad: expect.any(Number) });
    await tamper('DELETE FROM acts WHERE seq = 3');
    expect(await verifyActs(core.db)).toMatchObject({ ok: false, acts: 2, firstBad: 3 });
  });
});

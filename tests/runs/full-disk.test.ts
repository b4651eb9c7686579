/** A VM whose disk is full: a file system of its own, as small as it gets. Needs root, who may mount one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

const sizeMiB = 400;
const home = mkdtempSync(path.join(tmpdir(), 'alfred-small-'));
const canMount = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=0755`, 'tmpfs', home], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false; // not root, or a container without the right
  }
})();
const ballast = path.join(home, 'ballast');

afterAll(() => {
  if (canMount) execFileSync('umount', ['-l', home]);
  rmSync(home, { recursive: true, force: true });
});

/** Leaves `mebibytes` free; 0 leaves not one byte. */
async function fill(mebibytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(home);
  const bytes = Math.max(0, bavail * bsize - mebibytes * 1024 * 1024);
  execFileSync('sh', ['-c', `head -c ${bytes} /dev/zero >> "$0" || true`, ballast], { stdio: 'ignore' });
}
const makeRoom = () => rmSync(ballast, { force: true });

describe.runIf(canMount)('a VM whose disk is full', () => {
  let vm: TestVm;
  beforeAll(async () => {
    vm = await startTestVm({ home, env: { ALFRED_MODEL: 'rehearsal', ALFRED_SPARE_AGENTS: '0' } });
    const steps = [{ id: 1, prompt: 'Say hello.' }];
    for (const slug of ['hello', 'other']) {
      const answer = await vm.api('POST', '/api/v1/skills', { slug, name: slug, steps });
      expect(answer.status).toBe(201);
    }
    const hook = {
      slug: 'hook',
      name: 'Hook',
      steps,
      triggerType: 'webhook',
      triggerConfig: { auth: 'none' },
    };
    expect((await vm.api('POST', '/api/v1/skills', hook)).status).toBe(201);
  });
  afterAll(async () => {
    makeRoom();
    await vm?.stop({ keepHome: true });
  });

  const ready = async () => await vm.api('GET', '/readyz');
  const execution = async (id: string) =>
    (await vm.api('GET', `/api/v1/executions/${id}`)).body as { status: string; errorCode: string | null };
  async function until(is: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 120_000;
    while (!(await is())) {
      if (Date.now() > deadline) throw new Error(`It did not come to that\n${vm.stderr().slice(-3000)}`);
      await sleep(250);
    }
  }

  it('takes nothing in, says why, stays readable, and goes on when there is room', async () => {
    expect((await ready()).status).toBe(200);
    await fill(30);
    const refused = {
      status: 507,
      body: { code: 'E_DISK_FULL', detail: expect.stringContaining('is full') },
    };
    expect(await vm.api('POST', '/api/v1/skills/hello/run', {})).toMatchObject(refused);
    expect(await vm.api('POST', '/hooks/hook', { a: 1 })).toMatchObject(refused);
    expect(await ready()).toMatchObject({
      status: 503,
      body: { code: 'E_NOT_READY', detail: expect.stringContaining('is full') },
    });
    expect((await vm.api('GET', '/healthz')).status).toBe(200);
    expect((await vm.api('GET', '/api/v1/executions')).status).toBe(200);
    const cli = await vm.cli(['skill', 'run', 'hello']);
    expect(cli.stderr).toContain('E_DISK_FULL');

    makeRoom();
    expect((await ready()).status).toBe(200);
    const answer = await vm.api('POST', '/api/v1/skills/hello/run?wait=120', {});
    expect(answer).toMatchObject({ status: 200, body: { status: 'succeeded' } });
  });

  it('keeps what runs until there is room, though not one byte is left', async () => {
    const started = await Promise.all(
      ['hello', 'other', 'hello', 'other'].map((slug) => vm.api('POST', `/api/v1/skills/${slug}/run`, {})),
    );
    const ids = started.map(({ status, body }) => {
      expect(status).toBe(202);
      return (body as { executionId: string }).executionId;
    });
    await fill(0);
    await sleep(8000);
    expect(vm.process.exitCode).toBeNull();
    expect((await vm.api('GET', '/healthz')).status).toBe(200);
    expect((await ready()).status).toBe(503);
    makeRoom();
    await until(async () => (await ready()).status === 200);
    await until(async () =>
      (await Promise.all(ids.map(execution))).every(
        ({ status }) => status === 'succeeded' || status === 'failed',
      ),
    );
    for (const id of ids) expect(await execution(id)).toMatchObject({ status: 'succeeded', errorCode: null });
    expect((await vm.cli(['audit', 'verify'])).code).toBe(0);
  });
});

/** What a webhook was promised with 202 is kept when the VM is killed in the next moment. */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { makePreparedHome, startTestVm, type TestVm } from '../helpers/vm.ts';

let home: string | undefined;
let vm: TestVm | undefined;
afterAll(async () => {
  await vm?.stop();
  if (home) await rm(home, { recursive: true, force: true });
});

it('runs every accepted delivery after a kill, once, and still knows them when they come again', async () => {
  home = await makePreparedHome();
  const killed = await startTestVm({ home });
  const made = await killed.api('POST', '/api/v1/skills', {
    slug: 'kept',
    name: 'Kept',
    steps: [{ id: 1, prompt: 'Go.' }],
    triggerType: 'webhook',
    triggerConfig: { auth: 'none' },
    concurrency: 2,
  });
  expect(made.status).toBe(201);
  const deliver = async (url: string, id: string): Promise<string> => {
    const response = await fetch(new URL('/hooks/kept', url), {
      method: 'POST',
      headers: { 'webhook-id': id },
    });
    expect(response.status).toBe(202);
    return ((await response.json()) as { executionId: string }).executionId;
  };
  const deliveries = Array.from({ length: 4 }, (_, n) => `delivery-${n}`);
  const promised = await Promise.all(deliveries.map((id) => deliver(killed.url, id)));
  killed.process.kill('SIGKILL');
  await once(killed.process, 'exit');

  const next = await startTestVm({ home });
  vm = next;
  expect(await Promise.all(deliveries.map((id) => deliver(next.url, id)))).toEqual(promised);
  const statuses = async () => {
    const { body } = (await next.api('GET', '/api/v1/executions?skill=kept')) as {
      body: { items: { id: string; status: string }[] };
    };
    return body.items;
  };
  while ((await statuses()).some(({ status }) => status === 'queued' || status === 'running'))
    await sleep(300);
  const ended = await statuses();
  expect(ended.map(({ id }) => id).sort()).toEqual([...promised].sort());
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['succeeded']));
});

/** Runs started over HTTP, webhooks each sent twice, and runs that fail, as many as are not over yet; a schedule beside. */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestVm } from '../helpers/vm.ts';

export type Load = {
  /** Ids that were answered with 2xx. */
  accepted: Set<string>;
  /** How many of them came by webhook. */
  readonly deliveries: number;
  start(): void;
  stop(): Promise<void>;
};

const secret = 'whsec_c29hay1zb2FrLXNvYWstc29hay1zb2Fr';

/** Every minute: as often as a schedule can. */
export const scheduleSlug = 'by-schedule';
export const failingSlug = 'by-failing';

/**
 * The connection and the skills that the load runs, and where notices go.
 *
 * @throws when the VM refuses one of them
 */
export async function setUpSkills(vm: TestVm, server: string, noticesTo: string): Promise<void> {
  const call = async (method: string, route: string, body: unknown) => {
    const { status, body: answer } = await vm.api(method, route, body);
    if (status >= 300) throw new Error(`${route}: ${status} ${JSON.stringify(answer)}`);
  };
  await call('POST', '/api/v1/connections', {
    name: 'everything',
    type: 'mcp_stdio',
    config: { command: 'node', args: [server] },
  });
  await call('POST', '/api/v1/connections/everything/discover', {});
  const steps = (token: string) => [
    { id: 1, prompt: `STEP 1 OF ${token}`, allowedTools: [] },
    { id: 2, prompt: `STEP 2 OF ${token}`, allowedTools: ['mcp__everything__echo'] },
  ];
  await call('POST', '/api/v1/skills', {
    slug: 'by-hand',
    name: 'By hand',
    triggerType: 'manual',
    concurrency: 4,
    steps: steps('{{token}}'),
  });
  await call('POST', '/api/v1/skills', {
    slug: 'by-hook',
    name: 'By hook',
    triggerType: 'webhook',
    concurrency: 4,
    triggerConfig: { auth: 'standard', secret },
    steps: steps('{{body.token}}'),
  });
  await call('POST', '/api/v1/skills', {
    slug: scheduleSlug,
    name: 'By schedule',
    triggerType: 'schedule',
    concurrency: 4,
    triggerConfig: { cron: '* * * * *', timezone: 'UTC', missed: 'once' },
    steps: [{ id: 1, prompt: 'Look at the clock', allowedTools: [] }],
  });
  await call('POST', '/api/v1/skills', {
    slug: 'mourner',
    name: 'Mourner',
    concurrency: 4,
    steps: [{ id: 1, prompt: 'STEP 1 OF mourning-{{failed.id}}', allowedTools: [] }],
  });
  await call('POST', '/api/v1/skills', {
    slug: failingSlug,
    name: 'By failing',
    concurrency: 4,
    onFailureSkill: 'mourner',
    steps: [
      { id: 1, prompt: 'STEP 1 OF {{token}}', allowedTools: [] },
      { id: 2, prompt: 'STEP 2 OF {{token}}, which FAILS', allowedTools: [] },
    ],
  });
  const config = { url: noticesTo, allowPrivateNetwork: true };
  await call('POST', '/api/v1/notice-channels', { name: 'programs', kind: 'webhook', config });
}

/** @param openAtMost how many are started before some have ended */
export function createLoad(vmNow: () => TestVm | undefined, openAtMost: number): Load {
  const accepted = new Set<string>();
  let deliveries = 0;
  let isOver = false;
  let loops: Promise<void>[] = [];

  async function startByHand(vm: TestVm, slug: string): Promise<void> {
    const { status, body } = await vm.api('POST', `/api/v1/skills/${slug}/run`, {
      input: { token: randomUUID() },
    });
    if (status === 202) accepted.add((body as { executionId: string }).executionId);
  }

  /** Sent until it is accepted, and once more: the answer names the same execution. */
  async function deliver(): Promise<void> {
    const id = randomUUID();
    for (let times = 0; times < 2 && !isOver; ) {
      const vm = vmNow();
      if (!vm) {
        await sleep(100);
        continue;
      }
      const answer = await send(vm, id).catch(() => undefined);
      if (typeof answer === 'string') {
        if (!accepted.has(answer)) deliveries++;
        accepted.add(answer);
        times++;
      } else await sleep(200);
    }
  }

  async function send(vm: TestVm, id: string): Promise<string | number> {
    const body = JSON.stringify({ token: id });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    const response = await fetch(new URL('/hooks/by-hook', vm.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
      body,
    });
    const text = await response.text();
    return response.ok ? (JSON.parse(text) as { executionId: string }).executionId : response.status;
  }

  async function openCount(vm: TestVm): Promise<number> {
    const counts = await Promise.all(
      ['queued', 'running'].map(async (status) => {
        const { body } = await vm.api('GET', `/api/v1/executions?status=${status}&limit=${openAtMost}`);
        return (body as { items: unknown[] }).items.length;
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async function loop(): Promise<void> {
    for (let turn = 0; !isOver; turn++) {
      const vm = vmNow();
      try {
        if (vm && (await openCount(vm)) < openAtMost) {
          if (turn % 2 === 1) await deliver();
          else await startByHand(vm, turn % 6 === 4 ? failingSlug : 'by-hand');
        }
      } catch {
        // Killed in the middle: what was not answered was not accepted.
      }
      await sleep(150);
    }
  }

  return {
    accepted,
    get deliveries() {
      return deliveries;
    },
    start() {
      loops = [loop(), loop()];
    },
    async stop() {
      isOver = true;
      await Promise.all(loops);
    },
  };
}

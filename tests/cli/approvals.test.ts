/** What waits for a person, over the API and the command line of a VM as a person starts it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MessagesApi, startMessagesApi } from '../helpers/messages-api.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

const server = path.join(import.meta.dirname, '../helpers/mcp/ledger-server.ts');
/** To the eye "pay 10 EUR", on a terminal that obeys what stands in it. */
const note = 'pay 10\u202e\u009b2D\u200b0\u{e0030} EUR\ufe0f\u00a0';
const input = { to: 'Zoë  Two', amount: 1.5, note };
let model: MessagesApi;
let vm: TestVm;
beforeAll(async () => {
  model = await startMessagesApi(({ body }) =>
    JSON.stringify(body.messages).includes('"tool_result"')
      ? { text: 'Done.' }
      : { toolCalls: [{ name: 'mcp__ledger__pay', input }] },
  );
  vm = await startTestVm({
    env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'sk-ant-test-0123456789' },
  });
  const config = { command: 'node', args: [server, path.join(vm.home, 'ledger.jsonl')], sandbox: 'off' };
  await vm.api('POST', '/api/v1/connections', { name: 'ledger', type: 'mcp_stdio', config });
  await vm.api('POST', '/api/v1/connections/ledger/discover');
  const steps = [{ id: 1, prompt: 'Pay', allowedTools: ['mcp__ledger__pay'], approval: 'destructive' }];
  await vm.api('POST', '/api/v1/skills', { slug: 'pay', name: 'Pay', steps, triggerType: 'manual' });
});
afterAll(async () => {
  await vm?.stop();
  await model?.close();
});

it('shows exactly what would be called, and takes a decision once', async () => {
  const started = await vm.api('POST', '/api/v1/skills/pay/run', { input: {} });
  expect(started.status).toBe(202);
  const { executionId } = started.body as { executionId: string };
  await expect
    .poll(async () => (await vm.cli(['execution', 'approvals'])).stdout)
    .toContain('"to": "Zoë  Two"');
  const exact = String.raw`"note": "pay 10\u202e\u009b2D\u200b0\udb40\udc30 EUR\ufe0f\u00a0"`;
  expect((await vm.cli(['execution', 'approvals'])).stdout).toContain(exact);
  const approved = await vm.cli(['execution', 'approve', executionId, '--json']);
  expect(approved).toMatchObject({ code: 0 });
  const [approval] = (approved.json() as { items: { id: string; arguments: unknown }[] }).items;
  expect(approval).toMatchObject({ status: 'approved', decidedBy: 'owner', arguments: input });
  const again = await vm.api('POST', `/api/v1/approvals/${approval?.id}`, { decision: 'deny' });
  expect(again).toMatchObject({ status: 409, body: { code: 'E_CONFLICT' } });
  const watched = await vm.cli(['execution', 'watch', executionId]);
  expect(watched.stderr).toContain('waiting for you:');
  expect(watched.stderr).toContain(exact);
  expect(watched.stderr).toContain(`alfred execution approve ${approval?.id}`);
  expect(readFileSync(path.join(vm.home, 'ledger.jsonl'), 'utf8')).toBe(
    `${JSON.stringify(['pay', input])}\n`,
  );
});

/** A conversation whose VM is killed in mid-answer: the answer goes on behind what was said, and nothing is said twice. */
import { afterAll, describe, expect, it } from 'vitest';
import type { WholeConversation } from '../../src/contract/chat.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { type MessagesApi, startMessagesApi } from '../helpers/messages-api.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

let model: MessagesApi;
let vm: TestVm;
afterAll(async () => {
  await vm?.stop();
  await model?.close();
});

const read = async (id: string) =>
  (await vm.api('GET', `/api/v1/conversations/${id}`)).body as WholeConversation;

describe('a VM that is killed in mid-answer', () => {
  it('goes on behind what was said, once, and the next message after it', async () => {
    let answers = 0;
    model = await startMessagesApi(() => {
      answers += 1;
      return answers === 1
        ? { text: 'Once upon a time there was a king.', eventDelayMs: 3000 }
        : { text: answers === 2 ? 'He lived long.' : 'As I said.' };
    });
    const env = { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'sk-ant-test-0123456789' };
    vm = await startTestVm({ env, ownGroup: true });
    const { home } = vm;
    const begun = await vm.api('POST', '/api/v1/conversations', {});
    const { id } = begun.body as { id: string };
    await vm.api('POST', `/api/v1/conversations/${id}/messages`, { text: 'Tell me a story' });
    await vm.api('POST', `/api/v1/conversations/${id}/messages`, { text: 'And then?' });
    let said = '';
    await until(async () => {
      said = (await read(id)).messages[1]?.text ?? '';
      return said !== '';
    });
    process.kill(-vm.pid, 'SIGKILL');
    vm = await startTestVm({ home, env });
    let whole = await read(id);
    await until(async () => {
      whole = await read(id);
      return whole.messages.every(({ status }) => status === 'done');
    });
    const [, first, , second] = whole.messages;
    expect('Once upon a time there was a king.'.startsWith(said)).toBe(true);
    expect(first?.text.startsWith(said)).toBe(true);
    expect(first?.text.endsWith('\n\nHe lived long.')).toBe(true);
    expect(second?.text).toBe('As I said.');
    expect(model.requests).toHaveLength(3);
    const asked = JSON.stringify(model.requests.at(1)?.body.messages);
    expect(asked).toContain(first?.text.split('\n\n')[0]?.trimEnd());
    expect(asked).toContain('cut off');
    expect((await vm.cli(['audit', 'verify'])).code).toBe(0);
  });
});

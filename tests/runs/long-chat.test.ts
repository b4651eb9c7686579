/** Conversations that become longer than the model takes: summed up for the model, whole for whoever reads them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/audit/verify/verify-audit.ts';
import { createConversation } from '../../src/chat/create-conversation.ts';
import { followConversation } from '../../src/chat/follow-conversation.ts';
import { getConversation } from '../../src/chat/get-conversation.ts';
import { sendMessage } from '../../src/chat/send-message.ts';
import { putConfig } from '../../src/config/put-config.ts';
import type { ChatEvent } from '../../src/contract/chat.ts';
import { getExecution } from '../../src/executions/get-execution.ts';
import { purgeExecution } from '../../src/executions/purge-execution.ts';
import { ensureSystemSkills } from '../../src/skills/system/ensure-system-skills.ts';
import type { MessagesBody, Script } from '../helpers/messages-api-script.ts';
import { createRunnerBench, modelKey, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  await ensureSystemSkills(bench);
  await putConfig(bench, 'chat_context_tokens', '10000');
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.api.requests.length = 0;
});

const begin = async () => (await createConversation(bench, {}, { actor: 'owner', mayLoosen: true })).id;
const ask = async (id: string, text: string, more: object = {}) => {
  const sent = await sendMessage(bench, id, { text, actor: 'owner', ...more });
  await bench.ended(sent.executionId);
  return sent;
};
const isForSummary = ({ system }: MessagesBody) =>
  JSON.stringify(system).includes('You sum up a long conversation');
const textOf = ({ messages }: MessagesBody) => JSON.stringify(messages);
/** How long the conversation is, in tokens, as the endpoint says. */
let counted = 0;
const long: Script = ({ body }) =>
  isForSummary(body)
    ? { text: 'The owner likes figs.', usage: { input_tokens: 500, output_tokens: 50 } }
    : { text: 'So it is.', usage: { input_tokens: counted, output_tokens: 10 } };
const requests = () => bench.api.requests.map(({ body }) => (isForSummary(body) ? 'sum up' : 'answer'));

/** Until so many summaries are told of whole. */
async function toldSummaries(id: string, count: number): Promise<ChatEvent[]> {
  const stop = new AbortController();
  const told: ChatEvent[] = [];
  for await (const event of await followConversation(bench, id, {
    after: { turn: 0, seq: 0 },
    signal: stop.signal,
  })) {
    if (event.event === 'summary') told.push(event);
    if (told.length >= 2 * count) stop.abort();
  }
  return told;
}

describe('a conversation that has become long', () => {
  it('is summed up before the turn that would be too long: shown, priced, kept, and whole to read', async () => {
    bench.api.setScript(long);
    const id = await begin();
    counted = 3_000;
    for (const word of ['one', 'two', 'three']) await ask(id, `Word ${word}: figs`);
    // What was said and is said now comes to it: the answer, and the message.
    counted = 9_996;
    await ask(id, 'Word four: figs');
    expect(requests()).toEqual(['answer', 'answer', 'answer', 'answer']);
    counted = 3_000;
    const fifth = await ask(id, 'Word five');
    expect(requests().slice(4)).toEqual(['sum up', 'answer']);
    const [asked, answered] = bench.api.requests.slice(4).map(({ body }) => body);
    expect(asked && textOf(asked)).toContain('## Owner\\nWord one: figs');
    expect(asked?.tools ?? []).toEqual([]);
    const sent = answered ? textOf(answered) : '';
    expect(sent).toContain('The owner likes figs.');
    expect(sent).not.toContain('Word one');
    expect(sent).toContain('Word four');
    const { messages, summaries } = await getConversation(bench, id);
    expect(messages).toHaveLength(10);
    expect(messages[0]?.text).toBe('Word one: figs');
    expect(summaries).toMatchObject([
      { executionId: fifth.executionId, text: 'The owner likes figs.', messages: 4, costUsd: 0.0015 },
    ]);
    expect(summaries[0]?.untilId).toBe(messages[3]?.id);
    // Its cost is part of the turn's.
    const { costUsd, tokenCount } = await getExecution(bench, fifth.executionId);
    expect(costUsd).toBeCloseTo(0.0015 + (3_000 * 2 + 10 * 10) / 1e6, 9);
    expect(tokenCount).toBe(3_560);
    expect((await toldSummaries(id, 1)).map(({ data }) => data)).toMatchObject([
      { messages: 4, summary: null },
      { messages: 4, summary: { text: 'The owner likes figs.' } },
    ]);
  });

  it('goes on from its summary when nothing is left of the agent, and sums up that one too', {
    tags: ['exhaustive'],
  }, async () => {
    await putConfig(bench, 'chat_warm_minutes', '0');
    bench.api.setScript(long);
    const id = await begin();
    await ask(id, 'First');
    counted = 20_000;
    await ask(id, 'Second');
    counted = 3_000;
    await ask(id, 'Third');
    await ask(id, 'Fourth');
    expect(requests()).toEqual(['answer', 'answer', 'sum up', 'answer', 'answer']);
    const cold = bench.api.requests.at(-1)?.body;
    expect(cold && textOf(cold)).toContain('The owner likes figs.');
    expect(cold && textOf(cold)).not.toContain('First');
    counted = 20_000;
    await ask(id, 'Fifth');
    counted = 3_000;
    await ask(id, 'Last');
    expect(requests().slice(5)).toEqual(['answer', 'sum up', 'answer']);
    const again = bench.api.requests[6]?.body;
    expect(again && textOf(again)).toContain('What the conversation before this came to');
    expect((await getConversation(bench, id)).summaries.map(({ messages }) => messages)).toEqual([2, 6]);
    await putConfig(bench, 'chat_warm_minutes', '5');
  });

  it('is summed up when an endpoint refuses it, and answered all the same', async () => {
    const id = await begin();
    bench.api.setScript(() => ({ text: 'Yes.' }));
    await ask(id, 'First');
    bench.api.requests.length = 0;
    bench.api.setScript(({ body }) => {
      if (isForSummary(body)) return { text: 'They count.' };
      return textOf(body).includes('First') ? { fail: 'prompt-too-long' } : { text: 'Second it is.' };
    });
    await ask(id, 'Second');
    expect(requests()).toEqual(['answer', 'sum up', 'answer']);
    const { messages } = await getConversation(bench, id);
    expect(messages.at(-1)).toMatchObject({ status: 'done', text: 'Second it is.' });
    // With nothing before it there is nothing to sum up.
    const alone = await begin();
    await ask(alone, 'First');
    expect((await getConversation(bench, alone)).messages.at(-1)).toMatchObject({
      ...{ status: 'failed', errorCode: 'E_PROMPT_TOO_LONG' },
    });
  });

  it('fails as the turn would, when its cap does not allow the summary', async () => {
    bench.api.setScript(long);
    counted = 20_000;
    const id = await begin();
    await ask(id, 'First');
    await putConfig(bench, 'max_cost_per_run_usd', '0.0000001');
    await ask(id, 'Second');
    await putConfig(bench, 'max_cost_per_run_usd', '100');
    const { messages, summaries } = await getConversation(bench, id);
    expect(messages.at(-1)).toMatchObject({ status: 'failed', errorCode: 'E_COST_CAP' });
    expect(summaries).toEqual([]);
  });

  it('has no secret in its summary, and loses it with the first message of which it tells', async () => {
    bench.api.setScript(({ body }) =>
      isForSummary(body)
        ? { text: `The key is ${modelKey}.` }
        : { text: 'Yes.', usage: { input_tokens: 20_000 } },
    );
    const id = await begin();
    const first = await ask(id, 'First');
    await ask(id, 'Second');
    const [made] = (await getConversation(bench, id)).summaries;
    expect(made?.text).toMatch(/^The key is \[redacted:/);
    expect((await verifyAudit(bench)).firstBad).toBeNull();
    await purgeExecution(bench, first.executionId, 'owner');
    expect((await getConversation(bench, id)).summaries).toMatchObject([{ id: made?.id, text: '' }]);
    await expect(bench.db.pool.query(`UPDATE conversation_summaries SET text = 'other'`)).rejects.toThrow(
      'is on record',
    );
    expect((await verifyAudit(bench)).firstBad).toBeNull();
  });
});

/** Conversations: every message is a run of its own, and the record of what was said is ours. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConversation } from '../../src/chat/create-conversation.ts';
import { followConversation } from '../../src/chat/follow-conversation.ts';
import { getAttachment } from '../../src/chat/get-attachment.ts';
import { getConversation } from '../../src/chat/get-conversation.ts';
import { listConversations } from '../../src/chat/list-conversations.ts';
import { removeConversation } from '../../src/chat/remove-conversation.ts';
import { retryTurn } from '../../src/chat/retry-turn.ts';
import { sayAhead } from '../../src/chat/say-ahead.ts';
import { sendMessage } from '../../src/chat/send-message.ts';
import { stopAnswer } from '../../src/chat/stop-answer.ts';
import { takeBackMessage } from '../../src/chat/take-back-message.ts';
import { isAsRead, readAhead } from '../../src/chat/turn-ahead.ts';
import { putConfig } from '../../src/config/put-config.ts';
import type { ChatEvent, Message } from '../../src/contract/chat.ts';
import { inTransaction } from '../../src/database/in-transaction.ts';
import { decideApproval } from '../../src/executions/decide-approval.ts';
import { getExecution } from '../../src/executions/get-execution.ts';
import { purgeExecution } from '../../src/executions/purge-execution.ts';
import { readStartable } from '../../src/executions/read-startable.ts';
import { retryExecution } from '../../src/executions/retry-execution.ts';
import { newId } from '../../src/kernel/ids.ts';
import { ensureSystemSkills } from '../../src/skills/system/ensure-system-skills.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { userTextOf } from '../helpers/messages-api.ts';
import type { MessagesBody } from '../helpers/messages-api-script.ts';
import { createRunnerBench, gate, type RunnerBench } from '../helpers/runner.ts';

const owner = { actor: 'owner', mayLoosen: true };
let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  await ensureSystemSkills(bench);
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.api.requests.length = 0;
});

const begin = async (chosen: Parameters<typeof createConversation>[1] = {}) =>
  (await createConversation(bench, chosen, owner)).id;
const say = (id: string, text: string, more: object = {}) =>
  sendMessage(bench, id, { text, actor: 'owner', ...more });
/** Says it, and gives the answer when it has ended. */
const ask = async (id: string, text: string, more: object = {}): Promise<Message> => {
  const { answerId, executionId } = await say(id, text, more);
  await bench.ended(executionId);
  const { messages } = await getConversation(bench, id);
  const answer = messages.find((message) => message.id === answerId);
  if (!answer) throw new Error('There is no answer');
  return answer;
};
/** What a watcher is sent, until `enough`. */
async function watch(
  id: string,
  enough: (events: ChatEvent[]) => boolean,
  after = { turn: 0, seq: 0 },
): Promise<ChatEvent[]> {
  const stop = new AbortController();
  const events: ChatEvent[] = [];
  for await (const event of await followConversation(bench, id, { after, signal: stop.signal })) {
    events.push(event);
    if (enough(events)) stop.abort();
  }
  return events;
}
const ends = (count: number) => (events: ChatEvent[]) =>
  events.filter(
    ({ event, data }) =>
      event === 'message' &&
      'status' in data &&
      ['done', 'stopped', 'failed'].includes(data.status) &&
      data.role === 'assistant',
  ).length >= count;
/** Neighbouring pieces of what is said as one, which ends where the last of them does. */
function inOne(events: readonly ChatEvent[]): ChatEvent[] {
  const told: ChatEvent[] = [];
  for (const event of events) {
    const before = told.at(-1);
    if (event.event === 'delta' && before?.event === 'delta')
      told.splice(-1, 1, { ...event, data: { ...event.data, text: before.data.text + event.data.text } });
    else told.push(event);
  }
  return told;
}
const spoken = (events: ChatEvent[], messageId: string) =>
  events
    .flatMap(({ event, data }) => (event === 'delta' && data.messageId === messageId ? [data.text] : []))
    .join('');

describe('a conversation', () => {
  it('answers, each message by an execution of its own', async () => {
    bench.api.setScript(({ body }) => ({ text: `You said: ${userTextOf(body).split('\n')[0]}` }));
    const id = await begin();
    const answer = await ask(id, 'Good morning');
    expect(answer).toMatchObject({ role: 'assistant', status: 'done', text: 'You said: Good morning' });
    const execution = await getExecution(bench, answer.executionId);
    expect(execution).toMatchObject({
      skillSlug: 'chat',
      trigger: 'chat',
      status: 'succeeded',
      triggerDetail: { conversationId: id, answerId: answer.id },
      input: { message: 'Good morning' },
    });
    const whole = await getConversation(bench, id);
    expect(whole).toMatchObject({ title: 'Good morning', status: 'idle', headId: answer.id });
    expect(whole.messages.map(({ role, text, status }) => [role, text, status])).toEqual([
      ['user', 'Good morning', 'done'],
      ['assistant', 'You said: Good morning', 'done'],
    ]);
  });

  it('takes the same client’s id once', async () => {
    const id = await begin();
    const [first, second] = await Promise.all([
      say(id, 'Once', { clientId: 'a' }),
      say(id, 'Once', { clientId: 'a' }),
    ]);
    expect(second).toEqual(first);
    await bench.ended(first.executionId);
    expect(await say(id, 'Once', { clientId: 'a' })).toEqual(first);
    expect((await getConversation(bench, id)).messages).toHaveLength(2);
  });

  it('has messages wait their turn, and be taken back', async () => {
    const first = gate();
    bench.api.setScript(async ({ body }) => {
      if (userTextOf(body).includes('one')) await first.passed;
      return { text: 'Yes.' };
    });
    const id = await begin();
    const one = await say(id, 'one');
    await until(() => bench.api.requests.length > 0);
    const two = await say(id, 'two');
    const three = await say(id, 'three');
    const { messages, status } = await getConversation(bench, id);
    expect(status).toBe('running');
    expect(messages.map((message) => message.status)).toEqual([
      ...['done', 'running'],
      ...['queued', 'queued'],
      ...['queued', 'queued'],
    ]);
    await takeBackMessage(bench, id, two.messageId, 'owner');
    first.open();
    await bench.ended(three.executionId);
    await expect(takeBackMessage(bench, id, three.messageId, 'owner')).rejects.toMatchObject({
      code: 'E_CONFLICT',
    });
    const after = await getConversation(bench, id);
    expect(after.messages.map(({ executionId }) => executionId)).toEqual([
      ...[one.executionId, one.executionId],
      ...[three.executionId, three.executionId],
    ]);
    expect(bench.api.requests).toHaveLength(2);
    expect((await getExecution(bench, two.executionId)).status).toBe('cancelled');
  });

  it('is told to every watcher, from where each of them stands', async () => {
    bench.api.setScript(() => ({ text: 'Twice told.' }));
    const id = await begin();
    const watching = watch(id, ends(2));
    const first = await ask(id, 'First');
    const second = await ask(id, 'Second');
    const events = await watching;
    for (const answer of [first, second]) expect(spoken(events, answer.id)).toBe(answer.text);
    const at = events.findIndex(({ event }) => event === 'delta');
    const [turn = 0, seq = 0] = (events[at]?.id ?? '').split('.').map(Number);
    const rest = await watch(id, ends(2), { turn, seq });
    // Messages that wait are told of as soon as somebody watches; what happens in a turn comes in its order, once. Who comes
    // late is told at once what was said in pieces.
    const happened = (those: ChatEvent[]) => inOne(those.filter(({ event }) => event !== 'message'));
    expect(happened(rest)).toEqual(happened(events.slice(at + 1)));
  });

  it('is found by its words, and gone when it is deleted', async () => {
    bench.api.setScript(() => ({ text: 'A zebra is striped.' }));
    const id = await begin();
    const answer = await ask(id, 'Tell me of animals');
    const find = async (q: string) =>
      (await listConversations(bench, { limit: 10, q, archived: false })).items.map((one) => one.id);
    expect(await find('zebra')).toEqual([id]);
    expect(await find('animal')).toEqual([id]);
    await removeConversation(bench, id, 'owner');
    expect(await find('zebra')).toEqual([]);
    await expect(getConversation(bench, id)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    const execution = await getExecution(bench, answer.executionId);
    expect(execution.purgedAt).not.toBeNull();
    const rows = await bench.db.prisma.message.findMany({ where: { conversationId: id } });
    expect(rows.map(({ text }) => text)).toEqual(['', '']);
    expect(await bench.dump()).not.toContain('zebra');
  });

  it('stops', async () => {
    const open = gate();
    bench.api.setScript(async () => {
      await open.passed;
      return { text: 'Too late.' };
    });
    const id = await begin();
    const { executionId, answerId } = await say(id, 'Wait');
    await until(() => bench.api.requests.length > 0);
    expect(await stopAnswer(bench, id, 'owner')).toEqual({ executionId });
    await bench.ended(executionId);
    open.open();
    const { messages } = await getConversation(bench, id);
    expect(messages.find((message) => message.id === answerId)).toMatchObject({ status: 'stopped' });
  });
});

/** What a request says, in short: who says what, tools' results as they are. */
const conversationOf = ({ messages }: MessagesBody) =>
  messages.flatMap(({ role, content }) =>
    (typeof content === 'string'
      ? [{ type: 'text', text: content }]
      : (content as { type: string; text?: string }[])
    )
      .filter(({ text = '' }) => !/^(\[Today is|<system-reminder>)/.test(text))
      .map(({ type, text }) => `${role}: ${text ?? type}`),
  );
const config = (key: string, value: string) => putConfig(bench, key, value);
/** As somebody does who is let into the database, past all that guards it there. */
async function changeRows(change: string): Promise<void> {
  const tables = ['messages', 'connections', 'skills', 'config', 'conversations'];
  const all = (how: string) => tables.map((table) => `ALTER TABLE ${table} ${how} TRIGGER USER;`).join('');
  await inTransaction(bench.db.pool, (client) =>
    client.query(`${all('DISABLE')} ${change}; ${all('ENABLE')}`),
  );
}

describe('what was said before', () => {
  it.each(['0', '5'])('is known to the next turn, with an agent kept for %s minutes', async (minutes) => {
    await config('chat_warm_minutes', minutes);
    bench.api.setScript(({ body }) => ({ text: `Answer ${conversationOf(body).length}.` }));
    const id = await begin();
    const agents = () => bench.agents().map(({ pid }) => pid);
    const others = agents();
    await ask(id, 'One');
    // One that is not kept ends behind its run.
    const ofThis = () => agents().filter((pid) => !others.includes(pid));
    await expect.poll(ofThis).toHaveLength(minutes === '0' ? 0 : 1);
    const own = ofThis();
    for (const text of ['Two', 'Three']) await ask(id, text);
    const body = bench.api.requests.at(-1)?.body;
    expect(body && conversationOf(body)).toEqual([
      ...['user: One', 'assistant: Answer 1.', 'user: Two', 'assistant: Answer 3.', 'user: Three'],
    ]);
    for (const pid of own) expect(agents()).toContain(pid);
  });

  it('is all that is known, when an agent began with what then was no turn', async () => {
    await config('chat_warm_minutes', '5');
    bench.api.setScript(({ body }) => ({ text: `Answer ${conversationOf(body).length}.` }));
    const id = await begin();
    await ask(id, 'One', { clientId: 'one' });
    await say(id, 'Twice', { clientId: 'one' });
    await expect(say(id, 'Nowhere', { attachmentIds: [newId()] })).rejects.toMatchObject({
      code: 'E_VALIDATION',
    });
    const two = await ask(id, 'Two');
    const three = await ask(id, 'Three');
    expect(bench.api.requests.map(({ body }) => conversationOf(body).at(-1))).toEqual([
      ...['user: One', 'user: Two', 'user: Three'],
    ]);
    expect(conversationOf((await bench.api.request(2)).body)).toEqual([
      ...['user: One', 'assistant: Answer 1.', 'user: Two', 'assistant: Answer 3.', 'user: Three'],
    ]);
    // The first of them found no agent, and the second one did: it is this worker's from its first row on.
    const begins = async ({ executionId }: Message) =>
      (await bench.ended(executionId)).events
        .slice(0, 3)
        .map(({ kind, data }) => [kind, 'status' in data ? data.status : '']);
    const asOne = [
      ['status', 'queued'],
      ['status', 'running'],
      ['step', 'running'],
    ];
    expect([await begins(two), await begins(three)]).toEqual([asOne, asOne]);
    const rows = await bench.db.prisma.execution.findMany({
      where: { id: { in: [two.executionId, three.executionId] } },
      orderBy: { createdAt: 'asc' },
    });
    expect(rows.map(({ createdAt, startedAt }) => createdAt.getTime() === startedAt?.getTime())).toEqual([
      ...[false, true],
    ]);
  });

  it('is answered once, when the database was lost just as a message was written down', async () => {
    await config('chat_warm_minutes', '5');
    bench.api.setScript(({ body }) => ({ text: `To ${conversationOf(body).at(-1)}` }));
    const id = await begin();
    await ask(id, 'One');
    const away = Object.assign(new Error('server closed the connection unexpectedly'), { code: '57P02' });
    const transaction: typeof bench.db.transaction = async (work, options) => {
      await bench.db.transaction(work, options);
      throw away;
    };
    // Whichever way it is written down.
    const connect = async () => {
      const client = await bench.db.pool.connect();
      const query = async (asked: string, values?: unknown[]) => {
        const done = await client.query(asked, values);
        if (asked === 'COMMIT') throw away;
        return done;
      };
      return Object.assign(Object.create(client), { query });
    };
    const query = bench.db.pool.query.bind(bench.db.pool);
    const pool = Object.assign(Object.create(bench.db.pool), { connect, query });
    const lost = { ...bench, db: { ...bench.db, transaction, pool } };
    const two = { text: 'Two', clientId: 'two', actor: 'owner' };
    await expect(sendMessage(lost, id, two)).rejects.toBe(away);
    // Whoever sent it asks again, and learns that it was taken.
    const { executionId, answerId } = await sendMessage(bench, id, two);
    await bench.ended(executionId);
    const { messages } = await getConversation(bench, id);
    expect(messages.map(({ text }) => text)).toEqual(['One', 'To user: One', 'Two', 'To user: Two']);
    expect(messages.at(-1)).toMatchObject({ id: answerId, status: 'done' });
  });

  it('holds no secret that became known just as it was sent: what was told of it goes on nowhere', async () => {
    await config('chat_warm_minutes', '5');
    bench.api.setScript(({ body }) => ({ text: `To ${conversationOf(body).at(-1)}` }));
    const id = await begin();
    const agents = () => bench.agents().map(({ pid }) => pid);
    const others = agents();
    await ask(id, 'One');
    const kept = agents().filter((pid) => !others.includes(pid));
    expect(kept).toHaveLength(1);
    const secret = 'canary-late-4c1d9e7b20f3';
    // As another process committed it, of which this one has not heard yet.
    const upToDate = async () => {
      await bench.vault.upToDate();
      bench.vault.redactor.register('late.key', secret);
    };
    const vault: typeof bench.vault = Object.assign(Object.create(bench.vault), { upToDate });
    const message = { text: `It is ${secret}`, actor: 'owner' };
    const { executionId } = await sendMessage({ ...bench, vault }, id, message);
    await bench.ended(executionId);
    const { messages } = await getConversation(bench, id);
    const told = 'It is [redacted:late.key]';
    expect(messages.slice(2).map(({ text }) => text)).toEqual([told, `To user: ${told}`]);
    expect(bench.api.requests.map(({ body }) => JSON.stringify(body)).join('\n')).not.toContain(secret);
    await expect.poll(() => agents().filter((pid) => kept.includes(pid))).toEqual([]);
  });

  it('is read before the next message comes, and anew where any of it is no more as it was', async () => {
    await config('chat_warm_minutes', '5');
    bench.api.setScript(({ body }) => ({ text: `To ${conversationOf(body).at(-1)}` }));
    const id = await begin();
    const { id: answerId } = await ask(id, 'One');
    await changeRows(`INSERT INTO connections (id, name, type, config, tool_catalog) VALUES
      ('${newId()}', 'seen', 'mcp_stdio', '{"command": "true"}', '[]')`);
    const ahead = await readAhead(bench.db, id);
    if (ahead === undefined) throw new Error('Nothing was read');
    expect(await isAsRead(bench.db, ahead)).toBe(true);
    for (const [change, back] of [
      [`messages SET text = 'Another' WHERE id = '${answerId}'`, `text = 'To user: One'`],
      [`messages SET mac = mac || '\\x00' WHERE id = '${answerId}'`, 'mac = substr(mac, 1, 32)'],
      [`messages SET taken_back_at = now() WHERE id = '${answerId}'`, 'taken_back_at = NULL'],
      [`connections SET is_active = false WHERE name = 'seen'`, 'is_active = true'],
      [`connections SET tool_catalog = '[1]' WHERE name = 'seen'`, `tool_catalog = '[]'`],
      [`connections SET status = 'needs_login' WHERE name = 'seen'`, `status = 'new'`],
      [`skills SET trigger_config = '{"a": 1}' WHERE slug = 'chat'`, `trigger_config = '{}'`],
      [`config SET value = value || ' ' WHERE key = 'config_macs'`, 'value = rtrim(value)'],
    ] as const) {
      await changeRows(`UPDATE ${change}`);
      expect(await isAsRead(bench.db, ahead), change).toBe(false);
      await changeRows(`UPDATE ${change.replace(/SET .* WHERE/, `SET ${back} WHERE`)}`);
      expect(await isAsRead(bench.db, ahead), `${change}, and back`).toBe(true);
    }
    // What checks and runs write down by themselves is nothing that a turn begins with.
    await changeRows(`UPDATE connections SET last_checked_at = now() WHERE name = 'seen'`);
    expect(await isAsRead(bench.db, ahead)).toBe(true);
    await changeRows(`DELETE FROM connections WHERE name = 'seen'`);
    const skill = await readStartable(bench, 'chat');
    const saying = { text: 'Two', skill, executionId: newId(), actor: 'owner', heldBy: undefined };
    await changeRows(`UPDATE conversations SET effort = 'low' WHERE id = '${id}'`);
    expect(await sayAhead(bench, ahead, saying)).toBeUndefined();
    await expect(say(id, 'Two')).rejects.toMatchObject({ code: 'E_ROW_ALTERED' });
    await changeRows(`UPDATE conversations SET effort = NULL WHERE id = '${id}'`);
    await changeRows(`UPDATE messages SET text = 'Another' WHERE id = '${answerId}'`);
    // The agent that was kept for it asks nobody, and the turn says why.
    const two = await ask(id, 'Two');
    expect(two).toMatchObject({ status: 'failed', errorCode: 'E_ROW_ALTERED' });
    expect(bench.api.requests).toHaveLength(1);
  });

  it('is that of its branch alone', async () => {
    await config('chat_warm_minutes', '5');
    bench.api.setScript(({ body }) => ({ text: `To ${conversationOf(body).at(-1)}` }));
    const id = await begin();
    const first = await ask(id, 'One');
    const second = await ask(id, 'Two');
    const edited = await ask(id, 'Other', { parentId: first.id });
    const body = bench.api.requests.at(-1)?.body;
    expect(body && conversationOf(body)).toEqual(['user: One', 'assistant: To user: One', 'user: Other']);
    const again = await sendMessage(bench, id, { text: '', retryOf: second.id, actor: 'owner' });
    await bench.ended(again.executionId);
    const { messages, headId } = await getConversation(bench, id);
    expect(headId).toBe(again.answerId);
    expect(messages.map(({ text }) => text)).toEqual([
      ...['One', 'To user: One', 'Two', 'To user: Two', 'Other', 'To user: Other', 'To user: Two'],
    ]);
    expect(messages.at(-1)?.parentId).toBe(second.parentId);
    expect(edited.parentId).toBe(messages.find(({ text }) => text === 'Other')?.id);
  });

  it('stays as far as it was said, when an answer is stopped', async () => {
    const told = Array.from({ length: 5_000 }, () => ({ text: 'And then, and then. ' }));
    bench.api.setScript(({ index }) =>
      index === 0 ? { content: told, eventDelayMs: 100 } : { text: 'As I said.' },
    );
    const id = await begin();
    const { executionId, answerId } = await say(id, 'Tell');
    const events = await watch(id, (those) => spoken(those, answerId) !== '');
    await stopAnswer(bench, id, 'owner');
    await bench.ended(executionId);
    // The endpoint would have talked for as long as anybody listens.
    expect(await (await bench.api.request(0)).closed).toBe('aborted');
    const { messages } = await getConversation(bench, id);
    const stopped = messages.find((message) => message.id === answerId);
    expect(stopped?.status).toBe('stopped');
    expect(stopped?.text).not.toBe('');
    expect(told.map(({ text }) => text).join('\n\n')).toContain(stopped?.text.trim());
    expect(stopped?.text.startsWith(spoken(events, answerId))).toBe(true);
    await ask(id, 'Go on');
    const { body } = await bench.api.request(1);
    const [first, ...more] = conversationOf(body);
    expect([first, more.pop()]).toEqual(['user: Tell', 'user: Go on']);
    // Word for word; the agent's program cuts the space at the end of a text.
    const plain = (text = '') => text.replaceAll(/\s+/g, ' ').trim();
    expect(plain(more.map((said) => said.replace('assistant: ', '')).join(' '))).toBe(plain(stopped?.text));
  });
});

const ledger = path.join(import.meta.dirname, '../helpers/mcp/ledger-server.ts');
const called = () => (existsSync(book()) ? readFileSync(book(), 'utf8').trim().split('\n') : []);
const book = () => path.join(bench.home, 'ledger.jsonl');

describe('what is attached', () => {
  const text = (name: string, content: string) => ({
    ...{ name, mediaType: 'text/plain' },
    data: Buffer.from(content).toString('base64'),
  });

  it('goes to the model, along with an edit of its message, and is purged with it', async () => {
    bench.api.setScript(() => ({ text: 'Seen.' }));
    const id = await begin();
    await ask(id, 'Look', { attachments: [text('bill.txt', 'Garage 90'), text('other.txt', 'Milk 2')] });
    expect(bench.api.requests.at(-1)?.raw).toContain('Garage 90');
    const asked = (await getConversation(bench, id)).messages[0];
    expect(asked?.attachments).toMatchObject([{ name: 'bill.txt' }, { name: 'other.txt' }]);
    const [bill] = asked?.attachments ?? [];
    const attachmentIds = [bill?.id ?? ''];
    const edited = await ask(id, 'Look again', { attachmentIds, parentId: null });
    const request = bench.api.requests.at(-1)?.raw;
    expect(request).toContain('Garage 90');
    expect(request).not.toContain('Milk 2');
    const { messages } = await getConversation(bench, id);
    const again = messages.find((message) => message.id === edited.parentId);
    expect(again?.attachments).toMatchObject([{ name: 'bill.txt', bytes: 9 }]);
    expect(again?.attachments[0]?.id).not.toBe(bill?.id);
    // It is another conversation's there.
    const elsewhere = await begin();
    await expect(say(elsewhere, 'Look', { attachmentIds })).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [{ field: '/attachmentIds/0' }],
    });
    await purgeExecution(bench, asked?.executionId ?? '', 'owner');
    await expect(say(id, 'Look', { attachmentIds })).rejects.toMatchObject({ code: 'E_VALIDATION' });
    await expect(getAttachment(bench, id, bill?.id ?? '')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    // What was sent again is the later message's own.
    const own = again?.attachments[0]?.id ?? '';
    expect((await getAttachment(bench, id, own)).data.toString()).toBe('Garage 90');
    await purgeExecution(bench, edited.executionId, 'owner');
    expect(await bench.dump()).not.toContain(Buffer.from('Garage 90').toString('hex'));
  });

  it('keeps to the limits, together with what is sent again', async () => {
    const id = await begin();
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(8 * 1024 * 1024)]);
    const attachments = [{ name: 'a.png', mediaType: 'image/png', data: png.toString('base64') }];
    await ask(id, 'Keep', { attachments });
    const kept = (await getConversation(bench, id)).messages[0]?.attachments[0]?.id ?? '';
    await expect(say(id, 'More', { attachments, attachmentIds: [kept] })).rejects.toMatchObject({
      fields: [{ field: '/attachmentIds', message: 'are larger than 15 MiB together' }],
    });
    const binary = Buffer.from([0, 1, 2]).toString('base64');
    await expect(
      say(id, 'Run', { attachments: [{ name: 'a.bin', mediaType: 'text/plain', data: binary }] }),
    ).rejects.toMatchObject({ fields: [{ field: '/attachments/0/data' }] });
  });
});

it('is answered again by a retry of its execution, in its conversation', async () => {
  bench.api.setScript(() => ({ text: 'Yes.' }));
  const id = await begin();
  const first = await ask(id, 'Well?');
  await expect(
    retryExecution(bench, first.executionId, { from: 'start', version: 'original', actor: 'owner' }),
  ).rejects.toMatchObject({ code: 'E_NOT_RETRYABLE', remedy: expect.stringContaining(first.id) });
  const again = await retryTurn(bench, first.executionId, 'owner');
  await bench.ended(again?.executionId ?? '');
  const { messages } = await getConversation(bench, id);
  expect(messages.map(({ role, parentId, text }) => [role, parentId, text])).toEqual([
    ['user', null, 'Well?'],
    ['assistant', first.parentId, 'Yes.'],
    ['assistant', first.parentId, 'Yes.'],
  ]);
});

describe('what a conversation may use', () => {
  beforeAll(async () => {
    await bench.addConnection('ledger', [ledger, book()]);
    await bench.addSkill({
      slug: 'greet',
      name: 'Greet',
      steps: ['Greet {{whom}}'],
      inputSchema: { type: 'object', properties: { whom: { type: 'string' } } },
    });
  });

  it('asks in the conversation, and goes on from the decision', async () => {
    bench.api.setScript(({ body }) =>
      JSON.stringify(body.messages).includes('"tool_result"')
        ? { text: 'It is paid.' }
        : { text: 'I pay.', toolCalls: [{ name: 'mcp__ledger__pay', input: { to: 'Anna' } }] },
    );
    const id = await begin();
    const { executionId, answerId } = await say(id, 'Pay Anna');
    const events = await watch(id, (those) => those.some(({ event }) => event === 'approval'));
    const asked = events.find((each) => each.event === 'approval');
    if (asked?.event !== 'approval') throw new Error('Nobody is asked');
    expect(asked.data).toMatchObject({
      messageId: answerId,
      name: 'mcp__ledger__pay',
      arguments: { to: 'Anna' },
      status: 'pending',
    });
    expect((await getConversation(bench, id)).status).toBe('waiting_approval');
    expect(called()).toEqual([]);
    await decideApproval(bench, asked.data.id, { decision: 'approve', actor: 'owner' });
    await bench.ended(executionId);
    const answer = (await getConversation(bench, id)).messages.at(-1);
    expect(answer).toMatchObject({
      status: 'done',
      text: 'I pay.\n\nIt is paid.',
      approvals: [{ status: 'approved' }],
    });
    expect(answer?.parts.map((part) => (part.type === 'text' ? part.text : part.call.name))).toEqual([
      ...['I pay.', 'mcp__ledger__pay', 'It is paid.'],
    ]);
    expect(called()).toEqual(['["pay",{"to":"Anna"}]']);
    expect(spoken(await watch(id, ends(1)), answerId)).toBe(answer?.text);
    // The next turn knows of the call and of what came of it.
    await ask(id, 'Thanks');
    expect(JSON.stringify(bench.api.requests.at(-1)?.body.messages)).toContain('pay is done');
  });

  it.each([
    ['while a tool works', 'look', { sleepMs: 600_000 }],
    ['while a call waits for a person', 'pay', { to: 'Anna' }],
  ])('stops %s, keeps what was said, and goes on with the next message', async (_, tool, input) => {
    bench.api.setScript(({ body }) =>
      userTextOf(body).includes('Go on')
        ? { text: 'As you like.' }
        : { text: 'I begin.', toolCalls: [{ name: `mcp__ledger__${tool}`, input }] },
    );
    const id = await begin();
    const { executionId, answerId } = await say(id, 'Do it');
    await watch(id, (those) =>
      those.some(
        ({ event, data }) =>
          event === 'approval' ||
          (event === 'tool_call' && tool === 'look' && 'status' in data && data.status === 'dispatched'),
      ),
    );
    await stopAnswer(bench, id, 'owner');
    await bench.ended(executionId);
    const { messages, status } = await getConversation(bench, id);
    expect(status).toBe('idle');
    expect(messages.find((message) => message.id === answerId)).toMatchObject({
      status: 'stopped',
      text: 'I begin.',
      approvals: tool === 'pay' ? [{ status: 'cancelled' }] : [],
    });
    expect(bench.api.requests).toHaveLength(1);
    expect(called().filter((call) => call.includes('"pay"'))).toEqual(['["pay",{"to":"Anna"}]']);
    expect(await ask(id, 'Go on')).toMatchObject({ status: 'done', text: 'As you like.' });
    expect(JSON.stringify(bench.api.requests.at(-1)?.body.messages)).toContain('I begin.');
  });

  it('shows the tools that its owner chose, and no others of connections', async () => {
    bench.api.setScript(() => ({ text: 'Yes.' }));
    const id = await begin({ tools: ['mcp__ledger__look'] });
    await ask(id, 'Look');
    const tools = (bench.api.requests.at(-1)?.body.tools ?? []).map(({ name }) => name);
    expect(tools.filter((name) => !name.startsWith('mcp__alfred__'))).toEqual(['mcp__ledger__look']);
    await expect(begin({ tools: ['mcp__nobody__x'] })).rejects.toMatchObject({ code: 'E_UNKNOWN_TOOL' });
  });

  it('runs a skill by its slug, without asking a model about it', async () => {
    bench.api.setScript(({ body }) => ({ text: `Hello, ${/Greet (\w+)/.exec(userTextOf(body))?.[1]}.` }));
    const id = await begin();
    const answer = await ask(id, '/greet Anna');
    expect(answer.text).toBe('Hello, Anna.');
    const call = answer.parts.find((part) => part.type === 'tool_call')?.call;
    expect(call).toMatchObject({ name: 'mcp__alfred__run_skill', status: 'done' });
    const run = await getExecution(bench, call?.executionId ?? '');
    expect(run).toMatchObject({
      skillSlug: 'greet',
      trigger: 'chat',
      triggerDetail: { conversationId: id, fromExecution: answer.executionId },
      input: { whom: 'Anna' },
    });
    // Whoever watches is told of the run while it goes on.
    const told = (await watch(id, ends(1))).flatMap(({ event, data }) =>
      event === 'tool_call' ? [data] : [],
    );
    expect(told).toContainEqual(
      expect.objectContaining({ id: call?.id, status: 'dispatched', executionId: run.id }),
    );
  });

  it('asks nobody about a command that there is not, and says one as it is behind two slashes', async () => {
    bench.api.setScript(({ body }) => ({ text: `To ${conversationOf(body).at(-1)}` }));
    const id = await begin();
    await expect(say(id, '/greeet Anna')).rejects.toMatchObject({
      code: 'E_VALIDATION',
      message: 'There is no command or skill called /greeet. Nearest: /greet.',
      fields: [{ field: '/text' }],
    });
    await expect(say(id, '/quite-another')).rejects.toMatchObject({
      message: 'There is no command or skill called /quite-another.',
    });
    expect((await getConversation(bench, id)).messages).toEqual([]);
    expect(bench.api.requests).toHaveLength(0);
    for (const said of ['//greeet Anna', '/etc/hosts is empty', '/ is the root'])
      expect(await ask(id, said)).toMatchObject({ status: 'done', text: `To user: ${said}` });
  });

  it('runs a skill that the person names, and asks about one that they do not', async () => {
    const run = { name: 'mcp__alfred__run_skill', input: { slug: 'greet', input: { whom: 'Bob' } } };
    bench.api.setScript(({ body }) =>
      userTextOf(body).includes('Greet Bob')
        ? { text: 'Hello, Bob.' }
        : JSON.stringify(body.messages).includes('"tool_result"')
          ? { text: 'Done.' }
          : { toolCalls: [run] },
    );
    const named = await ask(await begin(), 'Please use Greet for Bob');
    expect(named).toMatchObject({ status: 'done', text: 'Done.' });
    const id = await begin();
    const { executionId } = await say(id, 'What does the page say?');
    await watch(id, (those) => those.some(({ event }) => event === 'approval'));
    await stopAnswer(bench, id, 'owner');
    expect((await bench.ended(executionId)).execution.status).toBe('cancelled');
  });
});

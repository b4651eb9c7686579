/** The real Agent SDK behind the real proxy: what its program makes of the proxy's answers, and what it can see. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createSdkMcpServer,
  type Options,
  query,
  type SDKMessage,
  tool,
} from '@anthropic-ai/claude-agent-sdk';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bareSession } from '../../../tests/helpers/bare-session.ts';
import { filesUnder } from '../../../tests/helpers/files-under.ts';
import { inTurn, toolNamesOf, toolResultsOf } from '../../../tests/helpers/messages-api.ts';
import { aRun, proxiedKey, proxiedModelName } from '../../../tests/helpers/proxied-model.ts';
import { useProxiedModel } from '../../../tests/helpers/use-proxied-model.ts';
import { spendCap } from '../../money/spend-caps.ts';
import { processNumbers, readCommandLine, readEnvironment } from '../../processes/proc.ts';
import { classify } from '../failures.ts';
import type { ModelTicket, TicketStep } from '../tickets.ts';

const model = useProxiedModel();

const echoName = 'mcp__house__echo';

type Ended = {
  ticket: ModelTicket;
  messages: SDKMessage[];
  result: Extract<SDKMessage, { type: 'result' }> | undefined;
  failure: ReturnType<typeof classify> | undefined;
};

type Play = {
  run?: Partial<TicketStep>;
  options?: Options;
  /** Called within the tool call, while the child lives. */
  during?: (at: { token: string; folder: string }) => Promise<void>;
  /** Given the ticket before the child starts. */
  withTicket?: (ticket: ModelTicket) => void;
};

/** Runs one step as the runner does, in short. */
async function play({ run = {}, options = {}, during, withTicket }: Play = {}): Promise<Ended> {
  const folder = await mkdtemp(path.join(tmpdir(), 'agent-'));
  const prepared = model.proxy.prepare();
  const ticket = prepared.issue(aRun(run));
  withTicket?.(ticket);
  const echo = tool('echo', 'Says it again', { text: z.string() }, async ({ text }) => {
    await during?.({ token: prepared.token, folder });
    return { content: [{ type: 'text', text: `You said: ${text}` }] };
  });
  const session = bareSession(folder, {
    url: prepared.environment.ANTHROPIC_BASE_URL ?? '',
    key: prepared.token,
  });
  const messages: SDKMessage[] = [];
  try {
    const running = query({
      prompt: 'Do it',
      options: {
        ...session,
        env: { ...session.env, ...prepared.environment },
        allowedTools: ['mcp__house__*'],
        model: run.model ?? proxiedModelName,
        mcpServers: { house: createSdkMcpServer({ name: 'house', version: '1', tools: [echo] }) },
        ...options,
      },
    });
    for await (const message of running) messages.push(message);
  } catch {
    // After an error result the iterator throws as well; the result is what counts.
  } finally {
    ticket.revoke();
    await rm(folder, { recursive: true, force: true });
  }
  const result = messages.findLast((message) => message.type === 'result');
  const last = messages.findLast((message) => message.type === 'assistant');
  const isError = result === undefined || result.is_error;
  const failure = isError
    ? classify({
        subtype: result?.subtype,
        assistantError: last?.error,
        apiErrorStatus: result?.subtype === 'success' ? result.api_error_status : undefined,
        terminalReason: result?.terminal_reason,
        stopReason: result?.stop_reason,
        model: proxiedModelName,
        proxyFailure: ticket.lastFailure(),
      })
    : undefined;
  return { ticket, messages, result, failure };
}

const calling = { name: echoName, input: { text: 'hi' } };

describe('the agent', () => {
  it('works through the socket, and sees neither the key nor a tool that is not its own', async () => {
    let isFound = false;
    model.api.setScript(inTurn({ text: 'I ask.', toolCalls: [calling] }, { text: 'It is done.' }));
    const { result, ticket, failure } = await play({
      async during({ token, folder }) {
        const processes = processesWith(token);
        isFound = processes.length > 0;
        expect(processes.join('\n')).not.toContain(proxiedKey);
        const files = [...filesUnder(folder)];
        expect(files).not.toEqual([]);
        expect(files.map(({ bytes }) => `${bytes}`).join('\n')).not.toContain(proxiedKey);
      },
    });
    expect(isFound).toBe(true);
    expect(failure).toBeUndefined();
    expect(result).toMatchObject({ subtype: 'success', is_error: false, result: 'It is done.' });
    expect(model.api.requests).toHaveLength(2);
    for (const { body, headers, raw } of model.api.requests) {
      expect(toolNamesOf(body)).toEqual([echoName]);
      expect(headers['x-api-key']).toBe(proxiedKey);
      expect(raw).not.toContain(proxiedKey);
      expect(raw + JSON.stringify(headers)).not.toContain(ticket.token);
    }
    const { body } = await model.api.request(1);
    const results = body.messages.flatMap((message) => toolResultsOf({ ...body, messages: [message] }));
    expect(results[0]?.text).toContain('You said: hi');
    // Everything is counted by the time that the agent has its result.
    expect(ticket.usage()).toMatchObject({ inputTokens: 200, outputTokens: 40, modelCalls: 2 });
    expect(model.api.others).toEqual([]);
    expect(model.logged()).not.toContain(proxiedKey);
    expect(model.logged()).not.toContain(ticket.token);
  });

  it('gives up at once on a key that is refused', async () => {
    model.api.setScript(() => ({ fail: 'unauthorized' }));
    const { failure } = await play();
    expect(failure).toMatchObject({ code: 'E_MODEL_AUTH', remedy: expect.stringContaining('config set') });
    expect(model.api.requests).toHaveLength(1);
  });

  it('tries an overloaded model three times', async () => {
    model.api.setScript(() => ({ fail: 'overloaded' }));
    const { failure, messages } = await play();
    expect(failure?.code).toBe('E_MODEL_OVERLOADED');
    expect(model.api.requests).toHaveLength(3);
    const retries = messages.filter(
      (message) => message.type === 'system' && message.subtype === 'api_retry',
    );
    expect(retries).toHaveLength(2);
  });

  it.each(['hang', 'hang-mid-stream'] as const)('does not wait for ever: %s', async (fail) => {
    await model.config('model_timeout_ms', '1000');
    model.api.setScript(() => ({ fail }));
    const { failure } = await play();
    expect(failure?.code).toBe('E_MODEL_TIMEOUT');
    expect(model.api.requests).toHaveLength(2);
    for (const { closed } of model.api.requests) await expect(closed).resolves.toBe('aborted');
    await model.config('model_timeout_ms', '90000');
  });

  it('is cut off when its ticket is revoked, and gets nothing more', async () => {
    model.api.setScript(() => ({ fail: 'hang-mid-stream' }));
    const { result } = await play({
      withTicket(ticket) {
        void model.api.request(0).then(() => ticket.revoke());
      },
    });
    expect(result?.is_error).toBe(true);
    expect(model.api.requests).toHaveLength(1);
    await expect(model.api.requests[0]?.closed).resolves.toBe('aborted');
  });

  it('is stopped by the limit of its run', async () => {
    // No endpoint answers with more than it was allowed.
    model.api.setScript(({ body }) => ({
      toolCalls: [calling],
      usage: { output_tokens: Math.min(1500, body.max_tokens ?? 0) },
    }));
    const caps = [spendCap({ scope: 'this run', capUsd: 0.05 })];
    const { failure, ticket } = await play({ run: { caps } });
    expect(failure?.code).toBe('E_COST_CAP');
    expect(ticket.usage().costUsd).toBeLessThanOrEqual(0.05);
    expect(ticket.usage().modelCalls).toBeGreaterThan(1);
  });
});

describe('a rehearsal', () => {
  const tools = [
    {
      name: echoName,
      readOnly: true,
      inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    },
  ];

  it('runs the same agent and tools, and asks no endpoint', async () => {
    const run = { model: 'rehearsal', rehearsal: { tools, input: { text: 'good morning' } } };
    const { result, ticket } = await play({ run });
    const text = result?.subtype === 'success' ? result.result : '';
    expect(text).toContain('This is a rehearsal.');
    expect(text).toContain(
      `- ${echoName} with {"text":"good morning"}: 1 line, 22 characters, beginning “You said: good morning”`,
    );
    expect(ticket.usage()).toEqual({
      inputTokens: 0,
      outputTokens: 0,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      modelCalls: 2,
      costUsd: 0,
    });
    expect(model.api.requests.length + model.api.others.length).toBe(0);
  });

  it('fills the form that the step wants', async () => {
    const schema = {
      type: 'object',
      properties: { rooms: { type: 'integer', minimum: 2 } },
      required: ['rooms'],
    };
    const { result } = await play({
      run: { model: 'rehearsal', rehearsal: { tools, input: {} } },
      options: { outputFormat: { type: 'json_schema', schema } },
    });
    expect(result).toMatchObject({ subtype: 'success', is_error: false, structured_output: { rooms: 2 } });
  });
});

/** Environment and command line of every process that has `needle` in its environment, this one left out. */
const processesWith = (needle: string): string[] =>
  processNumbers()
    .filter((pid) => pid !== process.pid && readEnvironment(pid)?.includes(needle))
    .map((pid) => `${readEnvironment(pid)}${readCommandLine(pid)}`);

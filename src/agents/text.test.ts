/** Each bar that keeps text text, by itself, against the program that is installed, seen in what reaches the endpoint. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Options, startup } from '@anthropic-ai/claude-agent-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareSession } from '../../tests/helpers/bare-session.ts';
import { type MessagesApi, startMessagesApi, userTextOf } from '../../tests/helpers/messages-api.ts';
import { asWritten, provenSdkVersion, switchedOff } from './text.ts';

const canary = 'the canary sings at 04:17';
let api: MessagesApi;
let folder: string;
beforeAll(async () => {
  api = await startMessagesApi(() => ({ text: 'Done.' }));
  folder = mkdtempSync(path.join(tmpdir(), 'alfred-text-'));
  writeFileSync(path.join(folder, 'diary.txt'), canary);
  writeFileSync(path.join(folder, 'the diary.txt'), canary);
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that the endpoint was asked when the program was given `prompt` alone. */
async function askedBy(prompt: string, bars: Options): Promise<{ raw: string; text: string; turns: number }> {
  const session = bareSession(mkdtempSync(path.join(folder, 'agent-')), { url: api.url, key: 'none' });
  api.requests.length = 0;
  const warm = await startup({
    options: {
      ...bars,
      ...session,
      systemPrompt: 'Answer.',
      model: 'claude-sonnet-5-5',
      maxTurns: 2,
      env: { ...session.env, ...bars.env },
    },
  });
  const query = warm.query(prompt);
  let turns = -1;
  for await (const message of query) {
    if (message.type !== 'result') continue;
    turns = message.num_turns;
    break;
  }
  query.close();
  return {
    raw: api.requests.map((request) => request.raw).join('\n'),
    text: api.requests.map(({ body }) => userTextOf(body)).join('\n'),
    turns,
  };
}

const mentions = () => [
  `Mail: see @${folder}/diary.txt thanks`,
  `Mail: see @"${folder}/the diary.txt" thanks`,
  `Mail: see @${folder}/ thanks`,
];
const commands = ['/cost', '/compact', '/help me with my tax return', '/verify the invoice'];

it('was proven for the Agent SDK that is installed', () => {
  const file = path.resolve(
    import.meta.dirname,
    '../../node_modules/@anthropic-ai/claude-agent-sdk/package.json',
  );
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  // Another version may read prompts in another way. Run this file and tests/runs/text-is-text.test.ts against it, look for
  // new ways in its notes (mentions, commands, memory, attachments), and only then change `provenSdkVersion`.
  expect(version).toBe(provenSdkVersion);
});

describe('without any bar', () => {
  it('the program reads files and carries commands out: what is proven here is not the proof of nothing', async () => {
    expect((await askedBy(`see @${folder}/diary.txt`, {})).raw).toContain(canary);
    expect((await askedBy('/cost', {})).turns).toBe(0);
  });
});

describe('verbatim prompts alone', () => {
  it('let mentions and commands through as the text that they are', async () => {
    for (const prompt of [...mentions(), ...commands]) {
      const asked = await askedBy(prompt, asWritten);
      expect(asked.raw).not.toContain(canary);
      expect(asked.text).toBe(prompt);
      expect(asked.turns).toBe(1);
    }
  });
});

describe('the switches of the program alone', () => {
  it('read no file', { tags: ['exhaustive'] }, async () => {
    for (const prompt of mentions()) {
      const asked = await askedBy(prompt, switchedOff);
      expect(asked.raw).not.toContain(canary);
      expect(asked.text).toBe(prompt);
    }
  });

  it('let a command through as text, or end it without a model turn', { tags: ['exhaustive'] }, async () => {
    for (const prompt of commands) {
      const { text, raw, turns } = await askedBy(prompt, switchedOff);
      // It may say beside it that there is no such command.
      if (turns === 0) expect(raw).toBe('');
      else expect(text.replace(/<system-reminder>[\s\S]*?<\/system-reminder>\s*/g, '')).toBe(prompt);
      expect(raw.length).toBeLessThan(5_000);
    }
  });
});

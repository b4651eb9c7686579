#!/usr/bin/env bash
# @anthropic-ai/claude-agent-sdk 0.3.330: what a tool gets and what the model sees of its answer are both changed on the way.
# Strings are turned into what the schema wants where they are its exact form ("1.5", "true"; not "1e1"), so a tool never
# learns that the model was wrong. A result with structuredContent loses its text: the model sees the JSON alone.
. "$(dirname "$0")/lib.sh"
install @anthropic-ai/claude-agent-sdk@0.3.330 zod@4.6.7 @modelcontextprotocol/sdk@1.32.2
cp "$here/scripted-model.mjs" .
run tools.mjs <<'JS'
import { createSdkMcpServer, tool } from '@anthropic-ai/claude-agent-sdk';
import { z } from 'zod';
import { ask, text } from './scripted-model.mjs';
for (const n of ['1.5', '1e1']) {
  let given = 'not called';
  const note = tool('note', 'Takes a note', { n: z.number(), b: z.boolean() }, async (args) => {
    given = JSON.stringify(args);
    return { content: [{ type: 'text', text: 'Noted, in words.' }], structuredContent: { id: 1 } };
  });
  const call = { type: 'tool_use', id: 'toolu_1', name: 'mcp__s__note', input: { n, b: 'true' } };
  const { requests } = await ask((turn) => (turn === 1 ? { content: [call], stop: 'tool_use' } : { content: [text('Done.')] }), {
    mcpServers: { s: createSdkMcpServer({ name: 's', version: '1', tools: [note] }) },
    allowedTools: ['mcp__s__note'],
  });
  const block = requests.at(-1).messages.flatMap(({ content }) => content).find(({ type }) => type === 'tool_result');
  const shown = JSON.stringify(block.content).split('\\n')[0].replace(/^"|"$/g, '').replaceAll('\\"', '"');
  console.log(`the model calls with ${JSON.stringify(call.input)}: the tool gets ${given}, the model sees ${shown.slice(0, 44)}`);
}
JS
sees <<'SEEN'
the model calls with {"n":"1.5","b":"true"}: the tool gets {"n":1.5,"b":true}, the model sees {"id":1}
the model calls with {"n":"1e1","b":"true"}: the tool gets not called, the model sees MCP error -32602: Input validation error: In
SEEN

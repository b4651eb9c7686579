#!/usr/bin/env bash
# @anthropic-ai/claude-agent-sdk 0.3.330: `result.result` is the last text block of the last message, not the answer.
# Text, then thinking, then text: only what comes after the thinking. Text, then thinking: the empty string, as a success.
. "$(dirname "$0")/lib.sh"
install @anthropic-ai/claude-agent-sdk@0.3.330
cp "$here/scripted-model.mjs" .
run blocks.mjs <<'JS'
import { ask, text, thinking } from './scripted-model.mjs';
for (const content of [
  [text('First.'), text('Second.')],
  [text('First.'), thinking('so'), text('Second.')],
  [text('The whole answer.'), thinking('so')],
]) {
  const { result } = await ask(() => ({ content }));
  console.log(`${content.map(({ type }) => type).join(', ')}: ${result.subtype} ${JSON.stringify(result.result)}`);
}
JS
sees <<'SEEN'
text, text: success "Second."
text, thinking, text: success "Second."
text, thinking: success ""
SEEN

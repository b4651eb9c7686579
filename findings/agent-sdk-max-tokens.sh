#!/usr/bin/env bash
# @anthropic-ai/claude-agent-sdk 0.3.330: an answer cut off by max_tokens is asked for again, three times, unasked.
# maxTurns is 1 here. Four requests are made and paid for, each with the user's message "Output token limit hit…"; then the
# result is `success` with `is_error`, and in place of the pieces that came there is an error's text.
. "$(dirname "$0")/lib.sh"
install @anthropic-ai/claude-agent-sdk@0.3.330
cp "$here/scripted-model.mjs" .
run cut.mjs <<'JS'
import { ask, text } from './scripted-model.mjs';
const { result, requests } = await ask((n) => ({ content: [text(`Piece ${n}.`)], stop: 'max_tokens' }), { maxTurns: 1 });
console.log(`${requests.length} requests for one turn`);
console.log(JSON.stringify(requests.at(-1).messages.at(-1).content).match(/Output token limit hit\./)?.[0]);
console.log(`${result.subtype}, is_error ${result.is_error}, num_turns ${result.num_turns}: ${result.result.slice(0, 52)}`);
JS
sees <<'SEEN'
4 requests for one turn
Output token limit hit.
success, is_error true, num_turns 4: API Error: Claude's response exceeded the 32000 outp
SEEN

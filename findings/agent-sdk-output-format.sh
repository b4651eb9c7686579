#!/usr/bin/env bash
# @anthropic-ai/claude-agent-sdk 0.3.330: a query with `outputFormat` can succeed without any structured output.
# A model that answers in plain text is reminded once; when it does so again the result is `success`, `is_error` false, the plain
# text as `result`, and `structured_output` undefined.
. "$(dirname "$0")/lib.sh"
install @anthropic-ai/claude-agent-sdk@0.3.330
cp "$here/scripted-model.mjs" .
run plain.mjs <<'JS'
import { ask, text } from './scripted-model.mjs';
const schema = { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] };
const { result, requests } = await ask(() => ({ content: [text('Seven.')] }), { outputFormat: { type: 'json_schema', schema } });
console.log(`${requests.length} requests; ${result.subtype}, is_error ${result.is_error}`);
console.log(`result ${JSON.stringify(result.result)}, structured_output ${result.structured_output}`);
JS
sees <<'SEEN'
2 requests; success, is_error false
result "Seven.", structured_output undefined
SEEN

/**
 * Runs the server scenarios of the MCP conformance suite against the `/mcp` of a VM of its own. The suite knows of no token: it
 * comes in by a door that adds one. Exits 1 when a scenario outside docs/mcp-conformance.md fails, or one of it passes.
 *
 *   node tests/conformance/run-server.ts DIR/node_modules/@modelcontextprotocol/conformance/dist/index.js
 */
import { startMessagesApi } from '../helpers/messages-api.ts';
import { startTestVm } from '../helpers/vm.ts';
import { runSuite, say } from './suite.ts';
import { openDoor } from './with-token.ts';

const exceptions = new Set([
  // They call tools and read resources that the suite's own example has, by names that no skill can have.
  ...['image', 'audio', 'embedded-resource', 'mixed-content', 'with-progress'].map(
    (name) => `tools-call-${name}`,
  ),
  ...[
    'json-schema-2020-12',
    'server-sse-polling',
    'server-stateless',
    'http-custom-header-server-validation',
  ],
  ...['resources-read-text', 'resources-read-binary', 'resources-templates-read'],
  // Not offered: logging, completions, prompts, subscriptions.
  ...['logging-set-level', 'tools-call-with-logging', 'completion-complete', 'caching'],
  ...['prompts-list', 'prompts-get-simple', 'prompts-get-with-args', 'prompts-get-embedded-resource'],
  ...['prompts-get-with-image', 'resources-subscribe', 'resources-unsubscribe'],
  // Not offered: to ask the client's person or model in the middle of a call.
  ...[
    'tools-call-sampling',
    'tools-call-elicitation',
    'elicitation-sep1034-defaults',
    'elicitation-sep1330-enums',
  ],
  ...[
    'basic-elicitation',
    'basic-sampling',
    'basic-list-roots',
    'request-state',
    'multiple-input-requests',
  ].map((name) => `input-required-result-${name}`),
  ...['multi-round', 'non-tool-request', 'result-type', 'tampered-state', 'capability-check'].map(
    (name) => `input-required-result-${name}`,
  ),
  // Not offered: the extension of tasks. `get_execution` is there for what takes long.
  ...['lifecycle', 'capability-negotiation', 'wire-fields', 'request-state-removal', 'mrtr-input'].map(
    (name) => `tasks-${name}`,
  ),
  ...['request-headers', 'dispatch-and-envelope', 'required-task-error', 'mrtr-composition'].map(
    (name) => `tasks-${name}`,
  ),
]);

const file = process.argv[2];
if (file === undefined) {
  say('usage: node tests/conformance/run-server.ts <conformance>/dist/index.js');
  process.exit(2);
}
const model = await startMessagesApi(() => ({ text: 'Hello' }));
const vm = await startTestVm({
  env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'sk-ant-test-0123456789' },
});
try {
  const { body } = await vm.api('POST', '/api/v1/tokens', { name: 'conformance', scopes: ['run', 'read'] });
  const door = await openDoor(new URL(vm.url), (body as { token: string }).token);
  const isAsWritten = await runSuite({ file, side: 'server', args: ['--url', door.url.href], exceptions });
  door.close();
  if (!isAsWritten) process.exitCode = 1;
} finally {
  await vm.stop();
  await model.close();
}

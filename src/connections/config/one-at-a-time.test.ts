import { expect, it } from 'vitest';
import { isOneAtATime } from './one-at-a-time.ts';
import { parseConfig } from './typed-config.ts';

it.each([
  [{ command: 'npx', args: ['-y', '@modelcontextprotocol/server-memory'] }, true],
  [{ command: 'npx', args: ['-y', '@modelcontextprotocol/server-memory@2026.7.4'] }, true],
  [{ command: 'node', args: ['/srv/node_modules/@modelcontextprotocol/server-memory/dist/index.js'] }, true],
  [{ command: 'docker', args: ['run', '-i', 'mcp/memory:latest'] }, true],
  [{ command: 'npx', args: ['@modelcontextprotocol/server-memory'], oneAtATime: false }, false],
  [{ command: 'npx', args: ['-y', '@modelcontextprotocol/server-everything'] }, false],
  [{ command: 'npx', args: ['acme'], oneAtATime: true }, true],
])('%j: %s', (config, answer) => {
  expect(isOneAtATime(parseConfig('mcp_stdio', config))).toBe(answer);
});

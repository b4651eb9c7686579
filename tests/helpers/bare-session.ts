/** The Agent SDK by itself, to test and to measure beside: no tools of its own, nothing kept, nobody asked. */
import type { Options } from '@anthropic-ai/claude-agent-sdk';

/** @param folder where the program is at home, and keeps what it keeps */
export const bareSession = (folder: string, endpoint: { url: string; key: string }) =>
  ({
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      CLAUDE_CONFIG_DIR: folder,
      TMPDIR: folder,
      ANTHROPIC_BASE_URL: endpoint.url,
      ANTHROPIC_API_KEY: endpoint.key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    },
    cwd: folder,
    tools: [],
    settingSources: [],
    strictMcpConfig: true,
    persistSession: false,
    permissionMode: 'dontAsk',
  }) satisfies Options;

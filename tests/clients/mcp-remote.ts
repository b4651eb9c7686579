/** `mcp-remote`, by which programs that know only local servers reach others: it signs in by OAuth, without a token from us. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

/**
 * @param program its file
 * @param letIn the owner's word: from the address with which it would open a browser, to the address where the browser ends
 */
export async function askMcpRemote(
  program: string,
  url: string,
  letIn: (address: URL) => Promise<string>,
): Promise<{ tools: string[]; text: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alfred-mcp-remote-'));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, url],
    // No browser is found there: it prints the address.
    env: { PATH: folder, HOME: folder, MCP_REMOTE_CONFIG_DIR: folder },
    stderr: 'pipe',
  });
  let said = '';
  let isIn = false;
  transport.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    const address = /https?:\/\/\S+\/oauth\/authorize\?\S+/.exec(said)?.[0];
    if (address === undefined || isIn || !said.includes(`${address}\n`)) return;
    isIn = true;
    letIn(new URL(address))
      .then((returnTo) => fetch(returnTo))
      .catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  });
  const client = new Client({ name: 'desktop', version: '1' });
  try {
    await client.connect(transport as never, { timeout: 60_000 });
    const { tools } = await client.listTools();
    const result = await client.callTool({ name: 'greet', arguments: { person: 'Ada' } });
    const [first] = result.content as { text?: string }[];
    return { tools: tools.map(({ name }) => name), text: first?.text ?? '' };
  } catch (error) {
    throw new Error(`${String(error)}\n${said}`);
  } finally {
    await client.close();
    await rm(folder, { recursive: true, force: true });
  }
}

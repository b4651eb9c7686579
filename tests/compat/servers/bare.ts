/** A server with the bare client of the MCP SDK: what it can do for anybody. */
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { chooseCall } from './choose-call.ts';
import { inOneLine } from './in-one-line.ts';
import type { Sight, Trial } from './trial.ts';

export type BareSight = {
  sight: Sight;
  server?: string | undefined;
  protocol?: string | undefined;
  memoryMiB?: number | undefined;
  /** The call that was made, to be made again. */
  call?: Trial['call'] | undefined;
};

export type Start = { program: string; args: string[]; env: Record<string, string>; cwd: string };

/** Milliseconds to start, and to answer. */
export const startMs = 60_000;
export const callMs = 15_000;

export async function tryBare(given: Trial['call'], { program, args, env, cwd }: Start): Promise<BareSight> {
  const began = performance.now();
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, ...args],
    env,
    cwd,
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  const client = new Client({ name: 'bare', version: '1.0.0' });
  try {
    await client.connect(transport, { timeout: startMs });
    const { tools } = await client.listTools(undefined, { timeout: startMs });
    const took = performance.now() - began;
    const { name = '', version = '' } = client.getServerVersion() ?? {};
    const call = given ?? chooseCall(tools);
    const answer =
      call &&
      inOneLine(
        await client
          .callTool({ name: call.tool, arguments: call.args }, { timeout: callMs })
          .catch((error: unknown) => ({ error: error instanceof Error ? error.message : String(error) })),
      );
    return {
      sight: { tools: tools.map((tool) => tool.name), off: {}, startMs: took, answer },
      server: `${name} ${version}`,
      protocol: client.getNegotiatedProtocolVersion(),
      memoryMiB: memoryOf(transport.pid),
      call,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { sight: { error: `${message} ${said.trim().slice(-600)}` } };
  } finally {
    await client.close().catch(() => undefined);
  }
}

/** What a process holds by itself, in MiB; undefined when it is gone. */
function memoryOf(pid: number | null): number | undefined {
  try {
    const [, kiB] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kiB === undefined ? undefined : Math.round(Number(kiB) / 1024);
  } catch {
    // It ended by itself, or runs where there is no /proc.
    return undefined;
  }
}

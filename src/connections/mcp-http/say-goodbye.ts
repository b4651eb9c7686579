import type { SSEClientTransport } from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** How long the server may take to hear that we leave, in milliseconds. */
const goodbyeMs = 2_000;

/** Tells the server that its session is over, where it has one and listens. */
export async function sayGoodbye(
  transport: StreamableHTTPClientTransport | SSEClientTransport,
): Promise<void> {
  if (!(transport instanceof StreamableHTTPClientTransport) || transport.sessionId === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, goodbyeMs);
  });
  // A server need not support it, and may be gone already.
  await Promise.race([transport.terminateSession().catch(() => {}), enough]);
  clearTimeout(timer);
}

import { addressOf } from '../../src/contract/address.ts';
import type { ChatEvent } from '../../src/contract/chat.ts';
import { routes } from '../../src/contract/routes.ts';
import { streamAgainMs } from '../api/stream-again.ts';

const names = [
  'message',
  'delta',
  'tool_call',
  'approval',
  'summary',
  'usage',
  'status',
] as const satisfies readonly ChatEvent['event'][];

/**
 * The events of a conversation behind `from`, until the signal is aborted. A broken stream goes on where it broke. While
 * nobody sees the page it is closed: a browser has six connections to one server, for all its tabs.
 */
export function followConversation(
  id: string,
  {
    from,
    signal,
    onEvent,
    onBroken,
  }: { from: string; signal: AbortSignal; onEvent(event: ChatEvent): void; onBroken(): void },
): void {
  let last = from;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    source?.close();
    source = undefined;
    clearTimeout(timer);
  };
  const open = () => {
    close();
    if (signal.aborted || document.hidden) return;
    source = new EventSource(
      addressOf(routes.followConversation, { params: { id }, query: { after: last } }),
    );
    for (const event of names) {
      source.addEventListener(event, ({ data, lastEventId }: MessageEvent<string>) => {
        last = lastEventId;
        onEvent({ id: lastEventId, event, data: JSON.parse(data) } as ChatEvent);
      });
    }
    source.onerror = () => {
      onBroken();
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, streamAgainMs);
    };
  };
  open();
  document.addEventListener('visibilitychange', open, { signal });
  signal.addEventListener('abort', close);
}

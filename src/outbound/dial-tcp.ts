import { connect, type Socket } from 'node:net';
import { AlfredError } from '../kernel/errors.ts';
import { isDialable } from './address.ts';
import { literalAddress, refusedAddress } from './check-url.ts';
import { checkedLookup, type DialerOptions } from './dialer.ts';
import { httpFailure } from './failures.ts';

/**
 * A TCP connection to a host, for what speaks no HTTP: its addresses are checked as those of a URL are, and those that were
 * checked are dialled. It ends with `signal`.
 *
 * @throws AlfredError E_ADDRESS_REFUSED, E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT; the reason of `signal` as it is
 */
export async function dialTcp({
  host,
  port,
  signal,
  ...options
}: DialerOptions & { host: string; port: number; signal: AbortSignal }): Promise<Socket> {
  signal.throwIfAborted();
  const address = literalAddress(host);
  if (address !== undefined && !isDialable(address, options.allowPrivateNetwork))
    throw refusedAddress(address, address);
  const place = `${host}:${port}`;
  const { connectTimeoutMs = 10_000 } = options;
  const socket = connect({ host, port, lookup: checkedLookup(options), autoSelectFamily: true });
  return await new Promise<Socket>((resolve, reject) => {
    const end = (error: unknown) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      reject(error);
    };
    const onAbort = () => end(signal.reason);
    const timer = setTimeout(
      () => end(new AlfredError('E_CONNECTION_TIMEOUT', `${place} did not answer in time`)),
      connectTimeoutMs,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', (error) => end(httpFailure(error, place)));
    socket.once('connect', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error');
      // Until somebody listens, and after: its end is told by `close`, and an error that nobody hears would end the process.
      socket.on('error', () => {});
      const hangUp = () => socket.destroy();
      signal.addEventListener('abort', hangUp, { once: true });
      socket.once('close', () => signal.removeEventListener('abort', hangUp));
      resolve(socket);
    });
  });
}

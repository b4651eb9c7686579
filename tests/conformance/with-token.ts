/** A door before a VM's `/mcp` that adds a token to every request, for programs that know of none. Everything else goes through as it came. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** @returns the address of `/mcp` at the door, and how to close it */
export async function openDoor(vm: URL, token: string): Promise<{ url: URL; close: () => void }> {
  const door = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const inner = request({ host: vm.hostname, port: vm.port, method, path }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    for (const [name, value] of Object.entries({ ...headers, authorization: `Bearer ${token}` }))
      if (value !== undefined) inner.setHeader(name, value);
    inner.on('error', () => outgoing.destroy());
    outgoing.on('close', () => inner.destroy());
    incoming.pipe(inner);
  });
  await new Promise<void>((done) => void door.listen(0, '127.0.0.1', done));
  const { port } = door.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    close: () => {
      door.closeAllConnections();
      door.close();
    },
  };
}

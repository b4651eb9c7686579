/** Stands between a VM and Core, passes every byte on, and keeps those that the VM sent. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type RecordingProxy = {
  url: string;
  /** All that came from VMs, of all connections, as text. */
  sent(): string;
  /** How many bytes that is. */
  bytes(): number;
  /** From now on Core gets what is sent, and its answers are lost. */
  loseAnswers(lose: boolean): void;
  /** From now on nobody gets through. */
  cut(isCut: boolean): void;
  close(): Promise<void>;
};

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const { hostname, port } = new URL(target);
  const streams: Buffer[][] = [];
  const open = new Set<Socket>();
  let isLosing = false;
  let isCut = false;
  const server = createServer((vm) => {
    if (isCut) {
      vm.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    streams.push(chunks);
    const core = connect(Number(port), hostname);
    for (const socket of [vm, core]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      // A side that breaks off takes the other with it: that is what a network does.
      socket.on('error', () => {
        vm.destroy();
        core.destroy();
      });
    }
    vm.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      core.write(chunk);
    });
    core.on('data', (chunk: Buffer) => {
      if (isLosing) vm.destroy();
      else vm.write(chunk);
    });
    vm.on('end', () => core.end());
    core.on('end', () => vm.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => streams.map((chunks) => Buffer.concat(chunks).toString('latin1')).join(''),
    bytes: () => streams.flat().reduce((sum, { length }) => sum + length, 0),
    loseAnswers(lose) {
      isLosing = lose;
    },
    cut(nowCut) {
      isCut = nowCut;
      if (nowCut) for (const socket of open) socket.destroy();
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

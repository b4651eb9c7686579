/** A real name server on loopback, whose answers a test decides query by query: for rebinding and mixed answers. */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

export type NameServer = {
  /** The names asked for (A and AAAA together count once), in order. */
  queries: string[];
  resolve: (hostname: string) => Promise<{ address: string; family: number }[]>;
  close: () => Promise<void>;
};

const types = { A: 1, AAAA: 28 };

/** The name in the question of a query, which starts at byte 12 (RFC 1035 section 4.1.2), and where it ends. */
function question(query: Buffer): { name: string; end: number; type: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answer(query: Buffer, addresses: string[]): Buffer {
  const { type, end } = question(query);
  const fitting = addresses.filter((address) => isIPv4(address) === (type === types.A));
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(fitting.length, 6);
  header.writeUInt32BE(0, 8);
  const records = fitting.map((address) => {
    const bytes = Buffer.from(ipaddr.parse(address).toByteArray());
    // A pointer to the question's name, type, class IN, a lifetime of 0 seconds, the address.
    const record = Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length]);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}

/** @param addressesOf the addresses of a name, when it is asked for the `nth` time (from 0) */
export async function startNameServer(
  addressesOf: (name: string, nth: number) => string[],
): Promise<NameServer> {
  const queries: string[] = [];
  const socket = createSocket('udp4');
  const asked = new Map<string, number>();
  socket.on('message', (query, from) => {
    const { name } = question(query);
    socket.send(answer(query, addressesOf(name, (asked.get(name) ?? 1) - 1)), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    queries,
    async resolve(hostname) {
      queries.push(hostname);
      asked.set(hostname, (asked.get(hostname) ?? 0) + 1);
      const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
      const addresses = found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
      if (addresses.length === 0) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      return addresses.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 }));
    },
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

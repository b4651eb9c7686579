/** What a program logs, kept to be looked at. */
import { Writable } from 'node:stream';

export function keptLines(): { destination: Writable; logged: () => string } {
  let lines = '';
  const destination = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      lines += line;
      done();
    },
  });
  return { destination, logged: () => lines };
}

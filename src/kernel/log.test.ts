import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLogger } from './log.ts';

it('says what an error is, and nothing of the connection that a driver hung on it', () => {
  let said = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      said += String(chunk);
      done();
    },
  });
  const log = createLogger({ level: 'info', format: 'json', redact: (line) => line, destination });
  class Client {
    secretKey = 4711;
  }
  const error = Object.assign(new Error('terminating connection', { cause: new Error('by hand') }), {
    ...{ code: '57P01', severity: 'FATAL', position: undefined, client: new Client() },
    fields: [{ field: '/name' }],
  });
  log.error({ err: error }, 'the queue has a problem');
  const { err, msg } = JSON.parse(said);
  expect(msg).toBe('the queue has a problem');
  expect(err).toMatchObject({
    ...{ type: 'Error', code: '57P01', severity: 'FATAL', fields: [{ field: '/name' }] },
    message: expect.stringContaining('terminating connection'),
    stack: expect.stringContaining('by hand'),
  });
  expect(said).not.toContain('4711');
  said = '';
  log.error({ err: 'thrown as it is' });
  expect(JSON.parse(said).err).toBe('thrown as it is');
});

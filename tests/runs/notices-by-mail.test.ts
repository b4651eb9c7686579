/** Notices by mail from a run to the server: who is told where one of two is refused, and what a test of the channel says. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { channelInputSchema } from '../../src/contract/channels.ts';
import { createChannel } from '../../src/notices/create-channel.ts';
import { listChannels } from '../../src/notices/list-channels.ts';
import { createPostman, type Postman } from '../../src/notices/postman.ts';
import { testChannel } from '../../src/notices/test-channel.ts';
import { updateChannel } from '../../src/notices/update-channel.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';
import { type SmtpScript, startSmtpScript } from '../helpers/smtp-script.ts';

let server: SmtpScript;
let bench: RunnerBench;
let postman: Postman;
beforeAll(async () => {
  server = await startSmtpScript();
  bench = await createRunnerBench(() => ({ fail: 'unauthorized' }));
  await bench.addSkill({ slug: 'fails', steps: ['Break it'] });
  postman = createPostman({ ...bench, settings: { publicUrl: 'https://alfred.example' } });
  await postman.start();
});
afterAll(async () => {
  await postman.stop();
  await bench.close();
  await server.close();
});

const add = (name: string, more: Record<string, unknown>) =>
  createChannel(
    bench,
    channelInputSchema.parse({
      ...{ name, kind: 'email', isActive: false },
      config: {
        ...{ host: '127.0.0.1', port: String(server.port), security: 'none' },
        ...{ from: 'alfred@house.example', to: 'one@house.example, two@house.example', ...more },
      },
    }),
    'owner',
  );
const tested = (name: string) =>
  testChannel({ ...bench, settings: { publicUrl: undefined } }, name, AbortSignal.timeout(20_000));

it('is told once where the server refuses another receiver for good, and a test says whom', async () => {
  server.answers((line) => (line.includes('two@') ? '550 5.1.1 User unknown' : undefined));
  await add('both', { allowPrivateNetwork: true });
  expect(await tested('both')).toEqual({
    isDelivered: false,
    answer: expect.stringContaining('not for two@house.example (550 5.1.1 User unknown)'),
  });
  await updateChannel(bench, 'both', { isActive: true }, 'owner');
  await bench.run('fails', {});
  const shown = async () => (await listChannels(bench)).find(({ name }) => name === 'both');
  await until(async () => (await shown())?.lastDeliveredAt !== null);
  expect(await shown()).toMatchObject({ waiting: 0, failures: 0, givenUp: 0 });
  expect(server.mails.map(({ to }) => to)).toEqual([['one@house.example'], ['one@house.example']]);
  expect(server.mails[1]?.raw).toMatch(/^Subject: .* failed/m);
});

it('is not sent into the own network unasked, and the answer says how to allow it', async () => {
  await add('near', {});
  expect(await tested('near')).toEqual({
    isDelivered: false,
    answer: expect.stringMatching(
      /public addresses only\. If it is yours, allow the channel your own network/,
    ),
  });
});

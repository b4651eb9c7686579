/** A skill that takes webhooks in, and who sends them: signed, over so many connections at once. */
import { Agent, request } from 'node:http';
import { signStandard } from '../src/kernel/sign-standard.ts';
import type { TestVm } from '../tests/helpers/vm.ts';

export type Round = { accepted: number; refused: number; seconds: number; ms: number[] };

const secret = 'whsec_YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2g=';

/** Saves the skill `intake`. */
export async function addIntakeSkill(vm: TestVm): Promise<void> {
  const made = await vm.api('POST', '/api/v1/skills', {
    slug: 'intake',
    name: 'Intake',
    steps: [{ id: 1, prompt: 'Note order {{body.order.id}}.' }],
    triggerType: 'webhook',
    triggerConfig: { auth: 'standard', secret, perMinute: 1_000_000 },
    inputSchema: { type: 'object', properties: { body: { type: 'object' } }, required: ['body'] },
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
}

/** The headers of a delivery to the skill. */
export function signed(body: Buffer): Record<string, string> {
  const id = `msg_${crypto.randomUUID()}`;
  const at = String(Math.floor(Date.now() / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': at,
    'webhook-signature': signStandard(secret, id, at, body),
  };
}

/** Posts over `connections` kept-alive connections, each one request after the other; 200 and 202 are accepted. */
export async function load(
  target: string,
  seconds: number,
  connections: number,
  headersOf: (body: Buffer) => Record<string, string>,
): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const round: Round = { accepted: 0, refused: 0, seconds, ms: [] };
  const began = performance.now();
  const end = began + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async (_, n) => {
      while (performance.now() < end) {
        const body = Buffer.from(
          JSON.stringify({ order: { id: n, items: ['a', 'b'], note: 'x'.repeat(400) } }),
        );
        const sent = performance.now();
        const status = await post(agent, target, body, headersOf(body));
        round.ms.push(performance.now() - sent);
        if (status === 202 || status === 200) round.accepted++;
        else round.refused++;
      }
    }),
  );
  round.seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return round;
}

const post = (agent: Agent, target: string, body: Buffer, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const outgoing = request(target, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': body.length, ...headers },
    });
    outgoing.on('response', (incoming) => {
      incoming.resume();
      incoming.on('end', () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });

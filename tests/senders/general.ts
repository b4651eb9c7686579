/** Deliveries of Standard Webhooks, and schemes that resemble it, by their own libraries. */
import type { Bench } from './bench.ts';
import { hmac, json, key, whsec } from './signing.ts';

type WithWebhook = {
  Webhook: new (secret: string) => { sign(id: string, time: Date, body: string): string };
};

async function standardwebhooks({ load, at, s, body, signed, taken }: Bench): Promise<void> {
  const { Webhook: Standard } = await load<WithWebhook>('standardwebhooks');
  const standardHeaders = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': s,
    'webhook-signature': new Standard(whsec).sign('msg_1', at, body),
  };
  signed('standardwebhooks', { auth: 'standard', secret: whsec, body, headers: standardHeaders });
  type OpenAi = new (options: {
    apiKey: string;
  }) => {
    webhooks: {
      verifySignature(body: string, headers: Record<string, string>, secret: string): Promise<void>;
    };
  };
  const { default: OpenAI } = await load<{ default: OpenAi }>('openai');
  await new OpenAI({ apiKey: 'none' }).webhooks.verifySignature(body, standardHeaders, whsec);
  taken('openai', true, { auth: 'standard', secret: whsec, body, headers: standardHeaders });
}

async function svix({ load, at, s, body, signed }: Bench): Promise<void> {
  const { Webhook: Svix } = await load<WithWebhook>('svix');
  signed('svix', {
    ...{ auth: 'svix', secret: whsec, body },
    headers: {
      'svix-id': 'msg_1',
      'svix-timestamp': s,
      'svix-signature': new Svix(whsec).sign('msg_1', at, body),
    },
  });
}

async function workos({ load, ms, body, taken }: Bench): Promise<void> {
  type WorkOS = {
    WorkOS: new (key: string) => { webhooks: { verifyHeader(given: unknown): Promise<boolean> } };
  };
  const { WorkOS } = await load<WorkOS>('@workos-inc/node');
  const workosSignature = `t=${ms}, v1=${hmac(`${ms}.${body}`)}`;
  taken(
    '@workos-inc/node',
    await new WorkOS('none').webhooks.verifyHeader({
      payload: body,
      sigHeader: workosSignature,
      secret: key,
    }),
    { auth: 'workos', body, headers: { 'workos-signature': workosSignature } },
  );
}

async function sanity({ load, ms, body, signed }: Bench): Promise<void> {
  type Sanity = { encodeSignatureHeader(body: string, time: number, secret: string): Promise<string> };
  const sanity = await load<Sanity>('@sanity/webhook');
  const sanitySignature = await sanity.encodeSignatureHeader(body, Number(ms), key);
  signed('@sanity/webhook', {
    ...{ auth: 'sanity', body },
    headers: { 'sanity-webhook-signature': sanitySignature, 'idempotency-key': 'i-1' },
  });
}

async function muxNode({ load, s, body, taken }: Bench): Promise<void> {
  const muxSignature = { 'mux-signature': `t=${s},v1=${hmac(`${s}.${body}`)}` };
  type Mux = new (
    options: unknown,
  ) => {
    webhooks: { verifySignature(body: string, headers: unknown, secret: string): Promise<void> };
  };
  const { default: MuxClient } = await load<{ default: Mux }>('@mux/mux-node');
  await new MuxClient({ tokenId: 'a', tokenSecret: 'b' }).webhooks.verifySignature(body, muxSignature, key);
  taken('@mux/mux-node', true, { auth: 'mux', body, headers: muxSignature });
}

async function pusher({ load, body, taken }: Bench): Promise<void> {
  type Pusher = new (options: unknown) => { webhook(request: unknown): { isValid(): boolean } };
  const { default: PusherClient } = await load<{ default: Pusher }>('pusher');
  const pusherHeaders = { 'x-pusher-key': 'k', 'x-pusher-signature': hmac(body) };
  const pusher = new PusherClient({ appId: '1', key: 'k', secret: key, cluster: 'eu' });
  taken('pusher', pusher.webhook({ headers: { ...json, ...pusherHeaders }, rawBody: body }).isValid(), {
    ...{ auth: 'pusher', body, headers: pusherHeaders },
  });
}

export const general = [standardwebhooks, svix, workos, sanity, muxNode, pusher];

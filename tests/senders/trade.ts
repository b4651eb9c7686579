/** Deliveries of senders where money and goods change hands, by their own libraries. */
import type { Bench } from './bench.ts';
import { hmac, key, url } from './signing.ts';

async function stripe({ load, s, body, signed }: Bench): Promise<void> {
  type Stripe = {
    webhooks: {
      generateTestHeaderString(given: { payload: string; secret: string; timestamp: number }): string;
    };
  };
  const { default: StripeClient } = await load<{ default: new (key: string) => Stripe }>('stripe');
  const stripe = new StripeClient('none').webhooks;
  signed('stripe', {
    ...{ auth: 'stripe', body },
    headers: {
      'stripe-signature': stripe.generateTestHeaderString({
        payload: body,
        secret: key,
        timestamp: Number(s),
      }),
    },
  });
}

async function shopifyApi({ load, body, taken }: Bench): Promise<void> {
  const shopifyHeaders = {
    'x-shopify-topic': 'orders/create',
    'x-shopify-api-version': '2026-10',
    'x-shopify-shop-domain': 'shop.myshopify.com',
    'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    'x-shopify-hmac-sha256': hmac(body, 'base64'),
  };
  await load('@shopify/shopify-api', '/adapters/node');
  type Shopify = {
    shopifyApi(options: unknown): { webhooks: { validate(given: unknown): Promise<{ valid: boolean }> } };
  };
  const { shopifyApi } = await load<Shopify>('@shopify/shopify-api');
  const shop = shopifyApi({
    ...{
      apiKey: 'k',
      apiSecretKey: key,
      hostName: 'alfred.example',
      apiVersion: '2026-10',
      isEmbeddedApp: false,
    },
  });
  const { valid } = await shop.webhooks.validate({
    rawBody: body,
    rawRequest: { method: 'POST', url, headers: shopifyHeaders },
    rawResponse: {},
  });
  taken('@shopify/shopify-api', valid, { auth: 'shopify', body, headers: shopifyHeaders });
}

async function paddleNodeSdk({ load, body, taken }: Bench): Promise<void> {
  type Paddle = {
    Paddle: new (
      key: string,
    ) => {
      webhooks: { isSignatureValid(body: string, secret: string, signature: string): Promise<boolean> };
    };
  };
  const { Paddle } = await load<Paddle>('@paddle/paddle-node-sdk');
  // Its library takes nothing that is older than five seconds.
  const at = new Date();
  const s = String(Math.floor(at.getTime() / 1000));
  const paddleSignature = `ts=${s};h1=${hmac(`${s}:${body}`)}`;
  taken(
    '@paddle/paddle-node-sdk',
    await new Paddle('none').webhooks.isSignatureValid(body, key, paddleSignature),
    {
      ...{ auth: 'paddle', body, at: at.toISOString(), headers: { 'paddle-signature': paddleSignature } },
    },
  );
}

async function square({ load, body, taken }: Bench): Promise<void> {
  const squareSignature = hmac(url + body, 'base64');
  type Square = { WebhooksHelper: { verifySignature(given: unknown): Promise<boolean> } };
  const { WebhooksHelper } = await load<Square>('square');
  taken(
    'square',
    await WebhooksHelper.verifySignature({
      ...{ requestBody: body, signatureHeader: squareSignature, signatureKey: key, notificationUrl: url },
    }),
    { auth: 'square', body, headers: { 'x-square-hmacsha256-signature': squareSignature } },
  );
}

async function gocardlessNodejs({ load, taken }: Bench): Promise<void> {
  const moneyBody = '{"events":[],"meta":{"webhook_id":"WB123"}}';
  type GoCardless = { parse(body: string, secret: string, signature: string): unknown };
  const gocardless = await load<GoCardless>('gocardless-nodejs', '/webhooks');
  taken('gocardless-nodejs', gocardless.parse(moneyBody, key, hmac(moneyBody)), {
    ...{ auth: 'gocardless', body: moneyBody, headers: { 'webhook-signature': hmac(moneyBody) } },
  });
}

async function razorpay({ load, body, taken }: Bench): Promise<void> {
  type Razorpay = { validateWebhookSignature(body: string, signature: string, secret: string): boolean };
  const { default: razorpay } = await load<{ default: Razorpay }>('razorpay');
  taken('razorpay', razorpay.validateWebhookSignature(body, hmac(body), key), {
    ...{ auth: 'razorpay', body },
    headers: { 'x-razorpay-signature': hmac(body), 'x-razorpay-event-id': 'r-1' },
  });
}

export const trade = [stripe, shopifyApi, paddleNodeSdk, square, gocardlessNodejs, razorpay];

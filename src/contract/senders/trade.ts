/** Where money and goods change hands. */
import type { Sender } from './sender.ts';

export const tradeSenders = {
  stripe: {
    title: 'Stripe',
    words: 'signed as Stripe signs',
    scheme: {
      signature: { from: 'header:stripe-signature', pairs: ',', part: 'v1' },
      signed: ['{timestamp}', '.', '{body}'],
      timestamp: { from: 'part:t' },
      id: 'json:/id',
      idRequired: true,
    },
    secret: { from: 'either', name: 'signing secret' },
    steps: [
      'In Stripe: Developers → Webhooks → Add destination. Endpoint URL: {url}. Choose the events.',
      'Reveal the signing secret (whsec_…) and paste it here.',
    ],
  },
  paddle: {
    title: 'Paddle',
    words: 'signed as Paddle signs',
    scheme: {
      signature: { from: 'header:paddle-signature', pairs: ';', part: 'h1' },
      signed: ['{timestamp}', ':', '{body}'],
      timestamp: { from: 'part:ts' },
      id: ['json:/event_id', 'json:/notification_id'],
    },
    secret: { from: 'sender', name: 'Secret key' },
    steps: [
      'In Paddle: Developer tools → Notifications → New destination: Webhook, {url}.',
      'Copy the destination’s secret key (pdl_ntfset_…) and paste it here.',
    ],
  },
  square: {
    title: 'Square',
    words: 'signed as Square signs',
    scheme: {
      signature: { from: 'header:x-square-hmacsha256-signature', encoding: 'base64' },
      signed: ['{url}', '{body}'],
      id: 'json:/event_id',
    },
    secret: { from: 'sender', name: 'Signature key' },
    steps: [
      'At developer.squareup.com, open the application → Webhooks → Subscriptions → Add. URL: {url}.',
      'Copy the subscription’s signature key and paste it here.',
    ],
    know: 'The address is signed: ALFRED_PUBLIC_URL must be the one that Square has.',
  },
  shopify: {
    title: 'Shopify',
    words: 'signed as Shopify signs',
    scheme: {
      signature: { from: 'header:x-shopify-hmac-sha256', encoding: 'base64' },
      id: ['header:x-shopify-webhook-id', 'header:x-shopify-event-id'],
      show: [
        'x-shopify-topic',
        'x-shopify-shop-domain',
        'x-shopify-webhook-id',
        'x-shopify-event-id',
        'x-shopify-triggered-at',
        'x-shopify-api-version',
      ],
    },
    secret: { from: 'sender', name: 'signing secret' },
    steps: [
      'In the shop’s admin: Settings → Notifications → Webhooks → Create webhook. Format JSON, URL: {url}.',
      'Below the list it says what webhooks are signed with: paste that here. Of an app it is the client secret.',
    ],
    know: 'The topic stands in input.headers["x-shopify-topic"]. Shopify waits five seconds: leave the answer at once.',
    answer: { status: 200 },
  },
  woocommerce: {
    title: 'WooCommerce',
    words: 'signed as WooCommerce signs',
    scheme: {
      signature: { from: 'header:x-wc-webhook-signature', encoding: 'base64' },
      id: 'header:x-wc-webhook-delivery-id',
      show: ['x-wc-webhook-topic', 'x-wc-webhook-resource', 'x-wc-webhook-event', 'x-wc-webhook-source'],
    },
    secret: { from: 'ours', name: 'Secret' },
    steps: [
      'In WordPress: WooCommerce → Settings → Advanced → Webhooks → Add webhook. Delivery URL: {url}.',
      'Secret: the one that is shown here when you save. Status: Active.',
    ],
    know: 'Tries the address at saving, by a form without a signature: that one is refused, and does no harm.',
  },
  lemonsqueezy: {
    title: 'Lemon Squeezy',
    words: 'signed as Lemon Squeezy signs',
    scheme: { signature: { from: 'header:x-signature' }, show: ['x-event-name'] },
    secret: { from: 'ours', name: 'Signing secret' },
    steps: [
      'In Lemon Squeezy: Settings → Webhooks → +. Callback URL: {url}.',
      'Signing secret: the one that is shown here when you save.',
    ],
    answer: { status: 200 },
    know: 'Has no id: a delivery that is sent again runs again.',
  },
  gocardless: {
    title: 'GoCardless',
    words: 'signed as GoCardless signs',
    scheme: { signature: { from: 'header:webhook-signature' }, id: 'json:/meta/webhook_id' },
    secret: { from: 'ours', name: 'Secret' },
    steps: [
      'In GoCardless: Developers → Create → Webhook endpoint: {url}.',
      'Secret: the one that is shown here when you save.',
    ],
  },
  razorpay: {
    title: 'Razorpay',
    words: 'signed as Razorpay signs',
    scheme: { signature: { from: 'header:x-razorpay-signature' }, id: 'header:x-razorpay-event-id' },
    secret: { from: 'ours', name: 'Secret' },
    steps: [
      'In Razorpay: Account & settings → Webhooks → Add new webhook: {url}.',
      'Secret: the one that is shown here when you save.',
    ],
    answer: { status: 200 },
  },
  paystack: {
    title: 'Paystack',
    words: 'signed as Paystack signs',
    scheme: { signature: { from: 'header:x-paystack-signature' }, algorithm: 'hmac-sha512' },
    secret: { from: 'sender', name: 'Secret key' },
    steps: [
      'In Paystack: Settings → API keys & webhooks. Webhook URL: {url}.',
      'Paste the secret key (sk_…) here.',
    ],
    answer: { status: 200 },
    know: 'Its secret is the key of its whole API: it is sealed here and used for nothing else.',
  },
  mux: {
    title: 'Mux',
    words: 'signed as Mux signs',
    scheme: {
      signature: { from: 'header:mux-signature', pairs: ',', part: 'v1' },
      signed: ['{timestamp}', '.', '{body}'],
      timestamp: { from: 'part:t' },
      id: 'json:/id',
    },
    secret: { from: 'sender', name: 'signing secret' },
    steps: [
      'In Mux: Settings → Webhooks → Create new webhook: {url}.',
      'Show the signing secret and paste it here.',
    ],
  },
} as const satisfies Record<string, Sender>;

/**
 * The table of channels: what each kind of them asks for, and how its owner comes by that. Checks, the console's form, the command
 * line and docs/operations.md go by it; what sends stands in src/notices/senders/, one file a kind. The console reads it whole: no zod.
 */

import type { ChannelKindFacts } from './channel-field.ts';

const mail = /^[^\s@<>(),;:"[\]\\]{1,64}@[^\s@<>(),;:"[\]\\]{1,190}$/;
const mails = new RegExp(`${mail.source.slice(0, -1)}(?:, ?${mail.source.slice(1, -1)}){0,9}$`);
const hostOf = (address = ''): string => (URL.canParse(address) ? new URL(address).host : '');
const hookAddress = { isSecret: true, isAddress: true } as const;

const channelKinds = {
  browser: {
    label: 'Browser',
    about: 'A notification of this browser or phone itself, without another app or account.',
    steps: [
      'Do this in the browser, or on the phone, that is to show the notices.',
      'On an iPhone or iPad put Alfred on the home screen first (Share → Add to Home Screen), and do it in there.',
    ],
    fields: {
      device: {
        label: 'Device',
        isOptional: true,
        pattern: /^.{1,60}$/u,
        wrong: 'use up to 60 characters',
      },
      endpoint: { label: 'Address of its push service', isSecret: true, isAddress: true, isPlace: true },
      key: {
        label: 'Key of the browser',
        isSecret: true,
        pattern: /^B[\w-]{86}$/,
        wrong: 'use the key p256dh of its subscription: 65 bytes in base64url',
      },
      auth: {
        label: 'Shared secret of the browser',
        isSecret: true,
        pattern: /^[\w-]{22,86}$/,
        wrong: 'use the key auth of its subscription: 16 bytes or more in base64url',
      },
    },
    isMadeByBrowser: true,
    isOwn: true,
    placeOf: ({ device = 'a browser', endpoint }) => `${device}, by ${hostOf(endpoint)}`,
  },
  email: {
    label: 'E-mail',
    about: 'A mail to you, sent by your own mail server.',
    steps: [
      'Look up your provider’s server for outgoing mail (SMTP): its name and port.',
      'Where your provider has app passwords, make one for Alfred; elsewhere use the password of the mailbox.',
    ],
    fields: {
      host: {
        label: 'Server',
        example: 'smtp.example.com',
        isPlace: true,
        pattern: /^(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$|^[0-9A-Fa-f:.]+$/,
        wrong: 'use the name of a server, such as smtp.example.com',
      },
      port: {
        label: 'Port',
        otherwise: '465',
        isPlace: true,
        pattern: /^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/,
        wrong: 'use a number from 1 to 65535',
      },
      security: {
        label: 'Encryption',
        hint: 'Your provider names it with the port: 465 is TLS, 587 is STARTTLS.',
        otherwise: 'tls',
        isPlace: true,
        choices: [
          ['tls', 'TLS from the first byte'],
          ['starttls', 'STARTTLS, and nothing without it'],
          ['none', 'none: for a server on this machine alone'],
        ],
      },
      user: {
        label: 'User name',
        isOptional: true,
        hint: 'Often the whole address. Empty: the server asks for none.',
      },
      password: { label: 'Password', isSecret: true, isOptional: true },
      from: {
        label: 'From',
        example: 'alfred@example.com',
        pattern: mail,
        wrong: 'use an address, such as you@example.com',
      },
      to: {
        label: 'To',
        example: 'you@example.com',
        hint: 'Up to ten, with commas between them.',
        pattern: mails,
        wrong: 'use addresses such as you@example.com, with commas between them',
      },
    },
    isOwn: true,
    placeOf: ({ to = '', host = '' }) => `${to} by ${host}`,
  },
  ntfy: {
    label: 'ntfy',
    about: 'A push notification on your phone by the ntfy app, through ntfy.sh or a server of your own.',
    steps: [
      'Install the ntfy app, or open its page in a browser.',
      'Subscribe to a topic with a name that nobody guesses: whoever knows it reads along.',
      'If your server asks for it, make an access token there (Account → Access tokens).',
    ],
    fields: {
      server: { label: 'Server', otherwise: 'https://ntfy.sh', isPlace: true, isAddress: true },
      topic: {
        label: 'Topic',
        isSecret: true,
        isProposed: true,
        hint: 'A secret: whoever knows it reads along.',
        pattern: /^[-_A-Za-z0-9]{1,64}$/,
        wrong: 'use up to 64 letters, digits, hyphens and underscores',
      },
      token: { label: 'Access token', isSecret: true, isOptional: true, example: 'tk_…' },
    },
    isOwn: true,
    placeOf: ({ server }) => hostOf(server),
  },
  telegram: {
    label: 'Telegram',
    about: 'A message from a bot of yours.',
    steps: [
      'Write to @BotFather in Telegram: /newbot. It answers with a token.',
      'Write to your new bot: any word. Bots cannot write first.',
      'Write to @userinfobot: it answers with your id, which is the chat.',
    ],
    fields: {
      token: {
        label: 'Token of the bot',
        isSecret: true,
        example: '123456789:AA…',
        pattern: /^\d{3,20}:[\w-]{20,200}$/,
        wrong: 'use the whole token as BotFather gives it: a number, a colon, letters',
      },
      chat: {
        label: 'Chat',
        example: '123456789',
        pattern: /^(?:-?\d{1,20}|@[A-Za-z]\w{3,31})$/,
        wrong: 'use the number of a chat, or @name of a channel',
      },
      server: {
        label: 'Server',
        otherwise: 'https://api.telegram.org',
        isPlace: true,
        isAddress: true,
        hint: 'Another one where you run a Bot API server of your own.',
      },
    },
    isOwn: true,
    placeOf: ({ chat = '' }) => `chat ${chat}`,
  },
  slack: {
    label: 'Slack',
    about: 'A message in a channel of your workspace.',
    steps: [
      'At api.slack.com/apps make an app in your workspace, and switch on its Incoming Webhooks.',
      'Add New Webhook to Workspace, and choose the channel. Copy its address.',
    ],
    fields: {
      url: { label: 'Address of the webhook', ...hookAddress, example: 'https://hooks.slack.com/services/…' },
    },
    isOwn: true,
    isShared: true,
    placeOf: ({ url }) => hostOf(url),
  },
  discord: {
    label: 'Discord',
    about: 'A message in a channel of your server. It pings nobody.',
    steps: [
      'In the channel’s settings open Integrations → Webhooks, and make a new one.',
      'Copy its address.',
    ],
    fields: {
      url: { label: 'Address of the webhook', ...hookAddress, example: 'https://discord.com/api/webhooks/…' },
    },
    isOwn: true,
    isShared: true,
    placeOf: ({ url }) => hostOf(url),
  },
  webhook: {
    label: 'Webhook',
    about: 'A signed request to an address of yours, for programs (Standard Webhooks).',
    steps: [
      'Have your program take a POST of JSON, and answer with 2xx within 15 seconds.',
      'It checks the signature with the secret below, by any library of standardwebhooks.com.',
    ],
    fields: {
      url: { label: 'Address', ...hookAddress, example: 'https://example.com/alfred' },
      secret: {
        label: 'Signed with',
        isSecret: true,
        isMadeUp: true,
        hint: 'whsec_ and 24 to 64 bytes in base64. Empty: one is made up, and shown once.',
        pattern: /^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
        wrong: 'use whsec_ and 24 to 64 bytes in base64, as Standard Webhooks has it',
      },
    },
    isOwn: true,
    placeOf: ({ url }) => (URL.canParse(url ?? '') ? new URL(url ?? '').origin : ''),
  },
} as const satisfies Record<string, ChannelKindFacts>;

export type ChannelKind = keyof typeof channelKinds;
export const channelKindNames = Object.keys(channelKinds) as [ChannelKind, ...ChannelKind[]];

/** What is known of a kind. */
export const kindFacts = (kind: ChannelKind): ChannelKindFacts => channelKinds[kind];

/** What may be told of. */
export const noticeEvents = {
  failed: 'A run failed',
  waiting: 'A call waits for your approval',
  done: 'A run came to its end',
  budget: 'A budget is nearly spent',
  login: 'A connection wants a sign-in',
  backup: 'A backup failed, or is overdue',
  model: 'The model does not answer',
  channel: 'Another channel takes nothing',
} as const;

export type NoticeEvent = keyof typeof noticeEvents;
export const noticeEventNames = Object.keys(noticeEvents) as [NoticeEvent, ...NoticeEvent[]];

/** Results come by the dozen: who wants each of them says so. */
export const usualEvents: NoticeEvent[] = noticeEventNames.filter((event) => event !== 'done');

/** How much of what happened leaves the machine. */
export const contentLevels = {
  happened: 'That something happened, and a link',
  headline: 'The name, and the first line of it',
  whole: 'All of it: the whole result, and what a call would be made with',
} as const;

export type ContentLevel = keyof typeof contentLevels;
export const contentLevelNames = Object.keys(contentLevels) as [ContentLevel, ...ContentLevel[]];

import { z } from 'zod';
import {
  channelInputSchema,
  channelNameSchema,
  channelPatchSchema,
  channelSchema,
  channelTestSchema,
  noticesSchema,
  pushKeySchema,
} from '../channels.ts';
import { operation } from '../operation.ts';

const params = z.object({ name: channelNameSchema });

export const channelsOperations = {
  listChannels: operation('GET /api/v1/notice-channels', {
    access: 'read',
    summary: 'The channels of notices, and how each stands',
    tags: ['notices'],
    responses: { 200: z.object({ items: z.array(channelSchema), nextCursor: z.null() }) },
  }),
  readNotices: operation('GET /api/v1/notices', {
    access: 'read',
    summary: 'How notices stand in all: what waits to be delivered, and why',
    tags: ['notices'],
    responses: { 200: noticesSchema },
  }),
  readPushKey: operation('GET /api/v1/push-key', {
    // Its first reader has it made.
    access: 'admin',
    summary: 'The key by which browsers know this VM, for their subscription to its notices',
    description: 'What a subscription holds is the config of a channel of the kind `browser`.',
    tags: ['notices'],
    responses: { 200: pushKeySchema },
  }),
  createChannel: operation('POST /api/v1/notice-channels', {
    // Where what happens here is told.
    access: 'admin',
    records: ['channel.created'],
    summary: 'Add a channel',
    description: 'Nothing is sent yet. A secret that was made up is in `warnings`, this once.',
    tags: ['notices'],
    body: channelInputSchema,
    responses: { 201: channelSchema },
  }),
  updateChannel: operation('PATCH /api/v1/notice-channels/:name', {
    access: 'admin',
    records: ['channel.changed'],
    summary: 'Change a channel',
    description: 'What is left out stays. Another server wants its secrets entered again.',
    tags: ['notices'],
    params,
    body: channelPatchSchema,
    responses: { 200: channelSchema },
  }),
  removeChannel: operation('DELETE /api/v1/notice-channels/:name', {
    access: 'admin',
    records: ['channel.removed'],
    summary: 'Remove a channel, with what waits for it',
    tags: ['notices'],
    params,
    responses: { 204: z.undefined() },
  }),
  testChannel: operation('POST /api/v1/notice-channels/:name/test', {
    access: 'admin',
    summary: 'Send a test by a channel, now, and say what the other side answered',
    tags: ['notices'],
    params,
    responses: { 200: channelTestSchema },
  }),
};

import { cutText } from '../cut-text.ts';
import { asText } from '../message.ts';
import { given, jsonHeaders, type Send } from './sender.ts';

/** Of `content`, in characters (docs.discord.com, Execute Webhook). */
const longest = 2000;
const longestTail = 900;
/** The flag SUPPRESS_EMBEDS: Discord would fetch each link to embed it. */
const withoutEmbeds = 4;

export const sendDiscord: Send = async (message, values, outside) => {
  const url = new URL(given(values, 'url'));
  // Discord then answers only once the message is there.
  url.searchParams.set('wait', 'true');
  const content = asText(message, (words) => cutText(words, longest - longestTail));
  return await outside.post(url.href, {
    headers: jsonHeaders,
    body: JSON.stringify({
      content: cutText(content, longest),
      username: 'Alfred',
      // `@everyone` in a result pings nobody.
      allowed_mentions: { parse: [] },
      flags: withoutEmbeds,
    }),
  });
};

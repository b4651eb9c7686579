import { cutText } from '../cut-text.ts';
import { asText } from '../message.ts';
import { given, jsonHeaders, type Send } from './sender.ts';

/** The longest message, in UTF-16 units (core.telegram.org/bots/api, sendMessage); a title and links have their share of it. */
const longest = 4096;
const longestTail = 1200;

/** Sends plain text: without `parse_mode` nothing of a result has to be escaped, and nothing of it can be refused. */
export const sendTelegram: Send = async (message, values, outside) => {
  const server = (values.server ?? 'https://api.telegram.org').replace(/\/+$/, '');
  const text = asText(message, (words) => cutText(words, longest - longestTail));
  return await outside.post(`${server}/bot${given(values, 'token')}/sendMessage`, {
    headers: jsonHeaders,
    body: JSON.stringify({
      chat_id: given(values, 'chat'),
      text: cutText(text, longest),
      // Telegram would fetch the links for a preview.
      link_preview_options: { is_disabled: true },
      disable_notification: !message.isUrgent,
    }),
  });
};

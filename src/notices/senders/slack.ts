import { cutText } from '../cut-text.ts';
import { asText } from '../message.ts';
import { given, jsonHeaders, type Send } from './sender.ts';

/** The length that Slack advises, in characters (docs.slack.dev, "Truncating really long messages"). */
const longest = 4000;
const longestTail = 1200;

/** The three characters that stand for something in Slack: `<!channel>` would ping everybody. */
const escapeMarks = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const sendSlack: Send = async (message, values, outside) =>
  await outside.post(given(values, 'url'), {
    headers: jsonHeaders,
    body: JSON.stringify({
      text: cutText(escapeMarks(asText(message, (words) => cutText(words, longest - longestTail))), longest),
      // A result is in Markdown, and Slack's marks are others.
      mrkdwn: false,
      // Slack would fetch each link to unfurl it.
      unfurl_links: false,
      unfurl_media: false,
    }),
  });

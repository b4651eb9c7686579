import { cutText } from '../cut-text.ts';
import { asText } from '../message.ts';
import { given, jsonHeaders, type Send } from './sender.ts';

/** What Slack advises, in characters (docs.slack.dev, "Truncating really long messages"). */
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
      // A result is in Markdown, which Slack's own marks are not.
      mrkdwn: false,
      // An unfurled link is a link that was fetched.
      unfurl_links: false,
      unfurl_media: false,
    }),
  });

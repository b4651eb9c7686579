import { cutBytes } from '../cut-text.ts';
import type { Message } from '../message.ts';
import { SendFailure } from '../outside.ts';
import { given, type Send } from './sender.ts';

/**
 * What a push service must take is 4,096 bytes (RFC 8030), of which the encryption takes 103 (RFC 8291). The library goes on without a word:
 * from 4,080 on it makes several records, which no browser reads (findings/web-push-long-message.sh).
 */
const longest = 3993;
const longestTitle = 200;
const longestLabel = 100;
/** The sign that something is missing. */
const shortestText = 3;
/** A notification has so many buttons at most. */
const mostLinks = 2;
/** How long a push service keeps it for a browser that is away, in seconds: as long as a notice is tried. */
const keptFor = 3 * 86_400;
/** What says that there is no such subscription any more (RFC 8030, section 7.3; some services say 404). */
const ended = [404, 410];

/** Encrypted for that browser alone: its push service sees the length and the time. */
export const sendBrowser: Send = async (message, values, outside) => {
  const endpoint = given(values, 'endpoint');
  // Nobody waits for it at a start: most homes have no such channel.
  const { default: webPush } = await import('web-push');
  const encoding = webPush.supportedContentEncodings.AES_128_GCM;
  const { cipherText } = webPush.encrypt(
    given(values, 'key'),
    given(values, 'auth'),
    payloadOf(message),
    encoding,
  );
  const signed = webPush.getVapidHeaders(
    new URL(endpoint).origin,
    given(values, 'subject'),
    given(values, 'publicKey'),
    given(values, 'privateKey'),
    encoding,
  );
  try {
    return await outside.post(endpoint, {
      headers: {
        authorization: signed.Authorization,
        'content-encoding': encoding,
        'content-type': 'application/octet-stream',
        ttl: String(keptFor),
        urgency: message.isUrgent ? 'high' : 'normal',
      },
      body: new Uint8Array(cipherText),
    });
  } catch (error) {
    if (!(error instanceof SendFailure) || !ended.includes(error.answered ?? 0)) throw error;
    throw new SendFailure(
      `This browser is subscribed no more: notices were switched off there, or its data was cleared (${error.message}). Switch them on there again.`,
      { isEnd: true },
    );
  }
};

/** What `console/public/sw.js` reads. The text gives way where all of it is too long. */
function payloadOf({ title, text, path, links, thread }: Message): string {
  const write = (room: number): string =>
    JSON.stringify({
      title: cutBytes(title, longestTitle),
      text: cutBytes(text, room),
      ...{ path, thread },
      links: links
        .slice(0, mostLinks)
        .map(({ label, url }) => ({ label: cutBytes(label, longestLabel), url })),
    });
  // A character that JSON escapes takes more than its own bytes: how much room is left for the text is found by halves.
  let [fits, tooMuch] = [shortestText, longest + 1];
  while (tooMuch - fits > 1) {
    const room = Math.floor((fits + tooMuch) / 2);
    if (Buffer.byteLength(write(room)) <= longest) fits = room;
    else tooMuch = room;
  }
  return write(fits);
}

import { cutBytes } from '../cut-text.ts';
import { given, jsonHeaders, type Send } from './sender.ts';

/** How long a message may be before ntfy makes it an attached file, in bytes (docs.ntfy.sh/publish, Limitations). */
const longestMessage = 4096;
const longestTitle = 250;
/** How many buttons ntfy takes. */
const mostActions = 3;

/**
 * Published as JSON at the server's root: titles in headers would have to be encoded, and a topic in an address ends up in logs.
 */
export const sendNtfy: Send = async ({ title, text, page, links, isUrgent }, values, outside) => {
  const actions = links.slice(0, mostActions).map(({ label, url }) => ({ action: 'view', label, url }));
  const { token } = values;
  return await outside.post(new URL('/', values.server ?? 'https://ntfy.sh').href, {
    headers: { ...jsonHeaders, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({
      topic: given(values, 'topic'),
      title: cutBytes(title, longestTitle),
      // ntfy shows an empty message as "triggered".
      message: cutBytes(text === '' ? title : text, longestMessage),
      priority: isUrgent ? 4 : 3,
      ...(page === undefined ? {} : { click: page }),
      ...(actions.length === 0 ? {} : { actions }),
    }),
  });
};

/**
 * multipart/form-data (RFC 7578), written here: the platform's FormData gives every part with a type a file name, and servers
 * take such a part for an upload.
 */
import { randomUUID } from 'node:crypto';

export type Part = {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  filename?: string;
  contentType?: string;
};

/** As browsers write it (WHATWG HTML, "multipart/form-data encoding algorithm"). */
const quoted = (text: string): string =>
  `"${text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22')}"`;

/** A media type that may stand in a header; else it is of bytes. */
const headerType = (contentType: string): string =>
  /^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+[\t\x20-\x7e]*$/.test(contentType)
    ? contentType
    : 'application/octet-stream';

export function encodeMultipart(parts: Part[]): { contentType: string; content: Uint8Array<ArrayBuffer> } {
  // 122 random bits, drawn after the content is known: it occurs in none.
  const boundary = `alfred-${randomUUID()}`;
  const encoder = new TextEncoder();
  const pieces = parts.flatMap(({ name, bytes, filename, contentType }) => [
    encoder.encode(
      [
        `--${boundary}`,
        `Content-Disposition: form-data; name=${quoted(name)}${filename === undefined ? '' : `; filename=${quoted(filename)}`}`,
        ...(contentType === undefined ? [] : [`Content-Type: ${headerType(contentType)}`]),
        '\r\n',
      ].join('\r\n'),
    ),
    bytes,
    encoder.encode('\r\n'),
  ]);
  const whole = Buffer.concat([...pieces, encoder.encode(`--${boundary}--\r\n`)]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, content: new Uint8Array(whole) };
}

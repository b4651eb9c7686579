import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { AlfredError, isAlfredError } from '../../kernel/errors.ts';

type Inflate = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const inflateEither: Inflate = async (body, options) => {
  // Some senders leave out the two bytes that say it is zlib's.
  const isZlib = ((body[0] ?? 0) & 15) === 8 && ((body[0] ?? 0) * 256 + (body[1] ?? 0)) % 31 === 0;
  return (isZlib ? promisify(inflate) : promisify(inflateRaw))(body, options);
};

const ways: Readonly<Record<string, Inflate>> = {
  gzip: promisify(gunzip) as Inflate,
  'x-gzip': promisify(gunzip) as Inflate,
  deflate: inflateEither,
  br: promisify(brotliDecompress) as Inflate,
  zstd: promisify(zstdDecompress) as Inflate,
};

/**
 * A body as it was before its sender compressed it; undefined for one that was not.
 *
 * @param limit in bytes, of what comes out
 * @throws AlfredError E_TOO_LARGE; E_MALFORMED for what is not compressed as it says
 */
export async function inflated(
  body: Buffer,
  encoding: string | undefined,
  limit: number,
): Promise<Buffer | undefined> {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity' || body.length === 0) return undefined;
  const way = Object.hasOwn(ways, name) ? ways[name] : undefined;
  if (way === undefined) {
    throw new AlfredError('E_MALFORMED', 'The body is compressed in a way that is not known here', {
      remedy: `Send it with Content-Encoding: ${Object.keys(ways).join(', ')}, or as it is.`,
    });
  }
  try {
    return await way(body, { maxOutputLength: limit });
  } catch (cause) {
    if (isAlfredError(cause)) throw cause;
    const isLong = cause instanceof RangeError;
    throw isLong
      ? new AlfredError(
          'E_TOO_LARGE',
          `The body is larger than ${limit / 1024 / 1024} MiB when it is inflated`,
          { cause },
        )
      : new AlfredError(
          'E_MALFORMED',
          `The body is not compressed as ${name}, as its Content-Encoding says`,
          { cause },
        );
  }
}

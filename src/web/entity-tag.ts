/**
 * An ETag as it was sent, where a proxy compressed what it is of: nginx and HAProxy make it weak then (`W/"a"`), Apache writes
 * the encoding into it (`"a-gzip"`), as others do.
 */
export const asSent = (etag: string): string =>
  etag
    .trim()
    .replace(/^W\//, '')
    .replace(/[-;](?:gzip|br|deflate|zstd)"$/, '"');

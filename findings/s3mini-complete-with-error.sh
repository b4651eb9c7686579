#!/usr/bin/env bash
# s3mini 1.0.2: an upload in parts that the store could not put together is a success. S3 answers CompleteMultipartUpload with
# 200 at once and says only in the body whether it worked (API reference, "CompleteMultipartUpload": "could contain either a
# success or an error"); the client reads no `<Error>` there and gives its fields as the result. Look for the object itself.
. "$(dirname "$0")/lib.sh"
install s3mini@1.0.2
run complete.mjs <<'JS'
import { createServer } from 'node:http';
import { once } from 'node:events';
import { S3mini } from 's3mini';
const bodies = {
  whole: '<CompleteMultipartUploadResult><Key>k</Key><ETag>"a-1"</ETag></CompleteMultipartUploadResult>',
  error: '<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>',
};
let body = '';
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${body}`));
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const s3 = new S3mini({
  accessKeyId: 'key', secretAccessKey: 'secret', region: 'auto', endpoint: `http://127.0.0.1:${server.address().port}/bucket`,
});
for (const [name, text] of Object.entries(bodies)) {
  body = text;
  const told = await s3.completeMultipartUpload('k', 'upload', [{ partNumber: 1, etag: '"a"' }]).then(
    (result) => `resolved with ${Object.keys(result).sort().join(', ')}`,
    (error) => `rejected: ${error.message}`,
  );
  console.log(`200, ${name}: ${told}`);
}
server.close();
JS
sees <<'SEEN'
200, whole: resolved with ETag, Key, etag
200, error: resolved with Error
SEEN

#!/usr/bin/env bash
# web-push 3.6.7: a message that is too long is sent without a word. RFC 8030 has a push service take 4,096 bytes, of which the encryption
# takes 103: what is longer than 3,993 bytes may be refused (413). From 4,080 bytes on it is encrypted as several records, where RFC 8291
# (section 4) wants one and a browser reads no more; the library it encrypts with decrypts all of them, so that a test by it sees nothing.
. "$(dirname "$0")/lib.sh"
install web-push@3.6.7 http_ece@1.2.0
run long.mjs <<'JS'
import { createECDH, randomBytes } from 'node:crypto';
import ece from 'http_ece';
import webPush from 'web-push';
const privateKey = createECDH('prime256v1');
privateKey.generateKeys();
const keys = { p256dh: privateKey.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') };
for (const length of [3993, 3994, 4079, 4080, 9000]) {
  const { body } = webPush.generateRequestDetails({ endpoint: 'https://push.example/1', keys }, 'x'.repeat(length));
  // Behind the salt stands how long a record is, and behind that the sender's key (RFC 8188).
  const records = Math.ceil((body.length - 86) / body.readUInt32BE(16));
  const read = ece.decrypt(body, { version: 'aes128gcm', privateKey, authSecret: keys.auth }).length;
  console.log(`${length} bytes: a body of ${body.length}, records: ${records}, decrypted to ${read}`);
}
JS
sees <<'SEEN'
3993 bytes: a body of 4096, records: 1, decrypted to 3993
3994 bytes: a body of 4097, records: 1, decrypted to 3994
4079 bytes: a body of 4182, records: 1, decrypted to 4079
4080 bytes: a body of 4200, records: 2, decrypted to 4080
9000 bytes: a body of 9137, records: 3, decrypted to 9000
SEEN

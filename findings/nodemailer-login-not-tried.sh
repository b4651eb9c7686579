#!/usr/bin/env bash
# A wrong password is right, where the server offers no login. Nodemailer is given a user and a password, the server takes mail from its own
# network without one (as port 25 of most does for 127.0.0.1) and names no AUTH: `verify()` is true, and the mail is sent, without a word that
# nobody signed in. Only `forceAuth` has the password tried.
. "$(dirname "$0")/lib.sh"
install nodemailer@10.6.1 smtp-server@3.21.6
run try.mjs <<'JS'
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import nodemailer from 'nodemailer';
import { SMTPServer } from 'smtp-server';

for (const name of ['nodemailer', 'smtp-server'])
  console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version);
const seen = [];
for (const offers of [true, false]) {
  const server = new SMTPServer({
    disabledCommands: offers ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(new Error('Invalid password')),
    onMailFrom(_address, session, done) {
      seen.push(`signed in as ${session.user ?? 'nobody'}`);
      done();
    },
    onData: (stream, _session, done) => stream.on('end', done).resume(),
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  for (const forceAuth of [false, true]) {
    const auth = { user: 'mara', pass: 'wrong' };
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port: server.server.address().port, auth, forceAuth });
    const words = (error) => `${error.code} ${error.responseCode ?? ''}`.trim();
    const verified = await transport.verify().catch(words);
    const sent = await transport
      .sendMail({ from: 'a@house.example', to: 'b@house.example', subject: 'x', text: 'x' })
      .then(({ accepted }) => `sent to ${accepted}`, words);
    console.log(`\nserver offers AUTH: ${offers}, forceAuth: ${forceAuth}`);
    console.log(`verify    ${verified}`);
    console.log(`sendMail  ${sent}`, ...seen.splice(0));
  }
  server.close();
}
JS
sees <<'SEEN'
nodemailer 10.6.1
smtp-server 3.21.6

server offers AUTH: true, forceAuth: false
verify    EAUTH 535
sendMail  EAUTH 535

server offers AUTH: true, forceAuth: true
verify    EAUTH 535
sendMail  EAUTH 535

server offers AUTH: false, forceAuth: false
verify    true
sendMail  sent to b@house.example signed in as nobody

server offers AUTH: false, forceAuth: true
verify    EAUTH 500
sendMail  EAUTH 500
SEEN

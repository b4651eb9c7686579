/** The mail servers, each set up as its own papers say, and what Alfred says of each. docs/mail.md is made from it. */
import type { Box } from './box.ts';
import { postfix } from './postfix.ts';

const login = { user: 'owner', password: 'of the mailbox' };
const taken = /^250 /;

const exim: Box = {
  name: 'exim',
  packages: ['exim4-daemon-heavy'],
  ports: [21025, 21465, 21587],
  start: `
cp /box/certificate.pem /etc/exim4/exim.crt; cp /box/key.pem /etc/exim4/exim.key
chown root:Debian-exim /etc/exim4/exim.key; chmod 640 /etc/exim4/exim.key
sed -i "s/dc_eximconfig_configtype=.*/dc_eximconfig_configtype='internet'/; s/dc_other_hostnames=.*/dc_other_hostnames='house.example'/; s/dc_local_interfaces=.*/dc_local_interfaces='127.0.0.1'/" /etc/exim4/update-exim4.conf.conf
printf '%s\\n' 'MAIN_TLS_ENABLE = yes' 'MAIN_HARDCODE_PRIMARY_HOSTNAME = mail.house.example' 'daemon_smtp_ports = 21025 : 21465 : 21587' 'tls_on_connect_ports = 21465' 'CHECK_RCPT_VERIFY_SENDER = yes' > /etc/exim4/exim4.conf.localmacros
perl -0pi -e 's/^# (plain|login)_server:\\n(# .*\\n)+/my $x=$&; $x=~s{^# ?}{}gm; $x/gme' /etc/exim4/exim4.conf.template
printf 'owner:%s\\n' "$(openssl passwd -6 'of the mailbox')" > /etc/exim4/passwd
chown root:Debian-exim /etc/exim4/passwd; chmod 640 /etc/exim4/passwd
update-exim4.conf; exec exim4 -bdf -q5m -oX '21025:21465:21587'
`,
  cases: [
    { name: 'without a login', port: 21025, says: taken },
    { name: 'TLS', port: 21465, values: { security: 'tls', ...login }, says: taken },
    { name: 'STARTTLS', port: 21587, values: { security: 'starttls', ...login }, says: taken },
    { name: 'TLS at 25', port: 21025, values: { security: 'tls' }, says: /does not begin with TLS/ },
    {
      name: 'a wrong password',
      port: 21587,
      values: { security: 'starttls', ...login, password: 'no' },
      says: /535 Incorrect.*app password/,
    },
    {
      name: 'a From of no domain',
      port: 21025,
      values: { from: 'alfred@alfred.invalid' },
      says: /550-Verification failed .* mailbox itself as From/,
    },
  ],
};

const opensmtpd: Box = {
  name: 'opensmtpd',
  packages: ['opensmtpd'],
  ports: [22025],
  start: `
cat > /etc/smtpd.conf <<'END'
listen on 127.0.0.1 port 22025 hostname mail.house.example
action "local" maildir
match from any for domain "house.example" action "local"
END
exec smtpd -d
`,
  cases: [
    { name: 'without a login', port: 22025, says: taken },
    {
      name: 'STARTTLS without a certificate',
      port: 22025,
      values: { security: 'starttls' },
      says: /offers no STARTTLS, so nothing was sent: 503/,
    },
    {
      name: 'to elsewhere',
      port: 22025,
      values: { to: 'owner@elsewhere.example' },
      says: /550 Invalid recipient.*wants a user name/,
    },
    {
      name: 'a receiver in other letters',
      port: 22025,
      values: { to: 'jürgen@house.example' },
      says: /501 5\.1\.3 Recipient address syntax error/,
    },
  ],
};

const msmtpd: Box = {
  name: 'msmtpd',
  packages: ['msmtp', 'msmtp-mta'],
  ports: [23025],
  start: `exec msmtpd --port=23025 --interface=127.0.0.1 --command='cat > /dev/null; echo %F > /dev/null'\n`,
  cases: [
    { name: 'without a login', port: 23025, says: taken },
    {
      name: 'STARTTLS',
      port: 23025,
      values: { security: 'starttls' },
      says: /offers no STARTTLS, so nothing was sent: 500/,
    },
  ],
};

export const boxes: Box[] = [postfix, exim, opensmtpd, msmtpd];

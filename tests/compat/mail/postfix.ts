/** Postfix, with Dovecot for logins and as a server of its own, and postgrey. */
import type { Box } from './box.ts';

const login = { user: 'owner', password: 'of the mailbox' };
const odd = { user: 'owner@house.example', password: 'pä\\ß@"$%; x' };
const signed = { security: 'starttls', ...login };
const taken = /^250 /;

const start = `
postconf -e 'inet_interfaces=127.0.0.1' 'myhostname=mail.house.example' 'mydestination=house.example' 'mynetworks=192.0.2.0/24' 'maillog_file=/var/log/postfix.log' 'home_mailbox=Maildir/' 'smtpd_tls_cert_file=/etc/box/certificate.pem' 'smtpd_tls_key_file=/etc/box/key.pem' 'smtpd_tls_security_level=may' 'smtpd_sasl_type=dovecot' 'smtpd_sasl_path=inet:127.0.0.1:20100' 'smtpd_relay_restrictions=permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination' 'alias_maps=' 'alias_database=' 'default_transport=discard'
sed -i 's/^smtp  *inet.*/#&/' /etc/postfix/master.cf
cat >> /etc/postfix/master.cf <<'END'
20025 inet n - y - - smtpd
20026 inet n - n - 1 postscreen -o smtpd_service_name=behind -o postscreen_greet_action=enforce -o postscreen_greet_wait=6s
behind pass - - y - - smtpd
dnsblog unix - - y - 0 dnsblog
tlsproxy unix - - y - 0 tlsproxy
20587 inet n - y - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
20465 inet n - y - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
20588 inet n - y - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes -o smtpd_sender_login_maps=inline:{{owner@house.example=owner}} -o smtpd_sender_restrictions=reject_sender_login_mismatch
20589 inet n - y - - smtpd -o message_size_limit=3000
20590 inet n - y - - smtpd -o smtpd_helo_required=yes -o smtpd_helo_restrictions=reject_invalid_helo_hostname,reject_non_fqdn_helo_hostname,reject_unknown_helo_hostname
20591 inet n - y - - smtpd -o smtpd_tls_protocols=TLSv1 -o smtpd_tls_mandatory_protocols=TLSv1 -o tls_medium_cipherlist=ALL:@SECLEVEL=0
20592 inet n - y - - smtpd -o smtpd_recipient_restrictions=check_policy_service,inet:127.0.0.1:20023,permit
20595 inet n - y - - smtpd -o smtpd_tls_security_level=none
END
cat > /etc/dovecot/local.conf <<'END'
protocols = imap submission
listen = 127.0.0.1
auth_mechanisms = plain login cram-md5
log_path = /var/log/dovecot.log
ssl_cert = </etc/box/certificate.pem
ssl_key = </etc/box/key.pem
mail_location = maildir:~/Maildir
passdb {
  driver = passwd-file
  args = /etc/dovecot/users
}
userdb {
  driver = passwd-file
  args = /etc/dovecot/users
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = 20100
  }
}
service imap-login {
  inet_listener imap {
    port = 20143
  }
  inet_listener imaps {
    port = 0
  }
}
service submission-login {
  inet_listener submission {
    port = 20687
  }
}
submission_relay_host = 127.0.0.1
submission_relay_port = 20025
submission_relay_trusted = yes
END
sed -i 's/^!include auth-system/#&/' /etc/dovecot/conf.d/10-auth.conf
sed -i 's/^ssl_/#&/' /etc/dovecot/conf.d/10-ssl.conf
cat > /etc/dovecot/users <<END
${login.user}:{PLAIN}${login.password}:$(id -u owner):$(id -u owner)::/home/owner
END
cat > /tmp/odd <<'END'
${odd.user}:{PLAIN}${odd.password}
END
sed "s#\\$#:$(id -u owner):$(id -u owner)::/home/owner#" /tmp/odd >> /etc/dovecot/users
dovecot -F &
postgrey --inet=127.0.0.1:20023 --delay=60 --dbdir=/var/lib/postgrey --user=postgrey -d
exec postfix start-fg
`;

const two = 'owner@house.example, missing@house.example';

export const postfix: Box = {
  name: 'postfix',
  packages: ['postfix', 'dovecot-core', 'dovecot-imapd', 'dovecot-submissiond', 'postgrey'],
  ports: [20025, 20465, 20587, 20687, 20100],
  start,
  cases: [
    { name: 'without a login', port: 20025, says: taken },
    {
      name: 'to somebody with a plus',
      port: 20025,
      values: { to: 'owner+alfred@house.example' },
      says: taken,
    },
    { name: 'postscreen', port: 20026, says: taken },
    { name: 'TLS', port: 20465, values: { security: 'tls', ...login }, says: taken },
    { name: 'STARTTLS', port: 20587, values: signed, says: taken },
    { name: 'odd letters in a password', port: 20587, values: { ...signed, ...odd }, says: taken },
    {
      name: 'a domain in other letters',
      port: 20587,
      values: { ...signed, to: 'a@bücher.example' },
      says: taken,
    },
    { name: 'Dovecot’s submission', port: 20687, values: signed, says: taken },
    { name: 'EHLO held against the DNS', port: 20590, says: taken },
    { name: 'TLS at 587', port: 20587, values: { security: 'tls' }, says: /does not begin with TLS/ },
    { name: 'STARTTLS at 465', port: 20465, values: signed, says: /took the connection and said nothing/ },
    { name: 'neither at 587', port: 20587, says: /530 5\.7\.0 Must issue a STARTTLS.*Use STARTTLS/ },
    {
      name: 'no STARTTLS',
      port: 20595,
      values: signed,
      says: /offers no STARTTLS, so nothing was sent: 502/,
    },
    {
      name: 'TLS 1.0',
      port: 20591,
      values: { security: 'starttls' },
      says: /knows no TLS that is good enough/,
    },
    {
      name: 'self-signed',
      port: 20587,
      values: signed,
      isTrusted: false,
      says: /self-signed.*NODE_EXTRA_CA_CERTS/,
    },
    {
      name: 'another name',
      port: 20587,
      values: { ...signed, host: 'mail.house.example' },
      says: /altnames.*another name/,
    },
    { name: 'no login', port: 20587, values: { security: 'starttls' }, says: /554.*wants a user name/ },
    {
      name: 'to elsewhere',
      port: 20025,
      values: { to: 'a@elsewhere.example' },
      says: /Relay access denied.*wants a user name/,
    },
    {
      name: 'one of two',
      port: 20025,
      values: { to: two },
      says: /for the others, and not for missing@house\.example \(550/,
    },
    {
      name: 'another From',
      port: 20588,
      values: { ...signed, from: 'alfred@house.example' },
      says: /553.*mailbox itself as From/,
    },
    { name: 'too long', port: 20589, text: 'x'.repeat(5000), says: /552.*headline alone/ },
    { name: 'greylisted', port: 20592, says: /450 .*Greylisted.*taken then/ },
    { name: 'IMAP', port: 20143, values: signed, says: /no server that mail is sent by \(SMTP\): \* OK/ },
    // The last: after it Dovecot makes everybody wait.
    {
      name: 'a wrong password',
      port: 20587,
      values: { ...signed, password: 'no' },
      says: /535 5\.7\.8.*app password/,
    },
  ],
};

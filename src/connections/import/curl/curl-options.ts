/** The options of curl 8 that take a value, and what each has to do with a request. */

/** Letters with a value; every other one stands alone. */
export const shortWithValue = 'AbcCdDeEFhHKmoPQrtTuUwxXyYz';

/** The long name of a letter, where this reader knows the option. */
export const longOf: Record<string, string> = {
  A: 'user-agent',
  b: 'cookie',
  d: 'data',
  e: 'referer',
  E: 'cert',
  F: 'form',
  g: 'globoff',
  G: 'get',
  H: 'header',
  I: 'head',
  k: 'insecure',
  K: 'config',
  n: 'netrc',
  r: 'range',
  T: 'upload-file',
  u: 'user',
  x: 'proxy',
  X: 'request',
  ':': 'next',
};

const listOf = (text: string) => text.trim().split(/\s+/);

/** Long options with a value; what is none of them stands alone. */
export const longWithValue: ReadonlySet<string> = new Set(
  listOf(`
  abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to
  continue-at cookie cookie-jar create-file-mode crlfile curves data data-ascii data-binary data-raw data-urlencode
  delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare
  etag-save expect100-timeout form form-string ftp-account ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode
  happy-eyeballs-timeout-ms haproxy-clientip header help hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway json
  keepalive-cnt keepalive-time key key-type krb libcurl limit-rate local-port login-options mail-auth mail-from mail-rcpt
  max-filesize max-redirs max-time netrc-file noproxy oauth2-bearer output output-dir parallel-max pass pinnedpubkey
  preproxy proto proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers
  proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name
  proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file range
  rate referer request request-target resolve retry retry-delay retry-max-time sasl-authzid service-name socks4 socks4a
  socks5 socks5-gssapi-service socks5-hostname speed-limit speed-time stderr telnet-option tftp-blksize time-cond tls-max
  tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket upload-file url url-query user
  user-agent variable vlan-priority write-out`),
);

/** Those that say nothing by themselves; a beginning of a long name that fits one alone is that one. */
const longAlone = listOf(`
  anyauth append basic compressed compressed-ssh digest disable fail fail-early fail-with-body get globoff head http0.9
  http1.0 http1.1 http2 http2-prior-knowledge http3 include insecure ipv4 ipv6 junk-session-cookies list-only location
  location-trusted negotiate netrc netrc-optional next no-buffer ntlm parallel path-as-is post301 post302 post303
  progress-bar remote-header-name remote-name remote-name-all retry-all-errors show-error silent ssl ssl-reqd tcp-nodelay
  tr-encoding trace-time use-ascii verbose version`);

/** @returns the whole name of a long option, which curl takes by as much of its beginning as is its own */
export function wholeName(given: string): string {
  // In any case of letters.
  const written = given.toLowerCase();
  if (longWithValue.has(written) || longAlone.includes(written)) return written;
  const fitting = [...longWithValue, ...longAlone].filter((name) => name.startsWith(written));
  return fitting.length === 1 ? (fitting[0] ?? written) : written;
}

/** What no connection can do, as the end of a sentence: the paste is refused by it. */
export const refusedOptions: Record<string, string> = {
  'abstract-unix-socket': 'it goes to a socket of the machine, not to an address',
  'unix-socket': 'it goes to a socket of the machine, not to an address',
  'aws-sigv4': 'it is signed as AWS has it (--aws-sigv4), which connections do not do',
  cert: 'it shows a certificate of its own (--cert), which connections do not do',
  digest: 'it signs in by Digest (--digest), which connections do not do',
  negotiate: 'it signs in by Kerberos (--negotiate), which connections do not do',
  ntlm: 'it signs in by NTLM (--ntlm), which connections do not do',
  config: 'what it does stands in a file (-K): paste what is in it as options',
  next: 'it holds several requests (--next): paste one of them',
  variable: 'it has variables of its own (--variable): put their values in',
  'request-target': 'it asks for something else than its address says (--request-target)',
};

/** What is left out, and said. */
export const saidOptions: Record<string, string> = {
  insecure: 'certificates are checked all the same (-k is left out)',
  netrc: 'its login stands in a file of the machine (-n): enter it by hand, so that it is sealed',
  'netrc-file': 'its login stands in a file of the machine: enter it by hand, so that it is sealed',
  proxy: 'its proxy is left out: connections go by what the machine has',
  'connect-to': 'it is sent to the host of its address (--connect-to is left out)',
  resolve: 'it is sent to where its host is (--resolve is left out)',
};

/**
 * The reverse proxies that are tried, each as Debian has it, with the fewest lines that pass everything on; and with what must be set
 * besides.
 */

export type Place = {
  /** A folder of its own. */
  folder: string;
  /** Where it listens, and where the server behind it does. */
  port: number;
  upstream: number;
  certificate: string;
  key: string;
  /** Both in one file. */
  pair: string;
};

export type ReverseProxy = {
  name: string;
  /** Debian's package, which knows its version. */
  package: string;
  program: string;
  /** Its one file of settings: with what must be set, or with the lines alone that it needs to pass anything on. */
  settings(place: Place, isSet: boolean): string;
  args(settings: string, place: Place): string[];
  /** It speaks no TLS itself. */
  isPlain?: boolean;
  /** What must be set, in words of Markdown; `""` for nothing. */
  toSet: string;
};

const nginx: ReverseProxy = {
  name: 'nginx',
  package: 'nginx',
  program: '/usr/sbin/nginx',
  args: (settings, { folder }) => ['-c', settings, '-e', `${folder}/error.log`],
  settings: (at, isSet) => `
daemon off; pid ${at.folder}/nginx.pid; error_log ${at.folder}/error.log;
events {}
http {
  access_log off; gzip on;
  client_body_temp_path ${at.folder}/b; proxy_temp_path ${at.folder}/p;
  fastcgi_temp_path ${at.folder}/f; uwsgi_temp_path ${at.folder}/u; scgi_temp_path ${at.folder}/s;
  server {
    listen 127.0.0.1:${at.port} ssl http2;
    ssl_certificate ${at.certificate}; ssl_certificate_key ${at.key};
    ${isSet ? 'client_max_body_size 25m; large_client_header_buffers 4 16k; ignore_invalid_headers off; gzip_types *;' : ''}
    location / {
      proxy_pass http://127.0.0.1:${at.upstream};
      ${isSet ? 'include /etc/nginx/proxy_params;' : ''}
    }
  }
}
`,
  toSet:
    '`include /etc/nginx/proxy_params;` (Debian’s own file), `client_max_body_size 25m;`, and `large_client_header_buffers 4 16k;` where a sender’s headers are long',
};

const modules = 'mpm_event authz_core filter deflate reqtimeout ssl http2 proxy proxy_http socache_shmcb';

const apache: ReverseProxy = {
  name: 'Apache',
  package: 'apache2-bin',
  program: '/usr/sbin/apache2',
  args: (settings) => ['-D', 'FOREGROUND', '-f', settings],
  settings: (at, isSet) => `
ServerRoot ${at.folder}
PidFile ${at.folder}/apache.pid
ErrorLog ${at.folder}/error.log
DefaultRuntimeDir ${at.folder}
ServerName api.example.test
Listen 127.0.0.1:${at.port}
${modules
  .split(' ')
  .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
  .join('\n')}
User www-data
Group www-data
Include /etc/apache2/mods-available/deflate.conf
Include /etc/apache2/mods-available/reqtimeout.conf
<VirtualHost *:${at.port}>
  SSLEngine on
  SSLCertificateFile ${at.certificate}
  SSLCertificateKeyFile ${at.key}
  Protocols h2 http/1.1
  ${isSet ? 'ProxyPreserveHost On\n  AllowEncodedSlashes NoDecode\n  LimitRequestFieldSize 16380' : ''}
  ProxyPass / http://127.0.0.1:${at.upstream}/${isSet ? ' nocanon' : ''}
</VirtualHost>
`,
  toSet:
    '`ProxyPreserveHost On`, `AllowEncodedSlashes NoDecode` and `nocanon` behind `ProxyPass`’ address, and `LimitRequestFieldSize 16380` where a sender’s headers are long',
};

const caddy: ReverseProxy = {
  name: 'Caddy',
  package: 'caddy',
  program: '/usr/bin/caddy',
  args: (settings) => ['run', '--config', settings, '--adapter', 'caddyfile'],
  settings: (at) => `{
	admin off
	auto_https off
}
https://api.example.test:${at.port} {
	tls ${at.certificate} ${at.key}
	reverse_proxy 127.0.0.1:${at.upstream}
}
`,
  toSet: '',
};

const haproxy: ReverseProxy = {
  name: 'HAProxy',
  package: 'haproxy',
  program: '/usr/sbin/haproxy',
  args: (settings) => ['-db', '-f', settings],
  settings: (at, isSet) => `
defaults
  mode http
  timeout connect 5000
  timeout client 50000
  timeout server 50000
frontend all
  bind 127.0.0.1:${at.port} ssl crt ${at.pair} alpn h2,http/1.1
  default_backend alfred
  ${isSet ? 'option forwardfor' : ''}
backend alfred
  server one 127.0.0.1:${at.upstream}
`,
  toSet: '`option forwardfor`',
};

const lighttpd: ReverseProxy = {
  name: 'lighttpd',
  package: 'lighttpd',
  program: '/usr/sbin/lighttpd',
  args: (settings) => ['-D', '-f', settings],
  settings: (at, isSet) => `
server.modules = ("mod_openssl", "mod_proxy")
server.document-root = "${at.folder}"
server.errorlog = "${at.folder}/error.log"
server.port = ${at.port}
server.bind = "127.0.0.1"
ssl.engine = "enable"
ssl.pemfile = "${at.certificate}"
ssl.privkey = "${at.key}"
proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => ${at.upstream} ) ) )
${isSet ? 'server.stream-response-body = 1\nserver.max-request-field-size = 16384\nserver.http-parseopts = ( "url-normalize" => "disable" )' : ''}
`,
  toSet:
    '`server.stream-response-body = 1`; for senders that sign the address `server.http-parseopts = ("url-normalize" => "disable")` in place of Debian’s list; `server.max-request-field-size = 16384` where a sender’s headers are long',
};

const h2o: ReverseProxy = {
  name: 'H2O',
  package: 'h2o',
  program: '/usr/bin/h2o',
  args: (settings) => ['-c', settings],
  settings: (at, isSet) => `
user: root
error-log: ${at.folder}/error.log
listen:
  host: 127.0.0.1
  port: ${at.port}
  ssl: { certificate-file: ${at.certificate}, key-file: ${at.key} }
hosts:
  default:
    paths:
      /:
        proxy.reverse.url: http://127.0.0.1:${at.upstream}/
        ${isSet ? 'proxy.preserve-host: ON\n        proxy.timeout.io: 90000' : ''}
`,
  toSet: '`proxy.preserve-host: ON`, and `proxy.timeout.io: 90000` where a hook answers with the result',
};

const varnish: ReverseProxy = {
  name: 'Varnish',
  package: 'varnish',
  program: '/usr/sbin/varnishd',
  isPlain: true,
  args: (settings, at) => [
    ...['-F', '-a', `127.0.0.1:${at.port}`, '-f', settings, '-n', `${at.folder}/work`],
    ...['-s', 'malloc,64m', '-j', 'none', '-p', 'http_req_hdr_len=16k'],
  ],
  settings: (at, isSet) => `vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "${at.upstream}"; }
${isSet ? 'sub vcl_recv { return (pass); }' : ''}
`,
  toSet: '`sub vcl_recv { return (pass); }`; TLS needs something before it',
};

const squid: ReverseProxy = {
  name: 'Squid',
  package: 'squid',
  program: '/usr/sbin/squid',
  isPlain: true,
  args: (settings) => ['-N', '-f', settings],
  settings: (at, isSet) => `
http_port 127.0.0.1:${at.port} accel defaultsite=api.example.test
cache_peer 127.0.0.1 parent ${at.upstream} 0 no-query originserver name=alfred${isSet ? ' login=PASS\ncache deny all' : ''}
http_access allow all
cache_peer_access alfred allow all
cache_log ${at.folder}/cache.log
access_log none
pid_filename ${at.folder}/squid.pid
coredump_dir ${at.folder}
cache_effective_user proxy
pinger_enable off
shutdown_lifetime 1 seconds
`,
  toSet: '`login=PASS` in the line of `cache_peer`, and `cache deny all`',
};

export const proxies: readonly ReverseProxy[] = [
  caddy,
  nginx,
  apache,
  haproxy,
  lighttpd,
  h2o,
  squid,
  varnish,
];

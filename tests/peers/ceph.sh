#!/usr/bin/env bash
# Runs the tests of a store for backups against a real one: Ceph's gateway for S3 (radosgw) with a monitor and a store in memory,
# all on loopback. Debian's packages are unpacked into a temporary folder; nothing is installed. No part of `npm test` or of CI.
#
#   tests/peers/ceph.sh [DIR]      DIR keeps the packages (70 MB) for the next time
#
# Needs Debian 12 on x86-64 with apt-get and Python 3.11, and a tree where `npm ci && npm run generate` was run.
set -euo pipefail
version=16.2.15+ds-0+deb12u2
here=$(cd "$(dirname "$0")/../.." && pwd)
place=$(mktemp -d)
packages=$(mkdir -p "${1:-$place/packages}" && cd "${1:-$place/packages}" && pwd)
pids=()
leave() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  wait
  rm -rf "$place"
}
trap leave EXIT

cd "$packages"
if [ ! -e "of-$version" ]; then
  apt-get install -s --no-install-recommends "radosgw=$version" "ceph-mon=$version" "ceph-osd=$version" |
    sed -nE 's/^Inst (\S+) .*\((\S+) .*/\1=\2/p' | xargs apt-get download -qq 2> /dev/null
  touch "of-$version"
fi
root=$place/root
for package in "$packages"/*.deb; do dpkg-deb -x "$package" "$root"; done

lib=$root/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH=$lib:$lib/ceph:$root/lib/x86_64-linux-gnu PYTHONPATH=$root/usr/lib/python3/dist-packages
export PATH=$root/usr/bin:$PATH CEPH_CONF=$place/ceph.conf
free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
monitor=$(free_port) port=$(free_port) fsid=$(cat /proc/sys/kernel/random/uuid) osd=$(cat /proc/sys/kernel/random/uuid)
addresses="[v2:127.0.0.1:$monitor]"
mkdir -p "$place"/{monitor,osd,gateway,log}
cat > "$CEPH_CONF" << END
[global]
fsid = $fsid
mon host = $addresses
public addr = 127.0.0.1
keyring = $place/keyring
run dir = $place/log
admin socket =
log file = $place/log/\$name
mon data = $place/monitor
mon data avail crit = 1
mon allow pool size one = true
osd data = $place/osd
osd objectstore = memstore
osd class dir = $lib/rados-classes
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 2
osd pool default pg autoscale mode = off
erasure code dir = $lib/ceph/erasure-code
plugin dir = $lib/ceph
rgw data = $place/gateway
rgw frontends = beast endpoint=127.0.0.1:$port
END
ceph-authtool -C -g -n mon. --cap mon 'allow *' "$place/keyring"
for name in client.admin client.gateway osd.0; do
  ceph-authtool -g -n "$name" --cap mon 'allow *' --cap osd 'allow *' "$place/keyring"
done
monmaptool --create --addv a "$addresses" --fsid "$fsid" "$place/map"
ceph-mon -i a --mkfs --monmap "$place/map"
ceph-mon -f -i a & pids+=($!)
ceph-osd -i 0 --mkfs --osd-uuid "$osd" 2> /dev/null
timeout 60 python3 "$root/usr/bin/ceph" osd new "$osd" 0
ceph-osd -f -i 0 2> /dev/null & pids+=($!)
radosgw -f -n client.gateway & pids+=($!)

# The region of its own that a new store has.
export AWS_REGION=default AWS_ACCESS_KEY_ID=AKIAOFTHETESTS AWS_SECRET_ACCESS_KEY=of-this-store-alone
timeout 120 radosgw-admin user create --uid=alfred --display-name=Alfred --access-key="$AWS_ACCESS_KEY_ID" \
  --secret-key="$AWS_SECRET_ACCESS_KEY" > /dev/null
until curl -s "http://127.0.0.1:$port/" > /dev/null; do
  kill -0 "${pids[2]}"
  sleep 1
done
printf 'Ceph %s answers at %s\n' "$version" "$port"
cd "$here"
unset LD_LIBRARY_PATH PYTHONPATH
export ALFRED_TEST_S3=http://127.0.0.1:$port/kept
node --input-type=module -e '
  import { S3mini } from "s3mini";
  const { ALFRED_TEST_S3: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  await new S3mini({ endpoint, region, accessKeyId, secretAccessKey }).createBucket();'
npx -c 'vitest run src/backup/s3-place.test.ts'

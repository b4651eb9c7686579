#!/bin/sh
# Makes the secrets of deploy/compose.yaml on this machine, once. A second run changes nothing.
set -eu
umask 077
folder="$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/secrets"
mkdir -p "$folder"
file="$folder/vm_encryption_secret"
if [ ! -e "$file" ]; then
	head -c 32 /dev/urandom | base64 >"$file.new"
	mv "$file.new" "$file"
	# The container's user reads it, and must own it: the VM takes a key from nobody else's hands.
	chown 10001:10001 "$file"
	chmod 0400 "$file"
	echo "made $file: keep a copy apart, without it every sealed value is lost"
fi

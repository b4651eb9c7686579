# Walls out of the kernel's namespaces, with the tools of util-linux alone. `unshare` (namespaces.ts) starts this as the first process of
# namespaces of its own. It mounts what its arguments say, in their order, gives its powers away and runs a program in FOLDER.
#
#   sh namespaces.sh ACT … -- FOLDER ourselves USER GROUP PROGRAM ARGUMENT …
#   sh namespaces.sh ACT … -- FOLDER root POWERS - PROGRAM ARGUMENT …
#
# A source that begins with ./ is what was in the folder that was covered last, which stays the working folder for that.
set -eu
theirs=$PATH
PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=

bind() { # SOURCE PLACE
  if [ -d "$1" ]; then
    mkdir -p "$2"
  elif [ ! -e "$2" ]; then
    mkdir -p "${2%/*}"
    : >"$2"
  fi
  mount -n --no-canonicalize --rbind "$1" "$2"
}

empty() { # PLACE
  mkdir -p "$1"
  mount -n --no-canonicalize -t tmpfs -o mode=0755,nosuid,nodev tmpfs "$1"
}

few_devices() { # PLACE
  (
    cd /dev
    mkdir -p "$1"
    mount -n --no-canonicalize -t tmpfs -o mode=0755,nosuid tmpfs "$1"
    for name in null zero full random urandom tty; do bind "./$name" "$1/$name"; done
    mkdir "$1/pts" "$1/shm"
    mount -n --no-canonicalize -t devpts -o newinstance,nosuid,noexec,ptmxmode=0666,mode=620 devpts "$1/pts"
    mount -n --no-canonicalize -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$1/shm"
    ln -s pts/ptmx "$1/ptmx"
    ln -s /proc/self/fd "$1/fd"
    for number in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${number%:*}" "$1/${number#*:}"; done
  )
}

own_processes() {
  mkdir -p "$root/proc"
  mount -n -t proc -o nosuid,nodev,noexec proc "$root/proc"
  mount -n --no-canonicalize --bind "$root/proc/sys" "$root/proc/sys"
  mount -n --no-canonicalize -o remount,bind,ro,nosuid,nodev,noexec "$root/proc/sys"
}

enter_root() {
  mkdir "$root/.before"
  cd "$root"
  pivot_root . .before
  cd /
  umount -n -l /.before
  rmdir /.before
}

cover() { # PLACE
  # What it holds can be reached from within it alone from here on.
  if [ -z "$root" ]; then cd "$1"; fi
  empty "$root$1"
}

# No `&&` here: where one is, a shell goes on after a failure.
while [ "$1" != -- ]; do
  case $1 in
    root) cd "$2"; empty "$2"; root=$2; shift 2 ;;
    devices) few_devices "$root/dev"; shift ;;
    processes) own_processes; shift ;;
    scratch) empty "$root$2"; chmod 1777 "$root$2"; shift 2 ;;
    bind) bind "$2" "$root$3"; shift 3 ;;
    flags) mount -n --no-canonicalize -o "remount,bind,$2" "$root$3"; shift 3 ;;
    cover) cover "$2"; shift 2 ;;
    mask) mount -n --no-canonicalize --bind /dev/null "$root$2"; shift 2 ;;
    link) ln -s "$2" "$root$3"; shift 3 ;;
    enter) enter_root; root=; shift ;;
    *) echo "namespaces.sh: $1 is no act" >&2; exit 125 ;;
  esac
done
shift
cd "$1"
how=$2 first=$3 second=$4
shift 4
setpriv=$(command -v setpriv)
if [ "$how" = ourselves ]; then
  # Root in here so far: in one more namespace everybody is who they are, and has no power over this one.
  unshare=$(command -v unshare)
  set -- "$unshare" --user --map-user="$first" --map-group="$second" -- "$@"
else
  set -- "$setpriv" --ambient-caps=-all --inh-caps=-all --bounding-set="$first" -- "$@"
fi
# The shell stays, to take in orphans; what it says of a program that was killed is no word of the program's.
exec 4>&2 2>/dev/null
PATH=$theirs "$setpriv" --no-new-privs -- "$@" 2>&4 4>&-
exit $?

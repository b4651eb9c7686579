# Walls by Landlock and seccomp, which a program may build around itself without any power. Perl is used because it can make system
# calls by their number and is part of every Debian and Ubuntu; landlock.ts says what to allow.
#
#   perl landlock.pl ARCHITECTURE POWERS FAMILIES [read PATH | write PATH | list PATH] … -- PROGRAM ARGUMENT …
#
# ARCHITECTURE is x64 or arm64. POWERS are the numbers of the capabilities that root keeps, FAMILIES those of the kinds of sockets that
# are refused, with commas (`-`: none).
use strict;
use warnings;

my ($architecture, $powers, $families) = (shift, shift, shift);
my %calls = (
    x64   => { audit => 0xC000003E, prctl => 157, capset => 126, socket => 41,  truncate => 76, openat => 257, close => 3 },
    arm64 => { audit => 0xC00000B7, prctl => 167, capset => 91,  socket => 198, truncate => 45, openat => 56,  close => 57 },
);
my $call = $calls{$architecture} or die "landlock.pl: no walls for $architecture\n";

sub must { my ($what, $result) = @_; return $result if $result >= 0; print STDERR "landlock.pl: $what: $!\n"; exit 125 }
sub prctl { my ($what, @rest) = @_; must($what, syscall($call->{prctl}, @rest, (0) x (5 - @rest))) }

# linux/landlock.h
my ($execute, $write_file, $read_file, $read_dir) = (1, 2, 4, 8);
my $make_and_remove = 0b1_1111_1111_0000;
my ($refer, $truncate) = (1 << 13, 1 << 14);

my $abi = syscall(444, 0, 0, 1);
must('Landlock is not there', $abi);
my $handled = $execute | $write_file | $read_file | $read_dir | $make_and_remove;
$handled |= $refer    if $abi >= 2;
$handled |= $truncate if $abi >= 3;
# No signals to others, no sockets without a path of others (linux 6.12).
my $scoped = $abi >= 6 ? 3 : 0;
my $attribute = pack($abi >= 6 ? 'QQQ' : $abi >= 4 ? 'QQ' : 'Q', $handled, 0, $scoped);
my $ruleset = must('no ruleset', syscall(444, $attribute, length $attribute, 0));

my %granted = (
    list  => $read_dir,
    read  => $execute | $read_file | $read_dir,
    write => $handled,
);
my $of_files = $execute | $write_file | $read_file | $truncate;

my $path_only = 010000000 | 02000000; # O_PATH | O_CLOEXEC
while (@ARGV and $ARGV[0] ne '--') {
    my ($access, $place) = (shift @ARGV, shift @ARGV);
    # What is gone since it was listed needs no rule.
    my $file = syscall($call->{openat}, -100, $place, $path_only, 0);
    next if $file < 0;
    my $rights = $granted{$access} & $handled;
    $rights &= $of_files unless -d $place;
    my $rule = pack('Ql', $rights, $file);
    must("no rule for $place", syscall(445, $ruleset, 1, $rule, 0)) if $rights;
    syscall($call->{close}, $file);
}
shift @ARGV;
die "landlock.pl: no program\n" unless @ARGV;

# Root gives away every power but the named ones; nobody gains one by starting a program.
prctl('the end of our parent', 1, 9);
if ($> == 0) {
    my %keep = map { $_ => 1 } $powers eq '-' ? () : split /,/, $powers;
    for my $power (0 .. 63) {
        next if $keep{$power};
        syscall($call->{prctl}, 23, $power, 0, 0, 0) >= 0 or last; # the kernel knows no more
        prctl("power $power", 24, $power);
    }
    my $mask = 0;
    $mask |= 1 << $_ for keys %keep;
    my ($header, $sets) = (pack('LL', 0x20080522, 0), pack('LLLLLL', $mask, $mask, 0, 0, 0, 0));
    must('powers', syscall($call->{capset}, $header, $sets));
}
syscall($call->{prctl}, 47, 4, 0, 0, 0); # ambient powers, where the kernel has them
prctl('no new privileges', 38, 1);
must('Landlock', syscall(446, $ruleset, 0));

# Sockets of the refused kinds are not made (a pair of them is), nor a ring that could make one unseen. Before Landlock guarded it, no
# file is cut short by its name.
sub statement { my ($code, $value, $if, $else) = @_; pack('SCCL', $code, $if // 0, $else // 0, $value) }
my ($load, $equal, $at_least, $return) = (0x20, 0x15, 0x35, 0x06);
my ($allow, $refuse, $unknown) = (0x7FFF0000, 0x00050000 | 13, 0x00050000 | 38);
my @filter = (
    statement($load, 4), statement($equal, $call->{audit}, 1), statement($return, $unknown),
    statement($load, 0),
    $architecture eq 'x64' ? (statement($at_least, 0x40000000, 0, 1), statement($return, $unknown)) : (),
    statement($equal, 425, 0, 1), statement($return, $unknown),
    $abi < 3 ? (statement($equal, $call->{truncate}, 0, 1), statement($return, $refuse)) : (),
    statement($equal, $call->{socket}, 1, 0), statement($return, $allow),
    statement($load, 16), # the kind of socket
    (map { (statement($equal, $_, 0, 1), statement($return, $refuse)) } $families eq '-' ? () : split /,/, $families),
    statement($return, $allow),
);
my $statements = join '', @filter;
my $program = pack('S x6 P', scalar @filter, $statements);
prctl('seccomp', 22, 2, $program);

exec { $ARGV[0] } @ARGV or die "landlock.pl: $ARGV[0]: $!\n";

# A volume plugin for tests: each volume is a tmpfs below /data, mounted when it is first used.
use strict;
use warnings;
use IO::Socket::UNIX;

my $socket = '/run/docker/plugins/volumes.sock';
unlink $socket;
my $server = IO::Socket::UNIX->new(Local => $socket, Listen => 8) or die "listen: $!";
my (%known, %users);
$SIG{TERM} = sub { exit 0 };

sub mounted {
  my ($name) = @_;
  return "\"Mountpoint\":\"/data/$name\"" if $users{$name};
  return '"Mountpoint":""';
}

sub answer {
  my ($method, $name) = @_;
  return '{"Implements":["VolumeDriver"]}' if $method eq '/Plugin.Activate';
  return '{"Capabilities":{"Scope":"local"}}' if $method eq '/VolumeDriver.Capabilities';
  if ($method eq '/VolumeDriver.Create') {
    $known{$name} = 1;
    return '{}';
  }
  if ($method eq '/VolumeDriver.List') {
    return '{"Volumes":[' . join(',', map { "{\"Name\":\"$_\"," . mounted($_) . '}' } sort keys %known) . ']}';
  }
  return '{"Err":"no such volume"}' unless $known{$name};
  return "{\"Volume\":{\"Name\":\"$name\"," . mounted($name) . '}}' if $method eq '/VolumeDriver.Get';
  return '{' . mounted($name) . '}' if $method eq '/VolumeDriver.Path';
  if ($method eq '/VolumeDriver.Mount') {
    unless ($users{$name}++) {
      mkdir "/data/$name";
      system('/bin/mount', '-t', 'tmpfs', "plugin-$ENV{FLAVOUR}", "/data/$name") == 0
        or return '{"Err":"cannot mount"}';
    }
    return '{' . mounted($name) . '}';
  }
  if ($method eq '/VolumeDriver.Unmount') {
    system('/bin/umount', "/data/$name") unless --$users{$name};
    return '{}';
  }
  if ($method eq '/VolumeDriver.Remove') {
    delete $known{$name};
    return '{}';
  }
  return '{"Err":"unknown method"}';
}

while (my $client = $server->accept) {
  my $request = <$client>;
  my ($method) = ($request // '') =~ /^POST (\S+)/;
  my $length = 0;
  while (defined(my $line = <$client>)) {
    $length = $1 if $line =~ /^content-length:\s*(\d+)/i;
    last if $line =~ /^\r?\n$/;
  }
  read $client, my $body, $length if $length;
  my ($name) = ($body // '') =~ /"Name":"([^"]*)"/;
  my $answer = defined $method ? answer($method, $name) : '{}';
  print $client "HTTP/1.1 200 OK\r\nContent-Length: " . length($answer) . "\r\nConnection: close\r\n\r\n$answer";
  close $client;
}

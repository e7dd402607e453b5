package dev.berth.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A machine at the other end of a {@link Wire} that serves a folder by NFS and by SMB. */
final class FileServer implements AutoCloseable {
  static final String ADDRESS = "10.90.0.200";
  static final String NAME = "files.example";
  static final String SECRET = "geheim-7531";

  private static final String PORTS = "-p tcp -m multiport --dports 111,139,445,2049,20048";

  private final Scene scene;
  private final Wire wire;
  private final Path folder;

  private FileServer(Scene scene, Wire wire) {
    this.scene = scene;
    this.wire = wire;
    this.folder = scene.engine().folder().resolve("server");
  }

  /** Makes the machine known by its name to the engine's host. */
  static FileServer start(Scene scene, Wire wire) {
    FileServer server = new FileServer(scene, wire);
    scene
        .host(
            """
            set -e
            mkdir -p %1$s/export
            cp /etc/hosts %1$s/hosts
            echo '%2$s %3$s' >> %1$s/hosts
            mount --bind %1$s/hosts /etc/hosts
            """
                .formatted(server.folder, ADDRESS, NAME))
        .ok();
    return server;
  }

  /** Serves the folder by NFS, all versions that the kernel has. */
  FileServer nfs() {
    wire.far(
            """
            {
              mkdir -p /run/rpc_pipefs /run/rpcbind
              mount -t nfsd nfsd /proc/fs/nfsd
              mount -t rpc_pipefs rpc_pipefs /run/rpc_pipefs
              rpcbind -w
              nfsdcld
              rpc.mountd -p 20048
              exportfs -o rw,no_root_squash,insecure,no_subtree_check '*:%s'
              rpc.nfsd 2 && { echo Y > /proc/fs/nfsd/v4_end_grace || echo no grace; }
            } > %s/nfs.log 2>&1 < /dev/null
            """
                .formatted(export(), folder))
        .ok();
    return this;
  }

  /** Serves the folder by SMB to the user root with a password. */
  FileServer smb() {
    wire.far(
            """
            cd %1$s && mkdir -p smb && cat > smb.conf <<END
            [global]
            security = user
            server min protocol = SMB2
            load printers = no
            disable spoolss = yes
            private dir = %1$s/smb
            lock directory = %1$s/smb
            state directory = %1$s/smb
            cache directory = %1$s/smb
            pid directory = %1$s/smb
            ncalrpc dir = %1$s/smb/ncalrpc
            log file = %1$s/smb/log
            [share]
            path = %1$s/export
            read only = no
            END
            {
              printf '%2$s\\n%2$s\\n' | smbpasswd -c %1$s/smb.conf -s -a root
              smbd -D -s %1$s/smb.conf
            } > smb.out 2>&1 < /dev/null
            """
                .formatted(folder, SECRET))
        .ok();
    Eventually.holds(
        "smbd listens", () -> wire.far("ss -Hltn sport = :445").text().contains(":445"));
    return this;
  }

  Path export() {
    return folder.resolve("export");
  }

  /** Makes a volume of the local driver. */
  void volume(String name, String type, String device, String options) {
    List<String> words = new ArrayList<>(List.of("volume", "create"));
    words.addAll(List.of("-o", "type=" + type, "-o", "device=" + device, "-o", "o=" + options));
    words.add(name);
    scene.docker(words.toArray(String[]::new)).ok();
  }

  void removeVolumes() {
    for (String name : scene.docker("volume", "ls", "--quiet").ok().lines()) {
      scene.docker("volume", "rm", name).ok();
    }
  }

  /** What is mounted on a volume: the line of /proc/mounts, empty where nothing is. */
  String mounted(String volume) {
    Path data = scene.engine().dataRoot().resolve("volumes").resolve(volume).resolve("_data");
    return scene.host("grep ' " + data + " ' /proc/mounts").line();
  }

  /** From now on nothing that is sent to the server arrives, and nobody is told. */
  void silence() {
    scene.host("iptables -w -I OUTPUT -d " + ADDRESS + " " + PORTS + " -j DROP").ok();
  }

  void speak() {
    scene.host("iptables -w -D OUTPUT -d " + ADDRESS + " " + PORTS + " -j DROP").ok();
  }

  /** What the server's programs said. */
  String log() {
    return scene.host("tail -n 20 " + folder + "/*.log " + folder + "/*.out").text();
  }

  @Override
  public void close() {
    wire.far("mount -t nfsd nfsd /proc/fs/nfsd && rpc.nfsd 0");
    scene.host("umount /etc/hosts");
  }
}

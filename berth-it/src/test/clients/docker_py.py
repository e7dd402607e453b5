"""Docker's library for Python against an engine: DOCKER_HOST names it, the argument is the report's file.

What is called is what the library documents: https://docker-py.readthedocs.io/
"""

import io
import socket as sockets
import struct
import sys
import tarfile
import threading
import time
import traceback
from urllib.parse import quote_plus

import docker
from docker.types import EndpointConfig, IPAMConfig, IPAMPool, LogConfig, Mount, Ulimit

CLIENT = docker.from_env(timeout=120)
API = CLIENT.api
IMAGE = "busybox:latest"


def shell(line, **options):
    return CLIENT.containers.run(IMAGE, ["sh", "-c", line], **options)


def sleeper(**options):
    return CLIENT.containers.run(IMAGE, ["sleep", "1000"], detach=True, init=True, **options)


def archive(name, content, mode=0o644):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = len(content), mode, int(time.time())
        tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def raises(kind, call, *words):
    try:
        call()
    except kind as failure:
        for word in words:
            assert word in str(failure), f"{word!r} is not in {failure}"
        return failure
    raise AssertionError(f"{kind.__name__} was not raised")


def frames(stream):
    """The frames of an attached stream without a terminal: its number and bytes."""
    data = b""
    while True:
        part = stream.recv(65536)
        if not part:
            break
        data += part
    found = {1: b"", 2: b""}
    while data:
        number, size = struct.unpack(">BxxxL", data[:8])
        found[number] += data[8 : 8 + size]
        data = data[8 + size :]
    return found


def case_system():
    assert CLIENT.ping()
    assert CLIENT.version()["ApiVersion"]
    assert tuple(map(int, CLIENT.version()["Version"].split("."))) >= (28, 0, 0)
    info = CLIENT.info()
    assert info["OSType"] == "linux" and info["NCPU"] > 0
    assert {"LayersSize", "Images", "Containers", "Volumes"} <= set(CLIENT.df())


def case_run_gives_output():
    assert shell("echo out; echo err >&2", remove=True) == b"out\n"
    assert shell("echo out; echo err >&2", remove=True, stdout=False, stderr=True) == b"err\n"
    failure = raises(docker.errors.ContainerError, lambda: shell("echo bad >&2; exit 3", remove=True))
    assert failure.exit_status == 3 and failure.stderr == b"bad\n"


def case_life_of_a_container():
    container = CLIENT.containers.create(IMAGE, ["sleep", "1000"], name="py-life", labels={"by": "py"}, init=True)
    assert container.status == "created"
    container.start()
    container.reload()
    assert container.status == "running" and container.name == "py-life"
    assert [c.id for c in CLIENT.containers.list(filters={"label": "by=py"})] == [container.id]
    container.pause()
    container.reload()
    assert container.status == "paused"
    container.unpause()
    container.rename("py-renamed")
    container.update(mem_limit="64m", memswap_limit="128m")
    container.reload()
    assert container.attrs["HostConfig"]["Memory"] == 64 << 20
    assert any("sleep" in word for row in container.top()["Processes"] for word in row)
    container.restart(timeout=1)
    container.kill("SIGTERM")
    assert container.wait(timeout=60)["StatusCode"] == 143
    container.start()
    container.stop(timeout=1)
    container.remove()
    raises(docker.errors.NotFound, container.reload, "No such container")


def case_logs():
    container = shell("echo one; echo two >&2; sleep 1; echo three", detach=True)
    assert b"".join(container.logs(stream=True, follow=True, stderr=False)) == b"one\nthree\n"
    assert container.logs(stdout=False) == b"two\n"
    assert container.logs(tail=1, stderr=False) == b"three\n"
    stamped = container.logs(timestamps=True, tail=1, stderr=False)
    assert stamped[:2] == b"20" and stamped.endswith(b" three\n")
    container.remove(force=True)


def case_attach():
    container = CLIENT.containers.create(IMAGE, ["cat"], stdin_open=True)
    stream = container.attach_socket(params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
    container.start()
    stream._sock.sendall(b"through cat\n")
    stream._sock.shutdown(sockets.SHUT_WR)
    assert frames(stream._sock)[1] == b"through cat\n"
    container.wait(timeout=60)
    container.remove()
    container = shell("sleep 1; echo streamed", detach=True)
    assert b"".join(container.attach(stream=True)) == b"streamed\n"
    container.remove(force=True)


def case_exec():
    container = sleeper(environment={"A": "1"})
    code, output = container.exec_run(["sh", "-c", "echo $A $B; pwd; exit 5"], environment=["B=2"], workdir="/tmp")
    assert (code, output) == (5, b"1 2\n/tmp\n"), (code, output)
    code, (out, err) = container.exec_run(["sh", "-c", "echo o; echo e >&2"], demux=True)
    assert (code, out, err) == (0, b"o\n", b"e\n")
    _, lines = container.exec_run(["sh", "-c", "echo a; sleep 1; echo b"], stream=True)
    assert b"".join(lines) == b"a\nb\n"
    _, stream = container.exec_run(["cat"], stdin=True, socket=True)
    stream._sock.sendall(b"words")
    stream._sock.shutdown(sockets.SHUT_WR)
    assert frames(stream._sock)[1] == b"words"
    made = API.exec_create(container.id, ["sh"], tty=True, stdin=True)
    stream = API.exec_start(made["Id"], tty=True, socket=True)
    API.exec_resize(made["Id"], height=20, width=70)
    stream._sock.sendall(b"stty size; exit 4\n")
    text = b""
    while True:
        part = stream._sock.recv(4096)
        if not part:
            break
        text += part
    assert b"20 70" in text, text
    facts = API.exec_inspect(made["Id"])
    assert facts["ExitCode"] == 4 and facts["Running"] is False
    raises(docker.errors.NotFound, lambda: API.exec_inspect("f" * 64), "No such exec instance")
    container.remove(force=True)
    raises(docker.errors.NotFound, lambda: API.exec_create(container.id, "true"), "No such container")


def case_archives():
    container = sleeper()
    assert container.put_archive("/tmp", archive("file", b"content", 0o600))
    stream, facts = container.get_archive("/tmp/file")
    assert facts["name"] == "file" and facts["size"] == 7 and facts["mode"] & 0o777 == 0o600
    with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as tar:
        assert tar.extractfile("file").read() == b"content"
    raises(docker.errors.NotFound, lambda: container.get_archive("/none"), "Could not find the file /none")
    raises(docker.errors.NotFound, lambda: container.put_archive("/none", archive("a", b"")), "/none")
    assert {"Path": "/tmp/file", "Kind": 1} in container.diff()
    with tarfile.open(fileobj=io.BytesIO(b"".join(container.export()))) as tar:
        assert tar.extractfile("tmp/file").read() == b"content"
    container.remove(force=True)


def case_stats():
    container = sleeper(mem_limit="64m")
    once = container.stats(stream=False)
    assert once["memory_stats"]["limit"] == 64 << 20 and once["cpu_stats"]["cpu_usage"]["total_usage"] > 0
    stream = container.stats(decode=True, stream=True)
    first, second = next(stream), next(stream)
    assert first["read"] < second["read"] and "eth0" in second["networks"]
    container.remove(force=True)


def case_events():
    seen = []
    events = CLIENT.events(decode=True, filters={"label": "watched=yes"})

    def read():
        for event in events:
            seen.append(event)
            if event["Action"] == "destroy":
                return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    sleeper(labels={"watched": "yes"}).remove(force=True)
    reader.join(60)
    events.close()
    actions = [event["Action"] for event in seen]
    assert actions == ["create", "start", "kill", "die", "destroy"], actions
    assert seen[0]["Actor"]["Attributes"]["watched"] == "yes" and seen[0]["Type"] == "container"
    past = [e["Action"] for e in CLIENT.events(decode=True, since=1, until=int(time.time()) + 1,
                                               filters={"label": "watched=yes"})]
    assert past == actions, past


def case_networks():
    pool = IPAMPool(subnet="172.31.7.0/24", gateway="172.31.7.1")
    network = CLIENT.networks.create("py-net", driver="bridge", ipam=IPAMConfig(pool_configs=[pool]),
                                     labels={"by": "py"}, internal=True,
                                     options={"com.docker.network.driver.mtu": "1400"})
    assert network.attrs["Internal"] is True
    container = sleeper(name="py-on-net")
    network.connect(container, ipv4_address="172.31.7.9", aliases=["other"])
    network.reload()
    assert [c.id for c in network.containers] == [container.id]
    container.reload()
    assert container.attrs["NetworkSettings"]["Networks"]["py-net"]["IPAddress"] == "172.31.7.9"
    assert shell("ping -c 1 other", network="py-net", remove=True).startswith(b"PING other (172.31.7.9)")
    raises(docker.errors.APIError, network.remove, "has active endpoints")
    network.disconnect(container)
    assert [n.name for n in CLIENT.networks.list(filters={"label": "by=py"})] == ["py-net"]
    network.remove()
    raises(docker.errors.NotFound, lambda: CLIENT.networks.get("py-net"), "network py-net not found")
    container.remove(force=True)
    second = CLIENT.networks.create("py-low")
    made = API.create_container(
        IMAGE, ["sleep", "1"], networking_config=API.create_networking_config(
            {"py-low": EndpointConfig(API._version, aliases=["low"])}), host_config=API.create_host_config())
    API.start(made)
    API.remove_container(made, force=True)
    second.remove()


def case_volumes():
    volume = CLIENT.volumes.create("py-volume", driver="local", labels={"by": "py"})
    assert shell("echo kept > /data/file", remove=True, volumes={"py-volume": {"bind": "/data", "mode": "rw"}}) == b""
    mounts = [Mount("/data", "py-volume", read_only=True), Mount("/scratch", None, type="tmpfs", tmpfs_size=1 << 20)]
    assert shell("cat /data/file; touch /scratch/x", remove=True, mounts=mounts) == b"kept\n"
    holder = sleeper(volumes=["py-volume:/data"])
    failure = raises(docker.errors.APIError, volume.remove, "volume is in use")
    assert failure.response.status_code == 409 and failure.is_client_error()
    holder.remove(force=True)
    assert [v.name for v in CLIENT.volumes.list(filters={"label": "by=py"})] == ["py-volume"]
    volume.remove()
    raises(docker.errors.NotFound, lambda: CLIENT.volumes.get("py-volume"), "no such volume")


def case_options():
    container = sleeper(
        hostname="named", user="33:33", working_dir="/tmp", environment=["X=y"], read_only=True, cap_drop=["ALL"],
        ports={"80/tcp": None, "53/udp": ("127.0.0.1", 15353)}, extra_hosts={"peer": "192.0.2.9"}, shm_size="8m",
        restart_policy={"Name": "on-failure", "MaximumRetryCount": 2}, nano_cpus=500_000_000, pids_limit=20,
        ulimits=[Ulimit(name="nofile", soft=100, hard=200)], tmpfs={"/run": "size=1m"},
        sysctls={"net.core.somaxconn": 64},
        log_config=LogConfig(type="json-file", config={"max-size": "1m"}), security_opt=["no-new-privileges"],
        healthcheck={"test": ["CMD", "true"], "interval": 500_000_000}, stop_signal="SIGKILL", oom_score_adj=100)
    code, text = container.exec_run(["sh", "-c", "hostname; id -u; pwd; echo $X; ulimit -n; grep -c peer /etc/hosts"])
    assert text.decode().split() == ["named", "33", "/tmp", "y", "100", "1"], text
    for _ in range(100):
        container.reload()
        if container.attrs["State"]["Health"]["Status"] == "healthy":
            break
        time.sleep(0.2)
    assert container.attrs["State"]["Health"]["Status"] == "healthy"
    assert container.ports["53/udp"] == [{"HostIp": "127.0.0.1", "HostPort": "15353"}]
    assert int(container.ports["80/tcp"][0]["HostPort"]) > 0
    container.remove(force=True)


def case_images():
    image = CLIENT.images.get(IMAGE)
    assert IMAGE in image.tags and image.attrs["Os"] == "linux" and image.history()
    assert image.tag("py/copy", tag="1")
    assert [i.id for i in CLIENT.images.list("py/copy")] == [image.id]
    saved = b"".join(CLIENT.images.get("py/copy:1").save(named=True))
    CLIENT.images.remove("py/copy:1")
    raises(docker.errors.ImageNotFound, lambda: CLIENT.images.get("py/copy:1"), "No such image: py/copy:1")
    assert CLIENT.images.load(saved)[0].id == image.id
    CLIENT.images.remove("py/copy:1")
    container = shell("echo made > /made", detach=True)
    container.wait(timeout=60)
    made = container.commit("py/made", changes=["CMD [\"cat\", \"/made\"]"])
    assert CLIENT.containers.run(made.id, remove=True) == b"made\n"
    failure = raises(docker.errors.APIError, lambda: CLIENT.images.remove(made.id.split(":")[1][:12] + "0"))
    assert failure.response.status_code == 404
    container.remove()
    CLIENT.images.remove("py/made")


def case_errors():
    raises(docker.errors.NotFound, lambda: CLIENT.containers.get("none"), "No such container: none")
    raises(docker.errors.ImageNotFound, lambda: API.create_container("none:1"), "No such image: none:1")
    container = sleeper(name="py-taken")
    failure = raises(docker.errors.APIError, lambda: sleeper(name="py-taken"), "is already in use by container")
    assert failure.response.status_code == 409 and failure.is_client_error()
    failure = raises(docker.errors.APIError, container.remove, "cannot remove container")
    assert failure.response.status_code == 409
    raises(docker.errors.APIError, container.unpause, "is not paused")
    failure = raises(docker.errors.APIError, lambda: sleeper(mem_limit="1m"), "Minimum memory limit")
    assert failure.response.status_code == 400
    raises(docker.errors.APIError, lambda: CLIENT.containers.run(IMAGE, "no-such-program"), "no-such-program")
    raises(docker.errors.APIError, lambda: container.kill("NONSENSE"), "NONSENSE")
    container.remove(force=True)


def case_prune():
    shell("true", detach=True, labels={"pruned": "yes"}).wait(timeout=60)
    assert len(CLIENT.containers.prune({"label": "pruned=yes"})["ContainersDeleted"]) == 1
    CLIENT.networks.create("py-prune", labels={"pruned": "yes"})
    assert CLIENT.networks.prune({"label": "pruned=yes"})["NetworksDeleted"] == ["py-prune"]
    CLIENT.volumes.create("py-prune", labels={"pruned": "yes"})
    assert CLIENT.volumes.prune({"label": ["pruned=yes"], "all": ["true"]})["VolumesDeleted"] == ["py-prune"]


def main():
    with open(sys.argv[1], "w", encoding="utf-8") as report:
        for name, case in list(globals().items()):
            if not name.startswith("case_"):
                continue
            begin, status, details = time.monotonic(), "PASSED", ""
            try:
                case()
            except Exception:
                status, details = "FAILED", traceback.format_exc()
            millis = int((time.monotonic() - begin) * 1000)
            title = "docker-py: " + name[len("case_"):].replace("_", " ")
            print(status, millis, quote_plus(title), quote_plus(details), file=report, flush=True)
        print("END 0  ", file=report)


main()

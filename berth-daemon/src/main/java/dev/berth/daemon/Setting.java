package dev.berth.daemon;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every flag of dockerd 28 with its key in {@code daemon.json} and what this engine does with it.
 * One declaration serves the command line, the configuration file, the check that a directive is
 * not in both, and the reload.
 */
enum Setting {
  ADD_RUNTIME("add-runtime", "runtimes", Form.MAP),
  ALLOW_DIRECT_ROUTING("allow-direct-routing", Form.FLAG),
  AUTHORIZATION_PLUGIN("authorization-plugin", "authorization-plugins", Form.LIST),
  BIP("bip", Form.TEXT),
  BIP6("bip6", Form.TEXT),
  BRIDGE("bridge", 'b', "bridge", Form.TEXT),
  BRIDGE_ACCEPT_FWMARK(
      "bridge-accept-fwmark", Form.TEXT, "accepting packets by firewall mark is not supported"),
  CDI_SPEC_DIR(
      "cdi-spec-dir",
      "cdi-spec-dirs",
      Form.LIST,
      "the Container Device Interface is not supported"),
  CGROUP_PARENT("cgroup-parent", Form.TEXT),
  CONFIG_FILE("config-file", Form.TEXT),
  CONTAINERD("containerd", Form.TEXT, Notice.OTHER_HELPER),
  CONTAINERD_NAMESPACE("containerd-namespace", Form.TEXT, Notice.OTHER_HELPER),
  CONTAINERD_PLUGINS_NAMESPACE("containerd-plugins-namespace", Form.TEXT, Notice.OTHER_HELPER),
  CPU_RT_PERIOD("cpu-rt-period", Form.NUMBER, Refusal.REALTIME),
  CPU_RT_RUNTIME("cpu-rt-runtime", Form.NUMBER, Refusal.REALTIME),
  CRI_CONTAINERD("cri-containerd", Form.FLAG, "there is no containerd to serve CRI with"),
  DATA_ROOT("data-root", Form.TEXT),
  DEBUG("debug", 'D', "debug", Form.FLAG),
  DEFAULT_ADDRESS_POOL("default-address-pool", "default-address-pools", Form.LIST),
  DEFAULT_CGROUPNS_MODE("default-cgroupns-mode", Form.TEXT),
  DEFAULT_GATEWAY("default-gateway", Form.TEXT),
  DEFAULT_GATEWAY_V6("default-gateway-v6", Form.TEXT),
  DEFAULT_IPC_MODE("default-ipc-mode", Form.TEXT),
  DEFAULT_NETWORK_OPT("default-network-opt", "default-network-opts", Form.MAP),
  DEFAULT_RUNTIME("default-runtime", Form.TEXT),
  DEFAULT_SHM_SIZE("default-shm-size", Form.TEXT),
  DEFAULT_ULIMIT("default-ulimit", "default-ulimits", Form.MAP),
  DNS("dns", Form.LIST),
  DNS_OPT("dns-opt", "dns-opts", Form.LIST),
  DNS_SEARCH("dns-search", Form.LIST),
  DNS_TTL("dns-ttl", Form.NUMBER),
  EXEC_OPT("exec-opt", "exec-opts", Form.LIST),
  EXEC_ROOT("exec-root", Form.TEXT),
  EXPERIMENTAL("experimental", Form.FLAG, Notice.NOTHING_EXPERIMENTAL),
  FEATURE("feature", "features", Form.MAP, "engine features are not switchable"),
  FIREWALL_BACKEND("firewall-backend", Form.TEXT),
  FIXED_CIDR("fixed-cidr", Form.TEXT),
  FIXED_CIDR_V6("fixed-cidr-v6", Form.TEXT),
  GROUP("group", 'G', "group", Form.TEXT),
  HOST("host", 'H', "hosts", Form.LIST),
  HOST_GATEWAY_IP("host-gateway-ip", "host-gateway-ips", Form.LIST),
  HTTP_PROXY("http-proxy", Form.TEXT, Refusal.PROXY),
  HTTPS_PROXY("https-proxy", Form.TEXT, Refusal.PROXY),
  ICC("icc", Form.FLAG),
  INIT("init", Form.FLAG),
  INIT_PATH("init-path", Form.TEXT),
  INSECURE_REGISTRY("insecure-registry", "insecure-registries", Form.LIST),
  IP("ip", Form.TEXT),
  IP_FORWARD("ip-forward", Form.FLAG),
  IP_FORWARD_NO_DROP("ip-forward-no-drop", Form.FLAG),
  IP_MASQ("ip-masq", Form.FLAG),
  IP6TABLES("ip6tables", Form.FLAG),
  IPTABLES("iptables", Form.FLAG),
  IPV6("ipv6", Form.FLAG),
  LABEL("label", "labels", Form.LIST),
  LIVE_RESTORE("live-restore", Form.FLAG),
  LOG_DRIVER("log-driver", Form.TEXT),
  LOG_FORMAT("log-format", Form.TEXT),
  LOG_LEVEL("log-level", 'l', "log-level", Form.TEXT),
  LOG_OPT("log-opt", "log-opts", Form.MAP),
  MAX_CONCURRENT_DOWNLOADS("max-concurrent-downloads", Form.NUMBER),
  MAX_CONCURRENT_UPLOADS("max-concurrent-uploads", Form.NUMBER),
  MAX_DOWNLOAD_ATTEMPTS(
      "max-download-attempts", Form.NUMBER, "the number of attempts cannot be changed yet"),
  METRICS_ADDR("metrics-addr", Form.TEXT),
  MTU("mtu", Form.NUMBER),
  NETWORK_CONTROL_PLANE_MTU(
      "network-control-plane-mtu",
      Form.NUMBER,
      "there is no network control plane without a swarm"),
  NO_NEW_PRIVILEGES("no-new-privileges", Form.FLAG),
  NO_PROXY("no-proxy", Form.TEXT, Refusal.PROXY),
  NODE_GENERIC_RESOURCE(
      "node-generic-resource",
      "node-generic-resources",
      Form.LIST,
      "generic resources need a swarm, which is not supported yet"),
  PIDFILE("pidfile", 'p', "pidfile", Form.TEXT),
  PORTS_OBEY_INPUT("ports-obey-input", Form.FLAG),
  RAW_LOGS("raw-logs", Form.FLAG, Notice.PLAIN_LOG),
  REGISTRY_MIRROR(
      "registry-mirror",
      "registry-mirrors",
      Form.LIST,
      "mirrors of the public registry are not supported yet"),
  ROOTLESS("rootless", Form.FLAG, "rootless mode is not supported"),
  SECCOMP_PROFILE("seccomp-profile", Form.TEXT),
  SELINUX_ENABLED("selinux-enabled", Form.FLAG, "SELinux labels are not supported"),
  SHUTDOWN_TIMEOUT("shutdown-timeout", Form.NUMBER),
  STORAGE_DRIVER("storage-driver", 's', "storage-driver", Form.TEXT),
  STORAGE_OPT("storage-opt", "storage-opts", Form.LIST),
  SWARM_DEFAULT_ADVERTISE_ADDR(
      "swarm-default-advertise-addr", Form.TEXT, "swarm mode is not supported yet"),
  TLS("tls", Form.FLAG),
  TLSCACERT("tlscacert", Form.TEXT),
  TLSCERT("tlscert", Form.TEXT),
  TLSKEY("tlskey", Form.TEXT),
  TLSVERIFY("tlsverify", Form.FLAG),
  USERLAND_PROXY("userland-proxy", Form.FLAG),
  USERLAND_PROXY_PATH("userland-proxy-path", Form.TEXT, Notice.NO_PROXY_PROCESS),
  USERNS_REMAP("userns-remap", Form.TEXT, "user namespace remapping is not supported yet"),
  VALIDATE("validate", Form.FLAG),
  VERSION("version", 'v', "version", Form.FLAG),
  HELP("help", 'h', "help", Form.FLAG);

  /** How a value is written. */
  enum Form {
    /** A boolean: {@code --icc}, {@code --icc=false}. */
    FLAG,
    /** One string. */
    TEXT,
    /** One whole number. */
    NUMBER,
    /** A string that may be given several times; an array in the file. */
    LIST,
    /** {@code key=value}, several times; an object in the file. */
    MAP
  }

  /** Why some flags are accepted without an effect. */
  private static final class Notice {
    static final String PREFIX = "notice: ";
    static final String OTHER_HELPER =
        PREFIX + "it steers a helper of dockerd that this engine does not have";
    static final String NOTHING_EXPERIMENTAL = PREFIX + "this engine has no experimental features";
    static final String PLAIN_LOG =
        PREFIX + "this engine's log has neither colours nor short times";
    static final String NO_PROXY_PROCESS =
        PREFIX + "published ports need no proxy program in this engine";

    private Notice() {}
  }

  /** Reasons that several flags share. */
  private static final class Refusal {
    static final String REALTIME = "real-time scheduling of containers is not supported";
    static final String PROXY =
        "a proxy for registries is not supported yet; set it in the engine's environment instead";

    private Refusal() {}
  }

  private final String flag;
  private final char shorthand;
  private final String key;
  private final Form form;
  private final @Nullable String remark;

  Setting(String flag, Form form) {
    this(flag, '\0', flag, form, null);
  }

  Setting(String flag, String key, Form form) {
    this(flag, '\0', key, form, null);
  }

  Setting(String flag, char shorthand, String key, Form form) {
    this(flag, shorthand, key, form, null);
  }

  Setting(String flag, Form form, String remark) {
    this(flag, '\0', flag, form, remark);
  }

  Setting(String flag, String key, Form form, String remark) {
    this(flag, '\0', key, form, remark);
  }

  Setting(String flag, char shorthand, String key, Form form, @Nullable String remark) {
    this.flag = flag;
    this.shorthand = shorthand;
    this.key = key;
    this.form = form;
    this.remark = remark;
  }

  /** The long flag without its dashes. */
  String flag() {
    return flag;
  }

  /** The one letter that stands for it, if there is one. */
  Optional<Character> shorthand() {
    return shorthand == '\0' ? Optional.empty() : Optional.of(shorthand);
  }

  /** The key in {@code daemon.json}. */
  String key() {
    return key;
  }

  /** How its value is written. */
  Form form() {
    return form;
  }

  /** Why it is refused when set to anything but its default; empty when it is supported. */
  Optional<String> refusal() {
    return Optional.ofNullable(remark).filter(text -> !text.startsWith(Notice.PREFIX));
  }

  /** Why it is accepted and has no effect; empty when it has one. */
  Optional<String> notice() {
    return Optional.ofNullable(remark)
        .filter(text -> text.startsWith(Notice.PREFIX))
        .map(text -> text.substring(Notice.PREFIX.length()));
  }

  /** The setting of a long flag. */
  static Optional<Setting> ofFlag(String flag) {
    return Arrays.stream(values()).filter(setting -> setting.flag.equals(flag)).findFirst();
  }

  /** The setting of a one-letter flag. */
  static Optional<Setting> ofShorthand(char letter) {
    return Arrays.stream(values()).filter(setting -> setting.shorthand == letter).findFirst();
  }

  /** The setting of a key in the file; the flags that only act on the command line have none. */
  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values())
        .filter(setting -> setting.key.equals(key) && setting.inFile())
        .findFirst();
  }

  private boolean inFile() {
    return this != CONFIG_FILE && this != VALIDATE && this != VERSION && this != HELP;
  }
}
